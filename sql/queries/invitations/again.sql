-- Sends an open invitation once more.
-- => json
-- writes
-- :id path bigint
select app.change_invitation(:'id', true)
