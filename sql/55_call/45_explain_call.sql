-- 55_call: the proof of a call in words.

CREATE FUNCTION voiceagent_private.describe_caps(e voiceagent.eligibility) RETURNS text LANGUAGE sql STABLE
	RETURN coalesce('Before it the number had had ' || nullif(concat_ws(', ',
			CASE WHEN (e).cap_day IS NOT NULL THEN
				format('%s of %s calls on its local day', (e).dials_day, (e).cap_day) END,
			CASE WHEN (e).cap_24h IS NOT NULL THEN format('%s of %s calls in 24 hours', (e).dials_24h, (e).cap_24h) END,
			CASE WHEN (e).cap_lifetime IS NOT NULL THEN
				format('%s of %s calls ever', (e).dials_lifetime, (e).cap_lifetime) END, (e).call_windows), '') || '.',
		'No cap on the calls of a number applied.');
COMMENT ON FUNCTION voiceagent_private.describe_caps(voiceagent.eligibility) IS
	'A proof''s words on the caps of its number.';

CREATE FUNCTION voiceagent_private.describe_dnc_lists(e voiceagent.eligibility) RETURNS text LANGUAGE sql STABLE
	RETURN 'Not on the do-not-call lists of the platform, the tenant or the campaign, nor in a blocked area code'
		|| CASE
			WHEN NOT (e).lawful THEN '; no national list holds for a rehearsal.'
			WHEN (e).consent_id IS NOT NULL THEN '; no national list holds for who agreed to be called.'
			WHEN (e).list_as_of IS NULL THEN ', nor on a national list.'
			ELSE format(', nor on a national list, which was %s old%s.',
				CASE extract(day FROM (e).checked_at - (e).list_as_of) WHEN 1 THEN '1 day'
					ELSE format('%s days', extract(day FROM (e).checked_at - (e).list_as_of)::integer) END,
				coalesce(' (at most ' || (e).list_max_age || ')', '')) END;
COMMENT ON FUNCTION voiceagent_private.describe_dnc_lists(voiceagent.eligibility) IS
	'A proof''s words on do-not-call lists.';

CREATE FUNCTION voiceagent_private.describe_consent(e voiceagent.eligibility) RETURNS text LANGUAGE sql STABLE
	RETURN CASE WHEN (e).consent_id IS NULL THEN 'No consent was required, and none is recorded.' ELSE (
		SELECT format('Consent %s%s, %s.%s', (e).consent_id,
			CASE WHEN s.consent_id IS NOT NULL THEN
				format(' of %s (%s)%s', (s.granted_at AT TIME ZONE 'UTC')::date, s.source,
					', revoked since, at ' || s.revoked_at) END,
			CASE WHEN (e).consent_required THEN 'which was required' ELSE 'which was not required' END,
			-- From a lead that was called nothing else takes one.
			CASE WHEN s.consent_id IS NULL THEN
				' It went with the person whose number it was: the receipt of that erasure has its digest.' END)
		FROM (VALUES ((e).tenant_id, (e).consent_id)) AS p(tenant_id, consent_id)
		LEFT JOIN voiceagent.consents s ON s.tenant_id = p.tenant_id AND s.consent_id = p.consent_id) END;
COMMENT ON FUNCTION voiceagent_private.describe_consent(voiceagent.eligibility) IS 'A proof''s words on consent.';

CREATE FUNCTION voiceagent_private.describe_asked(call voiceagent.calls) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.consents;
BEGIN
	IF NOT coalesce((SELECT (w.settings ->> 'ask_to_record')::boolean FROM voiceagent.campaign_versions w
			WHERE w.tenant_id = call.tenant_id AND w.campaign_id = call.campaign_id
				AND w.version = call.campaign_version), false) THEN
		RETURN NULL;
	END IF;
	SELECT c.* INTO v FROM voiceagent.consents c WHERE c.tenant_id = call.tenant_id AND c.lead_id = call.lead_id
		AND c.kind IN ('recording', 'played_recording') AND c.call_id = call.call_id ORDER BY c.consent_id DESC LIMIT 1;
	RETURN CASE WHEN v.consent_id IS NULL THEN 'Not recorded: asked, the person gave no clear answer.'
		ELSE format('%s: asked, the person said "%s"%s.', CASE WHEN v.revoked_at = v.granted_at THEN 'Not recorded'
			WHEN EXISTS (SELECT FROM voiceagent.provider_requests r WHERE r.tenant_id = call.tenant_id
				AND r.call_id = call.call_id AND r.kind = 'record' AND r.state <> 'failed')
			THEN 'Recorded from the yes on'
			ELSE 'Not recorded, because the carrier cannot begin in a call' END, left(v.quote, 200),
			' at second ' || v.said_at_s) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.describe_asked(voiceagent.calls) IS
	'The answer to the question whether a call that was not recorded from its start may be (ask_to_record); NULL: the '
	'question was not due.';

