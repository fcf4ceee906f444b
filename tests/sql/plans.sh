#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Runs every statement of sql/queries/ over many tenants' rows, as a customer,
# a main user, an agent, who looks after accounts, and jobs, and reads each
# plan that this takes, those inside functions and of key checks too
# (auto_explain): none may walk a whole table of all tenants.

shopt -s extglob
tests=0
check() { # STATUS LABEL DETAIL
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then echo "ok $tests - $2"; else printf 'not ok %d - %s\n%s\n' "$tests" "$2" "$(sed 's/^/#   /' <<<"$3")"; fi
}
psql -qAtX -v ON_ERROR_STOP=1 -f lib/many.sql >/dev/null || { echo 'not ok 1 - the rows are there'; echo 1..1; exit 1; }
secret_of() { psql -qAtXc "select auth.one_time_token(1007, '$1', $2)"; }
showing=$(secret_of second_step 777) making=$(secret_of second_step 778)
theirs=$(secret_of passkey 779) others=$(secret_of passkey 780)
tables=$(psql -qAtXc "select string_agg(name, '|') from iso.tables")

# What an input is like, for a person of the tenant 1007.
value() {
	case $1 in
	below | above) echo "'0_0'" ;; number) echo 41 ;; before) echo 3 ;; after) echo "'$2'" ;; limit) echo 50 ;;
	group) echo "'pending'" ;; turns) echo "'turn'" ;; to) echo 81 ;; types) echo "'[]'" ;; begins) echo "'$(date -u -d '+1 day' +%FT%R)'" ;; rest) echo false ;; members) echo "'[70010]'" ;; stand_in) echo 70020 ;; requester) echo "'me'" ;; assignee) echo "'none'" ;;
	priority) echo "'high'" ;; sort) echo "'created'" ;; status) echo "'solved'" ;;
	size) echo 100 ;; seq) echo 0 ;; data) echo "'x'::bytea" ;; writer) echo 5 ;; sum | sha256) echo "sha256('x')" ;; scan) echo false ;; files) echo "'[]'" ;;
	title | description | body | answer) echo "'words'" ;; html) echo "'<p>words</p>'" ;;
	key) echo "'plans-key-1'" ;; change) echo "'{\"priority\": \"high\"}'" ;;
	host) echo "'a2.many-7.test'" ;; mark) echo "'t7'" ;; email) echo "'person-1@x.example'" ;;
	derived_key) echo "sha256('70001')" ;; token_hash) echo "sha256('new')" ;; old_token) echo "'old'::bytea" ;;
	token) echo "'70001'" ;; who) echo 1 ;; reader) echo 'auth.person_id()' ;; writes) echo true ;; page) echo "'/tickets'" ;; tickets) echo true ;;
	at | from | here) echo "'a2.many-7.test'" ;; proof | proofs) printf "'%043d'" 0 ;; most) echo 16 ;;
	claim) echo 7512 ;; ends) echo 2000000000 ;;
	portal | parent) echo 7512 ;; name) echo "'languages'" ;; slug) echo "'plans'" ;;
	language | value) echo "'en'" ;; inherit) echo false ;;
	id | ticket) echo 31 ;; file) echo 7 ;; scope) echo "'all'" ;; ends_at) echo "'$(date -u -d '+1 day' +%FT%TZ)'" ;;
	url) echo "'https://product.example'" ;; is_on | new_secret | new_keys) echo true ;; kid) echo 1 ;;
	public) echo "'$(printf 'A%.0s' $(seq 43))'" ;;
	reason) echo "'words'" ;; days) echo 2 ;; entry) echo "'1-x'" ;; origin) echo "'https://desk.many-7.test'" ;;
	people | storage_mb | mails) echo "'9'" ;;
	is_new) echo false ;; yes) echo true ;; migrations) echo "'1'" ;;
	domain | person | mark) echo "'x'" ;;
	chosen | browser) echo "'en'" ;; hash) echo "'00000000000000000000000000000000'" ;;
	type) echo "'image/png'" ;; width | height) echo 16 ;; bytes) echo "'\\x00'" ;;
	kept) echo "'yes'" ;;
	helpful | typed) echo "'yes'" ;; trouble) echo "'gone'" ;; href) echo "'https://x.example/1'" ;; comment) echo "'words'" ;;
	how) echo "'reads'" ;; act) echo "'replied'" ;; hold | seconds) echo 10 ;; snoozed) echo "'yes'" ;; until) echo "'$(date -u -d '+1 day' +%FT%TZ)'" ;; seen) echo 9007199254740991 ;;
	verdict) echo "'clean'" ;;
	channels) echo "'{x}'" ;;
	tags) echo "'de en'" ;; lease | wait) echo "'1 minute'" ;; scheme) echo "'https'" ;; port) echo "''" ;;
	q) echo "'per'" ;; account) echo 7002 ;; partner) echo null ;; is_partner) echo false ;; routing) echo "'tenant'" ;;
	named) echo "'[]'" ;; cc) echo "'[\"person-1@x.example\"]'" ;;
	contacts | add | remove) echo "'[\"plans@x.example\"]'" ;;
	salt) echo "substr(sha256('x'), 1, 16)" ;; passes) echo 2 ;; memory_kib) echo 19456 ;; old_key) echo "sha256('70001')" ;;
	client) echo "'192.0.2.7'" ;; browser) echo "'Browser'" ;; code) echo "'12345678'" ;; lang | locale) echo "'en'" ;;
	given | family | job_title) echo "'Person 1'" ;; phone) echo "'123456'" ;; time_zone) echo "'UTC'" ;;
	opened | replied | desk | support | yes) echo true ;; stop) echo "'no'" ;; role) echo "'member'" ;;
	last) echo 70031 ;;
	tenant) echo 1007 ;; delivery) echo 1 ;; state) echo 1 ;; counts) echo true ;;
	leaves | affected) echo "'yes'" ;; incident) echo 1 ;; over) echo true ;;
	stage) echo "'identified'" ;; impact) echo "'major'" ;; names | postmortems) echo "'{\"en\": \"x\"}'" ;; components | portals) echo "'[]'" ;;
	titles | texts) echo "'{\"en\": \"x\"}'" ;; contact) echo null ;; starts_at) echo "'2026-01-01T00:00Z'" ;; in_front_of) echo null ;;
	import) echo 7 ;; top) echo "'n2'" ;; dry) echo false ;; refused | told) echo 0 ;; path) echo "'/old/3'" ;;
	rows) echo "'[{\"n\": 900, \"kind\": 1, \"entry\": \"x\", \"key\": \"x\", \"about\": {}}]'" ;;
	feed_url) echo "'https://days.x.example/x'" ;;
	zone) echo "'UTC'" ;; hours) echo "'[[[480,720],[780,1020]],[],[],[],[],[],[]]'" ;; calendar) echo 2 ;; since) echo "'2026-03-02'" ;;
	holidays) echo "'[{\"day\": \"2026-12-25\", \"name\": \"x\"}]'" ;;
	audience) echo "'public'" ;; publish) echo true ;; section) echo 2 ;; format) echo "'html'" ;; keywords) echo "'[\"x\"]'" ;; act) echo "'publish'" ;;
	helpful) echo true ;; comment) echo "'Good'" ;; abouts | names) echo "'{\"en\": \"x\"}'" ;; article) echo 11 ;;
	as_of) echo 1 ;; form) echo "'texts'" ;; whole) echo true ;; last_language) echo "'en'" ;; last_number) echo 1 ;;
	expires_at) echo "'2030-01-01T00:00Z'" ;; review_by) echo "'2030-01-01'" ;; first_language) echo "'en'" ;;
	draft) echo "'{}'" ;; place) echo "'41.reply'" ;; version) echo 1 ;;
	was) echo "'{}'" ;; mentions) echo "'[]'" ;; score) echo 4 ;; words) echo "'words'" ;; follows) echo null ;;
	level) echo "'replies'" ;; note) echo "'yes'" ;; comments) echo "'[1]'" ;; into) echo 61 ;;
	list) echo "'organisation'" ;; unread) echo "'yes'" ;; dir) echo "'asc'" ;; query) echo "'group=open'" ;;
	created_from | updated_from) echo "'2026-01-01'" ;; created_to | updated_to) echo "'2026-12-31'" ;;
	secret | public_key) echo "sha256('x')" ;; credential) echo "'70042'::bytea" ;; algorithm) echo -7 ;;
	uses | moment) echo 5 ;; challenge) echo "'$theirs'" ;; id) echo 7012 ;; step) echo "'$showing'" ;; code) echo "'AAAA'" ;;
	provider) echo 7003 ;; subject) echo "'s-70042'" ;; address) echo "'person-42@x.example'" ;;
	verified) echo true ;; keys) echo "'{}'" ;; fault) echo "'refused'" ;; issuer) echo "'https://new.example'" ;; client_id) echo "'us'" ;;
	client_secret) echo "repeat('00', 60)" ;; domains) echo "'x.example'" ;; parts) echo "'{}'" ;;
	knows_addresses | has_factor | on) echo true ;; confirmed) echo null ;;
	rule) echo "'{\"when\": {\"event\": \"changed\"}, \"if\": null, \"do\": [{\"status\": \"solved\"}]}'" ;; ids) echo "'[$(seq -s, 20)]'" ;; past) echo true ;;
	due) echo "'late'" ;; tag) echo "'tag 7'" ;;
	table) echo "'{\"shown\": true, \"escalated_runs\": false, \"warn\": 60, \"priorities\": {}, \"matrix\": {}, \"plans\": [{\"key\": \"standard\", \"names\": {\"en\": \"y\"}, \"targets\": {\"high\": {\"first\": 60, \"resolution\": 600}}}]}'" ;; based) echo 1 ;; plan) echo "'standard'" ;;
	labels | help) echo "'{\"en\": \"x\"}'" ;; options) echo "'[{\"key\": \"red\", \"labels\": {\"en\": \"x\"}}]'" ;;
	fields) echo "'{\"colour\": \"red\"}'" ;; field) echo "'f1'" ;; kind) echo "'one_of'" ;; access) echo "'edit'" ;;
	condition) echo "'{\"all\": [{\"field\": \"colour\", \"is\": [\"red\"]}]}'" ;; order) echo "'[\"f1\"]'" ;; roles) echo "'[\"member\"]'" ;;
	rules) echo "'[{\"condition\": {\"all\": [{\"field\": \"colour\", \"is\": [\"red\"]}]}, \"priority\": \"high\"}]'" ;;
	items) echo "'[]'" ;; notes | said) echo "'{\"en\": \"x\"}'" ;; fixed) echo true ;;
	team | shared) echo false ;; numbers) echo "'[41, 61]'" ;;
	by) echo "'week'" ;; part) echo "'attainment'" ;;
	agents | customers) echo "'{\"en\": \"x\"}'" ;;
	moves) echo "'{\"new\": [\"solved\"], \"in_progress\": [\"blocked\", \"on_hold\", \"closed_escalated\"], \"blocked\": [\"new\"], \"on_hold\": [\"new\"], \"solved\": [\"new\"], \"closed_escalated\": [\"new\"]}'" ;;
	required | archived | is_problem) echo true ;; weight) echo 1 ;;
	*) return 1 ;;
	esac
}

