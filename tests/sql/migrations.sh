#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# A database that came by the migrations and one that was loaded whole are the
# same to the letter; and what apply.sql does it can do again.

tests=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; for d in whole steps; do psql -qd postgres -c "drop database if exists \"${PGDATABASE}_$d\" with (force)" 2>/dev/null; done' EXIT
check() { # STATUS LABEL DETAIL
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then echo "ok $tests - $2"; else printf 'not ok %d - %s\n%s\n' "$tests" "$2" "$(head -20 <<<"$3" | sed 's/^/#   /')"; fi
}
sql=../../sql
load() { # DATABASE FILE…: in one transaction
	local files=() file
	for file in "${@:2}"; do files+=(-f "$file"); done
	PGOPTIONS='-c client_min_messages=error' psql -qX1 -v ON_ERROR_STOP=1 -d "$1" -v context="$CONTEXT" \
		-v context_library="$SPORTELLO_CONTEXT_LIBRARY" "${files[@]}" 2>&1
}
# Without what is of this dump only; rights sorted, since they come in the
# order they were given.
dump() {
	pg_dump --schema-only "$1" | grep -vE '^(--|\\(un)?restrict)|^$' | sed "s/\"\?$1\"\?/DATABASE/g" >"$scratch/dump"
	grep -vE '^(GRANT|REVOKE) ' "$scratch/dump"
	grep -E '^(GRANT|REVOKE) ' "$scratch/dump" | sort
}

for d in whole steps; do
	psql -qd postgres -c "drop database if exists \"${PGDATABASE}_$d\" with (force)" -c "create database \"${PGDATABASE}_$d\" template template0"
done 2>/dev/null
out=$(PGOPTIONS='-c client_min_messages=error' psql -qX -d "${PGDATABASE}_whole" -v context="$CONTEXT" \
	-v context_library="$SPORTELLO_CONTEXT_LIBRARY" -f $sql/load.sql 2>&1)
check $? 'load.sql' "$out"

numbers=$(printf '%s\n' $sql/migrations/[0-9]*.sql | sed 's|.*/0*\([0-9]*\)_.*|\1|' | paste -sd ' ')
[ "$numbers" = "$(tr ' ' '\n' <<<"$numbers" | sort -nu | paste -sd ' ')" ]
check $? 'no two migrations have the same number' "$numbers"
out=$(load "${PGDATABASE}_steps" $sql/roles.sql)
check $? 'roles.sql' "$out"
for file in $sql/migrations/[0-9]*.sql; do
	n=$(basename "$file")
	n=$((10#${n%%_*}))
	out=$(load "${PGDATABASE}_steps" "$file" <(echo "insert into app.migrations (number) values ($n) on conflict do nothing;"))
	check $? "$(basename "$file")" "$out"
done
out=$(load "${PGDATABASE}_steps" $sql/apply.sql)
check $? 'apply.sql' "$out"

dump "${PGDATABASE}_whole" >"$scratch/whole"
dump "${PGDATABASE}_steps" >"$scratch/steps"
[ "$(wc -l <"$scratch/whole")" -gt 500 ] && out=$(diff "$scratch/whole" "$scratch/steps")
check $? 'both ways lead to the same schema' "$out"
for d in whole steps; do
	psql -qAtX -d "${PGDATABASE}_$d" -c 'select number from app.migrations order by 1' >"$scratch/$d.done"
done
out=$(diff "$scratch/whole.done" "$scratch/steps.done")
check $? 'and to the same list of migrations' "$out"

out=$(load "${PGDATABASE}_whole" $sql/roles.sql $sql/apply.sql)
check $? 'roles.sql and apply.sql run again' "$out"
dump "${PGDATABASE}_whole" >"$scratch/again"
out=$(diff "$scratch/whole" "$scratch/again")
check $? 'and change nothing' "$out"
for secret in auth.secrets auth.context_key; do
	[ "$CONTEXT" = hmac ] || [ $secret != auth.context_key ] || continue
	psql -qAtX -d "${PGDATABASE}_whole" -c "select count(*) from $secret" >"$scratch/n"
	[ "$(<"$scratch/n")" = 1 ]
	check $? "$secret is kept" "$(<"$scratch/n")"
done
echo "1..$tests"
