/*
 * 25_lead: what is known of numbers beyond their digits: the type of the line,
 * whether it was given to somebody else, whether its owner sues callers.  Each
 * fact has its source and its day; who does not know says unknown.  A campaign
 * obeys them where its setting number_checks says so (check_number()); what is
 * asked of carriers ahead of the dial stands in
 * 53_campaign_run/97_number_lookups.sql.
 */

CREATE TABLE voiceagent.number_facts (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	fact_id bigint GENERATED ALWAYS AS IDENTITY,
	phone voiceagent.e164 NOT NULL,
	kind text COLLATE "C" NOT NULL CHECK (kind IN ('line_type', 'reassigned', 'litigator')),
	source text NOT NULL CHECK (source ~ '^[a-z][a-z0-9_]{0,39}$'),
	value text COLLATE "C" NOT NULL
		CHECK (value IN ('landline', 'mobile', 'voip', 'toll_free', 'other', 'unknown', 'yes', 'no')),
	day date NOT NULL,
	since date CHECK (kind = 'reassigned' OR since IS NULL),
	stored_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, phone, kind, source),
	UNIQUE (tenant_id, fact_id),
	CONSTRAINT value_is_of_its_kind CHECK (value = 'unknown' OR (kind = 'line_type') = (value NOT IN ('yes', 'no')))
);
COMMENT ON TABLE voiceagent.number_facts IS
	'Sources'' answers on numbers: line type, reassigned, litigator; the latest of each source.';
COMMENT ON COLUMN voiceagent.number_facts.fact_id IS 'Number of the fact.';
COMMENT ON COLUMN voiceagent.number_facts.phone IS 'The number.';
COMMENT ON COLUMN voiceagent.number_facts.kind IS 'line_type, reassigned or litigator.';
COMMENT ON COLUMN voiceagent.number_facts.source IS 'Who says so: a carrier that was asked, or the name of a list.';
COMMENT ON COLUMN voiceagent.number_facts.value IS
	'landline, mobile, voip, toll_free, other or unknown; of the other kinds yes, no or unknown (asked, but not told).';
COMMENT ON COLUMN voiceagent.number_facts.day IS 'As of when; of an unknown: when it was asked.';
COMMENT ON COLUMN voiceagent.number_facts.since IS
	'reassigned: given to somebody else since this day, or not; NULL: of a yes, some day or other.';
COMMENT ON COLUMN voiceagent.number_facts.stored_at IS 'When it was asked, or came here.';
CREATE INDEX number_facts_source ON voiceagent.number_facts (tenant_id, source, day) WHERE source IS NOT NULL;
CREATE INDEX number_facts_known ON voiceagent.number_facts (tenant_id, stored_at) WHERE stored_at IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.number_facts', 'tenant');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended, condition) VALUES
	('number_facts', 'Reports of sources on numbers', 'voiceagent.number_facts', 'stored_at',
	'NOT (o.kind = ''litigator'' AND EXISTS (SELECT FROM voiceagent.litigator_lists l
		WHERE l.tenant_id = o.tenant_id AND l.source = o.source))');

CREATE TABLE voiceagent.litigator_lists (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	source text NOT NULL,
	day date NOT NULL,
	numbers bigint NOT NULL,
	finished_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, source)
);
COMMENT ON TABLE voiceagent.litigator_lists IS
	'Lists of litigators that are whole: who is not on one is none, as of its day; finish_litigator_list().';
COMMENT ON COLUMN voiceagent.litigator_lists.source IS 'Its name: number_facts.source.';
COMMENT ON COLUMN voiceagent.litigator_lists.day IS 'As of when.';
COMMENT ON COLUMN voiceagent.litigator_lists.numbers IS 'How many numbers it has.';
COMMENT ON COLUMN voiceagent.litigator_lists.finished_at IS 'When it was said to be whole.';
SELECT voiceagent_private.guard_table('voiceagent.litigator_lists', 'tenant');

