-- What stands beside a ticket: who follows it, whom it is shared with, who must
-- get its mail, as far as one may know them; tickets it belongs to; what was
-- thought of the answer.
-- => json
-- reads
-- :number path bigint
select json_build_object('lists', app.ticket_lists(:'number'),
  'contacts', (select coalesce(json_agg(c.email order by c.email), '[]')
    from (select c.email from app.tickets t
      join app.support_contacts c on c.tenant_id = t.tenant_id and c.account_id = t.account_id and c.state in (1, 2)
      where t.tenant_id = (select auth.tenant_id()) and t.id = :'number'
      order by c.email limit 50) c),
  'links', app.links_of(:'number'),
  'item', app.ticket_item(:'number'),
  'ratings', (select coalesce(json_agg(json_build_object('person', r.person_id, 'score', r.score, 'words', r.words,
      'rated_at', r.rated_at) order by r.rated_at desc), '[]')
    from (select * from app.ratings r where r.tenant_id = (select auth.tenant_id()) and r.ticket_id = :'number'
      order by r.rated_at desc limit 20) r),
  'people', app.names(array(select r.person_id from app.ratings r
    where r.tenant_id = (select auth.tenant_id()) and r.ticket_id = :'number' order by r.rated_at desc limit 20)))
