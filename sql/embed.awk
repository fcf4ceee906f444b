# Turns sql/queries/<noun>/<verb>.sql into C: the statements, what each takes,
# and a union a query, so that handlers assign named fields and libpq takes the
# same bytes as its array of parameters.
#
#   awk -f sql/embed.awk            FILES > build/queries.c
#   awk -f sql/embed.awk -v header=1 FILES > build/queries.h
#
# A file: comment lines first (description; '-- => json|text|bytes|void';
# '-- reads' or '-- writes'; '-- plan each: a b' for inputs that, when given,
# ask for a plan of their own; '-- :name source type[?] [min..max[b] | a|b|c]'
# with the length of a text in characters or bytes, or its words), then one
# statement. :'name' in it becomes $n::type; one that is not declared, or
# declared and not used, stops the build.

# The file whose end was found: FILENAME is the next one by then.
function fail(why) { print file ": " why > "/dev/stderr"; failed = 1; exit 1 }

function finish(   i, s, found) {
  if (name == "") return
  s = sql
  sub(/[ \n;]+$/, "", s)
  for (i = 1; i <= n; i++) {
    found = gsub(":'" input[i] "'", "$" i "::" (type[i] == "cursor" ? "text" : type[i]), s)
    if (!found) fail("input " input[i] " is not used")
  }
  if (match(s, /:'[A-Za-z_]+'/)) fail("not declared: " substr(s, RSTART, RLENGTH))
  if (kind == "") fail("no '-- =>' line")
  if (access == "") fail("neither '-- reads' nor '-- writes'")
  names[++count] = name
  if (header) emit_header(); else emit_source(s)
}

function emit_header(   i) {
  printf "extern const struct query Q_%s;\nunion q_%s {\n", name, name
  if (n) {
    printf "\tstruct {\n"
    for (i = 1; i <= n; i++) printf "\t\tconst char *%s;\n", input[i]
    printf "\t};\n"
  }
  printf "\tconst char *v[%d];\n};\n", n ? n : 1
}

function quoted(s,   line, lines, i, out) {
  gsub(/\\/, "\\\\\\\\", s); gsub(/"/, "\\\"", s)
  lines = split(s, line, "\n")
  for (i = 1; i <= lines; i++) out = out "\t\"" line[i] (i < lines ? "\\n" : "") "\"\n"
  return out
}

function emit_source(s,   i, mask) {
  if (n) {
    printf "static const struct query_input in_%s[] = {\n", name
    for (i = 1; i <= n; i++)
      printf "\t{ \"%s\", SOURCE_%s, TYPE_%s, %s, %s, %s, %s, %s },\n", input[i], toupper(source[i]),
        toupper(type[i]), optional[i], low[i], high[i], bytes[i], words[i]
    print "};"
  }
  for (i = 1; i <= n; i++) if (input[i] in each) mask += 2 ^ (i - 1)
  printf "const struct query Q_%s = {\n\t\"%s\",\n%s\t, QUERY_%s, %s, %s, %d, %d\n};\n\n", name, name,
    quoted(s), toupper(kind), access == "writes" ? "true" : "false", n ? "in_" name : "NULL", n, mask
}

FNR == 1 {
  finish()
  file = FILENAME
  parts = split(FILENAME, part, "/")
  noun = part[parts - 1]
  verb = part[parts]; sub(/\.sql$/, "", verb)
  name = noun "_" verb
  sql = kind = access = ""; n = 0; delete each
  if (header && !opened) {
    opened = 1
    print "/* Made by sql/embed.awk from sql/queries. */"
    print "#ifndef SPORTELLO_QUERIES_H\n#define SPORTELLO_QUERIES_H\n#include \"query.h\"\n"
  } else if (!opened) {
    opened = 1
    print "/* Made by sql/embed.awk from sql/queries. */\n#include \"queries.h\"\n"
  }
}

sql == "" && /^-- => / { kind = $3; next }
sql == "" && /^-- (reads|writes)$/ { access = $2; next }
sql == "" && /^-- plan each:/ { for (i = 4; i <= NF; i++) each[$i] = 1; next }
sql == "" && /^-- :/ {
  n++
  input[n] = substr($2, 2); source[n] = $3; type[n] = $4
  optional[n] = sub(/\?$/, "", type[n]) ? "true" : "false"
  low[n] = high[n] = 0; bytes[n] = "false"; words[n] = "NULL"
  if (NF >= 5 && index($5, "|")) words[n] = "\"" $5 "\""
  else if (NF >= 5) {
    range = $5
    if (sub(/b$/, "", range)) bytes[n] = "true"
    split(range, limit, /\.\./); low[n] = limit[1]; high[n] = limit[2]
  }
  next
}
sql == "" && /^--/ { next }
sql == "" && /^[ \t]*$/ { next }
{ sql = sql $0 "\n" }

END {
  if (failed) exit 1
  finish()
  if (header) {
    print "extern const struct query *const all_queries[];\n"
    print "#endif"
  } else {
    print "const struct query *const all_queries[] = {"
    for (i = 1; i <= count; i++) printf "\t&Q_%s,\n", names[i]
    print "\tNULL\n};"
  }
}
