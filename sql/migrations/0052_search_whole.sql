-- A search says whether it found all.
drop function if exists app.find_tickets(text, int);
