-- Who has to do with a ticket: followers, shares, who can see it and who loses
-- it. In the tenant 12, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (12, 'talk', 'Talk');
select fixture.fill(12, 'talk') \g /dev/null
select * from no_plan();
set story.tenant = 12;
set story.slug = 'talk';
\ir lib/story.sql
begin;
select auth.set_context(12, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.settings where tenant_id = 12;
delete from app.followers where tenant_id = 12;
commit;
create function pg_temp.open(cc text, key text) returns text
language sql as $$ select format('select app.open_ticket(%L, %L, %L, %L, %L)->>''number''', 'Oven', 'x', '<p>x</p>', key, cc) $$;
create function pg_temp.recipients(number int, kind text) returns text
language sql as $$
  select pg_temp.job(format($q$select string_agg(split_part(email, '@', 1) || ' ' || reason, ', ' order by email)
    from jobs.ticket_recipients(%s) where reason in ('requester', 'access')$q$, max(e.id)))
  from app.events e where e.tenant_id = 12 and e.ticket_id = number and e.kind = recipients.kind $$;
-- People of a list in the answer, by the first letter of their names.
create function pg_temp.who(portal text, person int, statement text, list text, field text default 'person') returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select string_agg(left(people->id->>'name', 3), ' ' order by id)
    from (select (%s)::jsonb as answer) a, lateral (select answer->'people' as people) p,
      lateral (select case jsonb_typeof(e) when 'object' then e->>%L else e #>> '{}' end as id from jsonb_array_elements(answer->%L) e) l$q$, statement, field, list)) $$;
create function pg_temp.lists(portal text, person int, list text, number int default 101) returns text
language sql as $$ select pg_temp.who(portal, person, format('app.ticket_lists(%s)', number), list) $$;

-- ---- V5: who follows ---------------------------------------------------------------

select is(pg_temp.at('ten', 501, pg_temp.open('["cy@x.example"]', 'talk-001')), '101', 'Ada opens one and adds Cy');
select is(pg_temp.lists('ten', 501, 'followers'), 'Ada Cy ', 'both follow it');
select is((select count(*)::int from app.followers where tenant_id = 12 and ticket_id = 101), 1, 'who opened it without a row');
select is(pg_temp.recipients(101, 'ticket.opened'), 'cy access', 'who was added gets the mail');
select is(pg_temp.at('ten', 502, $$select app.follow(101, 'replies')->>'mine'$$), 'replies', 'Bob, a main user, follows its replies');
select is(pg_temp.at('ten', 502, $$select app.follow(101, 'replies')->>'count'$$), '3', 'twice is once');
select is(pg_temp.at('thirty', 505, $$select app.follow(101, 'all')$$), 'PT404', 'nobody follows what they do not see');
select is(pg_temp.at('ten', 502, $$select app.follow(101, 'all'); select app.follow(101, 'loud')$$) ~ '^(42601|23502)', true, 'nor in a way that there is not');
select is(pg_temp.at('desk', 507, $$select app.add_comment(101, false, 'y', '<p>y</p>', 'talk-002', null)->>'comment' is not null$$), 'true', 'support answers');
select is(pg_temp.recipients(101, 'ticket.replied'), 'ada requester, bob access, cy access', 'all three get mail');
select is(pg_temp.at('ten', 501, $$select app.follow(101, 'none')->>'mine'$$), 'none', 'who opened it wants no more');
select is(pg_temp.recipients(101, 'ticket.replied'), 'bob access, cy access', 'and gets none');
select is(pg_temp.at('ten', 501, $$select app.follow(101, 'all')->>'mine'$$), 'all', 'and again');
select is(pg_temp.at('ten', 502, $$select app.unfollow(101, 501)$$), 'PT422 tickets_person.requester', 'nobody else takes who opened it off the list');
select is(pg_temp.at('ten', 502, $$select app.unfollow(101, 503)->>'count'$$), '2', 'Cy is taken off it');
select is(pg_temp.recipients(101, 'ticket.replied'), 'ada requester, bob access', 'gets no mail');
select is(pg_temp.sees('sub', 503, 101), '1', 'and sees it as before');
select is(pg_temp.at('sub', 503, $$select app.follow(101, 'all')->>'mine'$$), 'all', 'until he follows it again');
select is(pg_temp.at('desk', 507, $$select app.follow(101, 'all')->>'mine'$$), 'all', 'an agent follows it too');
select is(pg_temp.lists('desk', 507, 'followers'), 'Ada Cy  Age', 'and sees those of the desk, and who is in it by name');
select is(pg_temp.lists('ten', 501, 'followers'), 'Ada Bob Cy ', 'the account does not see who of support does');
select is(pg_temp.at('ten', 501, $$select app.ticket_lists(101)->>'count'$$), '4', 'but how many');
select pg_temp.at('desk', 507, $$select app.follow(101, 'none')$$) \g /dev/null

-- ---- V5: shares --------------------------------------------------------------------

select is(pg_temp.at('ten', 501, $$select app.share_with_account(101, 10) #>> '{account,name}'$$), 'Ten talk', 'shown to all of the account');
select is((select count(*)::int from app.events where tenant_id = 12 and ticket_id = 101 and kind = 'ticket.shared' and data ? 'joined'), 0, 'which is nobody''s mail');
select is(pg_temp.recipients(101, 'ticket.shared'), null, 'really');
select is(pg_temp.at('ten', 501, $$select app.share_with_account(101, 30)$$), 'PT422 tickets_account.choice', 'to no other account');
select is(pg_temp.at('desk', 507, $$select app.share_with_account(101, 10)$$), 'PT403', 'and not by support');
select is(pg_temp.at('thirty', 505, $$select app.share_with_account(101, 30)$$), 'PT404', 'or by who does not see it');
insert into app.people (tenant_id, id, email, name) values (12, 701, 'fay@x.example', 'Fay talk');
begin;
select auth.set_context(12, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.memberships (tenant_id, id, person_id, role, account_id) values (12, 701, 701, 'member', 10);
insert into app.sessions (tenant_id, id, person_id, token_hash, expires_at) values (12, 1701, 701, sha256('12/701'), now() + interval '1 day');
insert into app.confirmations (tenant_id, person_id, portal_id, email) values (12, 701, 110, 'fay@x.example');
commit;
select is(pg_temp.sees('ten', 701, 101), '1', 'who joins the account sees it');
select is(pg_temp.at('ten', 701, $$select app.follow(101, 'all')->>'mine'$$), 'all', 'and follows it');
select is(pg_temp.who('ten', 701, 'app.who_loses(101, null, 10)', 'items'), 'Fay', 'without it she would not: Cy was added, Bob is a main user');
select is(pg_temp.at('ten', 701, $$select (app.who_loses(101, null, 10)->>'count') || (app.who_loses(101, null, 10)->>'me')$$), '1true', 'herself, she is told');
select is(pg_temp.at('ten', 502, $$select app.who_loses(101, null, 10)->>'me'$$), 'false', 'Bob not');
select is(pg_temp.at('desk', 507, $$select (app.who_loses(101, null, 10)->>'count') || (app.who_loses(101, null, 10)->>'items')$$), '1[]', 'support is told how many (G2)');
select is(pg_temp.at('ten', 502, $$select app.who_loses(101, 503, null)->>'count'$$), '0', 'Cy loses nothing without his own');
select is(pg_temp.at('ten', 502, $$select app.who_loses(101, 501, 10)$$), 'PT422 tickets_person.required', 'one at a time');
select is(pg_temp.at('ten', 502, $$select app.who_loses(101, null, null)$$), 'PT422 tickets_person.required', 'and one there must be');
select is(pg_temp.at('thirty', 505, $$select app.who_loses(101, null, 10)$$), 'PT404', 'of what one does not see, nothing');
select is(pg_temp.at('ten', 701, $$select app.unshare_account(101, 10)->>'gone'$$), 'true', 'Fay, whom it shows it to, ends it, and is out');
select is(pg_temp.sees('ten', 701, 101), '0', 'at once');
select is((select count(*)::int from app.followers where tenant_id = 12 and ticket_id = 101 and person_id = 701), 0, 'and follows it no more');
select is(pg_temp.sees('ten', 502, 101), '1', 'who sees all of it sees it');
select is(pg_temp.sees('sub', 503, 101), '1', 'and who was added');
select is(pg_temp.at('ten', 501, $$select app.share_with_account(101, 10)->'account' is not null$$), 'true', 'who opened it shows it to all again');
select is(pg_temp.who('ten', 502, 'app.who_loses(101, 503, null)', 'items'), null, 'Cy has two ways');
select is(pg_temp.at('desk', 507, $$select app.unshare_account(101, 10)->>'account'$$), null, 'support may end it too');
select is(pg_temp.at('sub', 503, $$select app.unshare_ticket(101, 503)->>'gone'$$), 'true', 'Cy takes himself out');
select is(pg_temp.sees('sub', 503, 101) || (select count(*) from app.followers where tenant_id = 12 and person_id = 503), '00', 'and neither sees nor follows it');
select is(pg_temp.at('ten', 502, $$select app.unshare_ticket(101, 501)$$), 'PT422 tickets_person.requester', 'who opened it stays');
select is(pg_temp.at('partner', 504, $$select app.unshare_ticket(4, 505)$$), 'PT422 tickets_person.requester', 'for a partner as well');

-- ---- V9: who can see this ----------------------------------------------------------

create function pg_temp.rules(portal text, person int, number int) returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select string_agg(left(a.answer->'people'->(i->>'person')->>'name', 3) || ':' || (select string_agg(r, '+') from jsonb_array_elements_text(i->'rules') r), ' '
      order by i->>'person') || coalesce((select string_agg(' ' || (o->>'count') || ' of ' || (o->>'name'), '' order by o->>'name') from jsonb_array_elements(a.answer->'others') o), '')
    from (select app.who_sees(%s, null)::jsonb as answer) a, jsonb_array_elements(a.answer->'items') i group by a.answer$q$, number)) $$;
select is(pg_temp.rules('ten', 501, 101), 'Ada:opened Bob:main_user Chi:main_user 3 of Talk', 'for the account: its own by name, support by number');
select is(pg_temp.rules('desk', 507, 101), 'Ada:opened Age:desk Adm:desk Onl:desk 2 of Ten talk', 'for support: its own, and who is in it');
select is(pg_temp.rules('thirty', 505, 3), 'Dee:opened Eve:main_user 1 of Partner talk', 'the partner''s first: not support');
select is(pg_temp.rules('partner', 504, 4), 'Pam:partner Dee:opened 3 of Talk 1 of Thirty talk', 'for its partner');
select is(pg_temp.rules('partner', 504, 101), 'PT404', 'of what one does not see, nothing');
select pg_temp.at('ten', 501, $$select app.share_with_account(101, 10)$$) \g /dev/null
select is(pg_temp.rules('ten', 501, 101), 'Ada:account+opened Bob:account+main_user Cy :account Chi:account+main_user Fay:account 3 of Talk', 'each rule is named');
insert into app.people (tenant_id, id, email, name) select 12, 800 + i, 'crowd' || i || '@x.example', 'Crowd ' || lpad(i::text, 3, '0') from generate_series(1, 120) i;
begin;
select auth.set_context(12, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.memberships (tenant_id, id, person_id, role, account_id) select 12, 800 + i, 800 + i, 'member', 10 from generate_series(1, 120) i;
commit;
select is(pg_temp.at('ten', 501, $$select count(distinct p) || ' ' || max(pages) from (
    with recursive page as (
      select app.who_sees(101, null)::jsonb as a, 1 as n
      union all select app.who_sees(101, (page.a->>'next')::bigint)::jsonb, page.n + 1 from page where page.a->>'next' is not null)
    select (i->>'person') as p, (select max(n) from page) as pages from page, jsonb_array_elements(page.a->'items') i) x$$), '125 3', 'fifty a page, each once');

-- ---- V8: closed, opened again, followed up, rated --------------------------------------

create function pg_temp.told(number int, kind text) returns text
language sql as $$
  select pg_temp.job(format($q$select string_agg(split_part(email, '@', 1) || ' ' || reason, ', ' order by email) from jobs.ticket_recipients(%s)$q$, max(e.id)))
  from app.events e where e.tenant_id = 12 and e.ticket_id = number and e.kind = told.kind $$;
create function pg_temp.ended(number int, days int) returns void language sql as $$
  update app.tickets set done_at = now() - days * interval '1 day' where tenant_id = 12 and id = number $$;
select is(pg_temp.at('ten', 501, pg_temp.open('["bob@x.example"]', 'talk-020')), '102', 'another one, with Bob');
select is(pg_temp.at('ten', 502, $$select app.follow(102, 'replies')->>'mine'$$), 'replies', 'who wants replies only');
select is(pg_temp.at('ten', 501, $$select app.rate_ticket(102, 5, '')$$), 'PT422 ratings_score.early', 'not rated before there is an answer');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(102, '{"status": "solved", "assignee": "me"}')$$), '', 'support solves it');
select is((select done_at is not null from app.tickets where tenant_id = 12 and id = 102), true, 'since when is kept');
select is(pg_temp.told(102, 'ticket.solved'), 'ada requester, bob access, contact support_contact', 'who follows it is told, and who must be: who wants replies only too');
select is(pg_temp.at('ten', 501, $$select app.rate_ticket(102, 4, ' Quick ')->>'score'$$), '4', 'rated');
select is(pg_temp.at('ten', 501, $$select app.rate_ticket(102, 5, 'Quick')->>'score'$$), '5', 'and better');
select is(pg_temp.at('ten', 501, $$select app.rate_ticket(102, 5, 'Quick')->>'score'$$), '5', 'the same again');
select is((select count(*)::int from app.events where tenant_id = 12 and ticket_id = 102 and kind = 'ticket.rated'), 2, 'is nothing new to tell');
select is(pg_temp.at('ten', 501, $$select app.rate_ticket(102, 6, null)$$), '23514 ratings_score_check', 'not more than five');
select is((select string_agg(score || words, ' ') from app.ratings where tenant_id = 12 and ticket_id = 102), '5Quick', 'once a person');
select is(pg_temp.told(102, 'ticket.rated'), 'agent desk', 'for who answered');
select is(pg_temp.at('thirty', 505, $$select app.rate_ticket(102, 1, null)$$), 'PT404', 'not by others');
select is(pg_temp.at('desk', 507, $$select app.rate_ticket(102, 5, null)$$), 'PT403', 'nor by support');
select is(pg_temp.at('desk', 507, 'select score from app.ratings where ticket_id = 102'), '5', 'which reads it');
select is(pg_temp.at('thirty', 505, 'select count(*) from app.ratings'), '0', 'and no other account');
select is(pg_temp.at('ten', 501, $$select app.close_ticket(102)->>'status'$$), 'closed', 'its customer closes it');
select is(pg_temp.at('ten', 501, $$select app.close_ticket(102)->>'status'$$), 'closed', 'twice is once');
select is((select count(*)::int from app.events where tenant_id = 12 and ticket_id = 102 and kind = 'ticket.closed'), 1, 'and one event');
select is(pg_temp.told(102, 'ticket.closed'), 'agent desk, contact support_contact', 'who works on it is told, who closed it not');
select is(pg_temp.at('desk', 507, $$select app.close_ticket(102)$$), 'PT403', 'support has another way to do that');
select is(pg_temp.at('thirty', 505, $$select app.close_ticket(102)$$), 'PT404', 'others none');
select is(pg_temp.at('ten', 502, $$select app.reopen_ticket(102)->>'status'$$), 'in_progress', 'Bob opens it again');
select is(pg_temp.told(102, 'ticket.reopened'), 'ada requester, agent desk, contact support_contact', 'all are told');
select is((select done_at from app.tickets where tenant_id = 12 and id = 102), null, 'it has not ended');
select is(pg_temp.at('ten', 502, $$select app.reopen_ticket(102)->>'status'$$), 'in_progress', 'twice is once');
select is(pg_temp.at('desk', 507, $$select app.add_comment(102, false, 'y', '<p>y</p>', 'talk-021', 'solved')->>'comment' is not null$$), 'true', 'an answer that solves it');
select is(pg_temp.told(102, 'ticket.solved'), null, 'is one mail, the answer''s');
update app.people set muted = '{replied}' where tenant_id = 12 and id = 501;
select is(pg_temp.told(102, 'ticket.replied'), 'bob access, contact support_contact', 'and not of who muted answers');
select is(pg_temp.told(102, 'ticket.solved'), 'ada requester', 'who has the one that it is solved');
update app.people set muted = '{}' where tenant_id = 12 and id = 501;
insert into app.field_policies (tenant_id, scope, field, role, access) values (12, 0, 'status', 'member', 0);
select pg_temp.at('desk', 507, $$select app.change_ticket(102, '{"status": "in_progress"}')$$) \g /dev/null
select is(pg_temp.told(102, 'ticket.reopened'), null, 'who wants replies only hears of nothing else; to whom it is hidden, and a bare address, it is not told');
select pg_temp.at('desk', 507, $$select app.change_ticket(102, '{"status": "solved"}')$$) \g /dev/null
select is(pg_temp.told(102, 'ticket.solved'), 'bob access', 'and who may know is told');
delete from app.field_policies where tenant_id = 12;
select pg_temp.ended(102, 13);
select is(pg_temp.at('ten', 501, $$select app.add_comment(102, false, 'z', '<p>z</p>', 'talk-022', null)->>'comment' is not null$$), 'true', 'answered within the time it is open again');
select is((select status::int from app.tickets where tenant_id = 12 and id = 102), 2, 'really');
select pg_temp.at('desk', 507, $$select app.change_ticket(102, '{"status": "closed"}')$$) \g /dev/null
select pg_temp.ended(102, 15);
select is(pg_temp.at('ten', 501, $$select app.reopen_ticket(102)$$), 'PT409 ticket-closed', 'too late');
select is(pg_temp.at('ten', 501, $$select app.add_comment(102, false, 'z', '<p>z</p>', 'talk-023', null)$$), 'PT409 ticket-closed', 'for an answer, too');
select is(pg_temp.at('ten', 501, $$select app.may_reopen(10, 110, now() - interval '15 days')$$), 'false', 'as the page says');
select is(pg_temp.at('desk', 507, $$select app.add_comment(102, false, 'z', '<p>z</p>', 'talk-024', null)->>'comment' is not null$$), 'true', 'support may still write');
insert into app.settings (tenant_id, scope, name, value) values (12, 0, 'reopen_days', '30');
select is(pg_temp.at('ten', 501, $$select app.reopen_ticket(102)->>'status'$$), 'in_progress', 'where the tenant gives more time');
delete from app.settings where tenant_id = 12;
select is(pg_temp.at('ten', 501, $$select app.follow_up(102, '{"number": 101}')$$), 'PT422 tickets_follows.choice', 'what goes on is not followed up');
select pg_temp.at('desk', 507, $$select app.change_ticket(102, '{"status": "closed"}')$$) \g /dev/null
select is(pg_temp.at('ten', 501, $$select app.follow_up(102, app.open_ticket('Again', 'x', '<p>x</p>', 'talk-025', null))->>'number'$$), '103', 'what has ended is');
select is(pg_temp.at('ten', 501, $$select app.follow_up(102, app.open_ticket('Again', 'x', '<p>x</p>', 'talk-025', null))->>'number'$$), '103', 'twice is once');
select is(pg_temp.at('ten', 501, $$select string_agg(from_id || '>' || to_id, ' ') from app.ticket_links where from_id = 103$$), '103>102', 'they are linked');
select is(pg_temp.at('thirty', 505, 'select count(*) from app.ticket_links'), '0', 'for who sees both');
select is(pg_temp.at('thirty', 505, $$select app.follow_up(102, app.open_ticket('Again', 'x', '<p>x</p>', 'talk-026', null))$$), 'PT404', 'not what one does not see');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(102, '{"status": "closed_escalated", "item": 2}')$$), '', 'handed on to the engineers');
select is(pg_temp.at('ten', 501, $$select app.reopen_ticket(102)$$), 'PT422 tickets_status.choice', 'it waits for them');

