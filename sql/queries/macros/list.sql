-- The macros that I can take, and what they may say.
-- => json
-- reads
select app.list_macros()
