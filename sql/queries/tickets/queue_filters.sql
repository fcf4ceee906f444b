-- What the queue can be filtered by.
-- => json
-- reads
select app.list_filters('desk')
