-- 54_account: making, changing and giving up numbers.

CREATE FUNCTION voiceagent_private.lock_numbers(in_use boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.lock_tenant(true);
	IF in_use THEN
		PERFORM FROM voiceagent_private.pacing p
		WHERE p.tenant_id = voiceagent.current_tenant() ORDER BY p.campaign_id FOR UPDATE;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_numbers(boolean) IS
	'Takes the current tenant''s numbers for this transaction: no other session changes them; with in_use no '
	'campaign dials, starts or stops meanwhile either.';

SELECT voiceagent_private.make_lock('find_number', 'voiceagent.phone_numbers', 'there is no such phone number',
	'A number of the current tenant that is not removed; PT404.', '', still => 't.removed_at IS NULL');

CREATE FUNCTION voiceagent_private.check_other_days(days jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_hours jsonb;
	v_checked jsonb := '{}';
	c_max CONSTANT integer := 50;
BEGIN
	IF jsonb_typeof(days) <> 'object' OR (SELECT count(*) FROM jsonb_object_keys(days)) > c_max THEN
		PERFORM voiceagent_private.fail('PT422', format('other_days must be an object of at most %s days', c_max), NULL,
			'Such as {"12-24": "09:00-12:00", "DE": "closed"}.');
	END IF;
	FOR v IN SELECT d.key, d.value #>> '{}' AS hours FROM jsonb_each(days) d LOOP
		IF v.key ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$' THEN
			PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent_private.law_rules r
					WHERE r.jurisdiction = v.key AND r.rule = 'holidays' AND r.value <> '{}'), 'PT422',
				format('no holidays of "%s" are known', v.key), NULL,
				'Name the days one by one, such as "12-25" or "4th thu nov".');
		ELSE
			PERFORM voiceagent_private.holiday_dates(v.key, 2000);
		END IF;
		IF v.hours ~ '^[0-9:]+-[0-9:]+$' THEN
			v_hours := voiceagent_private.check_span(split_part(v.hours, '-', 1), split_part(v.hours, '-', 2));
			v.hours := (v_hours ->> 0) || '-' || (v_hours ->> 1);
		ELSIF v.hours IS DISTINCT FROM 'closed' THEN
			PERFORM voiceagent_private.fail('PT422', format('"%s" is neither closed nor hours',
				left(coalesce(v.hours, 'null'), 60)), NULL, 'Write "closed", or "09:00-12:00".');
		END IF;
		v_checked := v_checked || jsonb_build_object(v.key, v.hours);
	END LOOP;
	RETURN v_checked;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_other_days(jsonb) IS
	'The other_days of a number as they are kept, checked; PT422.';

CREATE FUNCTION voiceagent_private.check_office(number voiceagent.phone_numbers) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_provider text;
BEGIN
	IF number.ring_office_seconds IS NULL THEN
		RETURN;
	ELSIF num_nulls(number.forward_to_number, number.ai_assistant_id) > 0 THEN
		PERFORM voiceagent_private.fail('PT422', format('ring_office_seconds is %s, and the number has no %s',
			number.ring_office_seconds, CASE WHEN number.forward_to_number IS NULL THEN 'forward_to_number'
				ELSE 'ai_assistant_id' END), NULL,
			'The office rings at forward_to_number, and then the assistant answers; null: nobody rings first.');
	END IF;
	v_provider := (SELECT a.provider FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = number.provider_account_id);
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.driver_can(v_provider, 'ring_first'), 'PT422',
		format('%s cannot ring the office before the assistant', voiceagent_private.driver_title(v_provider)),
		'A call that it has put through does not come back to us.',
		format('These can: %s. Else in_hours or after_hours may be "forward".', (SELECT string_agg(
			voiceagent_private.driver_title(d), ', ' ORDER BY d)
			FROM unnest(voiceagent_private.driver_names()) d WHERE voiceagent_private.driver_can(d, 'ring_first'))));
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_office(voiceagent.phone_numbers) IS
	'PT422 unless a number has what its ring_office_seconds needs, and its carrier can do it.';