-- Back and forth is somebody's mail each time.
select is(pg_temp.at('ten', 501, pg_temp.open(null, 'talk-028')), '104', 'one that its customer cannot decide about');
select format('select is(pg_temp.at(%L, 501, %L), %L, %L)', 'ten', 'select app.' || v.act || '(104)->>''status''', v.status, 'back and forth ' || n)
  from generate_series(1, 3) n, (values ('close_ticket', 'closed'), ('reopen_ticket', 'in_progress')) v (act, status) order by n, v.act \gexec
select is(pg_temp.at('ten', 501, 'select app.close_ticket(104)'), 'PT429 too-many', 'three times a day');
select is(pg_temp.at('ten', 502, $$select app.close_ticket(104)->>'status'$$), 'closed', 'for who did that');
select is(pg_temp.at('ten', 501, $$select app.follow_up(104, '{"number": 103}')$$), 'PT422 tickets_follows.choice', 'what follows up is opened for that');
select is(pg_temp.at('ten', 502, $$select app.follow_up(104, '{"number": 999}')$$), 'PT422 tickets_follows.choice', 'and there');

-- ---- V6: mentions -------------------------------------------------------------------

create function pg_temp.whom(portal text, person int, number int, question text default null, note boolean default false) returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select string_agg((i->>'name') || case when (i->>'sees')::boolean then '' else ' (new)' end, ', ' order by i->>'name')
    from json_array_elements(app.find_mentions(%s, %L, %L)->'items') i$q$, number, question, note)) $$;
