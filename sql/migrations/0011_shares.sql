-- A ticket is opened with those who join it.
drop function if exists app.open_ticket(text, text, text, text);
