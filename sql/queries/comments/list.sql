-- Fifty older comments of a ticket, or a megabyte of them (each takes 20 kB of
-- it at least).
-- => json
-- reads
-- :number path bigint
-- :before query bigint?
select json_build_object(
  'comments', coalesce(c.list, '[]'),
  'more', case when not c.whole then c.oldest::text end,
  'people', app.names(c.authors, t.account_id))
from app.tickets t, (
  select json_agg(json_build_object('id', n.id, 'author', n.author_id,
      'internal', n.is_internal, 'html', n.html, 'created_at', n.created_at,
      'automatic', case when n.about = 'rule' then true end)
      order by n.id) filter (where n.fits) as list,
    array_agg(n.author_id) filter (where n.fits) as authors,
    bool_and(n.fits) as whole, min(n.id) filter (where n.fits) as oldest
  from (
    select c.id, c.author_id, c.is_internal, c.html, c.created_at, c.about,
      sum(greatest(octet_length(c.html), 20000)) over w <= 1000000 as fits
    from app.comments c
    where c.ticket_id = :'number' and c.id < coalesce(:'before', 9223372036854775807)
    window w as (order by c.id desc rows unbounded preceding)
    order by c.id desc limit 51) n) c
where t.id = :'number'
