-- What came of the file: the counts, and every reason with an example.
SELECT rows_read AS "rows", rows_imported AS imported, rows_rejected AS rejected, rows_duplicate AS duplicate,
	rows_do_not_call AS "do not call"
FROM voiceagent.import_batches WHERE batch_id = :batch;

SELECT kind, left(why, 58) AS why, count(*) AS "rows", format('row %s: %s', min(row_number),
		regexp_replace(left((array_agg(value ORDER BY row_number))[1], 14), '\s+', ' ', 'g')) AS "for example"
FROM (SELECT *, regexp_replace(reason, '\d+', 'N', 'g') AS why FROM voiceagent.import_errors WHERE batch_id = :batch) AS e
GROUP BY kind, why
ORDER BY array_position(ARRAY['rejected', 'do_not_call', 'duplicate', 'warning'], kind), count(*) DESC
LIMIT 12;

SELECT lead_id, phone, first_name, region, left(array_to_string(timezones, ', '), 42) AS "time zones", context ->> 'product' AS product
FROM voiceagent.leads ORDER BY lead_id LIMIT 4;
