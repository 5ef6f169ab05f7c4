/*
 * 47_campaign_lead: putting numbers, and beginnings of numbers, on the layers of
 * do-not-call, and taking them off.  Whoever waits for a dial leaves the queues
 * in the same commit.  Locks as everywhere (10_tenant/25_lock.sql): the tenant,
 * pacing rows, queue rows, leads, at last the campaigns that have no lead left;
 * of several tenants in order of their ids.
 */

CREATE FUNCTION voiceagent_private.move_on(lead_ids bigint[], only_campaign bigint DEFAULT NULL) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaigns bigint[];
	v_campaign bigint;
	v_leads bigint[];
	v_lawful boolean;
	v record;
	c_piece CONSTANT integer := 500;
BEGIN
	v_campaigns := ARRAY(SELECT DISTINCT c.campaign_id FROM unnest(lead_ids) AS i(id)
		CROSS JOIN LATERAL (SELECT c.campaign_id FROM voiceagent.campaign_leads c
			WHERE c.tenant_id = v_tenant AND c.lead_id = i.id AND c.status IN ('queued', 'retry')
				AND (only_campaign IS NULL OR c.campaign_id = only_campaign) OFFSET 0) c ORDER BY c.campaign_id);
	IF cardinality(v_campaigns) > 0 THEN
		PERFORM voiceagent_private.lock_law(false);
	END IF;
	FOREACH v_campaign IN ARRAY v_campaigns LOOP
		PERFORM FROM voiceagent_private.lanes n WHERE n.tenant_id = v_tenant AND n.campaign_id = v_campaign
		ORDER BY n.lane_id FOR NO KEY UPDATE;
		v_lawful := (SELECT w.lawful FROM voiceagent.campaigns c JOIN voiceagent.campaign_versions w
				ON w.tenant_id = v_tenant AND w.campaign_id = c.campaign_id AND w.version = c.version
			WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign);
		-- In pieces: enqueue() is made for the calls that end together.
		FOR v_from IN 1..cardinality(lead_ids) BY c_piece LOOP
			v_leads := lead_ids[v_from:v_from + c_piece - 1];
			-- A lead that is being claimed is dialled, or keeps the number that the claim has checked:
			-- the claim sees the list.
			PERFORM FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = v_tenant AND q.campaign_id = v_campaign AND q.lead_id = ANY (v_leads)
			ORDER BY q.lead_id FOR UPDATE;
			WITH waiting AS MATERIALIZED (
				SELECT q.lead_id, q.number, q.not_before, q.priority, q.reason, y.layer,
					voiceagent_private.other_number(v_campaign, q.lead_id, q.number) AS next
				FROM voiceagent_private.call_queue q
				CROSS JOIN LATERAL voiceagent_private.dial_places(ARRAY[q.lead_id], ARRAY[q.number]) d
				CROSS JOIN LATERAL (SELECT y.layer
					FROM voiceagent_private.do_not_call_layers(v_tenant, d.phone, v_campaign, v_lawful) y
					WHERE y.layer <> 'national' LIMIT 1) y
				WHERE q.tenant_id = v_tenant AND q.campaign_id = v_campaign AND q.lead_id = ANY (v_leads)
			), gone AS (
				DELETE FROM voiceagent_private.call_queue q USING waiting w
				WHERE q.tenant_id = v_tenant AND q.campaign_id = v_campaign AND q.lead_id = w.lead_id
			), skipped AS (
				UPDATE voiceagent.campaign_leads c
				SET status = 'skipped', reason = voiceagent_private.do_not_call_reason(w.layer)
				FROM waiting w
				WHERE w.next IS NULL AND c.tenant_id = v_tenant AND c.campaign_id = v_campaign AND c.lead_id = w.lead_id
			)
			SELECT array_agg(w.lead_id) AS leads, array_agg(w.not_before) AS times, array_agg(w.priority) AS priorities,
				array_agg(w.reason) AS reasons, array_agg(w.next) AS numbers
			INTO v FROM waiting w WHERE w.next IS NOT NULL;
			PERFORM voiceagent_private.give_up_leads(array_agg(c.campaign_id), array_agg(c.lead_id))
			FROM voiceagent.campaign_leads c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign AND c.lead_id = ANY (v_leads)
				AND c.status = 'skipped' HAVING count(*) > 0;
			IF v.leads IS NOT NULL THEN
				PERFORM voiceagent_private.enqueue(v_campaign, v.leads, v.times, v.priorities, v.reasons, v.numbers);
			END IF;
		END LOOP;
	END LOOP;
	RETURN v_campaigns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.move_on(bigint[], bigint) IS
	E'Leads with several numbers, of which one has just been listed: those that wait in a queue (only_campaign: of '
	'that one) for a number that must not be called wait for their next that may be, or are skipped with the layer '
	'as the reason if there is none.\n'
	'Returns the campaigns in which they waited: the caller completes, last, those that have no lead left.';

