-- Limits of the tenant that was entered, each only when it is given, and what
-- is used.
-- => text
-- writes
-- :people made text?
-- :storage_mb made text?
-- :mails made text?
select operator.set_quota(:'people', :'storage_mb', :'mails')
