-- Escalated tickets and the releases that they wait for. In the tenant 19, made like the
-- two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (19, 'release', 'Release');
select fixture.fill(19, 'release') \g /dev/null
select * from no_plan();
set story.tenant = 19;
set story.slug = 'release';
\ir lib/story.sql
begin;
select auth.set_context(19, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.settings where tenant_id = 19;
delete from app.ticket_items where tenant_id = 19;
delete from app.field_policies where tenant_id = 19;
delete from app.event_queue where tenant_id = 19;
update app.people set locale = 'sv' where tenant_id = 19 and id = 501;
commit;

-- ---- W4: what a ticket waits for -----------------------------------------------------

select is(pg_temp.at('desk', 507, $$select app.change_ticket(1, '{"status": "closed_escalated"}')$$), 'PT422 tickets_item.required', 'an escalated ticket carries an item');
select is(pg_temp.at('desk', 507, 'update app.tickets set status = 7 where id = 1'), 'PT422 tickets_item.required', 'whatever the statement');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(1, '{"status": "closed_escalated", "item": 77}')$$), 'PT422 tickets_item.choice', 'one that there is');
select is(pg_temp.at('desk', 507, $$select app.save_item(null, ' ENG-9 ', 'Oven rack', 'https://eng.example/9', null)->>'key'$$), 'ENG-9', 'an agent makes one');
select set_config('test.item', (select id::text from app.engineering_items where tenant_id = 19 and key = 'ENG-9'), false) \g /dev/null
create function pg_temp.item() returns text language sql as $$ select current_setting('test.item') $$;
select format('select is(pg_temp.at(''desk'', 507, %L), %L, %L)', format('select app.save_item(null, %L, %L, %L, null)', v.key, v.title, v.url), v.refused, v.what)
  from (values ('ENG-9', 'x', null, 'PT422 items_key.taken', 'a key is one item''s'),
    (repeat('k', 41), 'x', null, '23514 items_key_check', 'of 40 letters'),
    ('  ', 'x', null, '23514 items_key_check', 'and not of blanks'),
    ('E-1', E'a\nb', null, '23514 items_title_check', 'a title is a line'),
    ('E-1', 'x', 'http://eng.example', '23514 items_url_check', 'a link is safe'),
    ('E-1', 'x', 'javascript:alert(1)', '23514 items_url_check', 'and a link'),
    ('E-1', 'x', 'https://a b', '23514 items_url_check', 'in one piece')) v (key, title, url, refused, what) \gexec
select is(pg_temp.at('ten', 509, $$select app.save_item(null, 'x', 'x', null, null)$$), 'PT403', 'customers make none');
select is(pg_temp.at('ten', 501, $$select app.list_items(null, null)$$), 'PT403', 'nor do they read them');
select is(pg_temp.at('ten', 501, format($$select app.set_item(1, %s)$$, pg_temp.item())), 'PT403', 'nor link them');
select is(pg_temp.at('desk', 507, $$select app.set_item(3, 1)$$), 'PT404', 'nor agents to what is not at the desk');
select is(pg_temp.at('partner', 504, $$select app.add_comment(3, false, 'x', '<p>x</p>', 'release-p', 'closed_escalated')$$), 'PT422 tickets_status.choice', 'a partner escalates to nobody''s engineers');
select is(pg_temp.at('desk', 507, format($$select app.change_ticket(1, '{"status": "closed_escalated", "item": %s}')$$, pg_temp.item())), '', 'escalated');
select is(pg_temp.at('desk', 507, $$select app.ticket_item(1)->>'key'$$), 'ENG-9', 'agents see it beside the ticket');
select is(pg_temp.at('ten', 501, $$select app.ticket_item(1) is null$$), 'true', 'customers do not');
select is(pg_temp.at('desk', 507, $$select app.set_item(1, null)$$), 'PT422 tickets_item.required', 'it stays as long as the ticket is escalated');
select is(pg_temp.at('desk', 507, format('select app.get_item(%s) #>> ''{waiting,0,number}''', pg_temp.item())), '1', 'and has its tickets');
select is(pg_temp.at('desk', 507, $$select string_agg(i->>'key', ' ') from json_array_elements(app.list_items('oVEN', 'awaited')->'items') i$$), 'ENG-9', 'found by a part of its title');
select is(pg_temp.at('ten', 501, $$select app.asked_release(1) is null$$), 'true', 'nobody asks yet');
select is(pg_temp.at('ten', 501, $$select app.answer_release(1, true, null, '')$$), 'PT422 tickets_fixed.choice', 'so nobody answers');

