#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Turns of a team, many at once: agents give it tickets and customers open new ones,
# each session as fast as it can, and its members end with as many each. In a tenant
# of its own.

tests=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
check() { # LABEL GOT WANTED
	tests=$((tests + 1))
	if [ "$2" = "$3" ]; then echo "ok $tests - $1"; else printf 'not ok %d - %s\n#   got: %s\n#   wanted: %s\n' "$tests" "$1" "$2" "$3"; fi
}
super() { psql -qAtX -v ON_ERROR_STOP=1 "$@"; }
desk="select auth.enter('desk.turns.test', '225/507', 2::smallint, true) \g /dev/null"
ten="select auth.enter('ten.turns.test', '225/501', 1::smallint, true) \g /dev/null"

super <<-SQL
	insert into app.tenants (tenant_id, slug, name) values (225, 'turns', 'Turns');
	select fixture.fill(225, 'turns') \g /dev/null
	update app.teams set turns = 1, takes_rest = true where tenant_id = 225;
	insert into app.team_members (tenant_id, team_id, person_id) values (225, 1, 508), (225, 1, 825);
	delete from app.absences where tenant_id = 225;
	update app.ticket_counters set has_teams = true where tenant_id = 225;
	insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, at_desk, status)
	  select 225, 1000 + i, 110, 10, 501, 'Waits', true, 2 from generate_series(1, 60) i;
SQL
# Each session is a psql of its own, its statements transactions of their own.
give() { # FROM TO
	for n in $(seq "$1" "$2"); do printf 'begin;\n%s\nselect app.set_team(%d, 1) \\g /dev/null\ncommit;\n' "$desk" "$n"; done
}
open() { # NAME TIMES
	for n in $(seq "$2"); do printf "begin;\n%s\nselect app.open_ticket('New', 'x', '<p>x</p>', 'turns-key-%s-%d') \\\\g /dev/null\ncommit;\n" "$ten" "$1" "$n"; done
}
run() { timeout 60 psql -U sportello_api -qAtX -v ON_ERROR_STOP=1 >>"$scratch/out" 2>&1; }

: >"$scratch/out"
for s in 0 1 2 3; do give $((1001 + s * 6)) $((1006 + s * 6)) | run & done
open a 3 | run &
open b 3 | run &
wait
check 'nobody is refused, and nobody waits for another for good' "$(<"$scratch/out")" ''
check 'thirty tickets, given and opened at once: ten each' "$(super -c 'select string_agg(n::text, $$ $$) from (select count(*) as n from app.tickets where tenant_id = 225 and team_id = 1 group by assignee_id) x')" '10 10 10'
check 'each turn was had once' "$(super -c 'select turn from app.teams where tenant_id = 225')" 30

# Whoever has fewest: 507 begins with nine more, 825 is away.
super <<-SQL
	set session_replication_role = replica;
	update app.tickets set assignee_id = null, team_id = null where tenant_id = 225 and team_id = 1;
	update app.tickets set assignee_id = 507 where tenant_id = 225 and id between 1050 and 1058;
	reset session_replication_role;
	update app.teams set turns = 2 where tenant_id = 225;
	insert into app.absences (tenant_id, person_id, begins_at, ends_at) values (225, 825, now() - interval '1 hour', now() + interval '1 hour');
SQL
had=$(super -c "select count(*) from app.tickets where tenant_id = 225 and assignee_id = 507 and status <= 4")
other=$(super -c "select count(*) from app.tickets where tenant_id = 225 and assignee_id = 508 and status <= 4")
: >"$scratch/out"
for s in 0 1 2 3; do give $((1001 + s * 5)) $((1005 + s * 5)) | run & done
wait
sum=$((had + other + 20))
check 'the fewest open ones: the two who are there end alike, one more or less' \
	"$(<"$scratch/out")$(super -c "select max(n) - min(n) <= 1 and sum(n) = $sum and count(*) = 2 from (select count(*) as n from app.tickets where tenant_id = 225 and assignee_id in (507, 508) and at_desk and status <= 4 group by assignee_id) x")" t
check 'and who is away has none of them' "$(super -c 'select count(*) from app.tickets where tenant_id = 225 and team_id = 1 and assignee_id = 825')" 0
echo "1..$tests"
