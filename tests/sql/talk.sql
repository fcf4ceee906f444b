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
select is(pg_temp.told(102, 'ticket.solved'), 'ada requester, contact support_contact', 'who follows it is told, and who must be; not who wants replies only');
select is(pg_temp.at('ten', 501, $$select app.rate_ticket(102, 4, ' Quick ')->>'score'$$), '4', 'rated');
select is(pg_temp.at('ten', 501, $$select app.rate_ticket(102, 5, 'Quick')->>'score'$$), '5', 'and better');
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
select is(pg_temp.at('desk', 507, $$select app.change_ticket(102, '{"status": "closed_escalated"}')$$), '', 'handed on to the engineers');
select is(pg_temp.at('ten', 501, $$select app.reopen_ticket(102)$$), 'PT422 tickets_status.choice', 'it waits for them');

-- ---- V6: mentions -------------------------------------------------------------------

create function pg_temp.whom(portal text, person int, number int, question text default null) returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select string_agg((i->>'name') || case when (i->>'sees')::boolean then '' else ' (new)' end, ', ' order by i->>'name')
    from json_array_elements(app.find_mentions(%s, %L)->'items') i$q$, number, question)) $$;
create function pg_temp.says(portal text, person int, number int, said text, ids text, key text) returns text
language sql as $$
  select pg_temp.at(portal, person, format('select app.mention(%s, app.add_comment(%1$s, false, %L, %L, %L, null), %L)->>%L is not null', number, said, '<p>x</p>', key, ids, 'comment')) $$;
select is(pg_temp.at('ten', 501, pg_temp.open(null, 'talk-030')), '104', 'one more');
select is(pg_temp.whom('ten', 501, 104, 'b'), 'Bob talk', 'a main user sees it already');
select is(pg_temp.whom('ten', 501, 104, 'cy'), 'Cy talk (new)', 'a colleague does not');
select is(pg_temp.whom('ten', 501, 104, 'dee'), null, 'another account''s is not offered');
select is(pg_temp.whom('ten', 501, 104, 'age'), null, 'nor an agent who is not in it');
select is(pg_temp.whom('desk', 507, 104), 'Ada talk, Admin talk, Only talk', 'support may mention support, and who is in it');
select is(pg_temp.whom('thirty', 505, 104), 'PT404', 'nobody in what they do not see');
select is(pg_temp.says('ten', 501, 104, 'Ask @Cy talk, please', '[503, 502]', 'talk-031'), 'true', 'mentioned');
select is((select string_agg(person_id::text, ' ') from app.mentions where tenant_id = 12 and ticket_id = 104), '503', 'whom the text names');
select is(pg_temp.sees('sub', 503, 104), '1', 'it is shared with him');
select is(pg_temp.told(104, 'ticket.mentioned'), 'cy access', 'he has a mail of that');
select is(pg_temp.told(104, 'ticket.replied') ~ 'cy', false, 'and no other of the reply');
select is(pg_temp.says('ten', 501, 104, 'Ask @Cy talk, please', '[503, 502]', 'talk-031'), 'true', 'sent twice');
select is((select count(*)::int from app.events where tenant_id = 12 and ticket_id = 104 and kind = 'ticket.mentioned'), 1, 'is once');
select format('select is(pg_temp.says(%L, 501, 104, %L, %L, %L), %L, %L)', 'ten', 'x @Dee talk', v.ids, 'talk-032', v.wants, v.says)
  from (values ('{}', 'PT422 comments_mentions.type', 'no list'), ('["503"]', 'PT422 comments_mentions.type', 'texts'), ('[null]', 'PT422 comments_mentions.type', 'null'),
    ('[1,2,3,4,5,6,7,8,9,10,11]', 'PT422 comments_mentions.too_many', 'eleven'), ('[505]', 'PT422', 'another account''s'), ('[507]', 'PT422', 'an agent who is not in it'),
    ('[99999]', 'PT422', 'nobody''s'), ('[1.5]', 'PT422', 'a fraction'), ('[501]', 'PT422', 'oneself')) v(ids, wants, says) \gexec
select is((select count(*)::int from app.comments where tenant_id = 12 and ticket_id = 104), 2, 'and nothing is written');
select is(pg_temp.at('desk', 507, $$select app.add_comment(104, false, 'y', '<p>y</p>', 'talk-033', null)->>'comment' is not null$$), 'true', 'an agent answers');
select is(pg_temp.whom('ten', 501, 104, 'age'), 'Agent talk', 'and may be mentioned');
select is(pg_temp.says('ten', 501, 104, '@Agent talk thanks', '[507]', 'talk-034'), 'true', 'which is done');
select is(pg_temp.told(104, 'ticket.replied') ~ 'agent', false, 'one mail for the agent too');
insert into app.settings (tenant_id, scope, name, value, account_id) values (12, 20, 'support_users', 'main_user', 10);
insert into app.memberships (tenant_id, id, person_id, role, account_id) values (12, 940, 501, 'main_user', 10);
select is(pg_temp.says('ten', 501, 104, '@Fay talk', '[701]', 'talk-035'), 'PT422', 'who may not use support is not mentioned (P7)');
delete from app.settings where tenant_id = 12;
delete from app.memberships where tenant_id = 12 and id = 940;

-- ---- access that goes with a membership ----------------------------------------------

begin;
select auth.set_context(12, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.memberships where tenant_id = 12 and person_id = 502;
commit;
select is((select count(*)::int from app.followers where tenant_id = 12 and person_id = 502), 0, 'who leaves the account follows nothing of it');
select is(pg_temp.recipients(101, 'ticket.replied'), 'ada requester', 'and gets no mail');
select * from finish();
