# The words of one language as the page loads them: a line of keys in their order, each as the number of letters that it shares with
# the one before and the rest, and a line of texts.
NR == 1 {
	for (i = 2; i <= NF; i++) if ($i == code) at = i
	next
}
{
	for (n = 0; n < 9 && n < length(before) && substr(before, n + 1, 1) == substr($1, n + 1, 1); n++);
	keys = keys (NR > 2 ? " " : "") n substr($1, n + 1)
	texts = texts (NR > 2 ? "|" : "") $at
	before = $1
}
END { print "export default `" keys "\n" texts "`;" }
