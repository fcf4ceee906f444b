-- Works out who gets mail about the oldest waiting event behind one.
-- => json
-- writes
-- :after job bigint
select jobs.fan_out(:'after')
