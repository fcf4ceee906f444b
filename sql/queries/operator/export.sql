-- Every row of the tenant that was entered: a table's name, a tab, JSON.
-- Streamed (db_stream): the one statement with more than one row.
-- => text
-- reads
select operator.export_rows()