-- ---- W4: a release ---------------------------------------------------------------------

create function pg_temp.release(id text, name text, items text, said text default '{"en": {"source": "Out", "html": "<p>Out</p>"}, "sv": {"source": "Släppt", "html": "<p>Släppt</p>"}}') returns text language sql as $$
  select format('select app.save_release(%s, %L, %L, %L, %L)->>''made''', coalesce(id, 'null'), name, '{"en": "Notes"}', said, items) $$;
select is(pg_temp.at('desk', 507, pg_temp.release(null, '4.2', '[]')), 'PT403', 'an agent makes no release');
select is(pg_temp.at('desk', 508, pg_temp.release(null, '4.2', '[]')) ~ '^[0-9]+$', true, 'an administrator does');
select set_config('test.release', (select id::text from app.releases where tenant_id = 19 and name = '4.2'), false) \g /dev/null
create function pg_temp.made() returns text language sql as $$ select current_setting('test.release') $$;
select is(pg_temp.at('desk', 508, format('select app.publish_release(%s)', pg_temp.made())), 'PT422 releases_items.required', 'without items it is not published');
select is(pg_temp.at('desk', 508, pg_temp.release(pg_temp.made(), '4.2', '[99]')), 'PT422 releases_items.choice', 'nor has it what is none');
select is(pg_temp.at('desk', 508, pg_temp.release(pg_temp.made(), '4.2', '[1]')), 'PT422 releases_items.choice', 'or is in another');
select is(pg_temp.at('desk', 508, pg_temp.release(null, '4.2', '[]')), 'PT422 releases_name.taken', 'a name is one release''s');
select is(pg_temp.at('desk', 508, pg_temp.release(null, E'4\n3', '[]')), '23514 releases_name_check', 'and a line');
select is(pg_temp.at('desk', 508, pg_temp.release(null, '4.3', '"x"')), 'PT422 releases_items.too_many', 'items are a list');
select is(pg_temp.at('desk', 508, pg_temp.release(pg_temp.made(), '4.2', format('[%s]', pg_temp.item()))), pg_temp.made(), 'with the item');
-- Two hundred and thirty tickets more: two parts. One is a duplicate.
begin;
select auth.set_context(19, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, status, at_desk)
  select 19, 1000 + n, 110, 10, 501, 'Oven ' || n, 7, true from generate_series(1, 230) n;
insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at) select 19, 1000 + n, app.principal(501, 0), now() from generate_series(1, 230) n;
insert into app.ticket_items (tenant_id, ticket_id, item_id) select 19, 1000 + n, pg_temp.item()::bigint from generate_series(1, 230) n;
update app.tickets set created_at = now() - interval '1 day' where tenant_id = 19 and id > 1000;
insert into app.ticket_links (tenant_id, from_id, to_id, kind) values (19, 1230, 1, 'duplicate');
update app.tickets set has_links = true, status = 6 where tenant_id = 19 and id = 1230;
delete from app.event_queue where tenant_id = 19;
commit;
select is(pg_temp.at('desk', 507, format('select app.publish_release(%s)', pg_temp.made())), 'PT403', 'an agent publishes none');
select is(pg_temp.at('desk', 508, format('select app.publish_release(%s)->>''can''', pg_temp.made())), 'true', 'published');
select is(pg_temp.at('desk', 508, format('select app.publish_release(%s)->>''can''', pg_temp.made())), 'true', 'twice');
select is((select count(*)::int from app.events where tenant_id = 19 and kind = 'release.published'), 1, 'is once');
select is(pg_temp.at('desk', 508, pg_temp.release(pg_temp.made(), '4.2', '[]')), 'PT422 releases_name.released', 'what is out stays as it is');
select is(pg_temp.at('desk', 508, format('select app.remove_release(%s)', pg_temp.made())), 'PT404', 'and there');
select is(pg_temp.at('desk', 507, format($$select app.change_ticket(2, '{"status": "closed_escalated", "item": %s}')$$, pg_temp.item())), 'PT422 tickets_item.released', 'nothing waits for it any more');
select is(pg_temp.at('desk', 507, format('select app.save_item(%s, null, null, null, ''dropped'')', pg_temp.item())), 'PT422 items_state.released', 'nor is it dropped');
create function pg_temp.event() returns text language sql as $$ select id::text from app.events where tenant_id = 19 and kind = 'release.published' $$;
create function pg_temp.told() returns bigint language sql as $$ select count(*) from app.comments where tenant_id = 19 and source in ('Out', 'Släppt') $$;
-- As jobs take the event off the queue first.
create function pg_temp.tell() returns text language plpgsql as $$
begin
  delete from app.event_queue where tenant_id = 19;
  return pg_temp.job(format('select app.tell_release(%s)', pg_temp.event()));
