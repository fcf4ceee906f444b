-- A session for an administrator of the tenant that was entered: the host of its desk.
-- => text
-- writes
-- :email made text?
-- :token_hash made bytea
select operator.come_in(:'email', :'token_hash')