create function pg_temp.says(portal text, person int, number int, said text, ids text, key text) returns text
language sql as $$
  select pg_temp.at(portal, person, format('select app.mention(%s, app.add_comment(%1$s, false, %L, %L, %L, null), %L)->>%L is not null', number, said, '<p>x</p>', key, ids, 'comment')) $$;
select is(pg_temp.at('ten', 501, pg_temp.open(null, 'talk-030')), '105', 'one more');
select is(pg_temp.whom('ten', 501, 105, 'b'), 'Bob talk', 'a main user sees it already');
select is(pg_temp.whom('ten', 501, 105, 'cy'), 'Cy talk (new)', 'a colleague does not');
select is(pg_temp.whom('ten', 501, 105, 'dee'), null, 'another account''s is not offered');
select is(pg_temp.whom('ten', 501, 105, 'age'), null, 'nor an agent who is not in it');
select is(pg_temp.whom('desk', 507, 105), 'Ada talk, Admin talk, Only talk', 'support may mention support, and who is in it');
select is(pg_temp.whom('thirty', 505, 105), 'PT404', 'nobody in what they do not see');
select is(pg_temp.says('ten', 501, 105, 'Ask @Cy talk, please', '[503, 502]', 'talk-031'), 'true', 'mentioned');
select is((select string_agg(person_id::text, ' ') from app.mentions where tenant_id = 12 and ticket_id = 105), '503', 'whom the text names');
select is(pg_temp.sees('sub', 503, 105), '1', 'it is shared with him');
select is(pg_temp.told(105, 'ticket.mentioned'), 'cy access', 'he has a mail of that');
select is(pg_temp.told(105, 'ticket.replied') ~ 'cy', false, 'and no other of the reply');
select is(pg_temp.says('ten', 501, 105, 'Ask @Cy talk, please', '[503, 502]', 'talk-031'), 'true', 'sent twice');
select is((select count(*)::int from app.events where tenant_id = 12 and ticket_id = 105 and kind = 'ticket.mentioned'), 1, 'is once');
select format('select is(pg_temp.says(%L, 501, 105, %L, %L, %L), %L, %L)', 'ten', 'x @Dee talk', v.ids, 'talk-032', v.wants, v.says)
  from (values ('{}', 'PT422 comments_mentions.type', 'no list'), ('["503"]', 'PT422 comments_mentions.type', 'texts'), ('[null]', 'PT422 comments_mentions.type', 'null'),
    ('[1,2,3,4,5,6,7,8,9,10,11]', 'PT422 comments_mentions.too_many', 'eleven'), ('[505]', 'PT422', 'another account''s'), ('[507]', 'PT422', 'an agent who is not in it'),
    ('[99999]', 'PT422', 'nobody''s'), ('[1.5]', 'PT422', 'a fraction'), ('[501]', 'PT422', 'oneself')) v(ids, wants, says) \gexec