CREATE FUNCTION voiceagent_private.apply_number_rules(INOUT number voiceagent.phone_numbers, details jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_lacks text;
BEGIN
	FOR v IN SELECT d.key, d.value #>> '{}' AS value FROM jsonb_each(details) d
		WHERE d.key IN ('in_hours', 'after_hours') LOOP
		PERFORM voiceagent_private.fail_if(v.value NOT IN ('assistant', 'forward', 'message', 'reject')
			AND (v.key, v.value) <> ('in_hours', 'stop_line'), 'PT422',
			format('"%s" answers no call', left(v.value, 60)), NULL, 'Write assistant, forward, message or reject, for '
				'in_hours also stop_line; null: by what the number has.');
	END LOOP;
	FOR v IN SELECT k.key, details ->> k.key AS value, k.least, k.most, k.without
		FROM (VALUES ('calls_per_day', 1, 100000, 'any number'), ('calls_per_caller', 1, 1000, 'any number'),
			('ring_office_seconds', 5, 60, 'the assistant answers at once')) AS k(key, least, most, without) LOOP
		PERFORM voiceagent_private.fail_if(v.value !~ '^[0-9]{1,6}$' OR v.value::integer NOT BETWEEN v.least AND v.most,
			'PT422', format('%s must be a whole number from %s to %s', v.key, v.least, v.most),
			format('Got %s.', left(v.value, 60)), format('null: %s.', v.without));
	END LOOP;
	PERFORM voiceagent_private.fail_if(jsonb_typeof(details -> 'known_callers_only') <> 'boolean', 'PT422',
		'known_callers_only must be true or false');
	number.in_hours := CASE WHEN details ? 'in_hours' THEN details ->> 'in_hours' ELSE number.in_hours END;
	number.after_hours := CASE WHEN details ? 'after_hours' THEN details ->> 'after_hours' ELSE number.after_hours END;
	number.calls_per_day := CASE WHEN details ? 'calls_per_day'
		THEN (details ->> 'calls_per_day')::integer ELSE number.calls_per_day END;
	number.calls_per_caller := CASE WHEN details ? 'calls_per_caller'
		THEN (details ->> 'calls_per_caller')::integer ELSE number.calls_per_caller END;
	number.ring_office_seconds := CASE WHEN details ? 'ring_office_seconds'
		THEN (details ->> 'ring_office_seconds')::integer ELSE number.ring_office_seconds END;
	number.known_callers_only :=
		coalesce((details -> 'known_callers_only')::boolean, number.known_callers_only, false);
	number.other_days := CASE WHEN details ? 'other_days'
		THEN voiceagent_private.check_other_days(coalesce(nullif(details -> 'other_days', 'null'), '{}'))
		ELSE coalesce(number.other_days, '{}') END;
	FOR v IN VALUES ('in_hours', number.in_hours, number.greeting_message),
		('after_hours', number.after_hours, number.after_hours_message) LOOP
		v_lacks := CASE v.column2 WHEN 'assistant' THEN CASE WHEN number.ai_assistant_id IS NULL
				THEN 'ai_assistant_id' END
			WHEN 'forward' THEN CASE WHEN number.forward_to_number IS NULL THEN 'forward_to_number' END
			WHEN 'message' THEN CASE WHEN v.column3 IS NULL THEN CASE v.column1 WHEN 'in_hours'
				THEN 'greeting_message' ELSE 'after_hours_message' END END END;
		PERFORM voiceagent_private.fail_if(v_lacks IS NOT NULL, 'PT422',
			format('%s is %s, and the number has no %s', v.column1, v.column2, v_lacks), NULL,
			format('Give %s as well, or null for %s: by what the number has.', v_lacks, v.column1));
	END LOOP;
	PERFORM voiceagent_private.fail_if(number.in_hours = 'stop_line' AND NOT EXISTS (
		SELECT FROM voiceagent.provider_accounts a CROSS JOIN LATERAL voiceagent_private.driver_facts(a.provider) f
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = number.provider_account_id
			AND (f.has_dtmf AND f.answers_by_document
				OR number.ai_assistant_id IS NOT NULL AND voiceagent_private.own_stream(a))), 'PT422',
		'nothing would hear on this line how somebody stops the calls',
		'Its carrier does not tell in its calls which key is pressed, or we do not hold them.',
		'Take a number of Twilio, Plivo or Vonage, or set ai_assistant_id, and stream_url to media_url().');
	PERFORM voiceagent_private.check_office(number);
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_number_rules(voiceagent.phone_numbers, jsonb) IS
	'Takes who answers at a number, and whom, as apply_number_details() does; PT422.';

CREATE FUNCTION voiceagent_private.apply_number_details(INOUT number voiceagent.phone_numbers, details jsonb)
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_assistant voiceagent.assistants;
	v_key text;
	v_longest integer;
	v_provider text := (SELECT a.provider FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = number.provider_account_id);
	c_texts constant text[] := '{friendly_name,greeting_message,ai_voice_id,after_hours_message}';
BEGIN
	PERFORM voiceagent_private.check_keys(details, 'details of a phone number',
		'{friendly_name,is_active,greeting_message,ai_voice_id,ai_assistant_id,forward_to_number,business_hours_start,'
			'business_hours_end,after_hours_message,timezone,in_hours,after_hours,other_days,known_callers_only,'
			'calls_per_day,calls_per_caller,ring_office_seconds}', '{}');
	FOREACH v_key IN ARRAY c_texts LOOP
		v_longest := CASE WHEN v_key IN ('friendly_name', 'ai_voice_id') THEN 200 ELSE 2000 END;
		PERFORM voiceagent_private.fail_if(
			jsonb_typeof(details -> v_key) NOT IN ('string', 'null') OR length(details ->> v_key) > v_longest, 'PT422',
			format('%s must be a text of at most %s characters', v_key, v_longest));
		PERFORM voiceagent_private.fail_if(v_key IN ('greeting_message', 'after_hours_message')
			AND voiceagent_private.plays_instead(v_provider, nullif(btrim(details ->> v_key), '')), 'PT422',
			format('%s speaks no text: %s must name a recording', voiceagent_private.driver_title(v_provider), v_key),
			NULL, 'Record the words there, and name the recording, such as "sound:closed".');
	END LOOP;
	IF details ? 'friendly_name' THEN
		number.friendly_name := nullif(btrim(details ->> 'friendly_name'), '');
	END IF;
	IF details ? 'greeting_message' THEN
		number.greeting_message := nullif(btrim(details ->> 'greeting_message'), '');
	END IF;
	IF details ? 'ai_voice_id' THEN
		number.ai_voice_id := nullif(btrim(details ->> 'ai_voice_id'), '');
	END IF;
	IF details ? 'after_hours_message' THEN
		number.after_hours_message := nullif(btrim(details ->> 'after_hours_message'), '');
	END IF;
	IF details ? 'is_active' THEN
		PERFORM voiceagent_private.fail_if(jsonb_typeof(details -> 'is_active') <> 'boolean', 'PT422',
			'is_active must be true or false');
		number.is_active := (details -> 'is_active')::boolean;
	END IF;
	IF details ? 'ai_assistant_id' THEN
		number.ai_assistant_id := voiceagent_private.setting_as_id(details, 'ai_assistant_id');
		-- It cannot be archived meanwhile.
		SELECT a.* INTO v_assistant FROM voiceagent.assistants a
		WHERE a.tenant_id = v_tenant AND a.assistant_id = number.ai_assistant_id FOR KEY SHARE;
		PERFORM voiceagent_private.fail_if(number.ai_assistant_id IS NOT NULL AND NOT FOUND, 'PT404',
			'no such assistant', NULL, 'create_assistant() makes one.');
		PERFORM voiceagent_private.require_unarchived(v_assistant);
		IF ((voiceagent_private.version_that_answers(v_assistant.assistant_id)).spoken).assistant_id IS NULL THEN
			-- It would answer no caller.
			PERFORM voiceagent_private.require_passed_version(v_assistant.assistant_id, v_assistant.version)
			WHERE v_assistant.assistant_id IS NOT NULL;
		END IF;
	END IF;
	IF details ? 'forward_to_number' THEN
		number.forward_to_number := voiceagent_private.own_number(nullif(btrim(details ->> 'forward_to_number'), ''));
		PERFORM voiceagent_private.require_ring(number.forward_to_number, 'forward');
	END IF;
	IF details ? 'business_hours_start' THEN
		number.business_hours_start := CASE WHEN details -> 'business_hours_start' <> 'null'
			THEN voiceagent_private.check_hour(details ->> 'business_hours_start', false) END;
	END IF;
	IF details ? 'business_hours_end' THEN
		number.business_hours_end := CASE WHEN details -> 'business_hours_end' <> 'null'
			THEN voiceagent_private.check_hour(details ->> 'business_hours_end', true) END;
	END IF;
	IF details ? 'timezone' THEN
		PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_timezone(details ->> 'timezone'), 'PT422',
			format('there is no time zone "%s"', left(details ->> 'timezone', 60)), NULL,
			'Name an IANA time zone, such as Europe/Berlin.');
		number.timezone := details ->> 'timezone';
	END IF;
	PERFORM voiceagent_private.fail_if(num_nulls(number.business_hours_start, number.business_hours_end) = 1
		OR number.business_hours_start = number.business_hours_end, 'PT422',
		'business hours need a start and another end', NULL,
		'Give business_hours_start and business_hours_end, such as "09:00" and "17:00"; '
			'an end before the start is on the next day; null for both: always.');
	PERFORM voiceagent_private.fail_if(number.forward_to_number = number.phone_number, 'PT422',
		'a number cannot be forwarded to itself');
	number := voiceagent_private.apply_number_rules(number, details);
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_number_details(voiceagent.phone_numbers, jsonb) IS
	E'Takes what create_phone_number() and update_phone_number() are given into a number''s row, checked; '
	'null takes a value away.\n'
	'PT422, PT404 for an unknown assistant.';

