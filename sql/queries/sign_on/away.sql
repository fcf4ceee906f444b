-- A provider did not answer when it was asked for a token.
-- => void
-- writes
-- :provider made bigint
select auth.sign_on_away(:'provider')
