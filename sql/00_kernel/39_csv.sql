-- 00_kernel: CSV that a spreadsheet shows and does not compute.

CREATE FUNCTION voiceagent_private.csv_line(line record, separator text) RETURNS text
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_csv_line';
COMMENT ON FUNCTION voiceagent_private.csv_line(record, text) IS
	'A row as a line of CSV; a text that begins with = + - @ (also in full width) or a control character, and is no '
	'telephone number, gets an apostrophe.';
