-- A new one, which is to be asked where its parts and keys are.
-- => json
-- writes
-- :name body text 1..60
-- :issuer body text 9..500
-- :client_id body text 1..300
-- :client_secret body text? 1..500
-- :domains body text? 0..2000
-- :knows_addresses body boolean?
-- :has_factor body boolean?
-- :key key text
select app.create_provider(:'name', btrim(:'issuer'), :'client_id', decode(:'client_secret', 'hex'), lower(coalesce(:'domains', '')),
  coalesce(:'knows_addresses', false), coalesce(:'has_factor', false), :'key')
