-- Who came to a ticket, left it or types in it, for the others who are there.
-- => json
-- writes
select jobs.presence_hints()
