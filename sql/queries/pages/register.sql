-- How one gets a login at this portal.
-- => json
-- reads
select app.registration()
