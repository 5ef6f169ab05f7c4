-- What effects.pl asks of the server: a tenant for each language, in which a call with the turns of a talk, and perhaps an analysis of it,
-- ends.  pg_temp.end_talk() tells what is acted upon then; pg_temp.dial_again() whether the person is dialled again by anything.
\set QUIET on
\set VERBOSITY terse
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS voiceagent CASCADE;
\i regress/lib/inbox_setup.inc

CREATE FUNCTION pg_temp.set_clock(at timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM at - clock_timestamp())::text, false)
$$;

-- A campaign that calls, and another that begins afterwards.
CREATE FUNCTION pg_temp.begin_language(language text, fields jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.create_tenant('Effects ' || language, 'America/New_York', 1000);
	v_assistant bigint;
BEGIN
	PERFORM voiceagent_private.set_tenant(v_tenant);
	v_assistant := voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind.',
		settings => jsonb_strip_nulls(jsonb_build_object('language', language, 'extraction_fields', fields)));
	PERFORM voiceagent.create_campaign(name, v_assistant,
		settings => '{"call_interval": 0, "max_concurrent_calls": 100}') FROM unnest('{Calls,Others,Imported}'::text[]) AS name;
	PERFORM voiceagent.set_setting('sandbox_time_scale', '1');
	RETURN v_tenant;
END
$$;

