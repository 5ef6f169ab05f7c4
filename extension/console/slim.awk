# A file of the page as it is served: without its indentation, the comments that have lines of their own, and what code does not
# need: some blanks, and a semicolon before a line that cannot go on with the statement.
function plain(line,   parts, n, i, all) {
	n = split(line, parts, "'")
	for (i = 1; i <= n; i += 2) { gsub(/, /, ",", parts[i]); gsub(/: /, ":", parts[i]) }
	all = parts[1]
	for (i = 2; i <= n; i++) { all = all "'" parts[i] }
	return all
}
# A template's values of one word stand without quotation marks.
function unquoted(line,   done, word) {
	while (match(line, / [a-zA-Z-]+="[A-Za-z0-9_.-]+"[ >]/)) {
		word = substr(line, RSTART, RLENGTH)
		gsub(/"/, "", word)
		done = done substr(line, 1, RSTART - 1) substr(word, 1, length(word) - 1)
		line = substr(line, RSTART + RLENGTH - 1)
	}
	return done line
}
function slim(line) {
	sub(/^\t+/, "", line)
	if (FILENAME ~ /css$/) {
		gsub(/ \{ ?/, "{", line); gsub(/: /, ":", line); gsub(/; \}/, "}", line); gsub(/; /, ";", line); gsub(/, /, ",", line)
	} else if (FILENAME ~ /js$/) {
		gsub(/ => /, "=>", line); gsub(/ && /, "\\&\\&", line); gsub(/ === /, "===", line); gsub(/ !== /, "!==", line)
		gsub(/ \|\| /, "||", line); gsub(/ = /, "=", line); gsub(/\{ /, "{", line); gsub(/ \}/, "}", line)
		# Code alone: what has a value or a tag in it is a template's, whose blanks are seen.
		at = index(line "`", "`") - 1
		if (substr(line, 1, at) !~ /[$<]/ && split(substr(line, 1, at), quotes, "'") % 2) { line = plain(substr(line, 1, at)) substr(line, at + 1) }
		line = unquoted(line)
		# htm closes whatever is open.
		gsub(/<\/(\$\{[A-Za-z.]+\}|[a-z0-9]+)>/, "<//>", line)
		gsub(/if \(/, "if(", line); gsub(/for \(/, "for(", line)
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