select is((select count(*)::int from app.comments where tenant_id = 12 and ticket_id = 105), 2, 'and nothing is written');
select is(pg_temp.at('desk', 507, $$select app.add_comment(105, false, 'y', '<p>y</p>', 'talk-033', null)->>'comment' is not null$$), 'true', 'an agent answers');
select is(pg_temp.whom('ten', 501, 105, 'age'), 'Agent talk', 'and may be mentioned');
select is(pg_temp.says('ten', 501, 105, '@Agent talk thanks', '[507]', 'talk-034'), 'true', 'which is done');
select is(pg_temp.told(105, 'ticket.replied') ~ 'agent', false, 'one mail for the agent too');
-- Who has muted it by the link in a mail.
select pg_temp.job('select auth.mute_token(110, 105, 502)') as bobs \gset
select pg_temp.job('select auth.mute_token(110, 105, 505)') as dees \gset
create function pg_temp.by_link(portal text, token text) returns text language sql as $$
  select pg_temp.as_role('sportello_api', format('select auth.enter(%L, null, 0::smallint, true)', portal || '.talk.test'), format('select app.mute(%L)::jsonb - %L', token, 'status')) $$;
select is(pg_temp.by_link('thirty', :'bobs'), '{"open": false}', 'V5: a link is good at its portal only');
select is(pg_temp.by_link('ten', replace(:'bobs', '105-', '104-')), '{"open": false}', 'for its ticket only');
select is(pg_temp.by_link('ten', :'bobs'), '{"done": true, "number": 105}', 'it mutes, signed out');
select is((select level from app.followers where tenant_id = 12 and ticket_id = 105 and person_id = 502), 3::smallint, 'its receiver');
select is(pg_temp.by_link('ten', :'dees'), '{"done": true, "number": 105}', 'who sees it no more');
select is((select count(*)::int from app.followers where tenant_id = 12 and ticket_id = 105 and person_id = 505), 0, 'has no row by it');
-- In a note: the desk, and nobody else.
select is(pg_temp.whom('desk', 507, 105, null, true), 'Admin talk, Only talk', 'a note names staff alone');
select is(pg_temp.whom('ten', 501, 105, null, true), null, 'and is written by nobody else');
create function pg_temp.notes(ids text, key text) returns text language sql as $$
  select pg_temp.at('desk', 507, format('select app.mention(105, app.add_comment(105, true, %L, %L, %L, null), %L)->>%L is not null', '@Only talk, @Ada talk: look', '<p>x</p>', key, ids, 'comment')) $$;
