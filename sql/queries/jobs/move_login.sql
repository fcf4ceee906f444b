-- Carries out one move of a login that is due: 1, or 0.
-- => text
-- writes
select jobs.move_login()::text
