#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Every statement of sql/queries/ against the schema: it prepares as the role
# that runs it, takes the types that its header says, and answers what it says.

tests=0
check() { # STATUS LABEL DETAIL
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then echo "ok $tests - $2"; else printf 'not ok %d - %s\n#   %s\n' "$tests" "$2" "${3//$'\n'/ }"; fi
}
role_of() {
	case $1 in
	jobs_*) echo sportello_jobs ;;
	operator_*) echo sportello_operator ;;
	door_salt | door_sign_in | login_* | grants_token | grants_publish) echo sportello_login ;;
	files_*) echo sportello_bulk ;;
	factors_* | steps_* | sign_on_provider | sign_on_away | sign_on_finish | sign_on_mailed | providers_*) echo sportello_proof ;;
	*) echo sportello_api ;;
	esac
}
# How PostgreSQL spells it.
spelt() { sed 's/\bint\b/integer/g; s/\bbool\b/boolean/g; s/timestamptz/timestamp with time zone/g'; }

found=0
while IFS=$'\t' read -r name kind access each inputs statement; do
	found=$((found + 1))
	wanted=$(tr ',' '\n' <<<"${inputs#-}" | sed 's/.*://; s/?//' | paste -sd , | spelt)
	both=$(psql -U "$(role_of "$name")" -qAtX -v ON_ERROR_STOP=1 2>&1 <<-SQL
		prepare q as $statement;
		select array_to_string(parameter_types, ',') from pg_prepared_statements where name = 'q';
		$statement \gdesc
	SQL
	)
	out=$(head -1 <<<"$both")
	[ "$out" = "$wanted" ]
	check $? "$name takes ($wanted)" "$both"
	out=$(tail -n +2 <<<"$both" | cut -d'|' -f2- | paste -sd ,)
	case $kind in
	json) [ "$out" = json ] ;;
	text) [ "$out" = text ] ;;
	bytes) [ "$out" = bytea ] ;;
	void) [[ $out != *ERROR* && $out != *,* ]] ;;
	*) false ;;
	esac
	check $? "$name answers $kind" "$out"
	plain=$(sed "s/'[^']*'//g" <<<"$statement")
	[[ $access = reads || $access = writes ]] && [[ $plain != *';'* && $statement != *:\'* ]]
	check $? "$name is one statement that $access" "$statement"
	# An input that asks for a plan of its own is one that may be absent.
	bad=
	for one in ${each//,/ }; do [ "$one" = - ] || [[ ",$inputs," == *",$one:"*"?,"* ]] || bad+=" $one"; done
	[ -z "$bad" ]
	check $? "$name: what is planned each time is optional" "$bad"
done < <(awk -f lib/query.awk ../../sql/queries/*/*.sql)
[ "$found" -gt 10 ]
check $? 'there are queries' "$found"
echo "1..$tests"