select is(pg_temp.notes('[501]', 'talk-040'), 'PT422', 'no customer');
select is(pg_temp.notes((select '[' || id || ']' from app.people where tenant_id = 12 and name = 'Only talk'), 'talk-041'), 'true', 'another agent');
select is(pg_temp.told(105, 'ticket.note_mentioned'), (select split_part(email, '@', 1) from app.people where tenant_id = 12 and name = 'Only talk') || ' access', 'has the only mail of it');
select is((select count(*)::int from app.events where tenant_id = 12 and ticket_id = 105 and kind = 'ticket.shared' and created_at > now() - interval '1 minute'), 0, 'nobody gains access by it');
select is(pg_temp.at('ten', 501, $$select app.mention(105, json_build_object('comment', json_build_object('id', (select max(id) from app.comments where ticket_id = 105 and author_id <> 501))), '[502]')::jsonb ? 'comment'$$) || (select count(*) from app.mentions where tenant_id = 12 and person_id = 502), 'true0', 'nobody mentions by somebody else''s words');
-- Who may not use support neither follows nor takes others off.
insert into app.settings (tenant_id, scope, name, value, account_id) values (12, 20, 'support_users', 'main_user', 10);
select is(pg_temp.at('sub', 503, 'select app.follow(105, $q$none$q$)'), 'PT403 support-not-allowed', 'P7: who may not use support follows nothing');
select is(pg_temp.at('sub', 503, 'select app.unfollow(105, 502)'), 'PT403 support-not-allowed', 'and takes nobody off');
select is(pg_temp.at('sub', 503, 'select app.unshare_ticket(105, 502)'), 'PT403 support-not-allowed', 'nor out');
insert into app.memberships (tenant_id, id, person_id, role, account_id) values (12, 940, 501, 'main_user', 10);
select is(pg_temp.says('ten', 501, 105, '@Fay talk', '[701]', 'talk-035'), 'PT422', 'who may not use support is not mentioned (P7)');
delete from app.settings where tenant_id = 12;
delete from app.memberships where tenant_id = 12 and id = 940;