CREATE FUNCTION voiceagent_private.require_fact_source(source text, day date) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF source IS NULL OR source !~ '^[a-z][a-z0-9_]{0,39}$' OR source LIKE 'carrier\_%' THEN
		PERFORM voiceagent_private.fail('PT422', 'source is a name of yours, in small letters', NULL,
			'1 to 40 of a-z, 0-9 and _, such as my_list; names that begin with carrier_ are for answers of carriers.');
	ELSIF day IS NULL OR NOT isfinite(day) OR day > (voiceagent.clock() AT TIME ZONE 'UTC')::date + 1 THEN
		PERFORM voiceagent_private.fail('PT422', 'day must be a day that has come', NULL,
			'As of when the list is: how long it holds counts from there.');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_fact_source(text, date) IS
	'PT422 for what cannot be the name and day of a list of numbers.';

CREATE FUNCTION voiceagent_private.require_facts(facts jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	c_max_items CONSTANT integer := 10000;
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(facts) IS DISTINCT FROM 'array', 'PT422', 'facts is a JSON array',
		NULL, 'For example [{"phone": "+12125550100", "line_type": "mobile"}].');
	PERFORM voiceagent_private.fail_if(jsonb_array_length(facts) > c_max_items, 'PT422',
		format('facts has at most %s members', c_max_items), NULL, 'Give them in several pieces.');
	SELECT f.ordinality AS item, x.fault INTO v
	FROM jsonb_array_elements(facts) WITH ORDINALITY f(fact)
	CROSS JOIN LATERAL (SELECT CASE WHEN f.fact ->> 'phone' IS NULL
			THEN 'is no object with a phone'
		WHEN NOT f.fact ?| '{line_type,reassigned,litigator}' THEN 'says nothing of its number'
		WHEN (f.fact ->> 'line_type') <> ALL ('{landline,mobile,voip,toll_free,other,unknown}')
			THEN 'has a line_type that is none of landline, mobile, voip, toll_free, other, unknown'
		WHEN (f.fact ->> 'reassigned') <> ALL ('{yes,no,unknown}')
			OR (f.fact ->> 'litigator') <> ALL ('{yes,no,unknown}')
			THEN 'has another word than yes, no or unknown'
		WHEN f.fact ->> 'reassigned' = 'no' AND f.fact ->> 'since' IS NULL THEN 'does not say since when not reassigned'
		WHEN f.fact ->> 'since' !~ '^\d{4}-\d\d-\d\d$' THEN 'has a since that is no day, such as 2026-01-31'
		END AS fault) x
	WHERE x.fault IS NOT NULL ORDER BY f.ordinality LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422', format('fact %s %s', v.item, v.fault), NULL,
		'Nothing was stored.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_facts(jsonb) IS
	'PT422 for what cannot be the facts of load_number_facts(), with the first that is at fault.';

CREATE FUNCTION voiceagent.load_number_facts(source text, day date, facts jsonb) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('manager');
	v_country text := voiceagent_private.setting_text('default_country');
	v_count integer;
BEGIN
	PERFORM voiceagent_private.require_fact_source(source, day);
	PERFORM voiceagent_private.require_facts(facts);
	INSERT INTO voiceagent.number_facts AS f (tenant_id, phone, kind, source, value, day, since, stored_at)
	SELECT DISTINCT ON (n.phone, k.kind) v_tenant, n.phone, k.kind, load_number_facts.source, n.fact ->> k.kind,
		load_number_facts.day, CASE WHEN k.kind = 'reassigned' THEN (n.fact ->> 'since')::date END, voiceagent.clock()
	FROM (SELECT voiceagent_private.stop_number(i.fact ->> 'phone', v_country) AS phone, i.fact, i.ordinality
		FROM jsonb_array_elements(facts) WITH ORDINALITY i(fact) OFFSET 0 /* each read once */) n
	CROSS JOIN unnest('{line_type,reassigned,litigator}'::text[]) AS k(kind)
	WHERE n.fact ->> k.kind IS NOT NULL
	ORDER BY n.phone, k.kind, n.ordinality DESC
	ON CONFLICT ON CONSTRAINT number_facts_pkey DO UPDATE SET value = excluded.value, day = excluded.day,
		since = excluded.since, stored_at = excluded.stored_at
	WHERE f.day <= excluded.day;
	GET DIAGNOSTICS v_count = ROW_COUNT;
	RETURN v_count;
EXCEPTION WHEN datetime_field_overflow THEN
	PERFORM voiceagent_private.fail('PT422', 'a fact has a since that is no day of the calendar', SQLERRM,
		'Nothing was stored.');
