-- How the calls of the campaign ended.
\set QUIET on
\echo
\echo :bold'Outcomes':reset
SELECT outcome, count(*) AS calls, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS "%", round(avg(duration_seconds)) AS "seconds each",
	round(sum(credits), 1) AS credits
FROM voiceagent.calls WHERE campaign_id = :campaign AND outcome IS NOT NULL
GROUP BY outcome ORDER BY count(*) DESC;

SELECT status AS "leads that are", reason, count(*) AS leads
FROM voiceagent.campaign_leads WHERE campaign_id = :campaign
GROUP BY status, reason ORDER BY count(*) DESC LIMIT 6;
