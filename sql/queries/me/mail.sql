-- Which mail about tickets a person wants.
-- => json
-- writes
-- :opened body boolean
-- :replied body boolean
-- :desk body boolean?
select app.choose_mail(:'opened', :'replied', coalesce(:'desk', true))
