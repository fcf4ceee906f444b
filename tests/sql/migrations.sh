#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# A database that came by the migrations and one that was loaded whole are the
# same to the letter; and what apply.sql does it can do again. So is one that an
# earlier version left (released-N.sql.gz: pg_dump --schema-only of it, with the
# migrations to N and the context library's path as LIBRARY; released.sums: the
# migrations that the last of them had had).

tests=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; for d in whole steps old; do psql -qd postgres -c "drop database if exists \"${PGDATABASE}_$d\" with (force)" 2>/dev/null; done' EXIT
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
	# Articles of before there were sections.
	[ $n != 84 ] || load "${PGDATABASE}_steps" <(cat <<-SQL
		insert into app.tenants (tenant_id, slug, name) values (7, 'old', 'Old'), (8, 'none', 'None');
		insert into app.articles (tenant_id, id, audience, published_at, updated_at) values (7, 1, 1, now(), '2026-01-05'), (7, 2, 3, null, now()), (7, 3, 2, now(), now());
		insert into app.article_texts (tenant_id, article_id, language, title, source, html, words) values
		  (7, 1, 'sv', 'Ugn & spis', 'x', '<p>Lugn &amp; ro</p>', ' ugn '), (7, 1, 'en', 'Oven, on', 'x', '<p>Help</p>', ' oven '), (7, 2, 'de', 'Ofen', 'x', '<p>Hilfe</p>', ' ofen '), (7, 3, 'en', 'Mine', 'x', '<p>M</p>', ' mine ');
		insert into app.deflections (tenant_id, article_id, day, count) values (7, 1, '2026-01-05', 4);
	SQL
	)
	out=$(load "${PGDATABASE}_steps" "$file" <(echo "insert into app.migrations (number) values ($n) on conflict do nothing;"))
	check $? "$(basename "$file")" "$out"
done
out=$(psql -qAtX -d "${PGDATABASE}_steps" <<-SQL 2>&1
	select a.id, a.language, a.is_live, u.level, a.audience_id is null, a.key ~ '^[a-z0-9]{10}$' from app.articles a join app.sections s using (tenant_id)
	  join app.audiences u on u.tenant_id = a.tenant_id and u.id = coalesce(a.audience_id, s.shown_to) order by a.id;
	select t.article_id, t.language, t.slug, t.about, t.words, v.html, v.translates, v.from_at::date from app.article_texts t
	  join app.article_versions v using (tenant_id, article_id, language, number) order by 1, 2;
	select article_id, language, title, html from app.article_drafts;
	select count(*), sum(count) from app.deflections;
	select tenant_id, change from app.knowledge;
SQL
)
[ "$out" = "1|en|t|1|f|t
2|de|f|3|f|t
3|en|t|2|t|t
1|en|oven-on|Help| oven |<p>Help</p>||2026-01-05
1|sv|ugn-spis|Lugn & ro| ugn |<p>Lugn &amp; ro</p>|1|2026-01-05
3|en|mine|M| mine |<p>M</p>||$(date -u +%F)
2|de|Ofen|<p>Hilfe</p>
1|4
7|1" ]
check $? 'articles that were there are there, read by whom they were' "$out"
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

# What an earlier version left, with its functions and policies: as pg_dump wrote it.
out=$(cd $sql/migrations && sha256sum -c --quiet --strict ../../tests/sql/released.sums 2>&1)
check $? 'no migration was changed that databases have had' "$out"
for released in released-*.sql.gz; do
	psql -qd postgres -c "drop database if exists \"${PGDATABASE}_old\" with (force)" -c "create database \"${PGDATABASE}_old\" template template0" 2>/dev/null
	out=$(gunzip -c "$released" | sed "s|LIBRARY|$SPORTELLO_CONTEXT_LIBRARY|" |
		PGOPTIONS='-c client_min_messages=error' psql -qX1 -v ON_ERROR_STOP=1 -d "${PGDATABASE}_old" 2>&1 >/dev/null)
	check $? "a database of an earlier version: $released" "$out"
	had=$(psql -qAtX -d "${PGDATABASE}_old" -c 'select number from app.migrations')
	out=''
	for file in $sql/migrations/[0-9]*.sql; do
		n=$(basename "$file")
		n=$((10#${n%%_*}))
		grep -qx $n <<<"$had" || out+=$(load "${PGDATABASE}_old" "$file" <(echo "insert into app.migrations (number) values ($n) on conflict do nothing;"))
	done
	out+=$(load "${PGDATABASE}_old" $sql/roles.sql $sql/apply.sql)
	[ -z "$out" ]
	check $? 'has all migrations since, and what is applied after them' "$out"
	dump "${PGDATABASE}_old" >"$scratch/old"
	# What was read back has other brackets.
	out=$(diff <(tr -d '()' <"$scratch/whole") <(tr -d '()' <"$scratch/old"))
	check $? 'and is the same as a new one' "$out"
done

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
