-- What a browser needs to make a passkey.
-- => json
-- writes
select auth.passkey_start()