CREATE FUNCTION pg_temp.dial_in(campaign text, leads bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_campaign bigint := (SELECT c.campaign_id FROM voiceagent.campaigns c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.name = dial_in.campaign);
BEGIN
	PERFORM voiceagent.add_leads(v_campaign, leads);
	PERFORM voiceagent.start_campaign(v_campaign);
	PERFORM pg_temp.dial();
EXCEPTION WHEN SQLSTATE 'PT409' THEN
	-- There is nobody whom it may call.
	IF SQLERRM !~ 'no leads to call' THEN
		RAISE;
	END IF;
END
$$;

CREATE FUNCTION pg_temp.end_report(turns jsonb, structured jsonb) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(jsonb_strip_nulls(jsonb_build_object('message', jsonb_build_object('type', 'end-of-call-report',
		'timestamp', 1000 * extract(epoch FROM voiceagent.clock())::bigint, 'endedReason', 'customer-ended-call',
		'startedAt', to_char(voiceagent.clock() - interval '90 seconds', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
		'endedAt', to_char(voiceagent.clock(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'cost', 0.05,
		'analysis', CASE WHEN structured IS NOT NULL THEN jsonb_build_object('structuredData', structured) END,
		'artifact', jsonb_build_object('messages', (SELECT jsonb_agg(jsonb_build_object('role',
			CASE WHEN t.value ->> 'speaker' = 'assistant' THEN 'bot' ELSE 'user' END, 'message', t.value -> 'text',
			'secondsFromStart', t.n) ORDER BY t.n) FROM jsonb_array_elements(turns) WITH ORDINALITY AS t(value, n))),
		'call', jsonb_build_object('id', a.provider_call_id, 'name', a.reference,
			'assistantOverrides', jsonb_build_object('metadata', jsonb_build_object('attempt', a.reference))))))::text, 'UTF8')
	FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of('1001')
$$;

-- A person with two numbers, in a zone, is dialled, and talks until reference, by its clock.
CREATE FUNCTION pg_temp.end_talk(id text, turns jsonb, structured jsonb, timezone text, reference timestamp) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	v_lead bigint := voiceagent.add_lead(phone => '+12125551001', first_name => 'Lead', timezone => end_talk.timezone);
BEGIN
	PERFORM voiceagent.add_lead_number(v_lead, '+12125551002');
	PERFORM pg_temp.dial_in('Calls', ARRAY[v_lead]);
	PERFORM pg_temp.set_clock(reference AT TIME ZONE end_talk.timezone);
	PERFORM pg_temp.take(pg_temp.end_report(turns, structured));
	PERFORM voiceagent_private.apply_inbox(10);
	RETURN (SELECT jsonb_build_object('id', end_talk.id, 'outcome', c.outcome, 'data', c.structured_data, 'uncertain', c.uncertain,
		'listed', EXISTS (SELECT FROM voiceagent.do_not_call_list d WHERE d.tenant_id = c.tenant_id AND d.phone = c.phone AND NOT d.held),
		'held', EXISTS (SELECT FROM voiceagent.do_not_call_list d WHERE d.tenant_id = c.tenant_id AND d.phone = c.phone AND d.held),
		-- What the words alone name waits for a person, and is offered.
		'appointment', (SELECT to_char(a.starts_at AT TIME ZONE end_talk.timezone, 'YYYY-MM-DD"T"HH24:MI') FROM voiceagent.appointments a
			WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id AND a.detected_by <> '{rules}'),
		'offered', (SELECT to_char(a.starts_at AT TIME ZONE end_talk.timezone, 'YYYY-MM-DD"T"HH24:MI') FROM voiceagent.appointments a
			WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id AND a.detected_by = '{rules}'),
		'callback', (SELECT to_char(q.not_before AT TIME ZONE end_talk.timezone, 'YYYY-MM-DD"T"HH24:MI') FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = c.tenant_id AND q.lead_id = c.lead_id AND q.reason = 'callback'))
		FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = pg_temp.call_of('1001'));
END
$$;

-- NULL: it is refused, for it is listed or held.
CREATE FUNCTION pg_temp.import_lead(phone text) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	RETURN voiceagent.add_lead(phone => import_lead.phone);
EXCEPTION WHEN OTHERS THEN
	IF SQLERRM !~ 'do-not-call|held' THEN
		RAISE;
	END IF;
	RETURN NULL;
END
$$;

-- A week later: by its own campaign, by another, and, erased and imported again, by a third one under either number.
CREATE FUNCTION pg_temp.dial_again(result jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_lead bigint := (SELECT max(l.lead_id) FROM voiceagent.leads l WHERE l.tenant_id = v_tenant);
	v_last bigint := (SELECT max(a.attempt_id) FROM voiceagent.attempts a WHERE a.tenant_id = v_tenant);
	v_by text[] := '{}';
	v_step text;
BEGIN
	PERFORM pg_temp.set_clock(voiceagent.clock() + interval '7 days');
	FOREACH v_step IN ARRAY '{its campaign,another campaign,an import}'::text[] LOOP
		IF v_step = 'its campaign' THEN
			PERFORM pg_temp.dial();
		ELSIF v_step = 'another campaign' THEN
			PERFORM pg_temp.dial_in('Others', ARRAY[v_lead]);
		ELSE
			PERFORM voiceagent.erase_lead(v_lead, 'asked for');
			PERFORM pg_temp.dial_in('Imported', array_remove(ARRAY[pg_temp.import_lead('+12125551002'),
				pg_temp.import_lead('+12125551001')], NULL));
		END IF;
		IF EXISTS (SELECT FROM voiceagent.attempts a WHERE a.tenant_id = v_tenant AND a.attempt_id > v_last) THEN
			v_by := v_by || v_step;
			EXIT;
		END IF;
	END LOOP;
	RETURN result || jsonb_build_object('again', to_jsonb(v_by));
END
$$;

-- The classifier that judges a stranger's talk was taught by the other authors: share is what that one says of the talk, either of it or
-- of one of its turns.
CREATE FUNCTION pg_temp.doubt_by_others() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	CREATE FUNCTION voiceagent_private.read_by_others(turns jsonb, analysis jsonb, language text, fields jsonb, reference timestamp,
		share integer, OUT reading jsonb, OUT data jsonb) LANGUAGE c AS '$libdir/voiceagent', 'va_sql_read_conversation';
	CREATE OR REPLACE FUNCTION voiceagent_private.read_conversation(turns jsonb, analysis jsonb, language text, fields jsonb,
		reference timestamp DEFAULT NULL, OUT reading jsonb, OUT data jsonb) LANGUAGE sql STABLE AS
		'SELECT r.* FROM voiceagent_private.read_by_others(turns, analysis, language, fields, reference,
			nullif(current_setting(''eval.either'', true), '''')::integer) r';
	CREATE OR REPLACE FUNCTION voiceagent_private.talk_doubt(turns jsonb, OUT share integer, OUT turn integer, OUT quote text)
		LANGUAGE sql STABLE STRICT AS 'SELECT nullif(current_setting(''eval.share'', true), '''')::integer, 1, ''-''::text';
END
$$;