CREATE FUNCTION voiceagent_private.explain_inbound(call voiceagent.calls) RETURNS TABLE (rule text, detail text)
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT x.rule, x.detail
	FROM voiceagent.call_inbound i
	CROSS JOIN LATERAL (VALUES
		(1, 'call', format('From %s to %s, at %s.', coalesce(i.from_number, 'a withheld number'),
			coalesce(i.to_number, 'an unknown number'), i.started_at)),
		(2, 'lead', CASE WHEN (call).lead_id IS NOT NULL THEN format('The caller was lead %s.', (call).lead_id)
			ELSE 'The caller was no lead, or several leads had its number.' END
			|| CASE WHEN i.plan ? 'ambiguous' THEN ' Other leads have its number, so it heard nothing of the lead.'
				ELSE '' END),
		(3, 'number', CASE WHEN i.phone_number_id IS NULL THEN 'The number called was none of the tenant''s.'
			ELSE format('Number %s was called.', i.phone_number_id) END),
		(4, 'answer', CASE WHEN i.answer IS NULL THEN 'The carrier was told nothing by us.'
			ELSE concat_ws(': ', CASE i.answer WHEN 'converse' THEN 'The assistant answered'
			WHEN 'forward' THEN 'Put through' WHEN 'say' THEN 'Said, then hung up' WHEN 'reject' THEN 'Not taken'
			WHEN 'stream' THEN CASE WHEN i.plan ? 'assistant_id' THEN 'The assistant answered, and voiceagent held the '
				'call' ELSE 'Connected to the tenant''s bot' END
			WHEN 'rehearsed' THEN 'Rehearsed: caller and assistant were played' ELSE i.answer END,
			coalesce(i.plan ->> 'reason', i.plan ->> 'forward_to', i.plan ->> 'text'))
				|| '.' || coalesce((SELECT format(' Its answers are by %s.', string_agg(DISTINCT CASE t.mind
					WHEN 'embedded' THEN 'the embedded talker' ELSE t.mind END, ' and '))
					FROM voiceagent.events e
					CROSS JOIN LATERAL jsonb_to_recordset(e.event_data -> 'turns') AS t(mind text)
					WHERE e.tenant_id = (call).tenant_id AND e.call_id = (call).call_id
						AND e.event_type IN ('call_reported', 'media_ended')
					HAVING count(t.mind) > 0), '')
				|| CASE coalesce(i.plan ->> 'refused', i.plan ->> 'not_taken')
					WHEN 'blocked' THEN ' The caller is blocked.'
					WHEN 'not_ready' THEN ' The number, its account or the tenant was not ready, or switched off.'
					WHEN 'lines' THEN ' All lines of the account were taken.'
					WHEN 'unanswered' THEN ' Nobody answers there at that time: no assistant, words or number.'
					WHEN 'not_known' THEN ' The number takes known callers only.'
					WHEN 'calls_per_caller' THEN ' The caller had all its calls of the day.'
					WHEN 'calls_per_day' THEN ' The assistant had all its calls of the day.' ELSE '' END
				|| CASE WHEN i.plan ? 'then' THEN format(' When nobody takes it for %s seconds, the assistant answers.',
						i.plan ->> 'ring_timeout_s')
					WHEN i.plan ? 'office' THEN format(' The office (%s) rang first, for %s seconds at most; nobody '
						'took it.', i.plan ->> 'office', i.plan ->> 'rang_s')
					WHEN i.plan ? 'unrung' THEN ' The carrier could not ring the office first.' ELSE '' END
				|| coalesce(' Nobody was rung: forward_to_number ' || (i.plan ->> 'barred') || '.', '')
				|| CASE WHEN i.plan ? 'withheld'
					THEN format(' Not by the assistant as it is now: %s.', i.plan ->> 'withheld')
					ELSE '' END END),
		-- The carrier has spoken only if the call was answered.
		(5, 'disclosure', CASE WHEN jsonb_array_length(i.plan -> 'disclosures') > 0 THEN
			format(CASE WHEN i.plan ->> 'assistant_discloses' = 'true' THEN 'Left to the assistant''s own first '
					'message, as its setting discloses says: %s.'
				WHEN i.answered THEN 'Said first: %s.' ELSE 'To be said first, if the call is answered: %s.' END,
			(SELECT string_agg(d, ', ') FROM jsonb_array_elements_text(i.plan -> 'disclosures') d)) END),
		(6, 'end', CASE WHEN (call).outcome IS NULL THEN format('The call is not over: %s.', (call).status)
			ELSE format('%s, outcome %s%s, at %s.', (call).status, (call).outcome,
				coalesce(', because of ' || (call).cause, ''), (call).ended_at) END)
		) AS x(ord, rule, detail)
	WHERE i.tenant_id = (call).tenant_id AND i.call_id = (call).call_id AND x.detail IS NOT NULL ORDER BY x.ord
