-- Visitors say whether an article helped, too: how many, and no more. Without a
-- default: functions that take a whole row are in the way of one.
alter table app.articles
  add rated_helpful int,
  add rated_unhelpful int;