# plans NAME ROLE CONTEXT AS: $statement with $arguments, for one connection that
# runs them all: each of its own would read the catalogues anew.
script=$(mktemp)
trap 'rm -f "$script"' EXIT
cat >"$script" <<-SQL
	load 'auto_explain';
	set auto_explain.log_min_duration = 0;
	set auto_explain.log_nested_statements = on;
	set auto_explain.log_level = notice;
	set jit = off;
	set max_parallel_workers_per_gather = 0;
SQL
plans() {
	cat >>"$script" <<-SQL
		\\warn ---- $1, $4
		reset session authorization;
		deallocate all;
		set plan_cache_mode = $mode;
		set session authorization $2;
		set search_path = pg_catalog;
		prepare q as $statement;
		begin;
		$3
		\\warn ---- here
		execute q${arguments:+($arguments)};
		rollback;
	SQL
}
# What it said of each: no error, and plans, none of which walks a whole table.
judge() {
	awk -v tables="Seq Scan on ($tables)( |\$)" -v n="$tests" '
		function told() {
			if (name == "") return
			good = error == "" && planned && bad == ""
			printf "%s %d - %s\n", good ? "ok" : "not ok", ++n, name
			if (!good) print "#   " (error != "" ? error : bad != "" ? bad : "no plan: " last)
		}
		/^---- here$/ { behind = 1; next }
		/^---- / { told(); name = substr($0, 6); error = bad = last = ""; planned = behind = 0; next }
		/ERROR:/ && error == "" { error = $0 }
		behind && /Query Text/ { planned = 1; text = substr($0, 1, 200) }
		behind && $0 ~ tables && bad == "" { bad = $0 " in " text }
		{ last = $0 }
		END { told(); print "1.." n }'
}