$$;
COMMENT ON FUNCTION voiceagent_private.explain_inbound(voiceagent.calls) IS
	'The course of an incoming call, and why, in words; as explain_call() gives it.';

CREATE FUNCTION voiceagent.explain_call(call_id bigint) RETURNS TABLE (rule text, detail text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.calls;
	v_proof voiceagent.eligibility;
	v_hold numeric;
BEGIN
	SELECT * INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = explain_call.call_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such call', NULL,
		'View calls lists the calls of the tenant.');
	IF v_call.direction = 'inbound' THEN
		RETURN QUERY SELECT x.rule, x.detail FROM voiceagent_private.explain_inbound(v_call) x;
		RETURN;
	END IF;
	SELECT e.* INTO v_proof FROM voiceagent.eligibility e WHERE e.tenant_id = v_tenant AND e.call_id = v_call.call_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'the call has no proof',
		format('It is %s.', v_call.direction));
	v_hold :=
		(SELECT h.amount FROM voiceagent.credit_holds h WHERE h.tenant_id = v_tenant AND h.hold_id = v_proof.hold_id);
	RETURN QUERY
	SELECT x.rule, x.detail FROM (VALUES
		(1, 'dial', format('Dial %s of at most %s of lead %s in campaign %s (version %s), on its number %s, %s, '
			'at %s.', v_proof.attempt_number,
			v_proof.attempt_limit, v_call.lead_id, v_call.campaign_id, v_proof.campaign_version, v_proof.number,
			v_call.phone, v_proof.checked_at)),
		(2, 'law', CASE WHEN v_proof.lawful THEN
			format('The law of %s applied.', coalesce(nullif(v_proof.jurisdiction, ''), 'an unknown place'))
			ELSE 'A rehearsal: no law applied.' END),
		(3, 'window', concat_ws(' ', format('Open from %s to %s', v_proof.window_opens_at, v_proof.window_closes_at)
				|| coalesce('; it was ' || (SELECT string_agg(format('%s in %s',
					to_char(v_proof.checked_at AT TIME ZONE z.zone, 'Dy HH24:MI'), z.zone), ', ' ORDER BY z.ord)
					FROM unnest(v_proof.timezones) WITH ORDINALITY AS z(zone, ord)), '')
					|| '.', CASE WHEN v_proof.lawful THEN 'The law of that day: '
						|| voiceagent_private.describe_law(v_proof.jurisdiction, 'hours', v_proof.checked_at,
							v_proof.timezones) || '.' END)),
		(4, 'calls of the number', voiceagent_private.describe_caps(v_proof)),
		(5, 'do_not_call', voiceagent_private.describe_dnc_lists(v_proof)),
		(6, 'consent', voiceagent_private.describe_consent(v_proof)
			|| coalesce(' Besides: ' || v_proof.special || '.', '')),
		(7, 'ringing', 'Up to ' || extract(epoch FROM v_proof.ring_timeout)::integer || ' seconds'
			|| coalesce(', at least ' || extract(epoch FROM v_proof.min_ring)::integer || ' by law', '') || '.'),
		(8, 'disclosure', CASE WHEN cardinality(v_proof.disclosures) = 0 THEN 'Nothing had to be said.'
			WHEN v_proof.assistant_discloses THEN
				format('Said by the assistant''s own first message, as its setting discloses says: %s.',
					array_to_string(v_proof.disclosures, ', '))
			ELSE format('%s (%s): "%s"', CASE WHEN v_call.answered_at IS NULL
					AND v_call.status IN ('initiated', 'ringing', 'busy', 'no_answer', 'failed')
				THEN 'To be said first, if the call is answered' ELSE 'Said first' END,
				array_to_string(v_proof.disclosures, ', '), v_proof.disclosure)
				|| CASE WHEN v_call.answered_at IS NULL THEN '' WHEN v_proof.opening_ms IS NULL
					THEN ' Composed, not measured.' ELSE ' Measured: ' || (SELECT string_agg(d.kind || ' '
						|| coalesce(round(d.ms / 1000.0, 1) || ' s', 'not said'), ', ' ORDER BY d.place)
					FROM unnest(v_proof.disclosures, v_proof.opening_ms) WITH ORDINALITY AS d(kind, ms, place))
						|| '.' END END
			|| coalesce(' The key ' || v_proof.opt_out_key || ' stops the calls.', '')),
		(9, 'recording', CASE WHEN v_proof.recorded IS NULL THEN NULL
			WHEN NOT v_proof.recorded AND voiceagent_private.describe_asked(v_call) IS NOT NULL
				THEN voiceagent_private.describe_asked(v_call)
			WHEN NOT v_proof.recorded THEN 'Not recorded.'
				|| CASE WHEN EXISTS (SELECT FROM voiceagent.campaign_versions w
					WHERE w.tenant_id = v_tenant AND w.campaign_id = v_call.campaign_id
						AND w.version = v_proof.campaign_version AND (w.settings ->> 'record_calls')::boolean
						AND (w.settings ->> 'announce_recording')::boolean)
					THEN ' The lead had not agreed to be recorded.' ELSE '' END
			WHEN 'recording' = ANY (v_proof.disclosures) THEN 'Recorded, and said so.' ELSE 'Recorded.' END),
		(10, 'lines', format('%s of %s calls were live.', v_proof.live_calls, v_proof.call_limit)),
		(11, 'caller', (SELECT format('Called with %s, %s.', n.phone_number,
			CASE WHEN EXISTS (SELECT FROM voiceagent.campaign_numbers m
				WHERE m.tenant_id = v_tenant AND m.campaign_id = v_call.campaign_id
					AND m.phone_number_id = n.phone_number_id)
					THEN 'of the campaign''s pool' ELSE 'the account''s own number' END)
			FROM voiceagent.attempts a JOIN voiceagent.phone_numbers n ON n.tenant_id = v_tenant
				AND n.phone_number_id = a.phone_number_id
			WHERE a.tenant_id = v_tenant AND a.attempt_id = v_proof.attempt_id)),
		(12, 'credits', format('%s were held, the longest call''s.', trim_scale(v_hold))),
		(13, 'carrier', (SELECT CASE WHEN a.state = 'sending' THEN 'Has not answered the dial.'
			ELSE format('The dial is %s%s.', a.state,
				coalesce(': ' || nullif(concat_ws(', ', 'HTTP status ' || a.http_status, a.error), ''), '')) END
			FROM voiceagent.attempts a WHERE a.tenant_id = v_tenant AND a.attempt_id = v_proof.attempt_id)),
		(14, 'end', CASE WHEN v_call.outcome IS NULL THEN format('The call is not over: %s.', v_call.status)
			ELSE format('%s, outcome %s%s, at %s.', v_call.status, v_call.outcome,
				coalesce(', because of ' || v_call.cause, ''), v_call.ended_at) END
			|| CASE WHEN v_proof.lawful AND v_call.machine = 'voicemail' AND v_call.message_left_at IS NULL AND EXISTS (
					SELECT FROM voiceagent.campaign_versions w WHERE w.tenant_id = v_tenant
						AND w.campaign_id = v_call.campaign_id AND w.version = v_proof.campaign_version
						AND w.settings ->> 'machine_detection' = 'message' AND voiceagent_private.machine_words(
							voiceagent_private.terms_of(v_proof.jurisdiction, v_proof.checked_at, v_proof.timezones),
							NULL, NULL, w.settings, NULL) = '')
				THEN ' No message was left: the law wants a toll-free number said (caller_toll_free).'
				ELSE '' END)
		) AS x(ord, rule, detail)
	WHERE x.detail IS NOT NULL ORDER BY x.ord;
END
$$;
COMMENT ON FUNCTION voiceagent.explain_call(bigint) IS
	E'Why a call was allowed, rule by rule, in words, from its proof, and what came of it.\n'
	'Rules: dial, law, window, calls of the number, do_not_call, consent, ringing, disclosure, recording, lines, '
	'caller, credits, carrier, end; an incoming call has call, lead, number, answer, disclosure, end. It raises PT404 '
	'for a call that the tenant does not have.';