CREATE FUNCTION voiceagent_private.unqueue_numbers(first_phone text, before_phone text, layer text,
	only_campaign bigint DEFAULT NULL)
	RETURNS bigint LANGUAGE plpgsql VOLATILE SET planner.policy = in_order AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_leads bigint[];
	v_several bigint[];
	v_campaigns bigint[];
	v_moved bigint[];
BEGIN
	PERFORM voiceagent_private.lock_tenant(true);
	-- In the order of numbers, which their index alone has: mostly it is one number, and the planner takes it for many.
	SELECT array_agg(l.lead_id) FILTER (WHERE NOT l.has_others), array_agg(l.lead_id) FILTER (WHERE l.has_others)
	INTO v_leads, v_several
	FROM (SELECT l.lead_id, EXISTS (SELECT FROM voiceagent.lead_numbers n
		WHERE n.tenant_id = v_tenant AND n.lead_id = l.lead_id OFFSET 0) AS has_others
		FROM (SELECT l.lead_id FROM voiceagent.leads l
			WHERE l.tenant_id = v_tenant AND l.phone >= first_phone AND l.phone < before_phone
			ORDER BY l.phone OFFSET 0 /* by the index of its order */) l) l;
	v_leads := coalesce(v_leads, '{}');
	v_several := ARRAY(SELECT n.lead_id FROM (SELECT n.lead_id FROM voiceagent.lead_numbers n
			WHERE n.tenant_id = v_tenant AND n.phone >= first_phone AND n.phone < before_phone
			ORDER BY n.phone OFFSET 0 /* by the index of its order */) n
		UNION
		SELECT i FROM unnest(v_several) i);
	PERFORM voiceagent_private.lock_waiting(v_leads || v_several);
	IF cardinality(v_several) > 0 THEN
		v_moved := voiceagent_private.move_on(v_several, only_campaign);
	END IF;
	-- One that has not begun judges its leads when it does: by then the layer may be lifted.
	v_campaigns :=
		voiceagent_private.unqueue_leads(v_leads, voiceagent_private.do_not_call_reason(layer), only_campaign, true);
	IF cardinality(v_campaigns || v_moved) > 0 THEN
		PERFORM voiceagent_private.complete_campaigns(v_campaigns || v_moved);
	END IF;
	RETURN cardinality(v_leads) + cardinality(v_several);
END
$$;
COMMENT ON FUNCTION voiceagent_private.unqueue_numbers(text, text, text, bigint) IS
	E'Takes the current tenant''s leads with numbers from first_phone to before before_phone out of the queues '
	'(only_campaign: of that one), with the layer as the reason; those with several numbers go on to their next that '
	'may be called.\n'
	'Live calls go on. The lead itself stays callable should the layer be lifted. Returns how many leads have such a '
	'number.';

