/*
 * 50_queue: answering machines.  The dial asks a carrier that can tell a machine
 * from a human to do so; the messages that a number gets in a day are counted.
 */

CREATE FUNCTION voiceagent_private.messages_left(phone text, timezones text[], at timestamptz,
	besides bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql STABLE SET planner.policy = in_order
	SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- In an order that only the number's index has: to statistics from before the first call, any other index looks
	-- as good.
	RETURN (SELECT count(*) FROM (SELECT o.call_id, o.message_left_at FROM voiceagent.calls o
			WHERE o.tenant_id = voiceagent.current_tenant() AND o.phone = messages_left.phone AND o.counts
				AND o.started_at > at - interval '2 days'
			ORDER BY o.lawful, o.started_at OFFSET 0 /* by the index of its order */) o
		WHERE o.call_id IS DISTINCT FROM besides AND o.message_left_at IS NOT NULL
			AND EXISTS (SELECT FROM unnest(timezones) AS z(zone)
				WHERE (o.message_left_at AT TIME ZONE z.zone)::date = (at AT TIME ZONE z.zone)::date));
END
$$;
COMMENT ON FUNCTION voiceagent_private.messages_left(text, text[], timestamptz, bigint) IS
	'Messages that calls of the current tenant, but for one of them, have left on the voicemail of a number on the '
	'date of an instant, in any of the zones.';

CREATE FUNCTION voiceagent_private.expect_machine(settings jsonb, INOUT assistant_settings jsonb, disclosure text,
	phone text, timezones text[], at timestamptz, OUT detection text)
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_message text := nullif(btrim(settings ->> 'voicemail_message'), '');
BEGIN
	-- A version that is older than the setting.
	detection := coalesce(settings ->> 'machine_detection', 'off');
	IF detection <> 'message' THEN
		RETURN;
	END IF;
	IF disclosure = '' OR voiceagent_private.messages_left(phone, timezones,
		at) >= voiceagent_private.setting_integer('voicemail_drops_per_day') THEN
		detection := 'detect';
		assistant_settings := assistant_settings - 'voicemail_message';
	ELSIF v_message IS NOT NULL THEN
		assistant_settings := coalesce(assistant_settings, '{}')
			|| jsonb_build_object('voicemail_message', concat_ws(' ', disclosure, v_message));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.expect_machine(jsonb, jsonb, text, text, text[], timestamptz) IS
	'How a dial expects machines, by its campaign''s settings: detection (off, detect, message; a number that has had '
	'its messages of the day gets no other), and the assistant''s settings with the message that is left behind a '
	'disclosure (empty: none may be).';

CREATE FUNCTION voiceagent_private.require_amd(campaign_id bigint, settings jsonb) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_no_speech_input text;
BEGIN
	IF coalesce(settings ->> 'machine_detection', 'off') = 'off' THEN
		RETURN;
	END IF;
	SELECT string_agg(DISTINCT voiceagent_private.driver_title(a.provider), ', ') INTO v_no_speech_input
	FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = voiceagent.current_tenant()
		AND a.provider_account_id = ANY (voiceagent_private.accounts_of_campaign(campaign_id))
		AND NOT (SELECT f.has_amd FROM voiceagent_private.driver_facts(a.provider) f);
	PERFORM voiceagent_private.fail_if(v_no_speech_input IS NOT NULL, 'PT422',
		format('%s cannot tell whether a machine answers', v_no_speech_input), NULL,
		'Set machine_detection to off for this campaign, or dial through another carrier.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_amd(bigint, jsonb) IS
	'PT422 when a campaign that is about to start asks who answers, and one of its carriers cannot tell.';

CREATE FUNCTION voiceagent_private.require_capable_carriers(version voiceagent.campaign_versions, at timestamptz,
	regions text[] DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM voiceagent_private.require_opt_out_channel(version, at, regions);
	PERFORM voiceagent_private.require_short_texts(version, at, regions);
	PERFORM voiceagent_private.require_amd(version.campaign_id, version.settings);
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_capable_carriers(voiceagent.campaign_versions, timestamptz, text[]) IS
	E'PT422 if one of a campaign''s carriers could not say or hear by this version what it has to.\n'
	'See require_opt_out_channel(), require_short_texts(), require_amd().';

CREATE FUNCTION voiceagent_private.require_sayable(campaign_id bigint, version integer) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_version voiceagent.campaign_versions;
BEGIN
	SELECT * INTO STRICT v_version FROM voiceagent.campaign_versions v
	WHERE v.tenant_id = voiceagent.current_tenant() AND v.campaign_id = require_sayable.campaign_id
		AND v.version = require_sayable.version;
	PERFORM voiceagent_private.require_caller_name(campaign_id, v_version, v_now);
	PERFORM voiceagent_private.require_special(v_version, v_now);
	PERFORM voiceagent_private.require_capable_carriers(v_version, v_now);
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_sayable(bigint, integer) IS
	'PT422 if what a campaign of the current tenant says by this version cannot be said where its lanes are, or by '
	'its carriers: require_caller_name(), require_capable_carriers().';

CREATE FUNCTION voiceagent_private.require_usable_accounts(campaign_ids bigint[]) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_version voiceagent.campaign_versions;
BEGIN
	FOR v_version IN
		SELECT v.* FROM voiceagent.campaigns c
		JOIN voiceagent.campaign_versions v ON v.tenant_id = c.tenant_id AND v.campaign_id = c.campaign_id
			AND v.version = c.version
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = ANY (campaign_ids)
			AND c.status IN ('running', 'scheduled')
		ORDER BY c.campaign_id
	LOOP
		PERFORM voiceagent_private.require_capable_carriers(v_version, voiceagent.clock());
		PERFORM voiceagent_private.require_caller_number(v_version.campaign_id);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_usable_accounts(bigint[]) IS
	E'After the carrier accounts of these campaigns of the current tenant, or what an account can do, have changed: '
	'require_capable_carriers() and require_caller_number() for those that run or are scheduled.\n'
	'The others are asked when they start, or go on.';
