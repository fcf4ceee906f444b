-- What was live once becomes the draft.
-- => json
-- writes
-- :id path bigint
-- :language body text 2..40
-- :version body int
-- :was body int?
select app.restore_version(:'id', :'language', :'version', :'was')
