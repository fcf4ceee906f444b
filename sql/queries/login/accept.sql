-- Accepts an invitation, or ends a registration, and signs in.
-- => json
-- writes
-- :token path text 1..100
-- :name form text? 1..200
-- :lang form text? 2..20
-- :client client text
-- :browser browser text?
-- :salt made bytea?
-- :passes made int?
-- :memory_kib made int?
-- :derived_key made bytea?
-- :token_hash made bytea
-- :old_token made bytea?
select app.accept_invitation(:'token', :'name', :'lang', :'client', :'salt', :'passes', :'memory_kib',
  :'derived_key', :'token_hash', :'old_token', :'browser')
