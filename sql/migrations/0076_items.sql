-- What a list shows comes in three parts, and what it holds can be counted alone
-- (functions/list_pages.sql, functions/lists.sql).
drop function if exists app.ticket_items(text, bigint[]);
drop function if exists app.pick_tickets(jsonb, int, int);