end $$;
-- A job that is killed goes on where it was.
begin;
select pg_temp.tell() \g /dev/null
select is(pg_temp.told(), 200::bigint, 'two hundred are told');
rollback;
select is(pg_temp.told(), 0::bigint, 'and none, when that is broken off');
select is(pg_temp.tell(), 'true', 'again, and there are more');
select is(pg_temp.tell(), 'false', 'and the rest');
select is(pg_temp.tell(), 'false', 'then nothing');
select is(pg_temp.told(), 230::bigint, 'each is told once, but for the duplicate');
select is((select count(*) from app.ticket_items where tenant_id = 19 and told_at is null), 0::bigint, 'and all are marked');
select is((select string_agg(distinct source || ' ' || author_id, ', ') from app.comments where tenant_id = 19 and source in ('Out', 'Släppt')), 'Släppt 508', 'in the language of who opened it, by who published it');
select is((select string_agg(distinct status::text, ' ') from app.tickets where tenant_id = 19 and (id = 1 or id > 1000) and id <> 1230), '7', 'which changes no status');
select is((select count(*) from app.events where tenant_id = 19 and kind = 'ticket.replied' and data->>'by' = 'desk' and ticket_id > 1000), 229::bigint, 'each is a reply of the staff''s');
select is(pg_temp.job(format($$select string_agg(email, ' ') from jobs.ticket_recipients(%s)$$, (select max(id) from app.events where tenant_id = 19 and kind = 'ticket.replied' and ticket_id = 1))) ~ 'ada@x.example', true, 'whose followers get mail');

-- ---- W4: fixed? ---------------------------------------------------------------------------

select is(pg_temp.at('ten', 501, $$select app.asked_release(1)->>'name'$$), '4.2', 'the customer is asked');
select is(pg_temp.at('thirty', 505, $$select app.asked_release(1) is null$$), 'true', 'nobody else is');
select is(pg_temp.at('thirty', 505, $$select app.answer_release(1, true, null, '')$$), 'PT404', 'or answers');
select is(pg_temp.at('desk', 507, $$select app.answer_release(1, true, null, '')$$), 'PT403', 'an agent neither');
select is(pg_temp.at('ten', 501, $$select app.answer_release(1, false, ' ', '')$$), 'PT422 tickets_body.required', 'no wants words');
select is(pg_temp.at('ten', 501, $$select app.answer_release(1, false, 'Still hot', '<p>Still hot</p>')->>'status'$$), 'in_progress', 'no opens it again');
select is((select source from app.comments where tenant_id = 19 and ticket_id = 1 order by id desc limit 1), 'Still hot', 'with what is still wrong');
select is(pg_temp.at('ten', 501, $$select app.answer_release(1, false, 'Still hot', '<p>Still hot</p>')->>'status'$$), 'in_progress', 'sent twice');
select is((select count(*) from app.comments where tenant_id = 19 and ticket_id = 1 and source = 'Still hot'), 1::bigint, 'is said once');
select is(pg_temp.at('ten', 501, $$select app.answer_release(1, true, null, '')$$), 'PT422 tickets_fixed.choice', 'the first answer counts');
select is(pg_temp.at('ten', 501, $$select app.answer_release(1001, true, null, '')->>'status'$$), 'closed', 'yes closes it');
select is(pg_temp.at('desk', 507, $$select app.ticket_item(1001)->>'fixed'$$), 'true', 'with a mark');
select is(pg_temp.at('desk', 508, $$select (r->>'told') || ' ' || (r->>'yes') || ' ' || (r->>'no') from json_array_elements(app.list_releases()->'releases') r where r->>'name' = '4.2'$$), '231 1 1', 'counted');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(1, '{"status": "closed_escalated"}')$$), 'PT422 tickets_item.required', 'escalated again it wants a new item');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(1, '{"status": "closed_escalated", "item": 2}')$$), '', 'which it gets');
select is(pg_temp.at('ten', 501, $$select app.asked_release(1) is null$$), 'true', 'and nobody asks of the old one');
begin;
select auth.set_context(19, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.field_policies (tenant_id, scope, field, role, access) values (19, 0, 'status', 'member', 0);
commit;
select is(pg_temp.at('ten', 501, $$select app.answer_release(1002, true, null, '')$$), 'PT403', 'from whom its status is hidden, nobody asks whether it ends');
select * from finish();
