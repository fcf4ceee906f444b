-- What a list asks of a ticket depends on what is walked, too (functions/lists.sql).
drop function if exists app.list_conditions(jsonb, jsonb);
