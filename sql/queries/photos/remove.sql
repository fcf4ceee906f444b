-- One's photo goes: initials again.
-- => json
-- writes
select app.set_photo(null, null, null)
