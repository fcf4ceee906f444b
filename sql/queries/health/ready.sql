-- The database answers.
-- => void
-- reads
select 1