END
$$;
COMMENT ON FUNCTION voiceagent.load_number_facts(text, date, jsonb) IS
	E'Stores what a list of your own says of numbers, as of a day -> how many facts are new or newer.\n'
	'facts: [{"phone", "line_type", "reassigned", "since", "litigator"}], at most 10,000; line_type: landline, mobile, '
	'voip, toll_free, other, unknown; the others yes, no, unknown; since: reassigned since that day, or not. For the '
	'role manager. PT422, and then nothing is stored.';

CREATE FUNCTION voiceagent.finish_litigator_list(source text, day date) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('manager');
	v_numbers bigint;
BEGIN
	PERFORM voiceagent_private.require_fact_source(source, day);
	SELECT count(*) INTO v_numbers FROM voiceagent.number_facts f
	WHERE f.tenant_id = v_tenant AND f.source = finish_litigator_list.source AND f.day = finish_litigator_list.day
		AND f.kind = 'litigator' AND f.value = 'yes';
	-- A list that lost its file would clear everybody.
	PERFORM voiceagent_private.fail_if(v_numbers = 0, 'PT409', 'the list has no number of that day', NULL,
		'Give its numbers to load_number_facts() first, with the same source and day.');
	DELETE FROM voiceagent.number_facts f WHERE f.tenant_id = v_tenant AND f.source = finish_litigator_list.source
		AND f.day < finish_litigator_list.day AND f.kind = 'litigator';
	INSERT INTO voiceagent.litigator_lists AS l (tenant_id, source, day, numbers, finished_at)
	VALUES (v_tenant, finish_litigator_list.source, finish_litigator_list.day, v_numbers, voiceagent.clock())
	ON CONFLICT ON CONSTRAINT litigator_lists_pkey DO UPDATE SET day = excluded.day, numbers = excluded.numbers,
		finished_at = excluded.finished_at;
	PERFORM voiceagent_private.audit('finish_litigator_list', 'list ' || source, NULL,
		jsonb_build_object('day', day, 'numbers', v_numbers));
	RETURN v_numbers;
END
$$;
COMMENT ON FUNCTION voiceagent.finish_litigator_list(text, date) IS
	E'Says that the litigators which load_number_facts() was given with this source and day are the whole list -> how '
	'many they are.\n'
	'Whoever is not on it counts as none for number_facts_valid from that day; those that were on an older edition '
	'alone are forgotten. For the role manager. PT422; PT409 for a list without numbers.';

CREATE FUNCTION voiceagent_private.require_number_checks(settings jsonb) RETURNS void
	LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	c_words CONSTANT text[] := '{landline,mobile,voip,toll_free,other,not_reassigned,not_litigator,call_unknown,'
		'lookup}';
	v_words text[] := string_to_array(btrim(settings ->> 'number_checks'), ' ');