-- ---- N7: one problem per ticket ----------------------------------------------------

select is(pg_temp.at('ten', 501, pg_temp.open('["cy@x.example"]', 'talk-050')), '106', 'one with two problems');
select is(pg_temp.at('ten', 501, $$select app.add_comment(106, false, 'And the lamp.', '<p>And the lamp.</p>', 'talk-051', null)->>'comment' is not null$$), 'true', 'the second');
select is(pg_temp.at('desk', 507, $$select app.add_comment(106, true, 'Two.', '<p>Two.</p>', 'talk-052', null)->>'comment' is not null$$), 'true', 'which an agent notes');
insert into app.files (tenant_id, id, owner_id, ticket_id, comment_id, name, type, size, received, sha256, state)
  select 12, 7001, 501, 106, max(id), 'lamp.txt', 'text/plain', 1, 1, sha256('x'), 3 from app.comments where tenant_id = 12 and ticket_id = 106 and not is_internal;
create function pg_temp.split(person int, which text, key text) returns text language sql as $$
  select pg_temp.at(case person when 507 then 'desk' else 'ten' end, person, format('select app.split_ticket(106, %L, %L, %L)->>%L', 'The lamp',
    (select jsonb_agg(id) from app.comments where tenant_id = 12 and ticket_id = 106 and case which when 'note' then is_internal when 'lamp' then source ~ 'lamp' else source !~ 'lamp' end), key, 'number')) $$;
select is(pg_temp.split(501, 'lamp', 'talk-053'), 'PT403', 'its customer does not split it');
select is(pg_temp.split(507, 'note', 'talk-053'), 'PT422 tickets_comments.choice', 'a note stays where it is');
select is(pg_temp.at('desk', 507, $$select app.split_ticket(106, 'x', '[]', 'talk-053')$$), 'PT422 tickets_comments.choice', 'something must be in it');
select is(pg_temp.at('desk', 507, $$select app.split_ticket(106, 'x', '["1"]', 'talk-053')$$), 'PT422 tickets_comments.type', 'ids');
select is(pg_temp.at('desk', 507, $$select app.split_ticket(106, 'x', '[1]', 'talk-053')$$), 'PT422 tickets_comments.choice', 'of its own');
select is(pg_temp.split(507, 'lamp', 'talk-053'), '107', 'an agent does');
select is(pg_temp.split(507, 'lamp', 'talk-053'), '107', 'twice is once');
select is((select title || ' ' || requester_id || ' ' || status || ' ' || has_files || ' ' || has_links from app.tickets where tenant_id = 12 and id = 107), 'The lamp 501 1 true true', 'a new one of its requester''s');
select is(pg_temp.sees('sub', 503, 107) || ' ' || (select count(*) from app.ticket_access where tenant_id = 12 and ticket_id = 107), '1 ' || (select count(*) from app.ticket_access where tenant_id = 12 and ticket_id = 106), 'for whoever sees the old one');
select is((select string_agg(author_id || source, ' ') from app.comments where tenant_id = 12 and ticket_id = 107), '501And the lamp.', 'with what was said of it');
select is((select ticket_id from app.files where tenant_id = 12 and id = 7001), 107::bigint, 'and its files');
select is(pg_temp.at('ten', 501, $$select string_agg((l->>'kind') || (l->>'number'), ' ') from json_array_elements(app.links_of(106)) l$$), 'split_into107', 'the old one leads to it');
select is(pg_temp.at('ten', 501, $$select string_agg((l->>'kind') || (l->>'number'), ' ') from json_array_elements(app.links_of(107)) l$$), 'split_from106', 'and back');
select is((select changed_by || ' ' || desk_changed_by from app.tickets where tenant_id = 12 and id = 107), '507 507', 'V1: unread by everybody but who did it');
select is(pg_temp.told(107, 'ticket.split_off'), 'ada requester', 'who asked has the one mail of it');
select is((select count(*)::int from app.events where tenant_id = 12 and ticket_id = 107 and kind in ('ticket.opened', 'ticket.replied')), 0, 'and nobody any other');

