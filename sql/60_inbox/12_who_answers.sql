/*
 * 60_inbox: who answers a call to a number of the tenant.  The number called
 * decides; one that is not the tenant's, not ready or switched off takes no
 * calls.
 */

CREATE FUNCTION voiceagent_private.number_hours(number voiceagent.phone_numbers, at timestamptz) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_day date := (at AT TIME ZONE number.timezone)::date;
	v_year integer := date_part('year', v_day);
BEGIN
	-- Nearly no number has any.
	IF number.other_days = '{}' THEN
		RETURN NULL;
	END IF;
	RETURN (SELECT d.value FROM jsonb_each_text(number.other_days) d
		WHERE CASE WHEN d.key ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$'
			THEN v_day = ANY ((voiceagent_private.terms_of(d.key, at)).holidays)
			-- Those observed of a year may lie in the next, or the last.
			ELSE v_day = ANY (voiceagent_private.holiday_dates(d.key, v_year - 1)
				|| voiceagent_private.holiday_dates(d.key, v_year)
				|| voiceagent_private.holiday_dates(d.key, v_year + 1)) END
		ORDER BY d.key ~ '^[0-9]{4}-' DESC, d.key ~ '^[A-Z]', d.key COLLATE "C" LIMIT 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.number_hours(voiceagent.phone_numbers, timestamptz) IS
	'The hours that a number has on the day of an instant, by the clock of its zone, where they are others than '
	'usual: closed or HH:MM-HH:MM; NULL: the usual ones.';

CREATE FUNCTION voiceagent_private.is_open(number voiceagent.phone_numbers, at timestamptz) RETURNS boolean
	LANGUAGE sql STABLE
	RETURN (SELECT CASE WHEN t.hours = 'closed' THEN false
		WHEN t.hours IS NOT NULL THEN t.local >= split_part(t.hours, '-', 1)::time
			AND t.local < split_part(t.hours, '-', 2)::time
		WHEN number.business_hours_start IS NULL THEN true
		WHEN number.business_hours_start < number.business_hours_end
			THEN t.local >= number.business_hours_start AND t.local < number.business_hours_end
		-- Past midnight.
		ELSE t.local >= number.business_hours_start OR t.local < number.business_hours_end END
		FROM (SELECT (at AT TIME ZONE number.timezone)::time AS local,
			voiceagent_private.number_hours(number, at) AS hours) t);
COMMENT ON FUNCTION voiceagent_private.is_open(voiceagent.phone_numbers, timestamptz) IS
	E'Whether it is business hours at a number, by the clock of its zone.\n'
	'An hour that the clocks repeat is open twice.';

CREATE FUNCTION voiceagent_private.called_number(provider_account bigint, to_number text)
	RETURNS voiceagent.phone_numbers
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_number voiceagent.phone_numbers;
BEGIN
	SELECT n.* INTO v_number FROM voiceagent.phone_numbers n
	WHERE n.tenant_id = voiceagent.current_tenant() AND n.phone_number = to_number AND n.removed_at IS NULL
		AND provider_account IN (n.provider_account_id, n.origin_account_id);
	RETURN v_number;
END
$$;
COMMENT ON FUNCTION voiceagent_private.called_number(bigint, text) IS
	'The current tenant''s number at a carrier account (or at its origin, where another account uses it); '
	'NULL: it has none such.';

CREATE FUNCTION voiceagent_private.lead_of_caller(from_number text, OUT lead_id bigint, OUT ambiguous boolean)
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	-- With several, the one with whom something is open, else the one spoken to last; of strangers none.
	SELECT CASE WHEN count(*) = 1 THEN min(l.lead_id)
			ELSE (array_agg(l.lead_id ORDER BY l.follow_up IS NULL, l.last_contacted_at DESC NULLS LAST, l.lead_id)
				FILTER (WHERE num_nonnulls(l.follow_up, l.last_contacted_at) > 0))[1] END, count(*) > 1
	FROM (SELECT DISTINCT o.lead_id FROM unnest(voiceagent_private.spellings(from_number)) s
		CROSS JOIN LATERAL (SELECT k.lead_id FROM voiceagent.leads k
			WHERE k.tenant_id = voiceagent.current_tenant() AND k.phone = s
			UNION ALL SELECT n.lead_id FROM voiceagent.lead_numbers n
			WHERE n.tenant_id = voiceagent.current_tenant() AND n.phone = s OFFSET 0) o) x
	JOIN voiceagent.leads l ON l.tenant_id = voiceagent.current_tenant() AND l.lead_id = x.lead_id
$$;
COMMENT ON FUNCTION voiceagent_private.lead_of_caller(text) IS
	E'The lead of the current tenant that has this E.164 number, as its first or a further one.\n'
	'ambiguous: several have it. Then it is the one with something to follow up, else the one called last; NULL: none '
	'has it, or of several none was ever called.';

CREATE FUNCTION voiceagent_private.settings_of_incoming(language text) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- As setting_text() finds each of them, in one statement.
	RETURN (SELECT s.settings || jsonb_build_object('disclosure_ai',
			coalesce(nullif(btrim(s.settings ->> 'disclosure_ai'), ''),
				voiceagent_private.spoken_words('ai_called', settings_of_incoming.language)))
		FROM (SELECT jsonb_object_agg(d.key, coalesce(CASE WHEN t.value IS NOT NULL
				THEN voiceagent_private.within_share(d, t.value) END, p.value, d.default_value)) AS settings
			FROM voiceagent_private.setting_definitions d
			LEFT JOIN voiceagent_private.tenant_settings t ON 'tenant' = ANY (d.levels) AND t.tenant_id = v_tenant
				AND t.key = d.key
			LEFT JOIN voiceagent_private.platform_settings p ON p.key = d.key
			WHERE d.key IN ('caller_name', 'disclosure_ai', 'disclosure_recording', 'announce_recording',
				'record_calls', 'require_recording_consent', 'opt_out_instruction', 'ask_to_record', 'ask_to_call',
				'ask_to_text')) s);
END
$$;
COMMENT ON FUNCTION voiceagent_private.settings_of_incoming(text) IS
	'The current tenant''s settings as begin_call() reads them of a campaign, for a call that comes in and an '
	'assistant that speaks this language.';

CREATE FUNCTION voiceagent_private.begin_incoming(number voiceagent.phone_numbers,
	version voiceagent.assistant_versions, from_number text)
	RETURNS voiceagent_private.spoken
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_our_place text := voiceagent_private.jurisdiction(number.country, number.region);
	v_terms voiceagent_private.law_terms;
	v_theirs voiceagent_private.law_terms;
	v_place text;
	v_agreed boolean;
BEGIN
	-- Where the caller is, the law holds as well; who withholds the number may be anywhere in our country.
	SELECT voiceagent_private.jurisdiction(CASE WHEN l.lead_id IS NULL THEN p.country ELSE l.country END,
		CASE WHEN l.lead_id IS NULL THEN p.region ELSE l.region END), c.agreed INTO v_place, v_agreed
	FROM voiceagent_private.parse_phone(from_number) p
	CROSS JOIN LATERAL voiceagent_private.lead_of_caller(p.phone) o
	LEFT JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.phone = p.phone AND l.lead_id = o.lead_id
	LEFT JOIN LATERAL voiceagent_private.recording_consent(v_tenant, o.lead_id, p.phone) c ON true
	WHERE p.verdict = 'ok';
	v_place := coalesce(v_place, voiceagent_private.jurisdiction(number.country, NULL));
	-- The carrier waits, and the gateway with it: what was resolved once is there the next time.
	PERFORM voiceagent_private.store_terms(ARRAY[v_our_place, v_place], v_now);
	v_terms := voiceagent_private.terms_of(v_our_place, v_now);
	v_theirs := voiceagent_private.terms_of(v_place, v_now);
	v_terms.disclose_ai := v_terms.disclose_ai OR v_theirs.disclose_ai;
	v_terms.disclose_recording := v_terms.disclose_recording OR v_theirs.disclose_recording;
	-- Callers know whom they have called and why, and calls of ours say themselves how they are stopped.
	v_terms.disclose_caller := false;
	v_terms.opt_out_text := NULL;
	v_terms.opening := NULL;
	-- A greeting in place of an assistant's first message does not make its disclosures.
	IF number.greeting_message IS NOT NULL THEN
		version.first_message := number.greeting_message;
		version.settings := version.settings - 'discloses';
	END IF;
	RETURN voiceagent_private.begin_call(v_terms, voiceagent_private.settings_of_incoming(version.language),
		version, 'words', v_agreed);
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_incoming(voiceagent.phone_numbers, voiceagent.assistant_versions, text) IS
	'How a conversation begins with who calls a number of the current tenant (from_number; NULL: withheld): with the '
	'number''s greeting or the assistant''s first message, after what the law of its place or of the caller''s wants '
	'said to who calls: that it is an AI, that it is recorded.';

CREATE FUNCTION voiceagent_private.converse_plan(plan jsonb, lead_id bigint, account bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_lead voiceagent.leads;
BEGIN
	SELECT * INTO v_lead FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.lead_id = converse_plan.lead_id;
	RETURN (
		SELECT plan || jsonb_strip_nulls(jsonb_build_object('variables', x.variables, 'assistant', jsonb_build_object(
			'name', s.name,
			-- A caller whose name we do not know is not addressed by one, and hears no gap in its place.
			'first_message', CASE WHEN v_lead.lead_id IS NULL OR v_lead.first_name IS NULL
				THEN voiceagent_private.spoken_text(plan ->> 'text', coalesce(x.variables, '{}'))
				ELSE plan ->> 'text' END,
			'system_prompt', voiceagent_private.lawful_prompt(v.system_prompt, x.settings, v.language),
			'voice', plan -> 'voice', 'model', v.model, 'language', v.language,
			-- The caller is greeted.
			'settings', voiceagent_private.with_own_tools(v.settings) - 'first_message_mode')))
		FROM voiceagent.assistants s
		JOIN voiceagent.assistant_versions v ON v.tenant_id = v_tenant AND v.assistant_id = s.assistant_id
			AND v.version = (plan ->> 'assistant_version')::integer
		-- Each once, however often it is read.
		CROSS JOIN LATERAL (SELECT voiceagent_private.settings_of_incoming(v.language) AS settings,
			voiceagent_private.with_memory(voiceagent_private.call_variables(
				CASE WHEN v_lead.lead_id IS NOT NULL THEN voiceagent_private.lead_variables(v_lead) END,
				concat_ws(' ', plan ->> 'text', v.system_prompt), v.language, v_lead.timezones, voiceagent.clock()),
				v.system_prompt,
				-- A number is no proof of who speaks.
				CASE WHEN voiceagent_private.setting_text('memory_to_callers')::boolean THEN v_lead.lead_id END,
				voiceagent_private.is_sandbox(account)) AS variables OFFSET 0) x
		WHERE s.tenant_id = v_tenant AND s.assistant_id = (plan ->> 'assistant_id')::bigint);
END
$$;
COMMENT ON FUNCTION voiceagent_private.converse_plan(jsonb, bigint, bigint) IS
	'A plan of kind converse as the carrier''s driver reads it: with the assistant in the version that it names, '
	'and the variables of the lead that calls an account (NULL: unknown; only the date and the time are).';

CREATE FUNCTION voiceagent_private.refuses_caller(number voiceagent.phone_numbers, caller text, call text)
	RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_day timestamptz := date_trunc('day', voiceagent.clock(), number.timezone);
BEGIN
	IF EXISTS (SELECT FROM voiceagent.blocked_callers b
			WHERE b.tenant_id = v_tenant AND b.phone = ANY (voiceagent_private.spellings(caller))) THEN
		RETURN 'blocked';
	ELSIF number.known_callers_only
		AND (SELECT o.lead_id IS NULL AND NOT o.ambiguous FROM voiceagent_private.lead_of_caller(caller) o) THEN
		RETURN 'not_known';
	-- All calls of the caller count, also those that were not taken: a storm of them costs no long look.
	ELSIF number.calls_per_caller <= (SELECT count(*) FROM (SELECT FROM voiceagent.call_inbound i
			WHERE i.tenant_id = v_tenant AND i.from_number = caller AND i.started_at >= v_day
				AND (refuses_caller.call IS NULL OR i.provider_call_id <> refuses_caller.call)
				AND i.phone_number_id = number.phone_number_id
			ORDER BY i.started_at LIMIT number.calls_per_caller) i) THEN
		RETURN 'calls_per_caller';
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.refuses_caller(voiceagent.phone_numbers, text, text) IS
	E'Why a number of the current tenant takes no call from this one: blocked, not_known (known_callers_only), '
	'calls_per_caller; NULL: it does.\n'
	'call: the carrier''s id of the call, which does not count.';

CREATE FUNCTION voiceagent_private.assistant_plan(number voiceagent.phone_numbers, account voiceagent.provider_accounts,
	spoken voiceagent.assistant_versions, from_number text, call text) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_begun voiceagent_private.spoken;
	v_own boolean := voiceagent_private.own_stream(account);
BEGIN
	IF spoken.assistant_id IS NULL THEN
		RETURN NULL;
	ELSIF v_own THEN
		v_begun := voiceagent_private.begin_incoming(number, spoken, from_number);
		RETURN jsonb_build_object('kind', 'stream', 'assistant_id', spoken.assistant_id,
			'stream_url', voiceagent_private.stream_of_call(account, assistant_plan.call), 'returns', true,
			'assistant_version', spoken.version, 'first_message', v_begun.first_message,
			'disclosures', to_jsonb(v_begun.disclosures),
			'assistant_discloses', CASE WHEN v_begun.assistant_discloses THEN true END, 'record', v_begun.record);
	ELSIF (SELECT f.converses AND f.answers_by_document FROM voiceagent_private.driver_facts(account.provider) f) THEN
		-- Its end would go unheard.
		IF voiceagent_private.lacks_public_url(account.provider) THEN
			RETURN '{"kind": "reject", "reason": "busy"}';
		END IF;
		v_begun := voiceagent_private.begin_incoming(number, spoken, from_number);
		RETURN jsonb_build_object('kind', 'converse', 'assistant_id', spoken.assistant_id,
			'assistant_version', spoken.version, 'voice', spoken.voice,
			'text', v_begun.first_message, 'disclosures', to_jsonb(v_begun.disclosures),
			'assistant_discloses', CASE WHEN v_begun.assistant_discloses THEN true END, 'record', v_begun.record);
	ELSIF coalesce(account.settings ->> 'stream_url', '') <> '' THEN
		RETURN jsonb_build_object('kind', 'stream', 'stream_url', account.settings ->> 'stream_url');
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.assistant_plan(voiceagent.phone_numbers, voiceagent.provider_accounts,
	voiceagent.assistant_versions, text, text) IS
	'How the assistant itself takes a call (the carrier''s id) to a number: converse, at a carrier that converses, '
	'with its first words (text) and the disclosures that they hold; stream, to the account''s socket, and if that is '
	'ours with these words (first_message); NULL: it cannot.';

CREATE FUNCTION voiceagent_private.stop_line(number voiceagent.phone_numbers, account voiceagent.provider_accounts,
	spoken voiceagent.assistant_versions, from_number text, call text) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_held boolean := spoken.assistant_id IS NOT NULL AND voiceagent_private.own_stream(account);
	v_language text := coalesce(spoken.language, CASE WHEN number.country = ANY ('{ES,MX,AR,CL,CO,PE}') THEN 'es'
		ELSE CASE number.country WHEN 'FR' THEN 'fr' WHEN 'DE' THEN 'de' WHEN 'AT' THEN 'de' WHEN 'IT' THEN 'it'
			ELSE 'en' END END);
	v_key text := (SELECT voiceagent_private.opt_out_key('{}') FROM voiceagent_private.parse_phone(from_number) p
		WHERE p.verdict = 'ok');
	v_words text := concat_ws(' ', voiceagent_private.spoken_words('stop_line', v_language),
		CASE WHEN v_key IS NULL THEN voiceagent_private.spoken_words('stop_unseen', v_language)
			ELSE voiceagent_private.disclosure_text('{opt_out_key}', '{}', v_language) END,
		CASE WHEN v_held AND v_key IS NOT NULL THEN voiceagent_private.spoken_words('stop', v_language) END);
	-- Words, a wrong key or two, and what we answer.
	c_longest_s CONSTANT integer := 120;
BEGIN
	RETURN jsonb_strip_nulls(jsonb_build_object('language', v_language, 'opt_out_key', v_key,
			'voice', coalesce(number.ai_voice_id, spoken.voice, account.settings ->> 'voice'),
			'max_duration_s', c_longest_s)
		|| CASE WHEN v_held THEN jsonb_build_object('kind', 'stream', 'assistant_id', spoken.assistant_id,
			'assistant_version', spoken.version, 'returns', true,
			'stream_url', voiceagent_private.stream_of_call(account, stop_line.call),
			'first_message', v_words, 'disclosures', '[]'::jsonb, 'record', false)
		ELSE jsonb_build_object('kind', 'say', 'text', v_words) END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.stop_line(voiceagent.phone_numbers, voiceagent.provider_accounts,
	voiceagent.assistant_versions, text, text) IS
	E'The plan for a call (the carrier''s id) to a number that is a stop line: its words name the key, and where we '
	'hold the call also the words, that stop our calls to the caller.\n'
	'Without a number to list (from_number) they say so, and no key is listened for.';

CREATE FUNCTION voiceagent_private.answers_instead(number voiceagent.phone_numbers, open boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF voiceagent_private.who_answers(number, open) = 'reject' THEN
		RETURN 'reject';
	END IF;
	number.forward_to_number := NULL;
	number.in_hours := nullif(number.in_hours, 'forward');
	number.after_hours := nullif(number.after_hours, 'forward');
	RETURN coalesce(nullif(voiceagent_private.who_answers(number, open), 'reject'),
		CASE WHEN number.ai_assistant_id IS NOT NULL THEN 'assistant' ELSE 'message' END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.answers_instead(voiceagent.phone_numbers, boolean) IS
	'Who answers at a number whose forward_to_number must not be rung (may_ring()), as of who_answers(): its assistant '
	'or a message rather than nobody.';

CREATE FUNCTION voiceagent_private.returned_call(number voiceagent.phone_numbers, from_number text,
	OUT campaign_id bigint, OUT assistant_id bigint)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	SELECT c.campaign_id, c.assistant_id INTO campaign_id, assistant_id
	FROM (SELECT o.* FROM unnest(voiceagent_private.spellings(returned_call.from_number)) s
		CROSS JOIN LATERAL (SELECT k.campaign_id, k.assistant_id, k.started_at FROM voiceagent.calls k
			WHERE k.tenant_id = v_tenant AND k.phone = s AND k.counts OFFSET 0) o
		ORDER BY o.started_at DESC LIMIT 1) c
	JOIN voiceagent.campaigns g ON g.tenant_id = v_tenant AND g.campaign_id = c.campaign_id
		AND g.type NOT IN ('test', 'direct') AND g.archived_at IS NULL
	JOIN voiceagent.assistants a ON a.tenant_id = v_tenant AND a.assistant_id = c.assistant_id AND a.active
	WHERE c.started_at > voiceagent.clock() - voiceagent_private.setting_interval('returned_call_within')
		-- A number that is answered by people alone stays theirs.
		AND (number.ai_assistant_id IS NOT NULL OR number.forward_to_number IS NULL);
	assistant_id := coalesce(assistant_id, number.ai_assistant_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.returned_call(voiceagent.phone_numbers, text) IS
	'The campaign of the current tenant that rang a caller last, lately enough for the call to belong to it '
	'(returned_call_within; NULL: none), and who answers at the number: the assistant that rang, else its own.';

-- The number says who answers in its hours and outside of them (who_answers()). An impossible plan falls back: an
-- assistant to the account's socket, the greeting, the forwarding; a message that the carrier cannot say, in hours, to
-- the forwarding. busy: the number is not ready or not active, has nothing to say, or no voice to say it; what was
-- said would go unheard; the account or the tenant is not active; or all the account's calls are taken. withheld: why
-- the assistant does not answer as it is now (version_that_answers()). then: what follows when the office does not
-- take it; unrung: the carrier cannot ring the office first; barred: why forward_to_number must not
-- be rung, and the call goes on as without it.
CREATE FUNCTION voiceagent_private.answer_incoming(provider_account bigint, from_number text, to_number text,
		call text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_number voiceagent.phone_numbers := voiceagent_private.called_number(provider_account, to_number);
	v_account voiceagent.provider_accounts;
	v_answering record;
	v_spoken voiceagent.assistant_versions;
	v_open boolean;
	v_who text;
	v_refused text;
	v_text text;
	v_note jsonb := '{}';
	v_plan jsonb;
	v_returned record;
	v_barred text := (SELECT r.reason
		FROM voiceagent_private.may_ring(v_tenant, v_number.forward_to_number, 'forward') r LIMIT 1);
	c_reject CONSTANT jsonb := '{"kind": "reject", "reason": "busy"}';
BEGIN
	SELECT * INTO v_account FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = provider_account;
	-- A call without a target is not to be tried again.
	IF v_number.phone_number_id IS NULL OR v_number.state <> 'ready' OR NOT v_number.is_active OR NOT v_account.active
		OR NOT (SELECT t.active FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant) THEN
		RETURN CASE WHEN v_number.phone_number_id IS NULL THEN '{"kind": "reject", "reason": "unallocated"}'
			ELSE c_reject || '{"not_taken": "not_ready"}' END;
	END IF;
	-- A caller whom the number refuses may still stop our calls.
	v_refused := CASE WHEN v_number.in_hours IS DISTINCT FROM 'stop_line'
		THEN voiceagent_private.refuses_caller(v_number, from_number, answer_incoming.call) END;
	IF v_refused IS NOT NULL THEN
		RETURN c_reject || jsonb_build_object('refused', v_refused);
	-- Calls of both directions, but for this one, which may be noted already, or not yet.
	ELSIF v_account.max_concurrent_calls <= (SELECT count(*) FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = v_tenant AND l.provider_account_id = provider_account)
		-- No other index has the order.
		+ (SELECT count(*) FROM (SELECT FROM voiceagent.call_inbound i
			WHERE i.tenant_id = v_tenant AND i.provider_account_id = provider_account
				AND i.ended_at IS NULL AND i.started_at > voiceagent.clock() - voiceagent_private.longest_incoming()
				AND (answer_incoming.call IS NULL OR i.provider_call_id <> answer_incoming.call)
			ORDER BY i.started_at OFFSET 0 /* by the index of its order */) i) THEN
		RETURN c_reject || '{"not_taken": "lines"}';
	ELSIF v_number.in_hours = 'stop_line' THEN
		-- In the language in which the caller was called.
		RETURN voiceagent_private.stop_line(v_number, v_account, (voiceagent_private.version_that_answers(
			(voiceagent_private.returned_call(v_number, from_number)).assistant_id)).spoken, from_number,
			answer_incoming.call);
	END IF;
	v_returned := voiceagent_private.returned_call(v_number, from_number);
	v_number.ai_assistant_id := v_returned.assistant_id;
	v_note := jsonb_strip_nulls(jsonb_build_object('campaign_id', v_returned.campaign_id));
	v_answering := voiceagent_private.version_that_answers(v_number.ai_assistant_id);
	v_spoken := v_answering.spoken;
	v_open := voiceagent_private.is_open(v_number, voiceagent.clock());
	v_who := CASE WHEN v_barred IS NULL THEN voiceagent_private.who_answers(v_number, v_open)
		ELSE voiceagent_private.answers_instead(v_number, v_open) END;
	v_number.forward_to_number := CASE WHEN v_barred IS NULL THEN v_number.forward_to_number END;
	IF v_who = 'assistant' AND v_number.calls_per_day <= (SELECT count(*) FROM (SELECT FROM voiceagent.call_inbound i
			WHERE i.tenant_id = v_tenant AND i.phone_number_id = v_number.phone_number_id
				AND i.started_at >= date_trunc('day', voiceagent.clock(), v_number.timezone)
				AND i.answer IN ('converse', 'stream')
				AND (answer_incoming.call IS NULL OR i.provider_call_id <> answer_incoming.call)
			ORDER BY i.started_at LIMIT v_number.calls_per_day) i) THEN
		v_who := CASE WHEN v_number.forward_to_number IS NOT NULL THEN 'forward' ELSE 'message' END;
		v_note := v_note || '{"refused": "calls_per_day"}';
	END IF;
	-- Without a version that may be heard, any words of the number's are better than none.
	v_text := CASE WHEN v_who = 'assistant' THEN coalesce(v_number.greeting_message,
			voiceagent_private.spoken_text(v_spoken.first_message, '{}'),
			CASE WHEN v_answering.withheld IS NOT NULL THEN v_number.after_hours_message END)
		WHEN v_who = 'message' THEN CASE WHEN v_open AND NOT v_note ? 'refused'
			THEN coalesce(v_number.greeting_message, v_number.after_hours_message)
			ELSE coalesce(v_number.after_hours_message, v_number.greeting_message) END
		WHEN v_open THEN v_number.greeting_message ELSE v_number.after_hours_message END;
	v_text := voiceagent_private.pronounced(coalesce(v_text, CASE WHEN v_barred IS NOT NULL
		THEN voiceagent_private.spoken_words('nobody', v_spoken.language) END), coalesce(v_spoken.settings, '{}'));
	IF voiceagent_private.plays_instead(v_account.provider, v_text) THEN
		v_text := NULL;
		v_note := v_note || '{"unsaid": true}';
	END IF;
	v_note := v_note || jsonb_strip_nulls(jsonb_build_object('withheld', v_answering.withheld, 'barred', v_barred));
	v_plan := CASE v_who WHEN 'assistant'
			THEN voiceagent_private.assistant_plan(v_number, v_account, v_spoken, from_number,
				answer_incoming.call)
		WHEN 'forward' THEN jsonb_build_object('kind', 'forward', 'text', v_text)
		WHEN 'reject' THEN c_reject END;
	-- A conversation was meant, and a person has it.
	IF v_plan IS NULL AND v_who = 'assistant' AND v_spoken.assistant_id IS NULL
		AND v_number.forward_to_number IS NOT NULL THEN
		v_plan := jsonb_build_object('kind', 'forward', 'text', v_number.greeting_message);
	ELSIF v_plan IS NULL AND v_text IS NOT NULL THEN
		v_plan := jsonb_build_object('kind', 'say', 'text', v_text);
	ELSIF v_plan IS NULL AND v_number.forward_to_number IS NOT NULL AND (v_open OR v_who = 'assistant') THEN
		v_plan := jsonb_build_object('kind', 'forward');
	END IF;
	v_plan := coalesce(v_plan, c_reject);
	IF v_plan ->> 'kind' = 'reject' THEN
		RETURN v_plan || '{"not_taken": "unanswered"}' || v_note;
	ELSIF v_plan ->> 'kind' = 'forward' THEN
		v_plan := v_plan
			|| jsonb_build_object('forward_to', v_number.forward_to_number, 'caller_id', v_number.phone_number);
	END IF;
	v_plan := jsonb_strip_nulls(v_plan || v_note || jsonb_build_object('language', v_spoken.language,
		'voice', coalesce(v_number.ai_voice_id, v_plan ->> 'voice', v_account.settings ->> 'voice'),
		'max_duration_s', voiceagent_private.longest_call_s(voiceagent_private.setting_interval('max_call_duration'),
			-- A person to whom the call is forwarded is no assistant.
			CASE WHEN v_plan ->> 'kind' <> 'forward' THEN v_spoken.settings END)));
	IF v_who <> 'assistant' OR v_plan ->> 'kind' = 'forward'
		OR v_number.ring_office_seconds IS NULL OR v_number.forward_to_number IS NULL
		-- By night the office is empty, unless the number says otherwise.
		OR NOT v_open AND v_number.after_hours IS NULL THEN
		RETURN v_plan;
	END IF;
	-- The number may have come to an account of another carrier.
	RETURN CASE WHEN voiceagent_private.driver_can(v_account.provider, 'ring_first')
		THEN jsonb_build_object('kind', 'forward', 'forward_to', v_number.forward_to_number,
			'caller_id', v_number.phone_number, 'ring_timeout_s', v_number.ring_office_seconds, 'goes_on', true,
			'max_duration_s', voiceagent_private.longest_call_s(
				voiceagent_private.setting_interval('max_call_duration'), NULL), 'then', v_plan)
			-- Events tell why the assistant is not heard as it is now.
			|| jsonb_strip_nulls(jsonb_build_object('withheld', v_plan -> 'withheld', 'unsaid', v_plan -> 'unsaid'))
		ELSE v_plan || '{"unrung": true}' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.answer_incoming(bigint, text, text, text) IS
	E'Decides a call from from_number to to_number at an account of the current tenant, as answer_plan() '
	'gives it.\n'
	'call: the carrier''s id of it, so that it takes no line from itself. reject has a reason: unallocated (the '
	'number is none of the account''s) or busy; refused: why the caller, or the assistant, is; unsaid: a recording '
	'for calls of ours would be played in place of the words.';
