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
# The types of inputs as PostgreSQL spells them, in `wanted`.
spell() {
	local input list=()
	wanted=
	IFS=, read -ra list <<<"${1#-}"
	for input in "${list[@]}"; do
		input=${input##*:} input=${input%\?}
		case $input in
		int | int\[\]) input=${input/int/integer} ;;
		bool) input=boolean ;;
		timestamptz) input='timestamp with time zone' ;;
		esac
		wanted+=,$input
	done
	wanted=${wanted#,}
}

# One connection a role says it of all its statements: name, types, and what each answers.
declare -A said
scripts=$(mktemp -d)
trap 'rm -rf "$scripts"' EXIT
while IFS=$'\t' read -r name _ _ _ _ statement; do
	cat >>"$scripts/$(role_of "$name")" <<-SQL
		\\warn @$name
		\\echo @$name
		deallocate all;
		prepare q as $statement;
		select array_to_string(parameter_types, ',') from pg_prepared_statements where name = 'q';
		$statement \\gdesc
	SQL
done < <(awk -f lib/query.awk ../../sql/queries/*/*.sql)
for script in "$scripts"/*; do
	name=
	while read -r line; do
		if [[ $line == @* ]]; then name=${line#@}; else said[$name]+=$line$'\n'; fi
	done < <(psql -U "${script##*/}" -qAtX -f "$script" 2>"$script.errors"; cat "$script.errors")
done

found=0
while IFS=$'\t' read -r name kind access each inputs statement; do
	found=$((found + 1))
	spell "$inputs"
	both=${said[$name]%$'\n'}
	out=${both%%$'\n'*}
	[ "$out" = "$wanted" ]
	check $? "$name takes ($wanted)" "$both"
	out=${both#*$'\n'}
	[[ $out == *$'\n'* ]] || out=${out#*|}
	case $kind in
	json) [ "$out" = json ] ;;
	text) [ "$out" = text ] ;;
	bytes) [ "$out" = bytea ] ;;
	void) [[ $out != *ERROR* && $out != *,* ]] ;;
	*) false ;;
	esac
	check $? "$name answers $kind" "$both"
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
