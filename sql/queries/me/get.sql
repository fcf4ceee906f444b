-- One's profile, sessions and choices.
-- => json
-- reads
select app.profile()
