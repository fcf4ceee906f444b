-- New recovery codes in place of the old ones.
-- => json
-- writes
select auth.recovery_make()
