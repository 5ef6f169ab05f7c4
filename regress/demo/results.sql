-- What came of the campaign.
\set QUIET on
\echo
\echo :bold'Outcomes':reset
SELECT outcome, count(*) AS calls, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS "%", round(avg(duration_seconds)) AS "seconds each",
	round(sum(credits), 1) AS credits
FROM voiceagent.calls WHERE campaign_id = :campaign AND outcome IS NOT NULL
GROUP BY outcome ORDER BY count(*) DESC;

SELECT status AS "leads that are", reason, count(*) AS leads
FROM voiceagent.campaign_leads WHERE campaign_id = :campaign
GROUP BY status, reason ORDER BY count(*) DESC LIMIT 12;

-- NULL, and so not set, when nobody booked.
SELECT min(a.appointment_id) AS shown, min(a.call_id) AS shown_call
FROM voiceagent.appointments a
WHERE a.appointment_id = (SELECT min(p.appointment_id) FROM voiceagent.appointments p WHERE p.status = 'pending') \gset

\if :{?shown}
\echo :bold'A conversation' (call :shown_call):reset
\t on
SELECT format('%-10s %s', t.speaker || ':', t.text) AS " "
FROM voiceagent.call_turns t WHERE t.call_id = :shown_call AND t.speaker IN ('assistant', 'customer') ORDER BY t.turn;
\t off

\echo :bold'Why it was allowed':reset 'SELECT rule, detail FROM voiceagent.explain_call(':shown_call');'
SELECT rule, detail FROM voiceagent.explain_call(:shown_call) WHERE rule IN ('dial', 'window', 'do_not_call', 'credits');

\echo :bold'Appointments' :reset
SELECT status, count(*) AS appointments, min(starts_at) AS first, max(starts_at) AS last FROM voiceagent.appointments GROUP BY status ORDER BY status;

SELECT a.appointment_id AS id, l.first_name, l.phone, to_char(a.starts_at AT TIME ZONE a.timezone, 'Dy DD Mon HH24:MI') AS "there", a.timezone, a.said
FROM voiceagent.appointments a JOIN voiceagent.leads l USING (tenant_id, lead_id)
WHERE a.status = 'pending' ORDER BY a.appointment_id LIMIT 5;

\echo 'SELECT voiceagent.confirm_appointment(':shown');'
SELECT voiceagent.confirm_appointment(:shown) AS status;
\endif

\echo :bold'Ledger':reset
SELECT trim_scale(available) AS available, trim_scale(held) AS held, trim_scale(posted) AS posted, trim_scale(granted) AS granted
FROM voiceagent.credit_balance;

\echo :bold'Its statement':reset 'SELECT * FROM voiceagent.statement(current_date - 1, current_date + 1);'
SELECT kind, count(*) AS lines, round(sum(duration_seconds) / 60) AS minutes, trim_scale(sum(amount)) AS amount, trim_scale((array_agg(balance ORDER BY n DESC))[1]) AS balance
FROM voiceagent.statement((voiceagent.clock() AT TIME ZONE 'America/New_York')::date - 1, (voiceagent.clock() AT TIME ZONE 'America/New_York')::date + 1)
	WITH ORDINALITY AS s(at, kind, details, call_id, duration_seconds, amount, balance, n)
GROUP BY kind ORDER BY min(n);

SELECT transaction_id AS id, activity, call_id, trim_scale(amount) AS amount, trim_scale(before) AS before, trim_scale(after) AS after
FROM voiceagent.credit_transactions ORDER BY transaction_id DESC LIMIT 6;

\if :{?shown}
\echo :bold'What was said in it' (call :shown_call):reset 'SELECT name, value, origin, turn, quote, support, counts FROM voiceagent.call_fields WHERE call_id = ':shown_call';'
SELECT f.name, left(f.value, 30) AS value, f.origin, f.turn, left(f.quote, 50) AS "its words", f.support, f.counts
FROM voiceagent.call_fields f WHERE f.call_id = :shown_call ORDER BY f.counts DESC, f.turn NULLS LAST, f.name COLLATE "C" LIMIT 12;

SELECT r.words_outcome AS outcome, r.intent, r.interest, r.named_time, left(r.outcome_quote, 50) AS "its words", r.next_steps
FROM voiceagent.call_readings r WHERE r.call_id = :shown_call;
\endif
