-- The teams, whom they have and which tickets come to them.
-- => json
-- reads
select app.list_teams()
