# A few files as one module: what they import stands once, named by the bundle that has it, then each file as it is.
# -v bundles="app: texts api; forms: forms charts" -v name=app; a name that two of its files have at their top is an error, and so is
# what would only be seen in a browser: a file of no bundle, a name that its file does not export, an import of another shape.
function fail(what) {
	print FILENAME ":" FNR ": " what > "/dev/stderr"
	wrong = 1
}
BEGIN {
	for (i = split(bundles, each, ";"); i > 0; i--) {
		split(each[i], half, ":")
		gsub(/ /, "", half[1])
		for (n = split(half[2], files, " "); n > 0; n--) { home["/" files[n] ".js"] = "/" half[1] ".js" }
	}
}
/^import|^export (default|\{|\*)/ && !/^import \{ [A-Za-z0-9_, ]+ \} from '[^']+';$/ { fail("an import is import { a, b } from '/file.js'; on one line, and an export stands before its name") }
{
	for (rest = $0; match(rest, /'\/[a-z]+\.js'/); rest = substr(rest, RSTART + RLENGTH)) {
		if (!(substr(rest, RSTART + 1, RLENGTH - 2) in home)) { fail(substr(rest, RSTART, RLENGTH) " is in no bundle") }
	}
}
/^import \{/ {
	split($0, part, /[{}']/)
	from = part[4] in home ? home[part[4]] : part[4]
	n = split(part[2], names, ",")
	for (i = 1; i <= n; i++) {
		gsub(/^ | $/, "", names[i])
		if (from == "/" name ".js") {
			needed[names[i]] = FILENAME
		} else if (!seen[from, names[i]]++) {
			local = names[i]
			sub(/.* as /, "", local)
			if (local in whence) { fail(local " comes from " whence[local] ", too") }
			whence[local] = from
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
	if (/^export /) { exported[top] = 1 }
}
{
	for (path in home) { gsub("'" path "'", "'" home[path] "'") }
	body = body $0 "\n"
}
END {
	for (one in needed) {
		if (!(one in exported)) {
			print needed[one] ": no file of the bundle " name " exports " one > "/dev/stderr"
			wrong = 1
		}
	}
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
