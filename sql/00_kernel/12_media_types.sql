-- 00_kernel: types of files, by the names that HTTP has for them.

CREATE DOMAIN voiceagent."text/csv" AS text;
COMMENT ON DOMAIN voiceagent."text/csv" IS
	E'A whole CSV file.\n'
	'PostgREST sends it as a file, not as a JSON text, to a client that asks with Accept: text/csv.';
