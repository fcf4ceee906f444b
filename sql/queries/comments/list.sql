-- Fifty older comments of a ticket.
-- => json
-- reads
-- :number path bigint
-- :before query bigint?
with older as (
  select c.id, c.author_id as author, c.is_internal as internal, c.html, c.created_at
  from app.comments c
  where c.tenant_id = (select auth.tenant_id()) and c.ticket_id = :'number'
    and c.id < coalesce(:'before', 9223372036854775807)
  order by c.id desc limit 51),
shown as (select * from older o order by o.id desc limit 50)
select json_build_object(
  'comments', (select coalesce(json_agg(s order by s.id), '[]') from shown s),
  'more', (select min(s.id)::text from shown s where (select count(*) from older) > 50),
  'people', app.names(array(select distinct s.author from shown s)))
from app.tickets t
where t.tenant_id = (select auth.tenant_id()) and t.id = :'number'
