-- What only the database can say of itself, a line each.
-- => json
-- reads
-- :migrations made text
select operator.doctor(:'migrations')
