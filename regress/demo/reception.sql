-- The second act: two callers at night.  The hours are such that it is night now, whenever this runs.
\set QUIET on
-- The wizard makes the receptionist: its tools, the hours of the calendar and the kind of listings come with it.
SET client_min_messages = warning;
SELECT voiceagent.wizard_start('receptionist_real_estate') AS wizard \gset
SELECT a -> 'errors' AS errors FROM voiceagent.wizard_answer(:wizard, 1, '{"business_name": "Acme Homes", "business_type": "real_estate"}') a \gset
SELECT voiceagent.wizard_finish(:wizard) AS reception \gset
SELECT voiceagent.create_phone_number('+12125550155', details := jsonb_build_object('ai_assistant_id', :reception, 'forward_to_number', '+12125550100',
	'timezone', 'UTC', 'business_hours_start', to_char(now() AT TIME ZONE 'UTC' + interval '2 hours', 'HH24:MI'),
	'business_hours_end', to_char(now() AT TIME ZONE 'UTC' + interval '10 hours', 'HH24:MI'))) AS desk \gset
SELECT count(voiceagent.add_listing(l::jsonb, 'real_estate', reference := r)) AS listings FROM (VALUES
	('OAK-12', '{"kind": "house", "address": "12 Oak Street", "price": 450000, "bedrooms": 3}'),
	('ELM-7', '{"kind": "house", "address": "7 Elm Street", "price": 320000, "bedrooms": 2}'),
	('LAKE-9', '{"kind": "condo", "address": "9 Lake Road", "price": 210000}')) AS v(r, l) \gset

\echo :bold'A caller asks for a house':reset
SELECT voiceagent.sandbox_call_in(:desk, caller := '+12025550144', lines := '{"Good evening, my name is Gus Hale. I am looking for a house.",
	"Yes, I would like to see the first one.", "The second one, please.", "Yes, that is right.", "Yes, it is.", "In spring.",
	"No, thank you. Goodbye."}') AS seeks \gset
\t on
SELECT format('%-10s %s', (t ->> 'speaker') || ':', t ->> 'text') AS " " FROM jsonb_array_elements(:'seeks'::jsonb -> 'turns') t;
\t off
\echo :bold'Another wants to speak to somebody, and leaves a message':reset
SELECT voiceagent.sandbox_call_in(:desk, caller := '+12025550145', lines := '{"Hello, I would like to speak to a person, please.", "Yes, please.",
	"This is Bob Hill. The keys are with the neighbour.", "No, that is all. Goodbye."}') AS leaves \gset
\t on
SELECT format('%-10s %s', (t ->> 'speaker') || ':', t ->> 'text') AS " " FROM jsonb_array_elements(:'leaves'::jsonb -> 'turns') t;
\t off
