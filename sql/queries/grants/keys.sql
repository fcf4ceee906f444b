-- The keys that tokens about grants are checked with (RFC 7517): those that may
-- still sign, or have signed within the day.
-- => json
-- reads
select json_build_object('keys', coalesce(json_agg(json_build_object('kty', 'OKP', 'crv', 'Ed25519', 'alg', 'EdDSA',
    'use', 'sig', 'kid', k.id::text, 'x', k.public) order by k.created_at desc, k.id), '[]'))
from (select x.id, x.public, x.created_at from app.grant_keys x
  where x.tenant_id = (select auth.tenant_id()) and x.created_at > now() - interval '91 days'
  order by x.created_at desc limit 20) k
