-- Signing in hears of the browser's mark.
drop function if exists auth.sign_in(text, bytea, bytea, bytea, text, text);
