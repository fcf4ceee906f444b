-- The languages that there are texts in, by spaces.
-- => void
-- writes
-- :tags job text
select jobs.know_languages(:'tags')
