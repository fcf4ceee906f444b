-- When I am out of office, and for whom I stand in.
-- => json
-- reads
select app.my_absence()
