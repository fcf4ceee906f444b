-- The support page: whether one may, whom to ask, who is written to.
-- => json
-- reads
select json_build_object(
  'ok', s.state = 'ok', 'not_allowed', s.state = 'support-not-allowed', 'confirm', s.state = 'confirm-address',
  'people', app.support_people(),
  'named', case when (select auth.person_id()) is not null then app.named_contacts((select auth.account_id())) end,
  'contacts', (select coalesce(json_agg(c order by c.email), '[]') from (
    select x.email from app.support_contacts x
    where x.tenant_id = (select auth.tenant_id()) and x.account_id = (select auth.account_id())
      and x.state in (1, 2)
    order by x.email limit 10) c),
  'instead', app.written_to_instead((select auth.account_id()), null))
from (select app.support_state() as state) s
