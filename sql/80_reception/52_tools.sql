-- 80_reception: the other tools, and the effects of each tool.

CREATE FUNCTION voiceagent_private.tool_find_knowledge(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_found text[];
	v_says real;
	c_passages CONSTANT integer := 2;
	c_characters CONSTANT integer := 600;
BEGIN
	IF context.assistant_id IS NOT NULL THEN
		-- The words of a document are data: they must neither end the quotation nor be read as a variable.
		SELECT array_agg(voiceagent_private.quote_knowledge(left(regexp_replace(
			concat_ws(': ', nullif(k.heading, ''), k.body), '\s+', ' ', 'g'), c_characters)) ORDER BY k.score DESC),
			-- How many of the words the best passage says, for list_gaps().
			max(voiceagent_private.says_of(context.language, arguments ->> 'question', k.heading || ' ' || k.body))
		INTO v_found, v_says
		FROM voiceagent.find_knowledge(context.assistant_id, arguments ->> 'question', c_passages) k;
	END IF;
	RETURN voiceagent_private.tool_done(context, CASE WHEN v_found IS NULL THEN 'unknown_answer' ELSE 'knowledge' END,
		ARRAY[array_to_string(v_found, ' / ')], jsonb_build_object('text', v_found[1], 'says', v_says));
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_find_knowledge(voiceagent_private.tool_context, jsonb) IS
	'The tool find_knowledge: the two best passages of the assistant''s own documents, clipped and quoted.';

CREATE FUNCTION voiceagent_private.tool_take_message(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- The task follows by the job; whom it is to answer is known now.
	IF num_nonnulls(nullif(btrim(arguments ->> 'phone'), ''), context.phone, context.lead_id) = 0 THEN
		RETURN voiceagent_private.tool_error(context, 'contact');
	ELSIF voiceagent_private.tasks_used_up(context.call_id) IS NOT NULL THEN
		RETURN voiceagent_private.tool_error(context, 'full');
	END IF;
	RETURN voiceagent_private.tool_done(context, 'message', made => '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_take_message(voiceagent_private.tool_context, jsonb) IS
	'The tool take_message: a task for the tenant''s people, which follows.';

CREATE FUNCTION voiceagent_private.tool_make_offer(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_amount text := replace(arguments ->> 'amount', ',', '');
	v_currency text := upper(btrim(arguments ->> 'currency'));
	v_listing voiceagent.listings := voiceagent_private.listing_told(context, arguments);
BEGIN
	-- Where none is named, that of the price is meant, or of the country.
	v_currency := coalesce(nullif(v_currency, ''),
		jsonb_path_query_first(voiceagent_private.schema_of((v_listing).profile),
			'$[*] ? (@.name == "price" && @.unit != "").unit') #>> '{}',
		jsonb_path_query_first(voiceagent_private.shipped_profile('services', voiceagent_private.setting_text(
			'default_country')), '$[*] ? (@.name == "price").unit') #>> '{}');
	IF v_amount !~ '^[0-9]{1,15}(\.[0-9]{1,2}0*)?$' OR v_amount::numeric = 0
		OR (v_currency ~ '^[A-Z]{3}$') IS NOT TRUE THEN
		RETURN voiceagent_private.tool_error(context, 'amount');
	ELSIF context.phone IS NULL AND context.lead_id IS NULL THEN
		RETURN voiceagent_private.tool_error(context, 'contact');
	ELSIF btrim(arguments ->> 'listing') <> '' AND v_listing.listing_id IS NULL THEN
		RETURN voiceagent_private.tool_error(context, 'no_listing');
	ELSIF voiceagent_private.tasks_used_up(context.call_id) IS NOT NULL THEN
		RETURN voiceagent_private.tool_error(context, 'full');
	END IF;
	RETURN voiceagent_private.tool_done(context, 'offer', ARRAY[trim_scale(v_amount::numeric) || ' ' || v_currency],
		made => voiceagent_private.made_for(v_listing) || jsonb_build_object('currency', v_currency));
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_make_offer(voiceagent_private.tool_context, jsonb) IS
	'The tool make_offer: an offer and its task, which follow.';

CREATE FUNCTION voiceagent_private.place_to_call_back(context voiceagent_private.tool_context, OUT phone text,
	OUT timezones text[], OUT jurisdiction text, OUT provider text, OUT settings jsonb)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	SELECT l.phone, l.timezones, voiceagent_private.jurisdiction(l.country, l.region)
	INTO phone, timezones, jurisdiction FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.lead_id = (place_to_call_back.context).lead_id;
	IF NOT FOUND THEN
		-- As the lead that it becomes.
		SELECT n.phone, p.timezones, voiceagent_private.jurisdiction(n.country, p.place)
		INTO phone, timezones, jurisdiction FROM voiceagent_private.parse_phone((context).phone) n
		CROSS JOIN LATERAL voiceagent_private.place_of(n.timezones, n.region, n.country, NULL, NULL) p
		WHERE n.verdict = 'ok';
	END IF;
	provider := coalesce((SELECT a.provider FROM voiceagent.calls c
		JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = c.provider_account_id
		WHERE c.tenant_id = v_tenant AND c.call_id = (context).call_id), '');
	-- By the version that is in force: its hours are those of the dial.
	settings := (SELECT v.settings FROM voiceagent.calls c
		JOIN voiceagent.campaigns g ON g.tenant_id = v_tenant AND g.campaign_id = c.campaign_id
		JOIN voiceagent.campaign_versions v ON v.tenant_id = v_tenant AND v.campaign_id = g.campaign_id
			AND v.version = g.version
		WHERE c.tenant_id = v_tenant AND c.call_id = (context).call_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.place_to_call_back(voiceagent_private.tool_context) IS
	'The number by which the person of a call would be called back, NULL: none; its place, the carrier, and the '
	'settings of its campaign (NULL: there is none).';

CREATE FUNCTION voiceagent_private.tool_call_back(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_words text := btrim(arguments ->> 'when');
	v_place record := voiceagent_private.place_to_call_back(context);
	v_told text := voiceagent_private.told_number(arguments ->> 'phone');
	-- No dial of ours goes to a number that was only dictated: a person calls it.
	v_made jsonb := CASE WHEN v_told <> coalesce(v_place.phone, '') THEN jsonb_build_object('phone', v_told)
		ELSE '{}' END;
	v_at timestamptz;
	v_opens timestamptz;
BEGIN
	v_place.phone := coalesce(v_told, v_place.phone);
	IF v_made <> '{}' AND voiceagent_private.tasks_used_up(context.call_id) IS NOT NULL THEN
		RETURN voiceagent_private.tool_error(context, 'full');
	ELSIF v_place.phone IS NULL THEN
		RETURN voiceagent_private.tool_error(context, 'contact');
	ELSIF EXISTS (SELECT FROM voiceagent_private.may_ring(voiceagent.current_tenant(), v_place.phone, 'call_back')) THEN
		RETURN voiceagent_private.tool_error(context, 'no_call_back');
	ELSIF coalesce(v_words, '') = '' THEN
		RETURN voiceagent_private.tool_done(context, 'call_back_soon', made => v_made);
	END IF;
	-- By the clock of the person that is called, not by the calendar's.
	context.zone := coalesce(v_place.timezones[1], context.zone);
	v_at := voiceagent_private.tool_time(context, v_words);
	IF v_at IS NULL OR NOT isfinite(v_at) OR v_at > context.at + interval '30 days' THEN
		RETURN voiceagent_private.tool_error(context, 'when');
	ELSIF voiceagent_private.time_lacks(context, v_words, true) IS NOT NULL THEN
		RETURN voiceagent_private.tool_error(context, voiceagent_private.time_lacks(context, v_words, true));
	END IF;
	v_at := greatest(v_at, context.at);
	v_opens := voiceagent_private.next_hour_to_call(v_place.timezones, v_place.jurisdiction, v_place.provider, v_at,
		v_place.settings);
	IF NOT isfinite(v_opens) THEN
		RETURN voiceagent_private.tool_error(context, 'no_call_back');
	END IF;
	RETURN voiceagent_private.tool_done(context,
		-- A part of the day means its first hour that will do.
		CASE WHEN v_opens > v_at AND voiceagent_private.time_lacks(context, v_words, false) IS NULL
			THEN 'call_back_later' ELSE 'call_back' END,
		ARRAY[voiceagent_private.slot_words(v_opens, context.zone, context.language)],
		voiceagent_private.times_data(context, v_opens), v_made || jsonb_build_object('at', v_opens));
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_call_back(voiceagent_private.tool_context, jsonb) IS
	E'The tool call_back: a call back within 30 days, which follows when the call is over.\n'
	'Never at a time, or to a number, that no dial may have; a day without an hour is asked for.';

CREATE FUNCTION voiceagent_private.tool_opt_out(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF context.phone IS NULL THEN
		RETURN voiceagent_private.tool_error(context, 'contact');
	END IF;
	-- At once, and with the call that it came from; the queues follow, and no dial passes the list.
	-- The job tells of an incoming call, with what it does for the lead.
	IF voiceagent_private.list_refusals(ARRAY[context.phone], 'asked in a call not to be called again', 'call',
			context.at, ARRAY[context.call_id]) <> '{}' AND context.direction <> 'inbound' THEN
		PERFORM voiceagent_private.log_event('lead_opted_out', NULL, context.call_id, context.lead_id,
			jsonb_build_object('phone', context.phone, 'source', 'call'));
	END IF;
	RETURN voiceagent_private.tool_done(context, 'opt_out', made => '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_opt_out(voiceagent_private.tool_context, jsonb) IS
	'The tool opt_out: the number of the call is on the tenant''s do-not-call list when it answers; what else that '
	'means for its lead follows.';

CREATE FUNCTION voiceagent_private.follow_tool(used voiceagent.call_tools) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_words jsonb := (used).arguments;
	v_email text;
	v_task bigint;
BEGIN
	CASE (used).tool
	WHEN 'take_message' THEN
		RETURN jsonb_build_object('task_id', voiceagent.take_message(v_words ->> 'message', v_words ->> 'name',
			v_words ->> 'phone', call_id => (used).call_id));
	WHEN 'make_offer' THEN
		RETURN jsonb_build_object('offer_id', voiceagent.make_offer(replace(v_words ->> 'amount', ',', '')::numeric,
			(used).made ->> 'currency', v_words ->> 'contingencies', v_words ->> 'subject', v_words ->> 'name',
			call_id => (used).call_id, listing_id => (SELECT l.listing_id FROM voiceagent.listings l
				WHERE l.tenant_id = (used).tenant_id AND l.listing_id = ((used).made ->> 'listing_id')::bigint)));
	WHEN 'send_information' THEN
		v_email := nullif(btrim((used).arguments ->> 'email'), '');
		v_task := voiceagent.create_task('information', format('Send "%s" to %s.', (used).arguments ->> 'what',
				CASE WHEN voiceagent_private.parse_yes(v_words -> 'by_text') THEN 'the number of the call, as a text'
				ELSE coalesce(v_email || ' (the address that the assistant understood)',
					'the address of the lead') END),
			call_id => (used).call_id, name => (used).arguments ->> 'name');
		INSERT INTO voiceagent_private.information_asked (tenant_id, task_id, due_at)
		VALUES ((used).tenant_id, v_task, voiceagent.clock());
		PERFORM voiceagent_private.request_job('send_information', voiceagent.clock());
		RETURN jsonb_build_object('task_id', v_task);
	WHEN 'prove_identity', 'check_code' THEN
		IF (used).made ? 'locked' THEN
			PERFORM voiceagent_private.lock_tenant(false);
			PERFORM voiceagent_private.leave_task('other', 'Somebody failed three times within a day to prove to be '
				'this person, and no proof is taken for a day. Find out who it was.', (used).call_id, owed => true);
		END IF;
	WHEN 'opt_out' THEN
		PERFORM voiceagent.report_call((used).call_id, structured_data => '{"do_not_call": true}');
	WHEN 'book', 'call_back' THEN
		IF (used).made ? 'phone' THEN
			RETURN jsonb_build_object('task_id', voiceagent.create_task('call_back',
				'Asked to be called at this number.', ((used).made ->> 'at')::timestamptz, call_id => (used).call_id,
				name => v_words ->> 'name', phone => (used).made ->> 'phone'));
		END IF;
		-- The end of the call reads this; if that end ran at the same time as the tool, it counts as a late report.
		PERFORM voiceagent.report_call((used).call_id, structured_data => t.told)
		FROM voiceagent.calls c
		CROSS JOIN LATERAL voiceagent_private.tools_told(c.tenant_id, c.call_id) AS t(told)
		WHERE c.tenant_id = (used).tenant_id AND c.call_id = (used).call_id AND c.direction <> 'inbound'
			AND c.outcome IS NOT NULL AND NOT coalesce(c.structured_data, '{}') @> t.told;
	ELSE
	END CASE;
	RETURN '{}';
END
$$;
COMMENT ON FUNCTION voiceagent_private.follow_tool(voiceagent.call_tools) IS
	E'Follows up a tool that was used in a call of the current tenant, and returns what it made: a task, an offer, an '
	'opt-out of all numbers.\n'
	'Bookings and calls back are read when the call is over (tools_told()).';
