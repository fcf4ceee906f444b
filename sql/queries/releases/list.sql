-- The newest releases: their notes, items, and what their tickets' customers said.
-- => json
-- reads
select app.list_releases()
