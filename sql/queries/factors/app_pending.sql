-- The secret that is being set up, to check its first code.
-- => json
-- writes
select auth.totp_pending()
