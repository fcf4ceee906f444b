-- A secret for an authenticator app, sealed: what the app will call it.
-- => json
-- writes
-- :secret made bytea
select auth.totp_start(:'secret')
