-- Salt and cost of one's own password.
-- => json
-- reads
select app.own_salt()
