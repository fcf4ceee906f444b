-- What a provider said of somebody: a session, a second step, a mail that is on its way, or a refusal.
-- => json
-- writes
-- :provider made bigint
-- :subject made text
-- :address made text
-- :verified made boolean
-- :keys made text?
-- :token_hash made bytea
-- :old_token made bytea?
-- :browser browser text?
-- :proof made bytea
-- :client client text
select auth.sign_on(:'provider', :'subject', :'address', :'verified', :'keys', :'token_hash', :'old_token',
  :'browser', :'proof', :'client')