declare -A like
while IFS=$'\t' read -r name _ _ each inputs statement; do
	for given in none all; do
		arguments='' optional=no mode=force_generic_plan
		for input in ${inputs//,/ }; do
			[ "$input" != - ] || continue
			what=${input%%:*}
			if [[ $input = *\? ]]; then
				optional=yes
				[ $given = all ] || { arguments+=,null; continue; }
				[[ ",$each," != *",$what,"* ]] || mode=force_custom_plan
			fi
			[ -n "${like[$what]+x}" ] || like[$what]=$(value "$what" 1767600000000000_250)
			one=${like[$what]}
			if [ -z "$one" ]; then
				check 1 "$name" "what is :$what like? Say so in tests/sql/plans.sh"
				one=null
			fi
			[[ $name != door_enter || $what != who || $given = all ]] || one=0
			# A grant has its account's number, a request its ticket's; one that is open.
			[[ $what != id || $name != grants_@(change|end|new_entry|token) ]] || one=7012
			[[ $what != id || $name != people_* ]] || one=70031
			[[ $what != email || $name != operator_come_in ]] || one="'person-20@x.example'"
			[[ $what != person || $name != @(shares_remove|followers_remove|shares_losing) ]] || one=70003
			[[ $what != account || $name != @(shares_losing|reports_*) ]] || one=null
			[[ $what != people || $name != tickets_merge ]] || one="'[]'"
			[[ $what != person || $name != forms_members ]] || one=70003
			[[ $what != ticket || $name != forms_members ]] || one=21
			[[ $what != person || $name != people_move_for ]] || one="'person-31@x.example'"
			[[ $what != ticket || $name != shares_find ]] || one=21
			[[ $what != account || $name != @(people|invitations)_* ]] || one=7012
			[[ $what != id || $name != invitations_* ]] || one=7512
			[[ $what != id || $name != pending_* ]] || one=107502
			[[ $what != number || $name != grants_ask ]] || one=42
			[[ $name != jobs_finish_webhook || $what != status ]] || one=200
			[[ $name != files_* || $what != id ]] || one=422
			[[ $name != files_put || $what != at ]] || one=1
			[[ $name != files_take || $what != at ]] || one=0
			[[ $name != files_* || $what != most ]] || one=1000000
			[[ $what != type || $name != @(types_*|tickets_open) ]] || one="'report'"
			[[ $what != key || $name != @(types|fields)_create ]] || one="'plans_key'"
			[[ $what != before || $name != types_change ]] || one="''"
			[[ $what != field || $name != fields_change ]] || one="'colour'"
			[[ $what != kind || $given = all ]] || one="'text'"
			[[ $what != portal || $name != fields_allow ]] || one=null
			[[ $what != fields || $name != @(tickets_list|tickets_queue|tickets_counts|accounts_inbox)* ]] || one="'{\"colour\": [\"red\"], \"f1\": {\"has\": \"x\"}}'"
			[[ $what != type || $name != @(tickets_list|tickets_queue|tickets_counts|accounts_inbox)* ]] || one="'report'"
			[[ $name != seen_mark || $what != at ]] || one="'2026-01-05T00:00:00Z'"
			[[ $what != place || $name != views_* ]] || one="'tickets'"
			[[ $what != name || $name != views_* ]] || one="'Open ones'"
			[[ $what != id || $name != views_* ]] || one=70042
			[[ $what != id || $name != @(articles|signposts)_* ]] || one=11
			[[ $what != body || $name != articles_* ]] || one="'<p>x</p>'"
			[[ $what != language || $name != articles_@(write|written|act) ]] || one="'en'"
			[[ $what != language || $name != articles_write || $given = all ]] || one="'fr'"
			[[ $what != was || $name != articles_write ]] || one=1
			[[ $what != audience || $name != @(articles|sections)_* ]] || one="'{\"level\": \"signed_in\"}'"
			[[ $what != in_front_of || $name != articles_change ]] || one=12
			[[ $what != ids || $name != exports_* ]] || one="'11,12'"
			[[ $what != form || $name != exports_* ]] || one="'texts'"
			[[ $what != format || $name != exports_* ]] || one="'jsonl'"
			[[ $what != section || $name != exports_* ]] || one="'n2'"
			[[ $what != @(article|portal) || $name != exports_* ]] || one=null
			[[ $what != last || $name != exports_* ]] || one="'/old/3'"
			[[ $what != type || $name != imports_* ]] || one="'image/png'"
			[[ $what != said || $name != imports_* ]] || one="'[]'"
			[[ $what != after || $name != exports_* ]] || one="'a.n1.en'"
			[[ $what != since || $name != exports_* ]] || one=0
			[[ $what != at || $name != articles_act ]] || one=null
			[[ $what != before || $name != articles_votes ]] || one=1767600000000000
			[[ $name != articles_remove ]] || one=21
			[[ $what != id || $name != sections_* ]] || one=4
			[[ $name != sections_remove ]] || one=6
			[[ $what != parent || $name != sections_* ]] || one=2
			[[ $what != names || $name != sections_* ]] || one="'{\"en\": \"x\"}'"
			[[ $what != in_front_of || $name != sections_* ]] || one=3
			[[ $what != portal || $name != sections_view_as ]] || one=7502
			[[ $what != person || $name != sections_view_as ]] || one=null
			[[ $what != role || $name != sections_view_as ]] || one="'member'"
			[[ $what != article || $name != sections_view_as ]] || one=11
			[[ $what != was || $name != articles_restore ]] || one=1
			[[ $what != language || $name != articles_restore || $given = all ]] || one="'fr'"
			[[ $what != version || $name != articles_restore ]] || one=1
			[[ $what != state || $name != articles_desk ]] || one="'outdated'"
			[[ $what != id || $name != @(components|incidents|pages_status|status)_* ]] || one=1
			[[ $what != affected || $name != incidents_* ]] || one=true
			[[ $what != kind || $name != incidents_* ]] || one="'incident'"
			[[ $what != portals && $what != components || $name != @(components|incidents)_* ]] || one="'[]'"
			[[ $what != ends_at || $name != incidents_* ]] || one=null
			[[ $what != names || $name != components_* ]] || one="'{\"en\": \"x\"}'"
			[[ $what != parent || $name != components_* ]] || one=null
			[[ $what != page || $name != kb_* ]] || one=1
			[[ $what != key || $name != kb_* ]] || one="'n11'"
			[[ $what != @(after|before) || $name != kb_@(home|section) ]] || one="'0_0'"
			[[ $what != after || $name != kb_sitemap ]] || one="'n12'"
			[[ $what != key || $name != kb_section ]] || one="'n2'"
			[[ $what != words || $name != synonyms_* ]] || one="'[\"one\", \"two\"]'"
			[[ $what != id || $name != synonyms_* ]] || one=2
			[[ $what != days || $name != kb_searches ]] || one=30
			[[ $what != section || $name != kb_size ]] || one="'n2'"
			[[ $what != key || $name != kb_file && $name != articles_detach ]] || one="'f3'"
			[[ $what != id || $name != items_* ]] || one=11
			[[ $what != key || $name != items_* ]] || one="'ENG-plan'"
			[[ $what != url || $name != items_* ]] || one="'https://eng.example/1'"
			[[ $what != state || $name != items_* ]] || one="'open'"
			[[ $what != id || $name != releases_* ]] || one=2
			[[ $what != name || $name != releases_* ]] || one="'Plan 9'"
			[[ $what != items || $name != releases_* ]] || one="'[33]'"
			[[ $what != role || $name != statuses_* ]] || one="'agent'"
			[[ $what != id || $name != service_level_* ]] || one=7002
			[[ $what != ticket || $name != service_level_here ]] || one=41
			[[ $what != texts || $name != jobs_know_texts ]] || one="'{\"en\": {\"x\": \"y\"}}'"
			[[ $what != days || $name != jobs_calendar_fed ]] || one="'[{\"day\": \"2026-12-25\", \"name\": \"x\"}]'"
			[[ $what != fault || $name != jobs_calendar_fed ]] || one=null
			[[ $what != url || $name != jobs_calendar_fed ]] || one="'https://days.x.example'"
			[[ $what != id || $name != calendars_* ]] || one=2
			[[ $what != id || $name != rules_* ]] || one=3
			[[ $what != name || $name != rules_* ]] || one="'A rule'"
			[[ $what != id || $name != macros_* ]] || one=10071
			[[ $what != id || $name != held_* ]] || one=9
			[[ $what != number || $name != snoozes_* ]] || one=45
			[[ $name != tickets_unmerge ]] || one=499
			[[ $what != kind || $name != tickets_@(link|unlink) ]] || one="'blocks'"
			[[ $what != team || $name != reports_* ]] || one=null
			[[ $what != until || $name != reports_* ]] || one="'2026-05-02'"
			[[ $what != team || $name != tickets_queue* ]] || one="'mine'"
			[[ $what != ends || $name != absence_set ]] || one="'$(date -u -d '+2 days' +%FT%R)'"
			[[ $what != id || $name != teams_* ]] || one=10071
			[[ $what != types || $name != teams_* ]] || one="'[\"report\"]'"
			[[ $what != name || $name != teams_* ]] || one="'Team 1'"
			[[ $what != name || $name != teams_create ]] || one="'Team of plans'"
			[[ $what != types || $name != teams_create ]] || one="'[]'"
			[[ $what != texts || $name != macros_* ]] || one="'{\"en\": \"Dear {requester.name}\"}'"
			[[ $what != change || $name != macros_* ]] || one="'{\"status\": \"solved\"}'"
			[[ $what != name || $name != macros_* ]] || one="'Hello'"
			[[ $what != id || $name != bulk_* ]] || one=7002
			[[ $what != numbers || $name != bulk_start ]] || one="'[41, 61]'"
			[[ $what != id || $name != bulk_stop ]] || one=7001
			[[ $what != change || $name != bulk_start ]] || one="'{\"status\": \"solved\"}'"
			[[ $what != query || $name != bulk_start ]] || one=null
			[[ $what != change || $name != tickets_change ]] || one="'{\"priority\": \"high\", \"tags\": {\"add\": [\"new\"], \"remove\": [\"tag 1\"]}}'"
			[[ $what != kind || $name != signposts_create ]] || one="'first_aid'"
			[[ $name != hosts_add || $what != host ]] || one="'plans.own.example'"
			arguments+=,$one
		done
		arguments=${arguments#,}
		# Whoever must make a factor is at another step than who has one.
		case $name in
		steps_ask | steps_made) arguments=${arguments//$showing/$making} arguments=${arguments//$theirs/$others} ;;
		providers_create) [ $given = all ] || continue ;; # an account's wants domains
		bulk_start) [ $given = all ] || continue ;; # numbers, or a query
		service_level_simulate) [ $given = all ] || continue ;; # a table, or hours
		esac
		[ $given = none ] || [ $optional = yes ] || continue
		label="optional inputs: $given"
		case $name in
		jobs_*) plans "$name" sportello_jobs '' "$label" ;;
		# A line a tenant is what it is for, or a new tenant; the rest enters one.
		operator_list | operator_create | operator_forget | operator_hosts | operator_doctor | operator_clock | operator_sealed) ;;
		operator_enter) arguments=${arguments/plans/many-7}; plans "$name" sportello_operator '' "$label" ;;
		operator_*) plans "$name" sportello_operator "select auth.operator_enter('many-7', false) \\g /dev/null" "$label" ;;
		door_enter | grants_take_entry | grants_leave) plans "$name" sportello_api '' "$label" ;;
		grants_keys) plans "$name" sportello_api "select auth.enter('a2.many-7.test', null, 0::smallint, false) \\g /dev/null" "$label" ;;
		grants_token | grants_publish) plans "$name" sportello_login "select auth.enter('desk.many-7.test', '70010', 2::smallint, true) \\g /dev/null" "$label" ;;
		articles_attach | articles_files) plans "$name" sportello_bulk "select auth.enter('desk.many-7.test', '70020', 3::smallint, true) \\g /dev/null" "$label" ;;
		imports_*) plans "$name" sportello_bulk "select auth.enter('desk.many-7.test', '70020', 3::smallint, true) \\g /dev/null" "$label" ;;
		kb_file) plans "$name" sportello_bulk "select auth.enter('a3.many-7.test', null, 0::smallint, false) \\g /dev/null" "$label" ;;
		kb_sitemap) plans "$name" sportello_bulk "select auth.enter('a3.many-7.test', null, 0::smallint, false) \\g /dev/null" "$label" ;;
		articles_@(create|change|detach|get|write|written|act|desk|history|version|restore|remove|votes) | sections_* | signposts_@(list|create|change|remove) | synonyms_* | kb_searches | kb_links | kb_size | status_@(list|audience) | components_* | incidents_* | calendars_* | webhooks_* | fields_* | types_* | forms_list | macros_* | rules_@(list|get|create|change|remove|turn|order|replay) | tags_* | teams_* | statuses_* | items_* | releases_* | service_level_@(versions|save|plan|set_plan|simulate)) plans "$name" sportello_api "select auth.enter('desk.many-7.test', '70020', 3::smallint, true) \\g /dev/null" "$label" ;;
		door_salt) plans "$name" sportello_login '' "$label" ;;
		login_own_salt | login_change_password) plans "$name" sportello_login "select auth.enter('a2.many-7.test', '70001', 1::smallint, true) \\g /dev/null" "$label" ;;
		door_sign_in | login_*) plans "$name" sportello_login "select auth.enter('a2.many-7.test', null, 0::smallint, true) \\g /dev/null" "$label" ;;
		exports_kb_*) plans "$name" sportello_bulk "select auth.enter('desk.many-7.test', '70010', 2::smallint, false) \\g /dev/null" "$label"
			arguments=${arguments//\'n2\'/null} plans "$name" sportello_bulk "select auth.enter('a3.many-7.test', '70042', 1::smallint, false) \\g /dev/null" "a customer, $label" ;;
		files_*) plans "$name" sportello_bulk "select auth.enter('a3.many-7.test', '70042', 1::smallint, true) \\g /dev/null" "$label" ;;
		presence_say | bulk_* | absence_* | tickets_take) plans "$name" sportello_api "select auth.enter('desk.many-7.test', '70010', 2::smallint, true) \\g /dev/null" "$label" ;;
		factors_app_start | factors_app_confirm) plans "$name" sportello_proof "select auth.enter('a5.many-7.test', '70044', 1::smallint, true) \\g /dev/null" "$label" ;;
		factors_*) plans "$name" sportello_proof "select auth.enter('a3.many-7.test', '70042', 1::smallint, true) \\g /dev/null" "$label" ;;
		steps_ask | steps_made) plans "$name" sportello_proof "select auth.enter('a4.many-7.test', null, 0::smallint, true) \\g /dev/null" "$label" ;;
		steps_* | sign_on_*) plans "$name" sportello_proof "select auth.enter('a3.many-7.test', null, 0::smallint, true) \\g /dev/null" "$label" ;;
		providers_*) plans "$name" sportello_proof "select auth.enter('a12.many-7.test', '70011', 1::smallint, true) \\g /dev/null" "$label" ;;
		*)
			for who in 'customer a3.many-7.test 70042' 'main_user a2.many-7.test 70001' 'agent desk.many-7.test 70010' \
				'partner a20.many-7.test 70199' 'admin desk.many-7.test 70020' 'chief a12.many-7.test 70011'; do
				read -r as host token <<<"$who"
				case "$as $name" in
				partner\ accounts_* | partner\ contacts_[acf]* | partner\ tickets_escalate) ;;
				admin\ accounts_[!i]* | admin\ contacts_[acf]*) ;;
				partner\ * | admin\ *) continue ;;
				# Of one's own.
				main_user\ views_@(change|remove) | agent\ views_@(change|remove) | chief\ views_@(change|remove)) continue ;;
				@(customer|main_user)\ held_take_back | @(customer|main_user|chief)\ snoozes_*) continue ;;
				# Of the account's own people.
				customer\ shares_* | agent\ shares_* | chief\ shares_*) continue ;;
				customer\ tickets_@(close|reopen|rate|fixed) | agent\ tickets_@(close|reopen|rate|fixed)) continue ;;
				# Of who looks after accounts.
				*\ accounts_c* | *\ contacts_[acf]* | *\ tickets_escalate) continue ;;
				# At the desk nobody opens tickets; the desk's own are not the portal's.
				agent\ pages_ask* | 'agent tickets_open' | customer\ tickets_queue* | main_user\ tickets_queue*) continue ;;
				customer\ reports_* | chief\ reports_*) continue ;;
				customer\ *_note | main_user\ *_note | customer\ tickets_change | main_user\ tickets_change) continue ;;
				@(customer|main_user)\ @(service_level_explain|rules_ticket|tickets_requester|tickets_hears|agents_list|tickets_split|tickets_merg*|tickets_link|tickets_unlink|tickets_unmerge)) continue ;;
				esac
				# What an account's administrator does, nobody else may.
				case "$as $name $given" in
				'customer forms_members all') continue ;; # a ticket of somebody else's
				'chief settings_change none' | 'chief grants_change none') continue ;; # it wants a value
				*\ me_change\ none) continue ;; # and this a name
				*\ shares_losing\ none) continue ;; # a person or an account
				agent\ @(grants_@(live|of_ticket|ask|withdraw|new_entry)|people_move_for)*) ;;
				chief\ @(grants_@(live|of_ticket|ask|withdraw|new_entry)|people_move_for)*) continue ;;
				chief\ @(settings|portals|grants|people|invitations|hosts|looks|pictures)_* | chief\ pending_again*) ;;
				chief\ * | *\ pending_again* | *\ @(settings|portals|grants|people|invitations|hosts|looks)_* | *\ pictures_a*) continue ;;
				esac
				arguments_as=$arguments
				[ "$name" != me_end_session ] || arguments=$token
				if [ "$as" != agent ] && [ "$name" = comments_reply ]; then arguments=${arguments//\'solved\'/null}; fi
				# A ticket of theirs: of the person 70042 and of the account 7002.
				if [ "$as" = customer ]; then arguments=${arguments/person-1@x.example/person-42@x.example}; fi
				if [ "$as" = main_user ] && [ $name != tickets_fixed ]; then arguments=${arguments/#41/21} arguments=${arguments/41.reply/21.reply}; fi
				# One of the account 7012, which she administers.
				if [ "$as" = chief ]; then arguments=${arguments/#41,107502/31,107512}; fi
				# One that has ended.
				[[ $name != tickets_@(reopen|rate) ]] || arguments=${arguments/#21/81}
				# An account, where 31 is a grant elsewhere.
				[[ $name != accounts_* && $name != contacts_* ]] || arguments=${arguments/#31/7002}
				# One that is the partner's first.
				if [ "$as" = partner ]; then arguments=${arguments/#41/44}; fi
				if [ "$as $name" = 'partner accounts_change' ]; then arguments=${arguments/"'[]'"/null}; fi
				if [ "$as $name" = 'admin contacts_find' ]; then arguments=${arguments/7002/null}; fi
				role=sportello_api
				[[ $name != *_csv && $name != exports_* ]] || role=sportello_bulk
				plans "$name" $role "select auth.enter('$host', '$token', 1::smallint, true) \\g /dev/null" "$as, $label"
				arguments=$arguments_as
			done
			;;
		esac
	done
done < <(awk -f lib/query.awk ../../sql/queries/*/*.sql)
psql -qAtX -f "$script" 2>&1 >/dev/null | sed 's/^psql:[^ ]*: //' | judge
