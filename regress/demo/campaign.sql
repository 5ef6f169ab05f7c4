-- Then a campaign with the first leads in it, and a look at what a start would do.
\set QUIET on
SELECT max(assistant_id) AS assistant FROM voiceagent.assistants \gset
SELECT voiceagent.create_campaign(
	name := 'Spring visits',
	assistant_id := :assistant,
	settings := '{
		"max_concurrent_calls": 100,
		"call_interval": 0,
		"retry_attempts": 1,
		"calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}
	}') AS campaign \gset

SELECT voiceagent.add_leads(:campaign, ARRAY(SELECT lead_id FROM voiceagent.leads ORDER BY lead_id LIMIT 800)) AS leads \gset

SELECT p.key AS "SELECT voiceagent.preview_campaign(...)", p.value AS " "
FROM voiceagent.preview_campaign(:campaign) AS preview,
	LATERAL (VALUES
		(1, 'leads', preview ->> 'leads'),
		(2, 'callable, now', concat(preview ->> 'callable', ', ', preview ->> 'callable_now')),
		(3, 'blocked', coalesce((SELECT string_agg(format('%s %s', b.value, b.key), ', ') FROM jsonb_each_text(preview -> 'blocked') b), 'none')),
		(4, 'lanes (time zones and regions)', preview ->> 'lanes'),
		(5, 'credits: estimated, at worst', concat(preview ->> 'estimated_cost', ', ', preview ->> 'worst_cost')),
		(6, 'credits: held for a call, available', concat(preview ->> 'credits_held_per_call', ', ', preview ->> 'credits_available')),
		(7, 'calls at once', preview ->> 'concurrent_calls')
	) AS p(place, key, value)
ORDER BY p.place;

SELECT concat(preview ->> 'method', ' ', preview ->> 'url') AS "the request for the first lead", preview #>> '{body,customer,number}' AS "to",
	(SELECT string_agg(format('%s: %s', v.key, v.value), ', ' ORDER BY v.key DESC)
	 FROM jsonb_each_text(preview #> '{body,assistantOverrides,variableValues}') v WHERE v.key IN ('first_name', 'product', 'city')) AS variables
FROM voiceagent.preview_request(:campaign, (SELECT min(lead_id) FROM voiceagent.leads)) AS preview;