create function pg_temp.merge(portal text, person int, ticket int, kept int, people text default '[]') returns text language sql as $$
  select pg_temp.at(portal, person, format('select app.merge_ticket(%s, %s, %L)->>%L', ticket, kept, people, 'number')) $$;
select is(pg_temp.at('ten', 502, pg_temp.open(null, 'talk-060')), '108', 'Bob has the same problem');
select is(pg_temp.merge('ten', 501, 106, 108), 'PT403', 'its customer does not merge it');
select is(pg_temp.merge('desk', 507, 106, 106), 'PT422 tickets_into.itself', 'none into itself');
select is(pg_temp.merge('desk', 507, 106, 4), 'PT422 tickets_into.account', 'none into another account''s');
select is(pg_temp.merge('desk', 507, 106, 9999), 'PT422 tickets_into.choice', 'nor into none');
select is(pg_temp.at('desk', 507, $$select string_agg(g->>'name', ' ') from json_array_elements(app.see_merge(106, 108)->'gain') g$$), 'Ada talk Cy talk', 'who would see the other by it is told before');
select is(pg_temp.merge('desk', 507, 106, 108, '[505]'), 'PT422 tickets_people.choice', 'others are not added by it');
select is(pg_temp.merge('desk', 507, 106, 108, '[501]'), '108', 'merged, with Ada');
select is(pg_temp.merge('desk', 507, 106, 108, '[501]'), '108', 'twice is once');
select is(pg_temp.sees('ten', 501, 108), '1', 'she sees it');
select is(pg_temp.sees('sub', 503, 108), '0', 'Cy, whom nobody added, does not');
select is((select string_agg(person_id::text, ' ') from app.followers where tenant_id = 12 and ticket_id = 108), '501', 'and she follows it');
select is((select status from app.tickets where tenant_id = 12 and id = 106), 6::smallint, 'the duplicate is closed');
select is(pg_temp.told(106, 'ticket.merged'), 'ada requester', 'who opened it has the one mail');
select is(pg_temp.told(106, 'ticket.closed'), null, 'and nobody one that it was closed');
select is(pg_temp.at('ten', 501, $$select (l->>'kind') || (l->>'number') from json_array_elements(app.links_of(106)) l where l->>'kind' ~ 'dup'$$), 'duplicate_of108', 'it leads on');
select is(pg_temp.at('sub', 503, $$select count(*) from json_array_elements(app.links_of(106)) l where l->>'kind' ~ 'dup'$$), '0', 'whoever does not see the other is told of none');
select is(pg_temp.at('ten', 501, $$select app.add_comment(106, false, 'x', '<p>x</p>', 'talk-061', null)$$), 'PT409 ticket-merged', 'nobody answers it any more');
select is(pg_temp.at('ten', 501, 'select app.reopen_ticket(106)'), 'PT409 ticket-merged', 'or opens it again');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(106, '{"status": "new"}')$$), 'PT409 ticket-merged', 'the desk neither');
select is(pg_temp.at('desk', 507, $$select app.add_comment(106, true, 'x', '<p>x</p>', 'talk-062', null)->>'comment' is not null$$), 'true', 'which may still note');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(106, '{"status": "closed_escalated", "item": 2}')$$), 'PT409 ticket-merged', 'it waits for no release');
create function pg_temp.stands(number int, as_is int) returns void language plpgsql as $$
begin
  perform auth.set_context(12, null, null, null, null, 0::smallint, '{}', false);
  update app.tickets set status = as_is where tenant_id = 12 and id = number;
end $$;
select pg_temp.stands(106, 7) \g /dev/null
select is(pg_temp.at('ten', 501, $$select app.add_comment(106, false, 'x', '<p>x</p>', 'talk-063', null)$$), 'PT409 ticket-merged', 'one that does is not answered either');
select is(pg_temp.at('ten', 501, 'select app.leads_on(106)'), 'true', 'as the page says');
select pg_temp.stands(106, 6) \g /dev/null
-- Nobody is left with a ticket that leads nowhere.
create function pg_temp.merge_mail(person int) returns text language plpgsql as $$
declare
  d bigint;
