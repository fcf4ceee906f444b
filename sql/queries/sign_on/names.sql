-- Who lets in here besides a password.
-- => json
-- reads
select auth.sign_on_names()
