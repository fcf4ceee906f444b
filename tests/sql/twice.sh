#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Two at once: the same idempotency key, the same queue. The first holds its
# transaction open until the second is seen waiting (or is done), at most ten
# seconds.

tests=0
scratch=$(mktemp -d) watch=$(mktemp)
trap 'rm -rf "$scratch" "$watch"' EXIT
# Until the second waits, or is done: what another role waits for only a superuser sees.
cat >"$watch" <<'SQL'
do $$ begin
  for i in 1..500 loop
    exit when exists (select from pg_stat_activity where application_name = 'second'
      and (wait_event_type = 'Lock' or wait_event = 'PgSleep'));
    perform pg_sleep(0.02), pg_stat_clear_snapshot();
  end loop;
end $$;
SQL
check() { # LABEL GOT WANTED
	tests=$((tests + 1))
	if [ "$2" = "$3" ]; then echo "ok $tests - $1"; else printf 'not ok %d - %s\n#   got: %s\n#   wanted: %s\n' "$tests" "$1" "$2" "$3"; fi
}
super() { psql -qAtX "$@"; }
as() { # ROLE NAME: a psql on standard input
	PGAPPNAME=$2 timeout 20 psql -U "sportello_$1" -qAtX -v VERBOSITY=sqlstate 2>&1 | sed 's/^ERROR: *//' | grep -v '^$' | paste -sd ' '
}
waits_for() { # FILE
	for _ in $(seq 500); do [ ! -e "$1" ] || return 0; sleep 0.02; done
	return 1
}
# both ROLE END FIRST SECOND: FIRST's transaction ends by END (commit or
# rollback) once SECOND waits or is done. SECOND's role, where it is another: the fifth.
both() {
	rm -f "$scratch"/*
	as "$1" first >"$scratch/a" <<-SQL &
		begin;
		$3
		\! touch $scratch/begun
		\! psql -qX -f $watch
		$2;
	SQL
	waits_for "$scratch/begun" || echo "# the first did not begin"
	as "${5:-$1}" second >"$scratch/b" <<<"begin;
		$4
		commit;
		do \$\$ begin perform pg_sleep(0.2); end \$\$;"
	wait
	first=$(<"$scratch/a") second=$(<"$scratch/b")
}
ada="select auth.enter('ten.north.test', '1/501', 1::smallint, true) \g /dev/null"
bob="select auth.enter('ten.north.test', '1/502', 1::smallint, true) \g /dev/null"
open() { echo "select app.open_ticket('$2', 'x', '<p>x</p>', '$1')->>'number';"; }
tickets() { super -c "select count(*) from app.tickets where tenant_id = 1 and title = '$1'"; }
last() { super -c 'select last from app.ticket_counters where tenant_id = 1'; }

n=$(last)
both api commit "$ada
	$(open twice-key-1 'Same')" "$ada
	$(open twice-key-1 'Same')"
check 'one key at once: the same answer for both' "$first $second" "$((n + 1)) $((n + 1))"
check 'and one ticket' "$(tickets Same)" 1
check 'with one comment and one event' "$(super -c "select (select count(*) from app.comments where tenant_id = 1 and ticket_id = $((n + 1))),
	(select count(*) from app.events where tenant_id = 1 and ticket_id = $((n + 1)))")" '1|1'
both api commit "$ada
	$(open twice-key-2 'One')" "$ada
	$(open twice-key-2 'Other')"
check 'one key at once for different things: the second is told' "$first $second" "$((n + 2)) PT409"
check 'and not done' "$(tickets Other)" 0
both api rollback "$ada
	$(open twice-key-3 'Undone')" "$ada
	$(open twice-key-3 'Undone')"
check 'the first gives up: the second does it' "$second" "$((n + 3))"
check 'once' "$(tickets Undone)" 1
both api commit "$ada
	$(open twice-key-4 'Hers')" "$bob
	$(open twice-key-4 'His')"
check 'two people at once: two numbers, none left out' "$first $second" "$((n + 4)) $((n + 5))"
reply="select (app.add_comment(1, false, 'Both', '<p>Both</p>', 'twice-key-5', null) #>> '{comment,id}') is not null;"
both api commit "$ada
	$reply" "$ada
	$reply"
check 'a reply sent twice at once' "$first $second" 't t'
check 'is there once' "$(super -c "select count(*) from app.comments where tenant_id = 1 and source = 'Both'")" 1

# V7: two who answer what they read at once; who waited has not read the first.
agent="select auth.enter('desk.north.test', '1/507', 2::smallint, true) \g /dev/null"
chief="select auth.enter('desk.north.test', '1/508', 2::smallint, true) \g /dev/null"
answer() { echo "select (app.add_comment(1, $1, '$2', '<p>x</p>', 'twice-$2', null, null, $(super -c 'select max(id) from app.comments where tenant_id = 1 and ticket_id = 1')) #>> '{comment,id}') is not null;"; }
both api commit "$agent
	$(answer false answer-1)" "$chief
	$(answer false answer-2)"
check 'two answer at once: the second is stopped' "$first $second" 't PT409'
both api commit "$agent
	$(answer true answer-3)" "$chief
	$(answer false answer-4)"
check 'by a note too' "$first $second" 't PT409'

# The last of so many, twice at once.
super <<-SQL
	select auth.set_context(1, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
	insert into app.signposts (tenant_id, kind, titles) select 1, 'first_aid', '{"en": "x"}' from generate_series((select count(*) from app.signposts where tenant_id = 1), 198);
	insert into app.sections (tenant_id, key, parent_id, names, shown_to, path) select 1, 'n' || n, 1, '{"en": "x"}', 1, '{1}'
	  from generate_series((select count(*) from app.sections where tenant_id = 1), 1999) n;
SQL
sign() { echo "select app.make_signpost('first_aid', '{\"en\": \"x\"}', null, null, null, null, null, 'twice-sign-$1') is not null;"; }
both api commit "$agent
	$(sign 1)" "$chief
	$(sign 2)"
check 'two write the two-hundredth at once: the second is refused' "$first $second" 't PT422'
section() { echo "select app.save_section(null, null, '{\"en\": \"x\"}', null, null, null) is not null;"; }
both api commit "$agent
	$(section)" "$chief
	$(section)"
check 'two make the two-thousandth section at once: the second is refused' "$first $second" 't PT422'
draft() { echo "select app.save_draft(1, 'fr', '$1', '<p>x</p>', null, null) is not null;"; }
both api commit "$agent
	$(draft one)" "$chief
	$(draft two)"
check 'two begin a draft at once: the second hears of the first' "$first $second" 't PT409'
publish() { echo "select app.act_on_text($1, '$2', '$3', null) is not null;"; }
both api commit "$agent
	$(publish 1 fr publish)" "$chief
	$(publish 1 fr publish)"
check 'two publish a draft at once: once' "$first $second" 't PT422'
both api commit "$agent
	$(publish 1 fr unpublish)" "$chief
	$(publish 3 en unpublish)"
check 'changes of a knowledge base follow each other' "$first $second" 't t'

# Two who remove the last two at once: the constraint is asked at the end, with
# the account's row locked, so that the second sees what the first did.
pam="select auth.enter('partner.north.test', '1/504', 1::smallint, true) \\g /dev/null"
change() { echo "select app.change_contacts(30, '$2', '$3', 'twice-$1')->'contacts'->0->>'email';"; }
contacts() { super -c "select string_agg(email, ' ' order by email) from app.support_contacts where tenant_id = 1 and account_id = 30"; }
as api one >/dev/null <<<"begin; $pam
	$(change contact-1 '["second@x.example"]' '[]')
	commit;"
check 'two contacts' "$(contacts)" 'pam@x.example second@x.example'
both api commit "$pam
	$(change contact-2 '[]' '["pam@x.example"]')" "$pam
	$(change contact-3 '[]' '["second@x.example"]')"
check 'two remove the last two at once: the second is refused' "$first $second" 'second@x.example PT422'
check 'one stays' "$(contacts)" 'second@x.example'
remove="delete from app.support_contacts where tenant_id = 1 and account_id = 30 and email ="
own="select auth.set_context(1, null, null, null, null, 0::smallint, '{}', false) \\g /dev/null"
super -qc "begin; $own; insert into app.support_contacts (tenant_id, account_id, email) values (1, 30, 'pam@x.example'); commit"
both_as_owner() { # like both, as whoever deletes rows without our functions
	super >"$scratch/a" 2>&1 <<-SQL &
		set application_name = 'first'; begin;
		$own
		$remove 'pam@x.example';
		\! touch $scratch/began-owner
		do \$\$ begin perform pg_sleep(0.5); end \$\$;
		commit;
	SQL
	waits_for "$scratch/began-owner"
	super -v VERBOSITY=sqlstate >"$scratch/b" 2>&1 <<-SQL
		begin;
		$own
		$remove 'second@x.example';
		do \$\$ begin perform pg_sleep(1); end \$\$;
		commit;
	SQL
	wait
}
both_as_owner
check 'without our functions too' "$(cat "$scratch/a")$(grep -o 'PT422' "$scratch/b")" PT422
check 'and one stays again' "$(contacts)" 'second@x.example'

chi="select auth.enter('ten.north.test', '1/509', 1::smallint, true) \g /dev/null"
both api commit "$ada
	$(open twice-key-9 'Shared late')" "select 1;"
late=$first
both api commit "$chi
	select 'gone' from (select app.end_membership(3)) x;" "$ada
	select app.share_ticket($late, '[\"cy@x.example\"]')->>'shared';"
check 'who leaves while somebody adds them: has no row in it' "$first/$(super -c "select count(*) from app.ticket_access where tenant_id = 1 and ticket_id = $late and principal = app.principal(503, 0)")" 'gone/0'

super <<-SQL
	select auth.set_context(1, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
	insert into app.people (tenant_id, id, email, name) values (1, 590, 'zoe@x.example', 'Zoe');
	insert into app.memberships (tenant_id, id, person_id, role, account_id) values (1, 590, 590, 'member', 10);
SQL
both api commit "$ada
	select app.open_ticket('Split late', 'x', '<p>x</p>', 'twice-key-10', '[\"zoe@x.example\"]')->>'number';" "select 1;"
late=$first
both api commit "$chi
	select 'gone' from (select app.end_membership(590)) x;" "$agent
	select app.split_ticket($late, 'x', (select jsonb_agg(id) from app.comments where ticket_id = $late), 'twice-key-11')->>'number';"
check 'who leaves while a ticket of theirs is split: has no row in the new one' \
	"$first/$([[ $second =~ ^[0-9]+$ ]] && super -c "select count(*) from app.ticket_access where tenant_id = 1 and ticket_id = $second and principal = app.principal(590, 0)")" 'gone/0'

# An invitation to ticket 1 by Bob, and what its link does.
asked() { # ID: the token
	super <<-SQL
		select auth.set_context(1, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
		insert into app.invitations (tenant_id, id, email, role, account_id, portal_id, invited_by, expires_at)
		  values (1, $1, 'race$1@x.example', 'member', 10, 110, 502, now() + interval '1 day');
		insert into app.pending_shares (tenant_id, ticket_id, invitation_id, added_by) values (1, 1, $1, 502);
		select auth.one_time_token(1, 'invitation', auth.one_time_new(1, 'invitation', 110, null, 'race$1@x.example', null, '1 day'));
	SQL
}
accept() {
	echo "select auth.enter('ten.north.test', null, 0::smallint, true) \g /dev/null
	select coalesce(x->>'status', 'in') from app.accept_invitation('$1', 'Race', 'en', '192.0.2.9', substr(sha256('x'), 1, 16), 2, 19456,
	  sha256('x'), sha256(convert_to('$1 $2', 'UTF8')), null, 'Browser') x;"
}
joined() { super -c "select count(*) from app.ticket_access a join app.people p on p.tenant_id = 1 and a.principal = app.principal(p.id, 0)
	where a.tenant_id = 1 and a.ticket_id = 1 and p.email = 'race$1@x.example'"; }
token=$(asked 901)
both login commit "$(accept "$token" 1)" "$(accept "$token" 2)"
check 'an invitation accepted twice at once: one comes in' "$first $second $(joined 901)" 'in 410 1'
token=$(asked 902)
both login commit "$(accept "$token" 1)" "$bob
	select json_array_length(app.share_ticket(1, '[\"race902@x.example\"]')->'pending');" api
check 'added again while they accept: in it, and asked no more' "$first ${second:+there} $(joined 902) $(super -c "select count(*) from app.invitations where email = 'race902@x.example'")" 'in there 1 1'
token=$(asked 903)
both api commit "$bob
	select app.change_pending(1, 903, false) is not null;" "$(accept "$token" 1)" login
check 'taken off while they accept: they come in, and not into it' "$first $second $(joined 903)" 't in 0'

queue=$(super -c 'select count(*) from app.event_queue')
both jobs commit 'select jobs.take_event();' 'select jobs.take_event();'
check 'two take events at once: each has one' "$([[ $first =~ ^[0-9]+$ && $second =~ ^[0-9]+$ ]] && echo two)" two
check 'and not the same' "$(super -c 'select count(*) from app.event_queue')" "$((queue - 2))"
both jobs rollback 'select jobs.take_event();' 'select jobs.take_event();'
check 'who dies with an event leaves it' "${first:+taken} $(super -c 'select count(*) from app.event_queue')" "taken $((queue - 3))"
super -c "update app.deliveries set state = 1, next_try_at = now() - interval '1 minute'"
due=$(super -c 'select count(*) from app.deliveries')
both jobs commit "select jobs.take_delivery('1 minute');" "select jobs.take_delivery('1 minute');"
check 'two take deliveries at once: two' "$([ "$(super -c 'select count(*) from app.deliveries where next_try_at > now()')" = 2 ] && [ "$due" -ge 2 ] && echo two)" two

# Work for a whole tenant: one a person, two at the desk and two of customers at once, one an account.
matching() { echo "select auth.enter('desk.north.test', '1/$1', 2::smallint, true) \g /dev/null
	select app.count_bulk('group=open')->>'most';"; }
both api commit "$(matching 507)" "$(matching 507)"
check 'what matches is worked out once a person' "$first $second" '10000 PT429'
both api commit "$(matching 507)" "$(matching 508)"
check 'and by another one as well' "$first $second" '10000 10000'
both api commit "$(matching 507)
	select pg_advisory_xact_lock(hashtextextended('work/2/1', 2)) \g /dev/null" "$(matching 508)"
check 'by two at the desk' "$first $second" '10000 PT429'
report() { # HOST PERSON
	echo "select auth.enter('$1.north.test', '1/$2', 1::smallint, false) \\g /dev/null
	select app.report('{}')->>'desk';"
}
taken() { echo "select pg_advisory_xact_lock(hashtextextended('work/$1/1', $1)) \\g /dev/null"; }
both api commit "$(report ten 502)" "$(report ten 509)"
check 'a report is worked out once an account' "$first $second" 'false PT429'
both api commit "$(report ten 502)" "$(report thirty 506)"
check 'and for another one as well' "$first $second" 'false false'
both api commit "$(report ten 502)
	$(taken 2)" "$(report thirty 506)"
check 'customers have two places' "$first $second" 'false PT429'
both api commit "$(report ten 502)
	$(taken 2)" "$(matching 507)"
check 'of which one is not the desk'\''s: it has its own' "$first $second" 'false 10000'
both api commit "$(matching 507)
	$(taken 2)" "$(report ten 502)"
check 'and they theirs' "$first $second" '10000 false'
csv() { # HOST PERSON
	echo "select auth.enter('$1.north.test', '1/$2', 1::smallint, false) \\g /dev/null
	select 'begun' from app.begin_export();"
}
both bulk commit "$(csv ten 502)" "$(csv ten 509)"
check 'an account has one list as CSV at a time' "$first $second" 'begun PT429'
both bulk commit "$(csv ten 502)" "$(csv thirty 506)"
check 'customers one' "$first $second" 'begun PT429'
both bulk commit "$(csv ten 502)" "$(csv desk 507)"
check 'and the desk its own' "$first $second" 'begun begun'
for work in "app.report('{}')->>'desk'" "app.replay_rule('{\"when\": {\"event\": \"opened\"}, \"if\": null, \"do\": [{\"priority\": \"high\"}]}', 7)->>'replayed'" \
	"app.simulate('$(super -c "select body from app.sla_versions where tenant_id = 1 order by version desc limit 1")', null, null, null, null, 7)->>'days'"; do
	both api commit "$(matching 508)" "select auth.enter('desk.north.test', '1/508', 2::smallint, false) \g /dev/null
		select $work;"
	check "nor ${work%%(*} beside it" "$first $second" '10000 PT429'
done

# In a tenant of its own: jobs, and what stands in their way.
super >/dev/null <<-SQL
	insert into app.tenants (tenant_id, slug, name) values (35, 'robust', 'Robust');
	select fixture.fill(35, 'robust');
	begin;
	select auth.set_context(35, null, null, null, null, 0::smallint, '{}', false);
	delete from app.bulk_jobs where tenant_id = 35;
	delete from app.held_comments where tenant_id = 35;
	delete from app.snoozes where tenant_id = 35;
	delete from app.rules where tenant_id = 35;
	insert into app.rules (tenant_id, id, position, name, body, said, is_on, since)
	  select 35, 40 + n, n, 'Later ' || n, '{"when": {"time": "status", "minutes": 60}, "if": null, "do": [{"priority": "high"}]}', '{}', true, now() - interval '1 year' from generate_series(1, 2) n;
	delete from app.event_queue;
	commit;
SQL
robust="select auth.set_context(35, null, null, null, null, 0::smallint, '{}', false) \g /dev/null"
check 'jobs wait five seconds for a lock' "$(PGAPPNAME=x psql -U sportello_jobs -qAtXc 'show lock_timeout')" 5s
super -qc "begin; $robust" -c "insert into app.event_queue (tenant_id, event_id) select 35, max(id) from app.events where tenant_id = 35 and ticket_id = 1 and kind = 'ticket.opened'" -c commit
super >/dev/null <<-SQL &
	set application_name = 'first'; begin;
	$robust
	select app.set_alarms(1);
	\! touch $scratch/held-alarms
	\! while [ ! -e $scratch/done ]; do sleep 0.05; done
	rollback;
SQL
waits_for "$scratch/held-alarms"
late=$(as jobs second <<<"set lock_timeout = '300ms'; select jobs.fan_out()->>'failed';")
touch "$scratch/done"
wait
check 'an event whose ticket is held is put off' "$late" 55P03
check 'for seconds' "$(super -c "select count(*) from app.event_queue where tenant_id = 35 and not_before between now() and now() + interval '6 seconds'")" 1

# Alarms of rules: whoever has some of them and wants the tenant's turn, and whoever has the turn and wants those.
super >/dev/null <<-SQL
	begin;
	$robust
	delete from app.event_queue where tenant_id = 35;
	select app.set_alarms(t.id) from app.tickets t where t.tenant_id = 35 and t.at_desk;
	update app.rules set past = true, past_after = 0 where tenant_id = 35;
	update app.rule_turns set next_at = now() where tenant_id = 35;
	update app.rule_turns set next_at = null where tenant_id <> 35;
	commit;
SQL
ticket=$(super -c "select min(ticket_id) from app.rule_alarms where tenant_id = 35")
both_alarms() {
	rm -f "$scratch"/*
	super -v VERBOSITY=sqlstate >"$scratch/a" 2>&1 <<-SQL &
		set application_name = 'first'; begin;
		$robust
		select from app.rule_alarms where tenant_id = 35 and ticket_id = $ticket for update;
		\! touch $scratch/begun
		\! psql -qX -f $watch
		select app.set_alarms($ticket) \g /dev/null
		commit;
	SQL
	waits_for "$scratch/begun"
	as jobs second >"$scratch/b" <<<'select jobs.sound_rules();'
	wait
}
both_alarms
check 'an event and the rules of time do not stand in each other'"'"'s way' "$(grep ERROR "$scratch/a")$([[ $(<"$scratch/b") =~ ^[1-9][0-9]*$ ]] && echo done)" done

# Whoever has an alarm and says what its rule did, and whoever turns that rule off.
rm -f "$scratch"/*
super -v VERBOSITY=sqlstate >"$scratch/a" 2>&1 <<-SQL &
	set application_name = 'first'; begin;
	$robust
	select from app.rule_alarms where tenant_id = 35 and ticket_id = $ticket and rule_id = 41 for update;
	\! touch $scratch/begun
	\! psql -qX -f $watch
	insert into app.rule_runs (tenant_id, ticket_id, rule_id, version, outcome) values (35, $ticket, 41, 1, 'ran');
	rollback;
SQL
waits_for "$scratch/begun"
as api second >"$scratch/b" <<<"begin;
	select auth.enter('desk.robust.test', '35/508', 3::smallint, true) \g /dev/null
	select 'off' from app.turn_rule(41, false, false);
	rollback;"
wait
check 'nor do who runs a rule and who turns it off' "$(cat "$scratch/a" "$scratch/b")" off

# A tenant is erased while its jobs are at work on it, and with what waits in it.
super >/dev/null <<-SQL
	begin;
	$robust
	insert into app.bulk_jobs (tenant_id, id, person_id, change, total) values (35, 1, 507, '{"priority": "urgent"}', 2);
	insert into app.bulk_rows (tenant_id, job_id, ticket_id) values (35, 1, 1), (35, 1, 2);
	insert into app.held_comments (tenant_id, ticket_id, author_id, is_internal, source, html, key, out_at) values (35, 1, 507, true, 'x', '<p>x</p>', 'robust-1', now() + interval '1 hour');
	insert into app.snoozes (tenant_id, ticket_id, person_id, until_at) values (35, 1, 507, now() + interval '1 day'), (35, 2, 507, now() + interval '1 day');
	commit;
SQL
rm -f "$scratch"/*
as jobs first >"$scratch/a" <<-SQL &
	begin;
	select jobs.take_bulk();
	\! touch $scratch/begun
	\! psql -qX -f $watch
	select app.work_bulk(1);
	commit;
SQL
waits_for "$scratch/begun"
as operator second >"$scratch/b" <<<"begin; select auth.operator_enter('robust', false) \g /dev/null
	select operator.erase_tenant();
	commit;"
wait
check 'a tenant is erased while jobs are at work on it' "$(grep -o '^erased: [1-9]' "$scratch/b")" "erased: $(grep -o '[1-9]' "$scratch/b" | head -1)"
check 'and nothing of it is left' "$(super -c "select coalesce(sum((xpath('/row/n/text()', query_to_xml(format('select count(*) as n from app.%I where tenant_id = 35', c.relname), false, true, '')))[1]::text::int), 0)
	from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' where c.relnamespace = 'app'::regnamespace and c.relkind = 'r'")" 0
echo "1..$tests"
