-- The authenticator app no longer counts.
-- => void
-- writes
select auth.totp_remove()
