# A file of the page as it is served: without its indentation, the comments that have lines of their own, and what code does not
# need: some blanks, and a semicolon before a line that cannot go on with the statement.
function plain(line,   parts, n, i, all) {
	n = split(line, parts, "'")
	for (i = 1; i <= n; i += 2) { gsub(/, /, ",", parts[i]); gsub(/: /, ":", parts[i]) }
	all = parts[1]
	for (i = 2; i <= n; i++) { all = all "'" parts[i] }
	return all
}
function slim(line) {
	sub(/^\t+/, "", line)
	if (FILENAME ~ /css$/) {
		gsub(/ \{ ?/, "{", line); gsub(/: /, ":", line); gsub(/; \}/, "}", line); gsub(/; /, ";", line); gsub(/, /, ",", line)
	} else if (FILENAME ~ /js$/) {
		gsub(/ => /, "=>", line); gsub(/ && /, "\\&\\&", line); gsub(/ === /, "===", line); gsub(/ !== /, "!==", line)
		gsub(/ \|\| /, "||", line); gsub(/ = /, "=", line); gsub(/\{ /, "{", line); gsub(/ \}/, "}", line)
		if (line !~ /`/) { line = plain(line) }
		gsub(/ \? /, "?", line); gsub(/ : /, ":", line); gsub(/ \?\? /, "??", line); gsub(/\) \{/, "){", line)
	}
	return line
}
/^\t*\/\*.*\*\/$/ { next }
/^\t*\/\*/ { away = 1 }
!away {
	line = slim($0)
	if (FILENAME ~ /js$/ && before ~ /;$/ && line ~ /^[a-z}]/) { sub(/;$/, "", before) }
	if (begun) { printf "%s%s", before, FILENAME ~ /css$/ ? "" : "\n" }
	before = line
	begun = 1
}
/\*\/$/ { away = 0 }
END { print before }
