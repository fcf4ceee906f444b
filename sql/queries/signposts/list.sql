-- All that the tenant's staff has written for before a ticket, articles too.
-- => json
-- reads
select app.list_signposts()
