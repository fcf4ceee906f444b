-- Where one has begun to write something, the newest first.
-- => json
-- reads
select app.list_drafts()