CREATE FUNCTION voiceagent_private.choose_primary() RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_id bigint;
BEGIN
	PERFORM FROM voiceagent.phone_numbers n WHERE n.tenant_id = v_tenant AND n.is_primary AND n.state <> 'refused';
	IF NOT FOUND THEN
		SELECT o.phone_number_id INTO v_id FROM voiceagent.phone_numbers o
		WHERE o.tenant_id = v_tenant AND o.removed_at IS NULL
		ORDER BY o.state = 'ready' DESC, o.state = 'refused', o.is_active DESC, o.is_primary DESC,
			o.phone_number_id LIMIT 1;
		UPDATE voiceagent.phone_numbers n SET is_primary = false
		WHERE n.tenant_id = v_tenant AND n.is_primary AND n.phone_number_id <> v_id;
		UPDATE voiceagent.phone_numbers n SET is_primary = true
		WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_id AND NOT n.is_primary;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.choose_primary() IS
	E'Makes the oldest of the current tenant''s usable numbers the primary one, if it has none or its '
	'carrier refuses that.\n'
	'After lock_numbers().';

CREATE FUNCTION voiceagent_private.add_number(number voiceagent.phone_numbers) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_parsed record;
BEGIN
	SELECT * INTO v_parsed FROM voiceagent_private.parse_phone(number.phone_number);
	number.tenant_id := voiceagent.current_tenant();
	number.timezone :=
		coalesce(number.timezone, (SELECT t.timezone FROM voiceagent.tenants t WHERE t.tenant_id = number.tenant_id));
	INSERT INTO voiceagent.phone_numbers (tenant_id, phone_number, friendly_name, provider_account_id,
		provider_number_id, state, state_reason, proof, proved_at, country, region, is_active, greeting_message,
		ai_voice_id, ai_assistant_id, forward_to_number, business_hours_start, business_hours_end, after_hours_message,
		timezone, in_hours, after_hours, other_days, known_callers_only, calls_per_day, calls_per_caller,
		ring_office_seconds, created_at)
	VALUES (number.tenant_id, number.phone_number, number.friendly_name, number.provider_account_id,
		number.provider_number_id, number.state, number.state_reason, number.proof, number.proved_at, v_parsed.country,
		v_parsed.region, coalesce(number.is_active, true), number.greeting_message, number.ai_voice_id,
		number.ai_assistant_id, number.forward_to_number, number.business_hours_start,
		number.business_hours_end, number.after_hours_message, number.timezone, number.in_hours, number.after_hours,
		coalesce(number.other_days, '{}'), coalesce(number.known_callers_only, false), number.calls_per_day,
		number.calls_per_caller, number.ring_office_seconds, voiceagent.clock())
	ON CONFLICT (tenant_id, phone_number) WHERE removed_at IS NULL DO NOTHING
	RETURNING phone_numbers.phone_number_id INTO number.phone_number_id;
	IF number.phone_number_id IS NOT NULL THEN
		PERFORM voiceagent_private.choose_primary();
	END IF;
	RETURN number.phone_number_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.add_number(voiceagent.phone_numbers) IS
	E'Stores a new number of the current tenant and returns its id; NULL if the tenant has that number.\n'
	'The first becomes the primary one. After lock_numbers().';

