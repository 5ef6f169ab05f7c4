# A few files as one module: what they import stands once, named by the bundle that has it, then each file as it is.
# -v bundles="app: texts api; forms: forms charts" -v name=app; a name that two of its files have at their top is an error.
BEGIN {
	for (i = split(bundles, each, ";"); i > 0; i--) {
		split(each[i], half, ":")
		gsub(/ /, "", half[1])
		for (n = split(half[2], files, " "); n > 0; n--) { home["/" files[n] ".js"] = "/" half[1] ".js" }
	}
}
/^import \{/ {
	split($0, part, /[{}']/)
	from = part[4] in home ? home[part[4]] : part[4]
	n = split(part[2], names, ",")
	for (i = 1; i <= n && from != "/" name ".js"; i++) {
		gsub(/^ | $/, "", names[i])
		if (!seen[from, names[i]]++) {
			if (wanted[from] == "") { order[++sources] = from }
			wanted[from] = wanted[from] (wanted[from] == "" ? "" : ", ") names[i]
		}
	}
	next
}
/^(export )?(const|let|class|function|async function) / {
	match($0, /(const|let|class|function) [A-Za-z0-9_]+/)
	top = substr($0, RSTART, RLENGTH)
	sub(/.* /, "", top)
	if (top in has) {
		print FILENAME ": " has[top] " has a " top ", too, and both are of the bundle " name > "/dev/stderr"
		wrong = 1
	}
	has[top] = FILENAME
}
{
	for (path in home) { gsub("'" path "'", "'" home[path] "'") }
	body = body $0 "\n"
}
END {
	for (one in seen) {
		split(one, half, SUBSEP)
		sub(/.* as /, "", half[2])
		if (half[2] in has) {
			print has[half[2]] ": its " half[2] " is what another file of the bundle " name " imports from " half[1] > "/dev/stderr"
			wrong = 1
		}
	}
	for (i = 1; i <= sources; i++) { printf "import { %s } from '%s';\n", wanted[order[i]], order[i] }
	printf "%s", body
	exit wrong
}
