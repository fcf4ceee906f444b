-- What the tenant calls its statuses, and which may follow which, for who keeps them.
-- => json
-- reads
select app.list_statuses()
