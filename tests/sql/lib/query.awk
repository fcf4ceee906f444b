# The statements of sql/queries/ as psql has them: what sql/embed.awk makes for
# the worker, made here for tests. One line a query, by tabs:
#   name kind access each inputs statement
# inputs: name:type[?] by commas. A statement has no tab or new line then.
function flush(   s, i, all) {
  if (!name) return
  s = sql
  for (i = 1; i <= n; i++) {
    gsub(":'" input[i] "'", "$" i "::" type[i], s)
    all = all (i > 1 ? "," : "") input[i] ":" type[i] (optional[i] ? "?" : "")
  }
  gsub(/[ \n\t]+/, " ", s)
  printf "%s\t%s\t%s\t%s\t%s\t%s\n", name, kind, access, each ? each : "-", all ? all : "-", s
}
FNR == 1 {
  flush()
  k = split(FILENAME, part, "/")
  name = part[k - 1] "_" part[k]; sub(/\.sql$/, "", name)
  sql = kind = access = each = ""; n = 0
}
/^-- => / { kind = $3; next }
/^-- (reads|writes)$/ { access = $2; next }
/^-- plan each: / { sub(/^-- plan each: /, ""); gsub(/ /, ","); each = $0; next }
/^-- :/ {
  n++
  input[n] = substr($2, 2)
  optional[n] = sub(/\?$/, "", $4)
  type[n] = $4 == "cursor" ? "text" : $4
  next
}
/^--/ { next }
{ sql = sql $0 "\n" }
END { flush() }
