-- Works out who gets mail about a waiting event.
-- => json
-- writes
select jobs.fan_out()
