-- The page where the code is typed that a mail brought.
-- => json
-- reads
select json_build_object('asked', true)
