-- Fifty older comments of a ticket, or about a megabyte of them.
-- => json
-- reads
-- :number path bigint
-- :before query bigint?
with older as (
  select c.id, c.author_id, c.is_internal, c.html, c.created_at,
    row_number() over w = 1
      or row_number() over w <= 50 and sum(octet_length(c.html)) over w <= 1000000 as shown
  from app.comments c
  where c.tenant_id = (select auth.tenant_id()) and c.ticket_id = :'number'
    and c.id < coalesce(:'before', 9223372036854775807)
  window w as (order by c.id desc)
  order by c.id desc limit 51)
select json_build_object(
  'comments', (select coalesce(json_agg(s order by s.id), '[]') from (
    select o.id, o.author_id as author, o.is_internal as internal, o.html, o.created_at
    from older o where o.shown) s),
  'more', (select min(o.id)::text from older o
    where o.shown and exists (select from older m where not m.shown)),
  'people', app.names((select array_agg(o.author_id) from older o where o.shown)))
from app.tickets t
where t.tenant_id = (select auth.tenant_id()) and t.id = :'number'
