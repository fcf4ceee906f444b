-- Signing in is asked at a portal, behind auth.enter().
drop function if exists auth.sign_in(text, text, bytea, bytea, bytea);
