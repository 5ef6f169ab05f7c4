-- What the tenant does: an assistant, a campaign with every lead in it, and a look at what a start would do.
-- A day takes a second, so that callbacks that were promised for the next days come, too.
SELECT voiceagent.set_setting('sandbox_time_scale', '86400') \gset

SELECT voiceagent.create_assistant(
	name := 'Solar adviser',
	first_message := 'Hello, is this {{first_name | default: "the owner"}}? This is Nova, an automated assistant of Acme Solar.',
	system_prompt := 'You call about {{product | default: "solar panels"}} in {{city | default: "the area"}}. '
		'Be brief and kind, offer a free visit, agree on a day and an hour. End the call when asked to, and never call again.',
	settings := '{"language": "en-US"}') AS assistant \gset

SELECT voiceagent.create_campaign(
	name := 'Spring visits',
	assistant_id := :assistant,
	settings := '{
		"max_concurrent_calls": 100,
		"call_interval": 0,
		"retry_attempts": 1,
		"calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}
	}') AS campaign \gset

SELECT voiceagent.add_leads(:campaign) AS leads \gset

SELECT p.key AS "SELECT voiceagent.preview_campaign(...)", p.value AS " "
FROM voiceagent.preview_campaign(:campaign) AS preview,
	LATERAL (VALUES
		(1, 'leads', preview ->> 'leads'),
		(2, 'callable, now', concat(preview ->> 'callable', ', ', preview ->> 'callable_now')),
		(3, 'blocked', coalesce((SELECT string_agg(format('%s %s', b.value, b.key), ', ') FROM jsonb_each_text(preview -> 'blocked') b), 'none')),
		(4, 'lanes (time zones and regions)', preview ->> 'lanes'),
		(5, 'credits: estimated, at worst', concat(preview ->> 'estimated_cost', ', ', preview ->> 'worst_cost')),
		(6, 'credits: held for a call, available', concat(preview ->> 'credits_held_per_call', ', ', preview ->> 'credits_available')),
		(7, 'calls at once, an hour', concat(preview ->> 'concurrent_calls', ', ', preview ->> 'calls_per_hour'))
	) AS p(place, key, value)
ORDER BY p.place;

SELECT concat(preview ->> 'method', ' ', preview ->> 'url') AS "the request for the first lead", preview #>> '{body,customer,number}' AS "to",
	(SELECT string_agg(format('%s: %s', v.key, v.value), ', ' ORDER BY v.key DESC)
	 FROM jsonb_each_text(preview #> '{body,assistantOverrides,variableValues}') v WHERE v.key IN ('first_name', 'product', 'city')) AS variables
FROM voiceagent.preview_request(:campaign, (SELECT min(lead_id) FROM voiceagent.leads)) AS preview;
