\set n random(1, :creators)
with c as (select * from bench.creator where n = :n),
k as (
  update app.ticket_counters k set last = k.last + 1
  from c where k.tenant_id = c.tenant_id returning k.last as number),
t as (
  insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, at_desk)
  select tenant_id, number, portal_id, account_id, person_id, :title, routing = 1 from c, k),
a as (
  insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
  select tenant_id, number, p, now()
  from c, k, unnest(array[person_id * 4, account_id * 4 + 2, partner_id * 4 + 3]) p where p is not null),
m as (
  insert into app.comments (tenant_id, ticket_id, author_id, source, html)
  select tenant_id, number, person_id, :source, :html from c, k returning id),
e as (
  insert into app.events (tenant_id, kind, actor_id, ticket_id, comment_id)
  select tenant_id, 'ticket.opened', person_id, number, m.id from c, k, m returning tenant_id, id),
q as (
  insert into app.event_queue (tenant_id, event_id) select tenant_id, id from e),
i as (
  insert into app.idempotency_keys (tenant_id, person_id, route, key, fingerprint, answer)
  select tenant_id, person_id, 'tickets', gen_random_uuid()::text,
    sha256(convert_to(:title::text || E'\n' || :source::text, 'UTF8')), json_build_object('number', number) from c, k)
select json_build_object('number', number) from k
