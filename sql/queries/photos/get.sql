-- The bytes of somebody's photo, as hex.
-- => text
-- reads
-- :hash made text
select encode(app.photo(:'hash'), 'hex')
