-- Chunks are put in several at once.
drop function if exists app.put_chunk(bigint, bigint, int, bytea, text, bigint, bytea, bytea, boolean);
