-- Signatures that changed.
drop function if exists app.find_mentions(bigint, text);
drop function if exists app.mentionable(app.tickets);
drop function if exists app.proposal(text, jsonb);
drop function if exists app.tells_status(bigint, bigint);
