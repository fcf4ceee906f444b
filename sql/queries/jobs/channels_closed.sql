-- Takes channels off the list: the live server was told. As PostgreSQL writes an
-- array.
-- => void
-- writes
-- :channels made text
select jobs.channels_closed(:'channels'::text[])
