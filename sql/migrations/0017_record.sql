-- One function records what is about an account; it takes a ticket too.
drop function if exists app.record_for(bigint, text, bigint, jsonb);
drop function if exists app.record_account(text, bigint, jsonb);
