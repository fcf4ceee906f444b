-- That code was right: recovery codes, if these are the first.
-- => json
-- writes
-- :moment made bigint
select auth.totp_confirm(:'moment')