CREATE FUNCTION voiceagent.create_phone_number(phone_number text, provider_account_id bigint DEFAULT NULL,
	details jsonb DEFAULT '{}') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_number voiceagent.phone_numbers;
	v_provider text;
	v_id bigint;
BEGIN
	v_number.phone_number := voiceagent_private.own_number(create_phone_number.phone_number);
	PERFORM voiceagent_private.fail_if(v_number.phone_number IS NULL, 'PT422', 'no phone number');
	SELECT a.provider, a.provider_account_id INTO v_provider, v_number.provider_account_id
	FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = coalesce(create_phone_number.provider_account_id,
		voiceagent_private.default_account());
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such provider account', NULL,
		'create_provider_account() makes one.');
	v_number := voiceagent_private.apply_number_details(v_number, coalesce(details, '{}'));
	IF v_provider <> 'sandbox' AND voiceagent_private.driver_can(v_provider, 'list_numbers') THEN
		v_number.state := 'unchecked';
		v_number.state_reason := 'the carrier has not confirmed yet that the account has it';
	ELSE
		v_number.state := 'ready';
		v_number.proof := 'tenant';
		v_number.proved_at := voiceagent.clock();
	END IF;
	PERFORM voiceagent_private.lock_numbers(false);
	v_id := voiceagent_private.add_number(v_number);
	PERFORM voiceagent_private.fail_if(v_id IS NULL, 'PT409',
		format('the phone number %s is there already', v_number.phone_number), NULL,
		'update_phone_number() changes it.');
	IF v_number.state = 'unchecked' THEN
		PERFORM voiceagent_private.request_number_list(v_number.provider_account_id, 'check');
	END IF;
	PERFORM voiceagent_private.audit('create_phone_number', 'phone number ' || v_id, NULL, jsonb_build_object(
		'phone_number', v_number.phone_number, 'provider_account_id', v_number.provider_account_id,
		'details', details));
	RETURN v_id;
