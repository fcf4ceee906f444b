-- The page where a knowledge base is taken in: how large a file may be.
-- => json
-- reads
select json_build_object('most', 2000000000::bigint)
