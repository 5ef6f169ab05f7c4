-- What one talk and its call have left.
\set QUIET on
\echo
-- NULL, and so not set, when nobody booked.
SELECT min(a.appointment_id) AS shown, min(a.call_id) AS shown_call
FROM voiceagent.appointments a
WHERE a.appointment_id = (SELECT min(p.appointment_id) FROM voiceagent.appointments p WHERE p.status = 'pending') \gset

\if :{?shown}
\echo :bold'Call' :shown_call:reset
\t on
SELECT format('%-10s %s', t.speaker || ':', t.text) AS " "
FROM voiceagent.call_turns t WHERE t.call_id = :shown_call AND t.speaker IN ('assistant', 'customer') ORDER BY t.turn;
\t off

\echo :bold'Why it was allowed':reset 'SELECT rule, detail FROM voiceagent.explain_call(':shown_call');'
\t on
SELECT format('%-12s %s', rule, detail) FROM voiceagent.explain_call(:shown_call) WHERE rule IN ('window', 'do_not_call', 'credits');
\t off

\echo :bold'Appointments, of several states':reset
SELECT * FROM (SELECT DISTINCT ON (l.region) a.appointment_id AS id, l.first_name, l.region, to_char(a.starts_at AT TIME ZONE a.timezone, 'Dy DD Mon HH24:MI') AS "there",
	a.timezone, left(a.said, 28) AS said
FROM voiceagent.appointments a JOIN voiceagent.leads l USING (tenant_id, lead_id)
WHERE a.status = 'pending' ORDER BY l.region, a.appointment_id) a ORDER BY md5(region) LIMIT 4;

\echo 'SELECT voiceagent.confirm_appointment(':shown');'
SELECT voiceagent.confirm_appointment(:shown) AS status;
\endif

\echo :bold'Ledger':reset
SELECT trim_scale(available) AS available, trim_scale(held) AS held, trim_scale(posted) AS posted, trim_scale(granted) AS granted
FROM voiceagent.credit_balance;

\echo :bold'Its statement':reset
SELECT kind, count(*) AS lines, trim_scale(sum(amount)) AS amount, trim_scale((array_agg(balance ORDER BY at DESC, balance))[1]) AS balance
FROM voiceagent.statement((voiceagent.clock() AT TIME ZONE 'America/New_York')::date - 1, (voiceagent.clock() AT TIME ZONE 'America/New_York')::date + 1) AS s
GROUP BY kind ORDER BY kind = 'closing balance', kind <> 'opening balance', min(at);

SELECT transaction_id AS id, activity, call_id, trim_scale(amount) AS amount, trim_scale(before) AS before, trim_scale(after) AS after
FROM (SELECT * FROM voiceagent.credit_transactions WHERE call_id = (SELECT max(call_id) FROM voiceagent.credit_transactions WHERE activity = 'Call charged')) t
ORDER BY transaction_id;

\if :{?shown}
\echo :bold'What was read in that talk, with the words that prove it':reset
SELECT f.name, left(f.value, 20) AS value, f.origin, f.turn, left(f.quote, 24) AS "its words", f.support, f.counts
FROM voiceagent.call_fields f WHERE f.call_id = :shown_call ORDER BY f.counts DESC, f.turn NULLS LAST, f.name COLLATE "C" LIMIT 8;
\endif