BEGIN
	PERFORM voiceagent_private.fail_if(NOT v_words <@ c_words, 'PT422',
		'number_checks has a word that it does not know', NULL,
		format('It is words with a blank between them, out of %s.', array_to_string(c_words, ', ')));
	PERFORM voiceagent_private.fail_if(cardinality(v_words) > 0 AND NOT v_words && c_words[1:7], 'PT422',
		'number_checks checks nothing', NULL, 'Name line types that may be called, not_reassigned or not_litigator.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_number_checks(jsonb) IS
	'PT422 for settings of a campaign whose number_checks has other words, or checks nothing.';

CREATE TYPE voiceagent_private.judged_number AS (
	why text,
	waits boolean,
	said text,
	unknown text[],
	since date
);
COMMENT ON TYPE voiceagent_private.judged_number IS
	'Why a number is not dialled by number_checks (NULL: it may be), whether that may pass once more is known, what '
	'the proof says, which kinds of facts are unknown, and since when it must not have been reassigned.';

CREATE FUNCTION voiceagent_private.check_number(lead_id bigint, phone text, checks text, at timestamptz)
	RETURNS voiceagent_private.judged_number
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_words text[] := string_to_array(btrim(checks), ' ');
	v_from date := ((at - voiceagent_private.setting_interval('number_facts_valid')) AT TIME ZONE 'UTC')::date;
	v_typed boolean := v_words && '{landline,mobile,voip,toll_free,other}';
	v_fact voiceagent.number_facts;
	v_type voiceagent.number_facts;
	v_kept voiceagent.number_facts;
	v_innocent text;
	v voiceagent_private.judged_number;
BEGIN
	-- A lead without a consent has its number since it came.
	v.since := (coalesce((SELECT s.granted_at FROM voiceagent.consents s WHERE s.tenant_id = v_tenant
			AND s.consent_id = (voiceagent_private.consent_within(check_number.lead_id, check_number.phone, NULL,
				at)).consent_id
			AND s.lead_id = check_number.lead_id),
		(SELECT l.created_at FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = check_number.lead_id))
		AT TIME ZONE 'UTC')::date;
	v.unknown := '{}';
	-- When two types are of one day, the one that may not be called is the last.
	FOR v_fact IN SELECT f.* FROM voiceagent.number_facts f
		WHERE f.tenant_id = v_tenant AND f.phone = ANY (voiceagent_private.spellings(check_number.phone))
		ORDER BY f.day, f.value = ANY (v_words) DESC, f.source
	LOOP
		IF v_fact.kind = 'litigator' AND 'not_litigator' = ANY (v_words) THEN
			IF v_fact.value = 'yes' THEN
				v.why := format('the number is a litigator''s (%s, %s)', v_fact.source, v_fact.day);
				RETURN v;
			ELSIF v_fact.value = 'no' AND v_fact.day >= v_from THEN
				v_innocent := format('%s, %s', v_fact.source, v_fact.day);
			END IF;
		ELSIF v_fact.kind = 'reassigned' AND 'not_reassigned' = ANY (v_words) THEN
			IF v_fact.value = 'yes' AND coalesce(v_fact.since >= v.since, true) THEN
				v.why := format('the number was given to somebody else (%s, %s)', v_fact.source, v_fact.day);
			ELSIF v_fact.value = 'no' AND v_fact.day >= v_from AND v_fact.since <= v.since THEN
				v_kept := v_fact;
			END IF;
		ELSIF v_fact.kind = 'line_type' AND v_typed AND v_fact.value <> 'unknown' AND v_fact.day >= v_from THEN
			v_type := v_fact;
		END IF;
	END LOOP;
	IF v_type.value <> ALL (v_words) THEN
		v.why := coalesce(v.why, format('the line type %s may not be called (%s, %s)', v_type.value, v_type.source,
			v_type.day));
	END IF;
	IF 'not_litigator' = ANY (v_words) AND v_innocent IS NULL THEN
		SELECT format('%s, %s', l.source, l.day) INTO v_innocent FROM voiceagent.litigator_lists l
		WHERE l.tenant_id = v_tenant AND l.day >= v_from ORDER BY l.day DESC LIMIT 1;
	END IF;
	v.unknown := array_remove(ARRAY[CASE WHEN v_typed AND v_type.value IS NULL THEN 'line_type' END,
		CASE WHEN 'not_reassigned' = ANY (v_words) AND v_kept.value IS NULL THEN 'reassigned' END,
		CASE WHEN 'not_litigator' = ANY (v_words) AND v_innocent IS NULL THEN 'litigator' END], NULL);
	IF v.why IS NULL AND (cardinality(v.unknown) > 0 AND 'call_unknown' <> ALL (v_words)
			OR 'by_law' = ANY (v_words) AND 'reassigned' = ANY (v.unknown)) THEN
		v.why := format('it is not known of the number: %s%s', array_to_string(v.unknown, ', '),
			CASE WHEN 'by_law' = ANY (v_words) THEN ' (by rule number_check, not reassigned since the consent)' END);
		v.waits := true;
	END IF;
	v.said := concat_ws(', ', CASE WHEN v_type.value IS NOT NULL
			THEN format('the line type is %s (%s, %s)', v_type.value, v_type.source, v_type.day) END,
		CASE WHEN v_kept.value IS NOT NULL THEN format('the number was not reassigned since %s (%s, %s)', v_kept.since,
			v_kept.source, v_kept.day) END,
		'it is no litigator''s (' || v_innocent || ')',
		'not known of the number, and called by call_unknown: ' || nullif(array_to_string(v.unknown, ', '), ''));
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_number(bigint, text, text, timestamptz) IS
	E'Reads number_checks for a dial of a lead of the current tenant at this number; by_law: not_reassigned is no '
	'choice of the campaign.\n'
	'The newest line type holds; a yes of any source is a yes, whatever others say; a no holds for number_facts_valid, '
	'and of reassigned only if it reaches back to the consent (or to when the lead came).';
