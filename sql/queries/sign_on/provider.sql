-- All about a provider, for a sign-in that begins or (with its state) comes back.
-- => json
-- writes
-- :provider made bigint
-- :state made text?
select auth.sign_on_provider(:'provider', :'state')
