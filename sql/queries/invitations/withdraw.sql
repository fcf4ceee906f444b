-- Takes an open invitation back.
-- => json
-- writes
-- :id path bigint
select app.change_invitation(:'id', false)
