-- Ends the session the request came with.
-- => void
-- writes
select auth.sign_out()
