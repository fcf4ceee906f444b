-- Looks at tickets for which the time of a rule has come: how many.
-- => text
-- writes
select jobs.sound_rules()::text
