#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# What somebody tries who can send any SQL as a pool's role, on real logins:
# each attempt is a few lines of psql and all that comes back, errors as their
# SQLSTATE. In the end nothing in the database may have changed.
#
# In the attempts, :ada and :agent enter the tenant north as a customer and as
# an agent, :south enters the other one as Ada's namesake.

export PGOPTIONS='-c client_min_messages=error'
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tests=0
role=() label=() wanted=() got=()

# try ROLE LABEL WANTED: notes standard input down as an attempt. WANTED may
# be 'this|that'. The attempts of a role follow each other on one connection,
# so that what one of them left behind would serve the next.
try() {
	tests=$((tests + 1))
	role[tests]=$1 label[tests]="$1: $2" wanted[tests]=$3
	{
		printf '\\echo @@%d\n' $tests
		cat
		printf '\n;\\echo @@\nrollback; discard all;\n'
	} >>"$scratch/$1"
}
run_attempts() {
	local r line n=0
	for r in $all; do
		while IFS= read -r line; do
			case $line in
			@@*) n=${line#@@} ;;
			'') ;;
			*) [ -z "$n" ] || got[n]+="${got[n]:+ }${line#ERROR:  }" ;;
			esac
		done < <({
			echo "\\set ada 'select auth.enter(\$\$ten.north.test\$\$, \$\$1/501\$\$, 1::smallint, true) \\\\g /dev/null'"
			echo "\\set agent 'select auth.enter(\$\$desk.north.test\$\$, \$\$1/507\$\$, 2::smallint, true) \\\\g /dev/null'"
			echo "\\set south 'select auth.enter(\$\$ten.south.test\$\$, \$\$2/501\$\$, 1::smallint, true) \\\\g /dev/null'"
			cat "$scratch/$r"
		} | stdbuf -oL psql -U "sportello_$r" -qAtX -v VERBOSITY=sqlstate 2>&1)
	done
	for n in "${!label[@]}"; do
		[[ "|${wanted[n]}|" == *"|${got[n]-}|"* ]]
		tell $? "$n" "${label[n]}" "${got[n]-}" "${wanted[n]}"
	done
}
tell() { # STATUS NUMBER LABEL GOT WANTED
	if [ "$1" = 0 ]; then echo "ok $2 - $3"; else
		printf 'not ok %d - %s\n#   got: %s\n#   wanted: %s\n' "$2" "$3" "$4" "$5"
	fi
}
check() { # STATUS LABEL GOT WANTED
	tests=$((tests + 1))
	tell "$1" "$tests" "$2" "${3//$'\n'/ }" "$4"
}
# refused ROLES LABEL STATEMENT [SQLSTATE]
refused() {
	local role
	for role in $1; do
		try "$role" "$2" "${4:-42501}" <<<"$3"
	done
}
super() { psql -qAtX "$@"; }
# Which of the two contexts decides: by_context EXTENSION HMAC
by_context() { if [ "$CONTEXT" = hmac ]; then echo "$2"; else echo "$1"; fi; }
everything() {
	local t
	for t in $(super -c 'select name from iso.tables order by 1'); do
		super -c "select '$t', md5(string_agg(x::text, '|' order by x::text)) from app.$t x"
	done
	super -c 'select count(*), sum(oid::int8) from pg_class' -c 'select count(*) from pg_proc' \
		-c 'select count(*) from pg_policy' -c 'select count(*) from pg_largeobject_metadata' \
		-c "select rolname, rolsuper, rolbypassrls, rolconfig from pg_roles where rolname like 'sportello%' order by 1"
}
all='api login proof bulk jobs'
before=$(everything)

# ---- controls: what must work, else the rest says nothing -------------------

try api 'Ada sees her own' '2 north' <<<'begin; :ada
	select count(*) from app.tickets; select distinct split_part(title, $$ $$, 3) from app.tickets;'
try api 'Ada of the other tenant sees hers' '2 south' <<<'begin; :south
	select count(*) from app.tickets; select distinct split_part(title, $$ $$, 3) from app.tickets;'
try login 'the login pool may enter' '2' <<<'begin; :ada
	select count(*) from app.tickets;'

# ---- setting the context -----------------------------------------------------

