-- What an invitation's link opens. It looks under a lock, so it writes.
-- => json
-- writes
-- :token path text 1..100
select app.see_invitation(:'token')
