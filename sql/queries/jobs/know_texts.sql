-- The texts that the database says itself, by language.
-- => void
-- writes
-- :texts made jsonb
select jobs.know_texts(:'texts')
