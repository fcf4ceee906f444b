-- Whether the asker may hand in a photo now, before any work is done on it.
-- => json
-- writes
select app.may_bring_photo()