forged="$(printf '%064d' 0):w2;110;10;501;1501;3;{2004}"
for how in "set sportello.context = '$forged'" \
	"do \$\$ begin perform set_config('sportello.context', '$forged', false); end \$\$" \
	"begin; set local sportello.context = '$forged'" \
	"set sportello.tenant_id = 2; set app.tenant_id = 2" \
	"set sportello.context = ''" "set sportello.context = ':'" "set sportello.context = '$(printf '%0100d' 0)'"; do
	for role in $all; do
		try "$role" "${how:0:40}" '0' <<<"$how; select count(*) from app.tickets;"
	done
done
try api 'a signed context, edited' '0' <<<'begin; :ada
	select set_config($$sportello.context$$, regexp_replace(current_setting($$sportello.context$$, true), $$:w1;$$, $$:w2;$$), true) \g /dev/null
	select count(*) from app.tickets where tenant_id = 2;'
try api 'a rank, edited' 'f' <<<'begin; :ada
	select set_config($$sportello.context$$, replace(current_setting($$sportello.context$$, true), $$;1;{$$, $$;3;{$$), true) \g /dev/null
	select auth.is_agent();'
for how in 'reset sportello.context' 'reset all' 'set local sportello.context to default'; do
	try api "$how" "$(by_context '2 0' '0 0')" <<<"begin; :ada
		$how; select count(*) from app.tickets; select count(*) from app.tickets where tenant_id = 2;"
done
try api 'discard all' '0' <<<'begin; :ada
	commit; discard all; select count(*) from app.tickets;'
refused "$all" 'auth.set_context' "select auth.set_context(2, 110, 10, 501, 1501, 3::smallint, '{2004}', false)"
refused "$all" 'auth.lookup' "select auth.lookup('ten.south.test', '2/501')"
if [ "$CONTEXT" = hmac ]; then
	refused "$all" 'the key' 'select * from auth.context_key'
	refused "$all" 'a signature' "select auth.context_signature('2;110;10;501;1501;3;{2004}')"
fi
refused "$all" 'the salt secret' 'select * from auth.secrets'

# ---- an old context ------------------------------------------------------------

save='select set_config($$x.saved$$, coalesce(nullif(current_setting($$sportello.context$$, true), $$$$), $$none$$), false) \g /dev/null'
load='select set_config($$sportello.context$$, current_setting($$x.saved$$), true) \g /dev/null'
try api 'replayed in the next transaction' '2 0' <<<"begin; :ada
	$save
	select count(*) from app.tickets; commit; begin; $load
	select count(*) from app.tickets;"
try api 'replayed in the other tenant'"'"'s transaction' '0' <<<"begin; :ada
	$save
	commit; begin; :south
	$load
	select count(*) from app.tickets where tenant_id = 1;"
try api 'replayed after a commit inside a block' '0' <<<'
	do $$ begin
	  perform auth.enter('"'ten.north.test', '1/501'"', 1::smallint, true);
	  perform set_config('"'x.saved', current_setting('sportello.context', true)"', false);
	  commit;
	  perform set_config('"'sportello.context', current_setting('x.saved')"', false);
	  perform set_config('"'x.seen', (select count(*) from app.tickets)::text"', false);
	end $$;
	select current_setting($$x.seen$$);'
stolen=$(psql -U sportello_api -qAtX <<<"begin; select auth.enter('ten.north.test', '1/501', 1::smallint, true) \\g /dev/null
	select coalesce(current_setting('sportello.context', true), 'none');")
try api 'replayed in another backend' '0' <<<"begin; set local sportello.context = '$stolen'; select count(*) from app.tickets;"
try api 'absent after commit' '2 0' <<<'begin; :ada
	select count(*) from app.tickets; commit; select count(*) from app.tickets;'
try api 'absent after rollback' '2 0' <<<'begin; :ada
	select count(*) from app.tickets; rollback; select count(*) from app.tickets;'
try api 'absent after an error' '22012 0' <<<'begin; :ada
	select 1/0; rollback; select count(*) from app.tickets;'
try api 'absent in the next statement' '0' <<<':ada
	select count(*) from app.tickets;'
try api 'entering twice' '25000' <<<'begin; :ada
	:south'
try api 'entering twice, in a savepoint' '25000 2 0' <<<'begin; :ada
	savepoint s; :south
	rollback to s; select count(*) from app.tickets; select count(*) from app.tickets where tenant_id = 2;'
try api 'never two tenants at once' "$(by_context '25000 f' f)" <<<'begin; savepoint s; :ada
	rollback to s; savepoint t; :south
	rollback to t; select count(distinct tenant_id) > 1 from app.tickets;'
try jobs 'entering two tenants' '25000' <<<"begin; select jobs.enter(1) \\g /dev/null
	select jobs.enter(2);"

# ---- a session one does not have -------------------------------------------------

enter() { try api "$1" "$5" <<<"begin; select auth.enter($2, $3, $4::smallint, true) \\g /dev/null
	select 'in';"; }
gone='25P02'
enter 'control: the right token' "'ten.north.test'" "'1/501'" 1 in
enter 'control: a sub-portal of the account' "'sub.north.test'" "'1/501'" 1 in
enter 'control: the sub-portal one belongs to' "'sub.north.test'" "'1/503'" 1 in
enter 'control: nobody, where that is enough' "'ten.north.test'" null 0 in
enter 'a token of the other tenant' "'ten.north.test'" "'2/501'" 1 "PT401 $gone"
enter 'its hash' "'ten.north.test'" "sha256('1/501')" 1 "PT401 $gone"
enter 'an expired one' "'ten.north.test'" "'1/old'" 1 "PT401 $gone"
enter 'none' "'ten.north.test'" null 1 "PT401 $gone"
enter 'an empty one' "'ten.north.test'" "''" 1 "PT401 $gone"
enter 'a customer at the desk' "'desk.north.test'" "'1/501'" 1 "PT401 $gone"
enter 'a customer at another account' "'thirty.north.test'" "'1/501'" 1 "PT401 $gone"
enter 'of a sub-portal at the portal above' "'ten.north.test'" "'1/503'" 1 "PT401 $gone"
enter 'an agent at an account' "'ten.north.test'" "'1/507'" 1 "PT401 $gone"
enter 'a customer as agent' "'ten.north.test'" "'1/501'" 2 "PT403 $gone"
enter 'an agent as administrator' "'desk.north.test'" "'1/507'" 3 "PT403 $gone"
enter 'no rank at all' "'ten.north.test'" "'1/501'" null "PT403 $gone|PT401 $gone"
enter 'an unknown host' "'ten.west.test'" "'1/501'" 1 "PT404 $gone"
enter 'a host with a port' "'ten.north.test:80'" "'1/501'" 1 "PT404 $gone"
enter 'a host in capitals' "'TEN.north.test'" "'1/501'" 1 "PT404 $gone"
enter 'no host' null "'1/501'" 1 "PT404 $gone"
for role in $all; do
	try "$role" 'minting a session' 42501 <<<"insert into app.sessions (tenant_id, person_id, token_hash, expires_at)
		values (1, 508, sha256('mine'), now() + interval '1 day');"
	try "$role" 'prolonging one' 42501 <<<"update app.sessions set expires_at = now() + interval '1 year';"
	try "$role" 'reading passwords' 42501 <<<'select * from app.credentials;'
done
try api 'minting, in context' 42501 <<<"begin; :agent
	insert into app.sessions (tenant_id, person_id, token_hash, expires_at)
		values (1, 508, sha256('mine'), now() + interval '1 day');"
refused 'api jobs' 'auth.sign_in' "select auth.sign_in('ada@x.example', sha256('1:501'), sha256('mine'))"
refused 'jobs' 'auth.enter' "select auth.enter('ten.north.test', '1/501', 1::smallint, true)"
anyone_at() { printf "begin; select auth.enter('%s.north.test', null, 0::smallint, true) \\\\g /dev/null\n" "$1"; }
refused "$all" 'auth.let_in' "select auth.let_in(501, sha256('mine'))"
try login 'signing in without the key' '3' <<<"$(anyone_at ten)
	select count(*) from (values (null::bytea), (''), (sha256('2:501'))) k(key)
	where auth.sign_in('ada@x.example', key, sha256('mine')) is null;"
try login 'signing in with the verifier' 't' <<<"$(anyone_at ten)
	select auth.sign_in('ada@x.example', sha256(sha256('1:501')), sha256('mine')) is null;"
try login 'signing in at a foreign door' 't' <<<"$(anyone_at desk)
	select auth.sign_in('ada@x.example', sha256('1:501'), sha256('mine')) is null;"
try login 'signing in at no door' 't' <<<"
	select auth.sign_in('ada@x.example', sha256('1:501'), sha256('mine')) is null;"
for what in 'token_hash from app.sessions' '* from app.sessions' 's from app.sessions s' \
	'row_to_json(s) from app.sessions s' "query_to_xml('select token_hash from app.sessions', true, false, '')"; do
	try api "$what" 42501 <<<"begin; :ada
		select $what;"
done

# ---- things of one's own -----------------------------------------------------------

for what in 'create temp table t (a int)' 'create table t (a int)' 'create table public.t (a int)' \
	'create table app.t (a int)' 'create schema s' 'create view app.v as select 1' \
	'create temp view v as select * from app.tickets' \
	'create function public.f() returns int language sql as $$ select 1 $$' \
	'create function app.f() returns int language sql as $$ select 1 $$' \
	'create function auth.tenant_id(int) returns bigint language sql as $$ select 2::bigint $$' \
	'create or replace function auth.tenant_id() returns bigint language sql as $$ select 2::bigint $$' \
	'create function pg_temp.f() returns int language sql as $$ select 1 $$' \
	'create domain public.d as int' 'create type app.y as (a int)' 'create sequence app.s' \
	'create operator public.= (leftarg = int, rightarg = int, function = int4eq)' \
	'create aggregate app.a (int) (sfunc = int4pl, stype = int)' \
	'create extension citext' 'create role r' 'create database d' \
	'create publication p for table app.tickets' 'create statistics app.s on id, status from app.tickets' \
	'create index on app.tickets (id)' 'create policy p on app.tickets using (true)' \
	'create rule r as on insert to app.tickets do nothing' \
	'create trigger t before insert on app.tickets for each row execute function app.ticket_changing()' \
	'create table app.c () inherits (app.tickets)' 'select * into temp t from app.tickets' \
	'select lo_create(0)' "select lo_from_bytea(0, 'x')" 'select lo_creat(-1)'; do
	refused 'api login jobs' "$what" "$what"
done

# ---- others' things --------------------------------------------------------------------

for what in 'alter table app.tickets disable row level security' \
	'alter table app.tickets no force row level security' 'alter table app.tickets owner to current_user' \
	'drop policy tenant on app.tickets' 'alter policy tenant on app.tickets using (true)' \
	'alter function auth.tenant_id() volatile' 'drop function auth.tenant_id()' \
	'alter role current_user bypassrls' 'alter role current_user superuser' 'grant sportello_owner to current_user' \
	'grant pg_read_all_data to current_user' 'alter role sportello_owner login' "alter role sportello_owner password 'x'" \
	'set role sportello_owner' 'set role sportello_auth' 'set role postgres' 'begin; set local role sportello_owner' \
	'set session authorization sportello_owner' 'set session authorization postgres' \
	"select set_config('role', 'sportello_owner', false)" \
	"select set_config('session_authorization', 'postgres', false)" \
	'set session_replication_role = replica' 'alter system set row_security = off' \
	"load '\$libdir/pltcl'" 'set allow_system_table_mods = on' "set dynamic_library_path = '/tmp'" \
	'truncate app.tickets' 'truncate app.idempotency_keys' 'begin; lock table app.tickets in access exclusive mode' \
	'reassign owned by sportello_owner to current_user' 'drop owned by sportello_owner' \
	"comment on table app.tickets is 'x'" 'refresh materialized view app.tickets' 'reindex table app.tickets' \
	"select nextval('app.events_id_seq')" 'select last_value from app.events_id_seq' \
	'select rolpassword from pg_authid' 'select * from pg_statistic' 'select * from pg_hba_file_rules' \
	"do \$\$ begin execute 'set role sportello_owner'; end \$\$" \
	"do \$\$ begin execute 'alter table app.tickets disable row level security'; end \$\$" \
	"copy app.tickets to program 'cat'" "copy (select 1) to '/tmp/sportello-forged'" \
	"copy app.comments from program 'true'" "copy app.idempotency_keys from '/etc/passwd'" \
	"select pg_read_file('/etc/passwd')" "select pg_read_binary_file('PG_VERSION')" "select pg_ls_dir('.')" \
	"select lo_import('/etc/passwd')" "select pg_stat_file('PG_VERSION')" \
	'select pg_terminate_backend(pg_backend_pid())' 'select pg_cancel_backend(pg_backend_pid())' \
	'select pg_reload_conf()' "select pg_logical_emit_message(false, 'x', 'y')"; do
	case $what in
	"set role postgres" | refresh*) want='42501|42809' ;;
	*) want=42501 ;;
	esac
	refused "$all" "$what" "$what" "$want"
done
refused 'api login' 'the jobs schema' 'select jobs.enter(2)'
refused 'login' 'opening a ticket' "select app.open_ticket('a', 'b', '<p>b</p>', 'key-forged')"
refused 'api login jobs' 'app.record' "select app.record('ticket.opened', 1, 1, '{}')"
refused 'api login jobs' 'app.refresh_standing' 'select app.refresh_standing(501)'
refused 'jobs' 'jobs: other columns' "update app.deliveries set email = 'me@x.example'"
refused 'jobs' 'jobs: undoing events' 'delete from app.events'
refused 'jobs' 'jobs: sessions' 'select count(*) from app.sessions'
try api 'row_security off' 42501 <<<'begin; :ada
	set local row_security = off; select * from app.tickets;'
try api 'as the group' '0' <<<'set role sportello_app; select count(*) from app.tickets;'
try jobs 'pg_stats' '0 0' <<<"select count(*) from pg_stats where schemaname = 'app';
	select count(*) from pg_stats_ext where schemaname = 'app';"
try api 'the sequence, by its view' '0' <<<"select count(last_value) from pg_sequences where schemaname = 'app';"
# ---- getting at rows sideways -------------------------------------------------------------

try api 'search_path' '2 0 2' <<<"set search_path = pg_temp, public, app, auth; begin; :ada
	select count(*) from tickets; select count(*) from tickets where tenant_id <> 1;
	set local search_path = ''; select count(*) from app.tickets;"
try api 'a prepared statement in other contexts' 'north north south south 0' <<<"
	prepare q as select split_part(title, ' ', 3) from app.tickets order by 1;
	prepare n as select count(*) from app.tickets;
	begin; :ada
	execute q; execute n \\g /dev/null
	commit; begin; :south
	execute q; commit; execute n;"
try api 'the same, planned for each' 'north north south south 0' <<<"set plan_cache_mode = force_custom_plan;
	prepare q as select split_part(title, ' ', 3) from app.tickets order by 1;
	prepare n as select count(*) from app.tickets;
	begin; :ada
	execute q; commit; begin; :south
	execute q; commit; execute n;"
try api 'prepared as the group' '0 north north' <<<"set role sportello_app;
	prepare n as select count(*) from app.tickets; prepare q as select split_part(title, ' ', 3) from app.tickets;
	execute n; reset role; begin; :ada
	execute q;"
try api 'a cursor kept' 'north north' <<<"begin; :ada
	declare c cursor with hold for select split_part(title, ' ', 3) from app.tickets; commit;
	begin; :south
	fetch all from c;"
try api 'a cursor not kept' '34000' <<<"begin; :ada
	declare c cursor for select title from app.tickets; commit; begin; :south
	fetch all from c;"
try api 'copy out' '1 71' <<<"begin; :ada
	\\o |sort -n
	copy app.tickets (id) to stdout;
	\\o"
try api 'a union of everything' '0' <<<"begin; :agent
	select count(*) from (select tenant_id from app.tickets union all select tenant_id from app.comments
	union all select tenant_id from app.people union all select tenant_id from app.hosts
	union all select tenant_id from app.accounts union all select tenant_id from app.portals
	union all select tenant_id from app.tenants union all select tenant_id from app.sessions) x where tenant_id <> 1;"
try api 'by place' '0' <<<"begin; :agent
	select count(*) from app.tickets where ctid = any (array(select format('(0,%s)', n)::tid
	from generate_series(1, 50) n)) and tenant_id <> 1;"
try api 'as XML' '0' <<<"begin; :agent
	select count(*) from (values (query_to_xml('select * from app.tickets', true, false, '')::text),
	(table_to_xml('app.people', true, false, '')::text)) v(x) where x like '%south%';"
try api 'in parallel' '0' <<<"set force_parallel_mode = on; set max_parallel_workers_per_gather = 2;
	set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; begin; :agent
	select count(*) from app.tickets where tenant_id <> 1;"
try api 'for update' '0 0' <<<"begin; :agent
	select count(*) from (select from app.tickets where tenant_id = 2 for update) x;
	select count(*) from (select from app.tickets where id = 72 for update) x;"
try api 'for update, as a customer' '0' <<<"begin; :ada
	select count(*) from (select from app.tickets for update) x;"
try api 'merge' '0 42501' <<<"begin; :agent
	with x as (select count(*) from app.tickets where tenant_id = 2) table x;
	merge into app.tickets t using (values (2, 1)) v(tenant, id) on t.tenant_id = v.tenant and t.id = v.id
	when matched then update set status = 7 when not matched then
	insert (tenant_id, id, portal_id, account_id, requester_id, title, at_desk) values (2, 900, 110, 10, 501, 'x', true);"
try api 'on conflict do update' 42501 <<<"begin; :ada
	insert into app.idempotency_keys (tenant_id, person_id, route, key, fingerprint, answer)
	values (2, 501, 'tickets', 'same-key-1', 'mine', '{}') on conflict (tenant_id, person_id, route, key)
	do update set answer = '{}';"
try api 'moving a row' 42501 <<<"begin; :agent
	update app.tickets set tenant_id = 2 where id = 1;"
try api 'letting oneself into a ticket' 42501 <<<"begin; :ada
	insert into app.ticket_access (tenant_id, principal, ticket_id, updated_at) values (1, 501 * 4, 2, now());"
try api 'becoming an agent' '42501' <<<"begin; :ada
	insert into app.memberships (tenant_id, person_id, role) values (1, 501, 'agent');"
try api 'raising one'"'"'s rank' 42501 <<<"begin; :ada
	update app.people set rank = 3, principals = '{42}' where id = 501;"
try api 'writing as another' 42501 <<<"begin; :ada
	insert into app.comments (tenant_id, ticket_id, author_id, source, html) values (1, 1, 507, 'x', '<p>x</p>');"
try api 'writing to a ticket one can'"'"'t see' 42501 <<<"begin; :ada
	insert into app.comments (tenant_id, ticket_id, author_id, source, html) values (1, 2, 501, 'x', '<p>x</p>');"
try api 'a note by a customer' 42501 <<<"begin; :ada
	insert into app.comments (tenant_id, ticket_id, author_id, is_internal, source, html) values (1, 1, 501, true, 'x', '<p>x</p>');"
try api 'an answer of another'"'"'s' '0 {"number":1}' <<<"begin; :ada
	select count(*) from app.idempotency_keys where person_id <> 501;
	select answer from app.idempotency_keys;"
try api 'names for foreign ids' '{"501": {"name": "Ada north", "side": "customer"}}' <<<"begin; :ada
	select app.names('{602,501,999}')::jsonb;"

# ---- read-only stays so ------------------------------------------------------------------------------

for how in 'set transaction_read_only = off' 'set local transaction_read_only = off' 'set transaction read write' \
	"select set_config('transaction_read_only', 'off', true)" 'reset transaction_read_only' \
	'set session characteristics as transaction read write'; do
	try api "$how" '25001 25P02|25006|42501' <<<"begin; select auth.enter('ten.north.test', '1/501', 1::smallint, false) \\g /dev/null
		$how; insert into app.comments (tenant_id, ticket_id, author_id, source, html) values (1, 1, 501, 'x', '<p>x</p>');"
done
try api 'asking for writes first' '25006' <<<"begin read write; select auth.enter('ten.north.test', '1/501', 1::smallint, false) \\g /dev/null
	select app.open_ticket('a', 'b', '<p>b</p>', 'key-forged');"
try api 'in a savepoint' '25001 25006' <<<"begin; select auth.enter('ten.north.test', '1/501', 1::smallint, false) \\g /dev/null
	savepoint s; set transaction read write; rollback to s; insert into app.comments (tenant_id, ticket_id, author_id, source, html) values (1, 1, 501, 'x', '<p>x</p>');"
try api 'back to before the context' 42501 <<<"begin; savepoint s; select auth.enter('ten.north.test', '1/501', 1::smallint, false) \\g /dev/null
	rollback to s; insert into app.comments (tenant_id, ticket_id, author_id, source, html) values (1, 1, 501, 'x', '<p>x</p>');"
try api 'nobody opens tickets' 'PT403' <<<"begin; select auth.enter('ten.north.test', null, 0::smallint, true) \\g /dev/null
	select app.open_ticket('a', 'b', '<p>b</p>', 'key-forged');"

run_attempts

# ---- not on one connection, or not by SQLSTATE -----------------------------

# Transactions that come in one message of the simple protocol begin at one
# instant, so the signed context outlives the first there. It still says no
# more than who was asking; the workers' protocol has no such messages.
out=$(psql -U sportello_api -qAtX -c "begin; select auth.enter('ten.north.test', '1/501', 1::smallint, true);
	select set_config('x.saved', coalesce(current_setting('sportello.context', true), ''), false); commit;
	begin; select set_config('sportello.context', current_setting('x.saved'), true); select count(*) from app.tickets;
	select count(*) from app.tickets where tenant_id = 2; commit;" | grep -E '^[0-9]+$' | paste -sd ' ')
[ "$out" = "$(by_context '0 0' '2 0')" ]
check $? 'api: replayed in one message' "$out" "$(by_context '0 0' '2 0')"

out=$(psql -U sportello_api -qAtX -v VERBOSITY=sqlstate 2>&1 <<<'copy app.idempotency_keys from stdin;')
[ "$out" = 'ERROR:  0A000' ]
check $? 'api: copy in' "$out" 0A000

for role in owner auth app; do
	out=$(psql -U "sportello_$role" -qAtXc 'select 1' 2>&1)
	[ $? != 0 ]
	check $? "sportello_$role can't log in" "$out" refused
done

# same LABEL STATEMENT-WITH-% A B: what is there and what is not look the same,
# to the last word that PostgreSQL says.
same() {
	local one two
	said() { psql -U sportello_api -qAtX -v VERBOSITY=verbose 2>&1 <<<"begin; select auth.enter('desk.north.test', '1/507', 2::smallint, true) \\g /dev/null
		${1//%/$2};" | sed "s/\\b$2\\b/%/g"; }
	one=$(said "$2" "$3")
	two=$(said "$2" "$4")
	[ "$one" = "$two" ] && [ -n "$one" ]
	check $? "$1" "$one" "$two"
}
same 'assigning to a person of the other tenant' 'update app.tickets set assignee_id = % where id = 1' 602 699
same 'the same, by function' "select app.change_ticket(1, '{\"assignee\": %}')" 602 699
same 'a comment on its ticket' "insert into app.comments (tenant_id, ticket_id, author_id, source, html) values (1, %, 507, 'x', '<p>x</p>')" 72 99
same 'the same, by function' "select app.add_comment(%, false, 'x', '<p>x</p>', 'key-forged', null)" 72 99
same 'into the other tenant' "insert into app.comments (tenant_id, ticket_id, author_id, source, html) values (2, %, 507, 'x', '<p>x</p>')" 72 99
same 'a key it has' "insert into app.idempotency_keys (tenant_id, person_id, route, key, fingerprint, answer) values (2, %, 'tickets', 'same-key-1', '', '{}')" 501 599
same 'its people by name' "select app.names('{%}')" 602 699
out=$(psql -U sportello_api -qAtX -v VERBOSITY=verbose 2>&1 <<<"begin; select auth.enter('desk.north.test', '1/507', 2::smallint, true) \\g /dev/null
	savepoint s; select count(*) from app.tickets where title::int = 1;
	rollback to s; select count(*) from app.people where name::int = 1;
	rollback to s; select count(*) from app.accounts where (1 / (tenant_id - 2))::text = name;
	rollback to s; select count(*) from app.hosts where host::inet is null;")
! grep -qi 'south\|division' <<<"$out" && grep -q north <<<"$out"
check $? 'a cast that fails shows own values only' "$out" north


after=$(everything)
[ "$before" = "$after" ]
check $? 'nothing was written, made or changed' "$(diff <(echo "$before") <(echo "$after"))" ''
echo "1..$tests"