CREATE FUNCTION voiceagent_private.stop_prefix(prefix text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_prefix text := regexp_replace(prefix, '[[:space:]().-]', '', 'g');
BEGIN
	PERFORM voiceagent_private.fail_if(v_prefix IS NULL OR v_prefix !~ '^\+[1-9][0-9]{0,7}$', 'PT422',
		format('"%s" is not the beginning of numbers', left(coalesce(prefix, ''), 60)), NULL,
		'Write + and 1 to 8 digits, the calling code first, such as +1900.');
	RETURN v_prefix;
END
$$;
COMMENT ON FUNCTION voiceagent_private.stop_prefix(text) IS
	'+ and 1 to 8 digits, of a prefix as people write it; PT422 otherwise.';

CREATE FUNCTION voiceagent_private.stop_reason(reason text, what text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(voiceagent_private.short_reason(reason) IS NULL, 'PT422', 'no reason given',
		NULL, format('Say why %s; the audit log keeps it.', what));
	RETURN btrim(reason);
END
$$;
COMMENT ON FUNCTION voiceagent_private.stop_reason(text, text) IS
	'The reason without white space around it; PT422, with what it is for, if there is none.';

CREATE FUNCTION voiceagent.block_prefix(prefix text, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_prefix text := voiceagent_private.stop_prefix(prefix);
	v_reason text := voiceagent_private.stop_reason(reason, 'these numbers must not be called');
BEGIN
	INSERT INTO voiceagent.do_not_call_prefixes (tenant_id, prefix, reason, created_at)
	VALUES (v_tenant, v_prefix, v_reason, voiceagent.clock()) ON CONFLICT DO NOTHING;
	IF FOUND THEN
		PERFORM voiceagent_private.audit('block_prefix', v_prefix, NULL, jsonb_build_object('reason', v_reason));
	END IF;
	PERFORM voiceagent_private.unqueue_numbers(v_prefix, v_prefix || ':', 'area_code');
END
$$;
COMMENT ON FUNCTION voiceagent.block_prefix(text, text) IS
	E'Never calls numbers that begin so (an area code such as +1900, a country such as +44; + and 1 to 8 digits): '
	'they leave every queue in the same commit.\n'
	'Calls that are live go on. Calling it again changes nothing. PT422 for no prefix or no reason.';

CREATE FUNCTION voiceagent.allow_prefix(prefix text, reason text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_prefix text := voiceagent_private.stop_prefix(prefix);
	v_reason text := voiceagent_private.stop_reason(reason, 'these numbers may be called again');
	v_old text;
BEGIN
	DELETE FROM voiceagent.do_not_call_prefixes p WHERE p.tenant_id = v_tenant AND p.prefix = v_prefix
	RETURNING p.reason INTO v_old;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.audit('allow_prefix', v_prefix, jsonb_build_object('reason', v_old),
		jsonb_build_object('reason', v_reason));
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent.allow_prefix(text, text) IS
	E'Takes back block_prefix() for exactly this prefix, with the reason, which the audit log keeps.\n'
	'Leads come back to no queue by themselves. True if it was blocked. For owners. PT422 for no prefix or no reason.';

CREATE FUNCTION voiceagent.campaign_do_not_call(campaign_id bigint, phone text, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_phone text := voiceagent_private.stop_number(phone, voiceagent_private.setting_text('default_country'));
	v_reason text := coalesce(voiceagent_private.short_reason(reason), 'asked not to be called for this campaign');
BEGIN
	PERFORM FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_do_not_call.campaign_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such campaign');
	PERFORM voiceagent_private.fail_if(v_phone IS NULL, 'PT422', 'no phone number');
	INSERT INTO voiceagent.campaign_do_not_call_list (tenant_id, campaign_id, phone, reason, created_at)
	SELECT v_tenant, campaign_do_not_call.campaign_id, s, v_reason, voiceagent.clock()
	FROM unnest(voiceagent_private.spellings(v_phone)) s ON CONFLICT DO NOTHING;
	IF FOUND THEN
		PERFORM voiceagent_private.audit('campaign_do_not_call', v_phone, NULL,
			jsonb_build_object('campaign_id', campaign_do_not_call.campaign_id, 'reason', v_reason));
	END IF;
	PERFORM voiceagent_private.unqueue_numbers(s, s || '!', 'campaign', campaign_do_not_call.campaign_id)
	FROM unnest(voiceagent_private.spellings(v_phone)) s;
END
$$;
COMMENT ON FUNCTION voiceagent.campaign_do_not_call(bigint, text, text) IS
	E'Never calls this number in this campaign; other campaigns may.\n'
	'It leaves the campaign''s queue in the same commit. Calling it again changes nothing. PT404, PT422 if it is no '
	'phone number.';

CREATE FUNCTION voiceagent.campaign_allow_call(campaign_id bigint, phone text, reason text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_phone text := voiceagent_private.stop_number(phone, voiceagent_private.setting_text('default_country'));
	v_reason text := voiceagent_private.stop_reason(reason, 'the number may be called again');
	v_old text;
BEGIN
	PERFORM FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_allow_call.campaign_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such campaign');
	WITH gone AS (DELETE FROM voiceagent.campaign_do_not_call_list d
		WHERE d.tenant_id = v_tenant AND d.campaign_id = campaign_allow_call.campaign_id
			AND d.phone = ANY (voiceagent_private.spellings(v_phone)) RETURNING d.reason)
	SELECT g.reason INTO v_old FROM gone g LIMIT 1;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.audit('campaign_allow_call', v_phone,
		jsonb_build_object('campaign_id', campaign_allow_call.campaign_id, 'reason', v_old),
		jsonb_build_object('reason', v_reason));
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent.campaign_allow_call(bigint, text, text) IS
	E'Takes back campaign_do_not_call(), with the reason, which the audit log keeps.\n'
	'True if the number was listed. For owners. PT404, PT422 for no phone number or no reason.';

-- The platform's.

CREATE FUNCTION voiceagent_private.platform_list_number(entry text, is_prefix boolean, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_reason text := voiceagent_private.stop_reason(reason, 'no tenant may call it');
	v_entries text[] := CASE WHEN is_prefix THEN ARRAY[entry] ELSE voiceagent_private.spellings(entry) END;
	v_was bigint;
	v_tenant bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(entry IS NULL, 'PT422', 'no phone number');
	INSERT INTO voiceagent_private.platform_do_not_call_list (entry, is_prefix, reason, created_at)
	SELECT s, platform_list_number.is_prefix, v_reason, voiceagent.clock() FROM unnest(v_entries) s
	ON CONFLICT DO NOTHING;
	IF FOUND THEN
		PERFORM voiceagent_private.audit('platform_do_not_call', entry, NULL, jsonb_build_object('reason', v_reason));
	END IF;
	v_was := voiceagent_private.set_tenant(0);
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d ORDER BY d.tenant_id LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		-- The first text that begins with none of the prefix's numbers: ':' comes after '9'.
		PERFORM voiceagent_private.unqueue_numbers(s, s || CASE WHEN is_prefix THEN ':' ELSE '!' END, 'platform')
		FROM unnest(v_entries) s;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent_private.platform_list_number(text, boolean, text) IS
	'Lists a number, or a prefix, for all tenants; audited.';

CREATE FUNCTION voiceagent_private.platform_unlist_number(entry text, is_prefix boolean, reason text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_reason text := voiceagent_private.stop_reason(reason, 'it may be called again');
	v_entries text[] := CASE WHEN is_prefix THEN ARRAY[entry] ELSE voiceagent_private.spellings(entry) END;
	v_old text;
BEGIN
	WITH gone AS (DELETE FROM voiceagent_private.platform_do_not_call_list s
		WHERE s.entry = ANY (v_entries) AND s.is_prefix = platform_unlist_number.is_prefix RETURNING s.reason)
	SELECT g.reason INTO v_old FROM gone g LIMIT 1;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.audit('platform_allow_call', entry, jsonb_build_object('reason', v_old),
		jsonb_build_object('reason', v_reason));
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.platform_unlist_number(text, boolean, text) IS
	E'Takes platform_list_number() back; audited.\n'
	'True if it was listed.';

CREATE FUNCTION voiceagent.platform_do_not_call(phone text, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('block a number for all tenants');
	PERFORM voiceagent_private.platform_list_number(voiceagent_private.stop_number(phone,
		voiceagent_private.platform_setting('default_country')), false, reason);
END
$$;
COMMENT ON FUNCTION voiceagent.platform_do_not_call(text, text) IS
	E'No tenant calls this number any more, and it leaves all queues in the same commit.\n'
	'Tenants see that the platform blocks it, not why. '
	'For the platform (42501); PT422 for no phone number or no reason.';

CREATE FUNCTION voiceagent.platform_allow_call(phone text, reason text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('allow a number for all tenants');
	RETURN voiceagent_private.platform_unlist_number(voiceagent_private.stop_number(phone,
		voiceagent_private.platform_setting('default_country')), false, reason);
END
$$;
COMMENT ON FUNCTION voiceagent.platform_allow_call(text, text) IS
	E'Takes back platform_do_not_call(), with the reason, which the platform''s audit log keeps.\n'
	'True if the number was listed. For the platform (42501); PT422.';

CREATE FUNCTION voiceagent.platform_block_prefix(prefix text, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('block a prefix for all tenants');
	PERFORM voiceagent_private.platform_list_number(voiceagent_private.stop_prefix(prefix), true, reason);
END
$$;
COMMENT ON FUNCTION voiceagent.platform_block_prefix(text, text) IS
	E'No tenant calls numbers that begin so (+ and 1 to 8 digits) any more; they leave all '
	'queues in the same commit.\n'
	'For the platform (42501); PT422.';

CREATE FUNCTION voiceagent.platform_allow_prefix(prefix text, reason text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('allow a prefix for all tenants');
	RETURN voiceagent_private.platform_unlist_number(voiceagent_private.stop_prefix(prefix), true, reason);
END
$$;
COMMENT ON FUNCTION voiceagent.platform_allow_prefix(text, text) IS
	E'Takes back platform_block_prefix() for exactly this prefix.\n'
	'True if it was blocked. For the platform (42501); PT422.';

CREATE FUNCTION voiceagent.list_platform_do_not_call(after text DEFAULT '', max_rows integer DEFAULT 1000)
	RETURNS TABLE (entry text, is_prefix boolean, reason text, created_at timestamptz)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('read the platform''s do-not-call list');
	RETURN QUERY SELECT s.entry, s.is_prefix, s.reason, s.created_at FROM voiceagent_private.platform_do_not_call_list s
	WHERE s.entry > after ORDER BY s.entry, s.is_prefix LIMIT max_rows;
END
$$;
COMMENT ON FUNCTION voiceagent.list_platform_do_not_call(text, integer) IS
	E'Lists what the platform blocks for all tenants, in order, from the entry after `after`, at most max_rows.\n'
	'For the platform (42501).';

-- Questions.

CREATE FUNCTION voiceagent.do_not_call_status(phone text, campaign_id bigint DEFAULT NULL)
	RETURNS TABLE (layer text, reason text, since timestamptz)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_phone text := voiceagent_private.stop_number(phone, voiceagent_private.setting_text('default_country'));
BEGIN
	PERFORM voiceagent_private.fail_if(v_phone IS NULL, 'PT422', 'no phone number');
	IF do_not_call_status.campaign_id IS NOT NULL THEN
		PERFORM FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = do_not_call_status.campaign_id;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such campaign');
	END IF;
	RETURN QUERY
	SELECT y.layer, coalesce(d.reason, c.reason, a.reason,
		CASE y.layer WHEN 'platform' THEN 'blocked by the platform' ELSE n.names END),
		coalesce(d.created_at, c.created_at, a.created_at)
	FROM (SELECT DISTINCT v.layer
		FROM voiceagent_private.do_not_call_layers(v_tenant, v_phone, do_not_call_status.campaign_id, true) v) y
	LEFT JOIN voiceagent.do_not_call_list d ON y.layer IN ('tenant', 'held') AND d.tenant_id = v_tenant
		AND d.phone = v_phone
	LEFT JOIN voiceagent.campaign_do_not_call_list c ON y.layer = 'campaign' AND c.tenant_id = v_tenant
		AND c.campaign_id = do_not_call_status.campaign_id AND c.phone = v_phone
	LEFT JOIN LATERAL (SELECT p.reason, p.created_at FROM voiceagent.do_not_call_prefixes p
		WHERE y.layer = 'area_code' AND p.tenant_id = v_tenant
			AND p.prefix = ANY (voiceagent_private.prefixes_of(v_phone))
		ORDER BY p.prefix LIMIT 1) a ON true
	LEFT JOIN LATERAL (SELECT string_agg(l.name, ', ' ORDER BY l.name) AS names
		FROM voiceagent_private.dnc_list_blocks b
		JOIN voiceagent.national_dnc_lists l ON l.edition = b.edition
		WHERE y.layer = 'national' AND b.block = voiceagent_private.block_of(v_phone)
			AND voiceagent_private.block_has(b.bits, v_phone)) n ON true
	ORDER BY array_position(ARRAY['platform', 'tenant', 'held', 'campaign', 'area_code', 'national'], y.layer);
END
$$;
COMMENT ON FUNCTION voiceagent.do_not_call_status(text, bigint) IS
	E'Every layer of do-not-call that has this number, with the reason and since when: platform (which does not say '
	'why), tenant, held (an opt-out in doubt), campaign (of campaign_id), area_code, national (names the lists; it '
	'holds on real carriers, and not for a number with a recorded consent of kind call).\n'
	'No row: it may be called. PT404, PT422 if it is no phone number.';

-- Lifting one layer lifts none behind it.  A hold lets a callback pass that the lead's latest call, in doubt, promised.
CREATE FUNCTION voiceagent_private.stopping_layer(tenant_id bigint, campaign_id bigint, lead_id bigint, phone text,
	lawful boolean, consents boolean, callback boolean) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT y.layer FROM voiceagent_private.may_ring(stopping_layer.tenant_id, stopping_layer.phone, 'dial',
			stopping_layer.campaign_id, lawful) y
		WHERE NOT CASE y.layer WHEN 'national' THEN consents
			WHEN 'held' THEN callback AND EXISTS (SELECT FROM voiceagent.do_not_call_list d
				WHERE d.tenant_id = stopping_layer.tenant_id AND d.phone = stopping_layer.phone AND d.held
					AND d.call_id = (SELECT c.call_id FROM voiceagent.calls c
						WHERE c.tenant_id = stopping_layer.tenant_id AND c.lead_id = stopping_layer.lead_id
							AND c.campaign_id = stopping_layer.campaign_id AND c.outcome NOT IN ('canceled', 'failed')
						ORDER BY c.call_id DESC LIMIT 1)) ELSE false END LIMIT 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.stopping_layer(bigint, bigint, bigint, text, boolean, boolean, boolean) IS
	'The first do-not-call layer that stops a dial of a lead that consents, or that waits for a callback; NULL: none.';

/*
 * For a million leads at once: the lists are joined whole, and only those that
 * are not empty.  A national list is too long for that, so it is asked by key.
 * Results of these functions are made of constants, numbers and prefixes that
 * a CHECK has let in.
 */
CREATE FUNCTION voiceagent_private.layers_joins(campaign_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
BEGIN
	RETURN (SELECT coalesce(string_agg(
		format(' LEFT JOIN %s %s ON %s', y.list, y.alias, y.condition), '' ORDER BY y.nth), '')
	FROM (VALUES (1, 'voiceagent_private.platform_do_not_call_list', 'yp', 'yp.entry = d.phone AND NOT yp.is_prefix',
			EXISTS (SELECT FROM voiceagent_private.platform_do_not_call_list s WHERE NOT s.is_prefix)),
		(2, 'voiceagent.do_not_call_list',
			'yt', format('yt.tenant_id = %s AND yt.phone = d.phone', voiceagent.current_tenant()),
			EXISTS (SELECT FROM voiceagent.do_not_call_list t WHERE t.tenant_id = voiceagent.current_tenant())),
		(3, 'voiceagent.campaign_do_not_call_list', 'yc',
			format('yc.tenant_id = %s AND yc.campaign_id = %s AND yc.phone = d.phone', voiceagent.current_tenant(),
				layers_joins.campaign_id),
			EXISTS (SELECT FROM voiceagent.campaign_do_not_call_list c
				WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = layers_joins.campaign_id))
		) AS y(nth, list, alias, condition, used)
	WHERE y.used);
END
$$;
COMMENT ON FUNCTION voiceagent_private.layers_joins(bigint) IS
	'For statements over all leads of a campaign of the current tenant: joins to add to the FROM clause in '
	'which voiceagent.leads is d, as layers_case() needs them.';

-- Prefixes of one length are one hashed comparison.
CREATE FUNCTION voiceagent_private.layers_case(joins text, lawful boolean) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
BEGIN
	RETURN concat('CASE',
		CASE WHEN joins LIKE '% yp ON %' THEN ' WHEN yp.entry IS NOT NULL THEN ''platform''' END,
		(SELECT string_agg(
			format(' WHEN left(d.phone, %s) = ANY (%L::text[]) THEN ''platform''', p.digits, p.entries), '')
			FROM (SELECT length(s.entry) AS digits, array_agg(s.entry) AS entries
				FROM voiceagent_private.platform_do_not_call_list s
				WHERE s.is_prefix GROUP BY 1) p),
		' WHEN d.status = ''do_not_call''',
		CASE WHEN joins LIKE '% yt ON %' THEN ' OR NOT yt.held' END,
		' THEN ''tenant''', CASE WHEN joins LIKE '% yt ON %' THEN ' WHEN yt.held THEN ''held''' END,
		CASE WHEN joins LIKE '% yc ON %' THEN ' WHEN yc.phone IS NOT NULL THEN ''campaign''' END,
		(SELECT string_agg(
			format(' WHEN left(d.phone, %s) = ANY (%L::text[]) THEN ''area_code''', p.digits, p.entries), '')
			FROM (SELECT length(a.prefix) AS digits, array_agg(a.prefix) AS entries
				FROM voiceagent.do_not_call_prefixes a
				WHERE a.tenant_id = voiceagent.current_tenant() GROUP BY 1) p),
		CASE WHEN lawful THEN (SELECT format(' WHEN EXISTS (SELECT FROM voiceagent_private.dnc_list_blocks b
					WHERE b.block = voiceagent_private.block_of(d.phone) AND b.edition = ANY (%L::bigint[])
						AND voiceagent_private.block_has(b.bits, d.phone))
				AND (SELECT true FROM voiceagent.consents s WHERE s.tenant_id = d.tenant_id
					AND s.lead_id BETWEEN d.lead_id AND d.lead_id
					AND s.kind = ''call'' AND s.phone = d.phone AND s.revoked_at IS NULL
						ORDER BY s.lead_id LIMIT 1) IS NULL THEN ''national''', array_agg(n.edition))
			FROM voiceagent.national_dnc_lists n WHERE n.edition IS NOT NULL HAVING count(*) > 0) END,
		' END');
END
$$;
COMMENT ON FUNCTION voiceagent_private.layers_case(text, boolean) IS
	'An expression over voiceagent.leads as d with these joins, which are of layers_joins() and the same statement''s '
	'(a list that got its first entry since is not among them, and is not asked): the layer of do-not-call that '
	'forbids the lead''s first number (NULL: none), national only if lawful and without a consent for the number.';