begin
  insert into app.deliveries (tenant_id, event_id, email, person_id, reason)
    select 12, max(e.id), p.email, p.id, 'access' from app.events e, app.people p
    where e.tenant_id = 12 and e.ticket_id = 106 and e.kind = 'ticket.merged' and p.tenant_id = 12 and p.id = person
    group by p.email, p.id on conflict on constraint deliveries_once do update set reason = excluded.reason returning id into d;
  return pg_temp.job(format($q$select concat_ws(' ', m->>'event', m #>> '{comment,other}') from jobs.ticket_mail(%s, 'https', '') m$q$, d));
end $$;
select is(pg_temp.merge_mail(501), 'ticket.merged 108', 'who sees the other one has its number');
select is(pg_temp.merge_mail(503), 'ticket.merged_unseen', 'who does not has none');
insert into app.field_policies (tenant_id, scope, field, role, access) values (12, 0, 'status', 'member', 0);
select is(pg_temp.told(106, 'ticket.merged'), 'ada requester', 'from whom the status is hidden has the mail');
select is(pg_temp.merge_mail(502), 'ticket.merged 108', 'V3: to whom the status shows it says closed');
select is(pg_temp.merge_mail(501), 'ticket.merged_on 108', 'to others that it goes on');
select is(pg_temp.at('ten', 501, $$select (l->>'kind') || (l->>'number') from json_array_elements(app.links_of(106)) l where l->>'kind' ~ 'dup'$$), 'duplicate_of108', 'and finds the other one');
select is(pg_temp.at('ten', 501, 'select app.leads_on(106)'), 'false', 'but must not find why');
select is(pg_temp.at('ten', 501, $$select app.add_comment(106, false, 'x', '<p>x</p>', 'talk-064', null)->>'comment' is not null$$), 'true', 'their answer comes to the desk');
delete from app.field_policies where tenant_id = 12;
select pg_temp.stands(106, 6) \g /dev/null
select is(pg_temp.at('sub', 503, 'select app.leads_on(106)'), 'false', 'whoever does not see the other');
select is(pg_temp.at('sub', 503, $$select app.add_comment(106, false, 'x', '<p>x</p>', 'talk-065', null)->>'comment' is not null$$), 'true', 'answers in the old one');
select is((select status from app.tickets where tenant_id = 12 and id = 106), 2::smallint, 'which goes on');
select is(pg_temp.told(106, 'ticket.replied') ~ 'agent', true, 'and the desk hears of it');
select is(pg_temp.at('desk', 507, $$select app.add_comment(106, false, 'x', '<p>x</p>', 'talk-066', 'solved')->>'comment' is not null$$), 'true', 'which answers there');
select is(pg_temp.at('ten', 501, $$select app.add_comment(106, false, 'x', '<p>x</p>', 'talk-067', null)$$), 'PT409 ticket-merged', 'until it has ended');
select is(pg_temp.merge('desk', 507, 108, 106), 'PT422 tickets_into.merged', 'nothing goes round');
select is(pg_temp.merge('desk', 507, 106, 107), 'PT422 tickets_into.done', 'it is the duplicate of one');
select is(pg_temp.merge('desk', 507, 108, 107), '107', 'that one may be merged on');
select is(pg_temp.merge('desk', 507, 107, 106), 'PT422 tickets_into.merged', 'and not back');
-- Who may use support no more is not taken along.
select is(pg_temp.at('ten', 502, pg_temp.open('["cy@x.example", "ada@x.example"]', 'talk-070')), '109', 'with Ada and Cy');
select pg_temp.at('sub', 503, $$select app.follow(109, 'all')$$) \g /dev/null
insert into app.settings (tenant_id, scope, name, value, account_id) values (12, 20, 'support_users', 'main_user', 10);
insert into app.memberships (tenant_id, id, person_id, role, account_id) values (12, 940, 501, 'main_user', 10);
select is(pg_temp.at('desk', 507, format($$select app.split_ticket(109, 'x', '[%s]', 'talk-071')->>'number'$$, (select id from app.comments where tenant_id = 12 and ticket_id = 109))), '110', 'split');
select is((select string_agg((principal / 4)::text, ' ' order by principal) from app.ticket_access where tenant_id = 12 and ticket_id = 110 and principal % 4 = 0), '501 502', 'Cy has no row in it');
select is((select string_agg(person_id::text, ' ' order by person_id) from app.followers where tenant_id = 12 and ticket_id = 110), '501', 'nor follows it');
delete from app.settings where tenant_id = 12;
delete from app.memberships where tenant_id = 12 and id = 940;

-- ---- access that goes with a membership ----------------------------------------------

begin;
select auth.set_context(12, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.memberships where tenant_id = 12 and person_id = 502;
commit;
select is((select count(*)::int from app.followers where tenant_id = 12 and person_id = 502), 0, 'who leaves the account follows nothing of it');
select is(pg_temp.recipients(101, 'ticket.replied'), 'ada requester', 'and gets no mail');

-- ---- V9: ten thousand --------------------------------------------------------------------

-- The signed context answers the same, only more slowly.
\set quick `[ "$CONTEXT" = hmac ] && echo 0 || echo 1`
\if :quick
-- More than that are of the account that a ticket is shared with, and follow it.
set session_replication_role = replica;
insert into app.people (tenant_id, id, email, name, rank, principals, doors)
  select 12, 20000 + i, 'many' || i || '@x.example', 'Many ' || i, 1, array[app.principal(20000 + i, 0), app.principal(10, 1)], '{20}' from generate_series(1, 10050) i;
insert into app.memberships (tenant_id, id, person_id, role, account_id) select 12, 20000 + i, 20000 + i, 'member', 10 from generate_series(1, 10050) i;
insert into app.followers (tenant_id, ticket_id, person_id, level) select 12, 101, 20000 + i, 1 from generate_series(1, 10050) i;
set session_replication_role = origin;
analyze app.people, app.memberships, app.followers;
select is(pg_temp.at('ten', 501, $$select concat_ws(' ', a->>'count', a->>'more', jsonb_array_length(a->'items'), (a->>'next' is not null)::text) from app.share_with_account(101, 10) s, lateral (select app.who_sees(101, null)::jsonb as a) x$$), '10000 true 50 true', 'V9: of more than ten thousand readers it says so');
select is(pg_temp.at('ten', 701, $$select concat_ws(' ', a->>'count', a->>'more', a->>'me', jsonb_array_length(a->'items')) from (select app.who_loses(101, null, 10)::jsonb as a) x$$), '9996 true true 20', 'and of those who lose it; the asker is among them, whoever they are');
select is(pg_temp.at('ten', 701, $$select app.who_loses(101, 501, null)->>'more'$$), 'false', 'of one person it is exact');
select is(pg_temp.at('ten', 501, $$select concat_ws(' ', a->>'count', jsonb_array_length(a->'followers')) from (select app.ticket_lists(101)::jsonb as a) x$$), '10051 50', 'V5: followers are counted, and fifty named');
\endif
select * from finish();
