/*
 * 45_campaign: the date and the time where a lead is, for its prompt.  A model that gets UTC, or nothing, books
 * "tomorrow" on the wrong day.  They are computed for texts that ask for them only.
 */

CREATE FUNCTION voiceagent_private.tells_local_time(words text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(strpos(words, 'local_') > 0 OR strpos(words, 'utc_offset') > 0 OR strpos(words, 'timezone') > 0,
		false);
COMMENT ON FUNCTION voiceagent_private.tells_local_time(text) IS
	'Whether a text may ask for one of the variables of local_time(); wrongly true costs little.';

CREATE FUNCTION voiceagent_private.weekday_name(day date, language text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN split_part(voiceagent_private.spoken_words('weekdays', language), ' ', extract(isodow FROM day)::integer);
COMMENT ON FUNCTION voiceagent_private.weekday_name(date, text) IS
	'The name of a day of the week in a language (es, fr, de, it, else English).';

CREATE FUNCTION voiceagent_private.local_time(timezones text[], language text, at timestamptz) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- More zones than one person can be in.
	v_zones text[] := ARRAY(SELECT z FROM unnest(timezones[1:64]) AS z WHERE voiceagent_private.is_timezone(z));
	v_ours text;
	v_given jsonb;
BEGIN
	IF cardinality(v_zones) = 0 THEN
		v_zones := ARRAY[coalesce(voiceagent_private.tenant_zone(), 'UTC')];
		v_ours := format('%s (%s)', v_zones[1], voiceagent_private.spoken_words('our_zone', language));
	END IF;
	-- The first zone stands for those with the same clock; of many clocks only the earliest and the latest are given.
	WITH clocks AS (
		SELECT DISTINCT ON (c.local) c.local, c.local::date AS day, c.zone,
			extract(epoch FROM c.local - (local_time.at AT TIME ZONE 'UTC'))::integer / 60 AS minutes
		FROM (SELECT local_time.at AT TIME ZONE z.zone AS local, z.zone, z.n
			FROM unnest(v_zones) WITH ORDINALITY AS z(zone, n)) c
		ORDER BY c.local, c.n
	), told AS (
		SELECT k.*
		FROM (SELECT c.*, row_number() OVER (ORDER BY c.local) AS n, count(*) OVER () AS clocks FROM clocks c) k
		WHERE k.clocks <= 3 OR k.n IN (1, k.clocks)
	)
	SELECT jsonb_build_object(
		'local_date', (SELECT string_agg(to_char(d.day, 'YYYY-MM-DD'), ' / ' ORDER BY d.day)
			FROM (SELECT DISTINCT t.day FROM told t) d),
		'local_weekday', (SELECT string_agg(voiceagent_private.weekday_name(d.day, language), ' / ' ORDER BY d.day)
			FROM (SELECT DISTINCT t.day FROM told t) d),
		'local_time', string_agg(to_char(t.local, 'HH24:MI'), s.sign ORDER BY t.local),
		'utc_offset', string_agg(format('UTC%s%s:%s', CASE WHEN t.minutes < 0 THEN '-' ELSE '+' END,
			lpad((abs(t.minutes) / 60)::text, 2, '0'), lpad((abs(t.minutes) % 60)::text, 2, '0')), s.sign
			ORDER BY t.local),
		'timezone', coalesce(v_ours, string_agg(t.zone, s.sign ORDER BY t.local)))
	INTO v_given
	FROM told t CROSS JOIN LATERAL (SELECT CASE WHEN t.clocks > 3 THEN ' ... ' ELSE ' / ' END AS sign) s;
	RETURN v_given;
END
$$;
COMMENT ON FUNCTION voiceagent_private.local_time(text[], text, timestamptz) IS
	E'The variables local_date, local_weekday (in a language), local_time, utc_offset and timezone at an instant, in '
	'the zones in which a lead may be.\n'
	'Zones with different clocks are shown side by side (more than three: the earliest and the latest); without a '
	'zone, the current tenant''s is shown as such.';

CREATE FUNCTION voiceagent_private.call_variables(variables jsonb, words text, language text, timezones text[],
	at timestamptz) RETURNS jsonb
	LANGUAGE sql STABLE
	RETURN CASE WHEN voiceagent_private.tells_local_time(words)
		THEN coalesce(variables, '{}') || voiceagent_private.local_time(timezones, language, at) ELSE variables END;
COMMENT ON FUNCTION voiceagent_private.call_variables(jsonb, text, text, text[], timestamptz) IS
	'The variables of a lead for texts in a language that are spoken from an instant on: with local_time() if these '
	'ask for it.';

CREATE FUNCTION voiceagent_private.spoken_slot(at timestamptz, timezone text, language text) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (SELECT format(CASE l.l WHEN 'es' THEN '%1$s, %2$s de %3$s, %4$s' WHEN 'de' THEN '%1$s, %2$s. %3$s, %4$s Uhr'
			WHEN 'fr' THEN '%1$s %2$s %3$s, %4$s' ELSE '%1$s %2$s %3$s, %4$s' END,
		voiceagent_private.weekday_name(t.local::date, language), extract(day FROM t.local),
		(CASE l.l WHEN 'es'
			THEN '{enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre}'
			WHEN 'fr' THEN '{janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre}'
			WHEN 'de' THEN '{Januar,Februar,März,April,Mai,Juni,Juli,August,September,Oktober,November,Dezember}'
			WHEN 'it' THEN
				'{gennaio,febbraio,marzo,aprile,maggio,giugno,luglio,agosto,settembre,ottobre,novembre,dicembre}'
			ELSE '{January,February,March,April,May,June,July,August,September,October,November,December}'
			END::text[])[extract(month FROM t.local)::integer], to_char(t.local, 'HH24:MI'))
		|| format(' (%s)', to_char(t.local, 'YYYY-MM-DD"T"HH24:MI'))
		FROM (SELECT at AT TIME ZONE timezone AS local) t, (SELECT lower(split_part(language, '-', 1)) AS l) l);
COMMENT ON FUNCTION voiceagent_private.spoken_slot(timestamptz, text, text) IS
	'A time as it is said in a language by a zone''s clock, with the form in brackets that a tool takes.';

CREATE FUNCTION voiceagent_private.slot_words(at timestamptz, timezone text, language text) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN regexp_replace(voiceagent_private.spoken_slot(at, timezone, language), ' [(][^()]*[)]$', '');
COMMENT ON FUNCTION voiceagent_private.slot_words(timestamptz, text, text) IS
	'A time as it is said in a language by a zone''s clock.';

CREATE FUNCTION voiceagent_private.tells_slots(words text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(strpos(words, 'slot_') > 0 AND words ~ '\{\{[ \t]*slot_[123][ \t]*(\||\}\})', false);
COMMENT ON FUNCTION voiceagent_private.tells_slots(text) IS
	'Whether a text asks for {{slot_1}}, {{slot_2}} or {{slot_3}}: free times of the call''s calendar.';

CREATE FUNCTION voiceagent_private.slots_at_dial(campaign_id bigint) RETURNS timestamptz[]
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_slots timestamptz[];
BEGIN
	-- Calendars stand in a later room, and are asked by name as maintenance jobs are.
	EXECUTE format('SELECT voiceagent_private.%I($1, 3)', 'next_slots_of_campaign') INTO v_slots
	USING slots_at_dial.campaign_id;
	RETURN v_slots;
EXCEPTION WHEN OTHERS THEN
	-- A calendar that cannot be read stops no call.
	RAISE LOG 'the free times for campaign % of tenant % could not be found: % %', campaign_id,
		voiceagent.current_tenant(), SQLSTATE, SQLERRM;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.slots_at_dial(bigint) IS
	'The next three free times of the calendar in which the calls of a campaign of the current tenant book; NULL: '
	'there are none.';

CREATE FUNCTION voiceagent_private.slot_variables(slots timestamptz[], timezones text[], language text) RETURNS jsonb
	LANGUAGE sql STABLE
	-- By the first of the lead's clocks, as its words are read.
	RETURN coalesce((SELECT jsonb_object_agg('slot_' || s.n, voiceagent_private.slot_words(s.at,
			coalesce(timezones[1], voiceagent_private.tenant_zone()), language))
		FROM unnest(slots) WITH ORDINALITY AS s(at, n)), '{}');
COMMENT ON FUNCTION voiceagent_private.slot_variables(timestamptz[], text[], text) IS
	'The variables slot_1, slot_2, slot_3 of a call: free times as they are said in a language, by the lead''s clock, '
	'or the tenant''s.';

CREATE FUNCTION voiceagent_private.tells_memory(words text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(strpos(words, 'memory') > 0 AND words ~ '\{\{[ \t]*memory[ \t]*(\||\}\})', false);
COMMENT ON FUNCTION voiceagent_private.tells_memory(text) IS
	'Whether a text asks for {{memory}}: what is known of the lead from earlier.';

CREATE FUNCTION voiceagent_private.with_memory(variables jsonb, system_prompt text, lead_id bigint, played boolean)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_memory text;
BEGIN
	IF lead_id IS NULL OR NOT voiceagent_private.tells_memory(system_prompt) THEN
		RETURN variables;
	END IF;
	-- What is known stands in later rooms, and is asked by name as free times are. A call whose prompt
	-- does not ask needs no subtransaction.
	BEGIN
		EXECUTE format('SELECT voiceagent_private.%I($1, $2)', 'memory_paragraph') INTO v_memory USING lead_id, played;
	EXCEPTION WHEN OTHERS THEN
		-- A memory that cannot be read stops no call.
		RAISE LOG 'what is known of lead % of tenant % could not be read: % %', lead_id, voiceagent.current_tenant(),
			SQLSTATE, SQLERRM;
		RETURN coalesce(variables, '{}') - 'memory';
	END;
	RETURN coalesce(variables, '{}') || jsonb_build_object('memory', coalesce(v_memory, ''));
END
$$;
COMMENT ON FUNCTION voiceagent_private.with_memory(jsonb, text, bigint, boolean) IS
	E'The variables of a call with a lead of the current tenant (NULL: not known), with {{memory}} if the prompt asks '
	'for it; it is read now, so what was corrected or erased before is not in it.\n'
	'played: the call is of the sandbox, whose calls alone are told what was said there.';
