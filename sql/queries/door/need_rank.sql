-- Are they of that rank? For pages, which ask behind their frame.
-- => void
-- reads
-- :who made smallint
select auth.need_rank(:'who')