END
$$;
COMMENT ON FUNCTION voiceagent.create_phone_number(text, bigint, jsonb) IS
	E'Enters a number that an account (default: that of default_provider) has; returns phone_number_id.\n'
	'Used once the carrier confirms it (state ready). details: columns of phone_numbers that a tenant sets, from '
	'friendly_name and greeting_message to in_hours, after_hours, calls_per_caller; the error of an unknown one '
	'lists them. PT404, PT409 for a number of the tenant, PT422.';

CREATE FUNCTION voiceagent_private.describe_number_use(phone_number_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_number bigint := phone_number_id;
	v_call bigint;
	v_name text;
BEGIN
	SELECT l.call_id INTO v_call FROM voiceagent_private.live_calls l
	CROSS JOIN LATERAL (SELECT a.phone_number_id FROM voiceagent.attempts a
		WHERE a.tenant_id = v_tenant AND a.attempt_id = l.attempt_id OFFSET 0) a
	WHERE l.tenant_id = v_tenant AND a.phone_number_id = v_number ORDER BY l.call_id LIMIT 1;
	IF FOUND THEN
		RETURN format('Call %s is live on it.', v_call);
	END IF;
	SELECT c.call_id INTO v_call FROM voiceagent.call_inbound c
	WHERE c.tenant_id = v_tenant AND c.phone_number_id = v_number AND c.ended_at IS NULL
		AND c.started_at > voiceagent.clock() - voiceagent_private.longest_incoming() LIMIT 1;
	IF FOUND THEN
		RETURN format('The incoming call %s is live on it.', v_call);
	END IF;
	SELECT c.name INTO v_name FROM voiceagent.campaign_numbers m
	JOIN voiceagent.campaigns c ON c.tenant_id = m.tenant_id AND c.campaign_id = m.campaign_id
	WHERE m.tenant_id = v_tenant AND m.phone_number_id = v_number AND c.status IN ('scheduled', 'running', 'paused')
	ORDER BY c.campaign_id LIMIT 1;
	IF FOUND THEN
		RETURN format('The campaign "%s" calls with it.', v_name);
	END IF;
	SELECT a.name INTO v_name FROM voiceagent.provider_accounts a
	JOIN voiceagent.phone_numbers n ON n.tenant_id = a.tenant_id AND n.provider_account_id = a.provider_account_id
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number AND a.active
		AND (n.phone_number IN (a.settings ->> 'from_number', a.settings ->> 'caller_id')
			OR a.settings ->> 'phone_number_id' = n.provider_number_id);
	IF FOUND THEN
		RETURN format('The provider account "%s" calls with it.', v_name);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.describe_number_use(bigint) IS
	'The use of a number of the current tenant: a live call, a campaign that has not ended, an account''s own '
	'setting; NULL: nothing.';

CREATE FUNCTION voiceagent_private.require_not_in_use(phone_number_id bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_use text := voiceagent_private.describe_number_use(require_not_in_use.phone_number_id);
BEGIN
	PERFORM voiceagent_private.fail_if(v_use IS NOT NULL, 'PT409', 'the phone number is in use', v_use,
		'Wait for the end of the call, take it out of the campaign with set_campaign_numbers(), '
		'or give the account another with update_provider_account().');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_not_in_use(bigint) IS
	E'PT409 if a number is in use, with what uses it.\n'
	'After lock_numbers(true).';

CREATE FUNCTION voiceagent_private.remove_number(phone_number_id bigint, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_number bigint := phone_number_id;
BEGIN
	UPDATE voiceagent.phone_numbers n
	SET state = 'removed', state_reason = reason, removed_at = voiceagent.clock(), is_primary = false,
		is_active = false
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number;
	DELETE FROM voiceagent_private.number_owners o WHERE o.tenant_id = v_tenant AND o.phone_number_id = v_number;
	DELETE FROM voiceagent.campaign_numbers m WHERE m.tenant_id = v_tenant AND m.phone_number_id = v_number;
	PERFORM voiceagent_private.choose_primary();
END
$$;
COMMENT ON FUNCTION voiceagent_private.remove_number(bigint, text) IS
	E'Marks a number of the current tenant as gone, and takes it out of the pools of campaigns.\n'
	'After lock_numbers(true).';

CREATE FUNCTION voiceagent_private.dial_by_number(phone_number_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- A claim that has the row looks at the numbers by itself.
	UPDATE voiceagent_private.pacing p SET next_dial_at = least(p.next_dial_at, voiceagent.clock() + w.call_interval)
	FROM (SELECT o.campaign_id, v.call_interval FROM voiceagent_private.pacing o
		JOIN voiceagent.campaigns c ON c.tenant_id = v_tenant AND c.campaign_id = o.campaign_id
		JOIN voiceagent.campaign_versions v ON v.tenant_id = v_tenant AND v.campaign_id = c.campaign_id
			AND v.version = c.version
		WHERE o.tenant_id = v_tenant AND o.suspended IS NULL
			AND o.campaign_id IN (SELECT m.campaign_id FROM voiceagent.campaign_numbers m
				WHERE m.tenant_id = v_tenant AND m.phone_number_id = dial_by_number.phone_number_id)
		FOR NO KEY UPDATE OF o SKIP LOCKED) w
	WHERE p.tenant_id = v_tenant AND p.campaign_id = w.campaign_id;
	PERFORM voiceagent_private.poke('dialer');
END
$$;
COMMENT ON FUNCTION voiceagent_private.dial_by_number(bigint) IS
	'Has campaigns of the current tenant that may have waited for this number of their pools look at it now.';

CREATE FUNCTION voiceagent.update_phone_number(phone_number_id bigint, details jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old voiceagent.phone_numbers;
	v_new voiceagent.phone_numbers;
BEGIN
	-- Once it has been switched off no dial uses it any more.
	PERFORM voiceagent_private.lock_numbers(details ? 'is_active');
	v_old := voiceagent_private.find_number(phone_number_id);
	v_new := voiceagent_private.apply_number_details(v_old, details);
	UPDATE voiceagent.phone_numbers n SET friendly_name = v_new.friendly_name, is_active = v_new.is_active,
		greeting_message = v_new.greeting_message, ai_voice_id = v_new.ai_voice_id,
			ai_assistant_id = v_new.ai_assistant_id,
		forward_to_number = v_new.forward_to_number, business_hours_start = v_new.business_hours_start,
		business_hours_end = v_new.business_hours_end, after_hours_message = v_new.after_hours_message,
			timezone = v_new.timezone, in_hours = v_new.in_hours, after_hours = v_new.after_hours,
		other_days = v_new.other_days, known_callers_only = v_new.known_callers_only,
		calls_per_day = v_new.calls_per_day, calls_per_caller = v_new.calls_per_caller,
		ring_office_seconds = v_new.ring_office_seconds
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_old.phone_number_id;
	PERFORM voiceagent_private.audit('update_phone_number', 'phone number ' || v_old.phone_number_id,
		(SELECT jsonb_object_agg(k, to_jsonb(v_old) -> k) FROM jsonb_object_keys(details) k), details);
	PERFORM voiceagent_private.dial_by_number(phone_number_id);
END
$$;
COMMENT ON FUNCTION voiceagent.update_phone_number(bigint, jsonb) IS
	E'Changes what is named of a number: details as for create_phone_number(); null takes a value away.\n'
	'is_active false: it takes no calls and makes none from now on; live ones go on. PT404, PT422.';

CREATE FUNCTION voiceagent.delete_phone_number(phone_number_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_number voiceagent.phone_numbers;
BEGIN
	PERFORM voiceagent_private.lock_numbers(true);
	v_number := voiceagent_private.find_number(phone_number_id);
	PERFORM voiceagent_private.require_not_in_use(v_number.phone_number_id);
	PERFORM voiceagent_private.fail_if(v_number.state = 'ordered' AND EXISTS (SELECT FROM voiceagent.provider_requests e
			WHERE e.tenant_id = v_tenant AND e.provider_account_id = v_number.provider_account_id
				AND e.kind = 'buy_number'
				AND e.phone_number_id = v_number.phone_number_id AND e.state IN ('sending', 'unknown')), 'PT409',
		'the phone number is being bought', v_number.state_reason,
		'Wait for the carrier''s answer; if that was lost, see voiceagent.unresolved_provider_requests.');
	PERFORM voiceagent_private.remove_number(v_number.phone_number_id, 'deleted');
	PERFORM voiceagent_private.audit('delete_phone_number', 'phone number ' || v_number.phone_number_id,
		jsonb_build_object('phone_number', v_number.phone_number), NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.delete_phone_number(bigint) IS
	E'Forgets a number here; the carrier goes on having it for the account (release_number() gives it up).\n'
	'If it was the primary one another becomes that. For owners. PT404, PT409 while a call is live on it, a campaign '
	'that has not ended has it in its pool, an account calls with it, or its purchase is under way or unresolved.';

CREATE FUNCTION voiceagent.set_primary_number(phone_number_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_number voiceagent.phone_numbers;
BEGIN
	PERFORM voiceagent_private.lock_numbers(false);
	v_number := voiceagent_private.find_number(phone_number_id);
	IF v_number.is_primary THEN
		RETURN;
	END IF;
	UPDATE voiceagent.phone_numbers n SET is_primary = false WHERE n.tenant_id = v_tenant AND n.is_primary;
	UPDATE voiceagent.phone_numbers n SET is_primary = true
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number.phone_number_id;
	PERFORM voiceagent_private.audit('set_primary_number', 'phone number ' || v_number.phone_number_id);
END
$$;
COMMENT ON FUNCTION voiceagent.set_primary_number(bigint) IS
	E'Makes a number the tenant''s primary one; the one that was is it no more.\n'
	'PT404.';

CREATE FUNCTION voiceagent.mark_number_spam(phone_number_id bigint, spam boolean DEFAULT true, reason text DEFAULT NULL)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_number voiceagent.phone_numbers;
BEGIN
	PERFORM voiceagent_private.fail_if(spam IS NULL OR length(reason) > 500, 'PT422',
		'spam is true or false, and a reason has at most 500 characters');
	PERFORM voiceagent_private.lock_numbers(true);
	v_number := voiceagent_private.find_number(phone_number_id);
	UPDATE voiceagent.phone_numbers n
	SET spam_since = CASE WHEN spam THEN coalesce(n.spam_since, voiceagent.clock()) END,
		spam_reason = CASE WHEN spam THEN coalesce(nullif(btrim(mark_number_spam.reason), ''), n.spam_reason) END
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number.phone_number_id;
	PERFORM voiceagent_private.audit('mark_number_spam', 'phone number ' || v_number.phone_number_id,
		to_jsonb(v_number.spam_since IS NOT NULL), jsonb_build_object('spam', spam, 'reason', reason));
	PERFORM voiceagent_private.dial_by_number(phone_number_id);
END
$$;
COMMENT ON FUNCTION voiceagent.mark_number_spam(bigint, boolean, text) IS
	E'Says that carriers show calls from a number as spam (or no more): pools of campaigns pass it over from now on.\n'
	'PT404, PT422.';

CREATE FUNCTION voiceagent.end_number_rest(phone_number_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_until timestamptz;
BEGIN
	PERFORM voiceagent_private.lock_numbers(true);
	PERFORM voiceagent_private.find_number(phone_number_id);
	SELECT u.rests_until INTO v_until FROM voiceagent_private.number_use u
	WHERE u.tenant_id = v_tenant AND u.phone_number_id = end_number_rest.phone_number_id
		AND u.rests_until > voiceagent.clock();
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409', 'the number does not rest');
	UPDATE voiceagent_private.number_use u SET rests_until = voiceagent.clock()
	WHERE u.tenant_id = v_tenant AND u.phone_number_id = end_number_rest.phone_number_id;
	PERFORM voiceagent_private.audit('end_number_rest', 'phone number ' || phone_number_id, to_jsonb(v_until));
	PERFORM voiceagent_private.dial_by_number(phone_number_id);
END
$$;
COMMENT ON FUNCTION voiceagent.end_number_rest(bigint) IS
	E'Has pools use a number again that rests because it was answered too seldom; it is judged anew.\n'
	'The view waiting shows those that rest, and setting caller_rest says for how long. PT404, PT409.';

CREATE FUNCTION voiceagent.block_caller(phone text, reason text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_phone text := voiceagent_private.stop_number(block_caller.phone,
		voiceagent_private.setting_text('default_country'));
BEGIN
	PERFORM voiceagent_private.fail_if(v_phone IS NULL OR length(block_caller.reason) > 500, 'PT422',
		'no phone number, or a reason of more than 500 characters');
	INSERT INTO voiceagent.blocked_callers AS b (tenant_id, phone, reason, created_at)
	VALUES (v_tenant, v_phone, nullif(btrim(block_caller.reason), ''), voiceagent.clock())
	ON CONFLICT (tenant_id, phone) DO UPDATE SET reason = coalesce(excluded.reason, b.reason);
	PERFORM voiceagent_private.audit('block_caller', 'caller ' || v_phone, NULL, to_jsonb(block_caller.reason));
END
$$;
COMMENT ON FUNCTION voiceagent.block_caller(text, text) IS
	E'Takes no more calls from a number, at any of the tenant''s numbers; it hears that the line is busy.\n'
	'PT422.';

CREATE FUNCTION voiceagent.unblock_caller(phone text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_phone text := voiceagent_private.stop_number(unblock_caller.phone,
		voiceagent_private.setting_text('default_country'));
	v_found boolean;
BEGIN
	DELETE FROM voiceagent.blocked_callers b
	WHERE b.tenant_id = v_tenant AND b.phone = ANY (voiceagent_private.spellings(v_phone));
	v_found := FOUND;
	IF v_found THEN
		PERFORM voiceagent_private.audit('unblock_caller', 'caller ' || v_phone, NULL, NULL);
	END IF;
	RETURN v_found;
END
$$;
COMMENT ON FUNCTION voiceagent.unblock_caller(text) IS
	'Takes calls from a number again; returns whether it was blocked.';
