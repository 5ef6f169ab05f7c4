/*
 * 50_queue: the rules that few places have (law_terms.special): consent that
 * ends, the series of numbers that may call, the opt-out said at the very
 * beginning, numbers that must be checked.  Only a claim, a preview and a start
 * for such a place come here.
 */

CREATE TYPE voiceagent_private.judged_special AS (
	why text,
	said text,
	consent_id bigint
);
COMMENT ON TYPE voiceagent_private.judged_special IS
	'Why a number is not called by such rules (NULL: it may be), what the proof says about them, and the consent that '
	'holds by them (NULL: none).';

CREATE FUNCTION voiceagent_private.may_call_with(special jsonb, phone text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN NOT EXISTS (SELECT FROM jsonb_array_elements(special -> 'caller_prefixes') AS l(list)
		WHERE NOT EXISTS (SELECT FROM jsonb_array_elements_text(l.list) AS p(prefix)
			WHERE starts_with(coalesce(phone, ''), regexp_replace(p.prefix, '^.*:', ''))));
COMMENT ON FUNCTION voiceagent_private.may_call_with(jsonb, text) IS
	'Whether a caller''s number (NULL: unknown) is of every series that law_terms.special names; special_for() leaves '
	'those of a campaign''s purpose.';

CREATE FUNCTION voiceagent_private.special_for(special jsonb, campaign_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_purpose text;
BEGIN
	IF ((special -> 'caller_prefixes')::text LIKE '%:+%') IS NOT TRUE AND (special ? 'number_check') IS NOT TRUE THEN
		RETURN special;
	END IF;
	-- A campaign that does not say what it is for sells: that is the stricter series.
	v_purpose := coalesce((SELECT voiceagent_private.recall_settings(c.campaign_id, c.version) ->> 'call_purpose'
		FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = special_for.campaign_id), 'promotional');
	IF v_purpose <> 'promotional' THEN
		special := special - 'number_check';
	END IF;
	RETURN coalesce(jsonb_set(special, '{caller_prefixes}', (SELECT jsonb_agg(coalesce((
			SELECT jsonb_agg(regexp_replace(p.prefix, '^.*:', '') ORDER BY p.prefix)
			FROM jsonb_array_elements_text(l.list) AS p(prefix)
			WHERE p.prefix LIKE '+%' OR p.prefix LIKE v_purpose || ':%'), '[]'))
		FROM jsonb_array_elements(special -> 'caller_prefixes') AS l(list))), special);
END
$$;
COMMENT ON FUNCTION voiceagent_private.special_for(jsonb, bigint) IS
	'law_terms.special as it binds a campaign of the current tenant: of series that are for one purpose those of its '
	'own (setting call_purpose), and a check of numbers only where it sells.';

-- Digits and keys count only behind a verb: "press 9", "appuyez sur {{opt_out_key}}".
CREATE FUNCTION voiceagent_private.says_opt_out_first(words text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(substring(words from '^[^.!?]*[.!?]*[^.!?]*') ~* ('(\mstop\M|opt[ -]?out|unsubscribe|no more calls'
		'|(not|n''t) (want|wish|be called|call)|remove (you|me|your)'
		'|\m(press|pulse|oprima|marque|prema|appuyez sur|drücken sie( jederzeit)?( die)?)\s+[0-9*#{]'
		'|no desea|no recibir|no quiere|plus être appelé|plus (recevoir )?d''appel|ne souhaitez (plus|pas)'
		'|keine (weiteren )?anrufe|nicht (mehr|wieder) an(ge)?rufen|non (desidera|vuole)|più (chiamat|richiamat))'),
		false);
COMMENT ON FUNCTION voiceagent_private.says_opt_out_first(text) IS
	'Whether the first two sentences of a message say how to stop the calls (en, de, es, fr, it).';

CREATE FUNCTION voiceagent_private.special_fault(campaign_id bigint, account bigint, assistant bigint, version integer,
	special jsonb, at timestamptz) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_callers text[];
BEGIN
	IF special ? 'caller_prefixes' THEN
		special := voiceagent_private.special_for(special, special_fault.campaign_id);
		v_callers := ARRAY(SELECT c.phone
			FROM unnest(voiceagent_private.list_callers(special_fault.campaign_id, account, 0, at)) c);
		IF cardinality(v_callers) = 0 THEN
			v_callers := ARRAY(SELECT coalesce(n.phone_number, a.settings ->> 'from_number',
					a.settings ->> 'caller_id', '')
				FROM voiceagent.provider_accounts a
				LEFT JOIN LATERAL voiceagent_private.own_caller(v_tenant, a.provider_account_id, a.settings) o ON true
				LEFT JOIN voiceagent.phone_numbers n ON n.tenant_id = v_tenant
					AND n.phone_number_id = o.phone_number_id
				-- A rehearsal calls from no number.
				WHERE a.tenant_id = v_tenant AND a.provider_account_id = account AND a.provider <> 'sandbox');
		END IF;
		IF cardinality(v_callers) > 0 AND NOT EXISTS (SELECT FROM unnest(v_callers) AS c(phone)
				WHERE voiceagent_private.may_call_with(special, c.phone)) THEN
			RETURN format('the law wants a caller''s number that begins with %s',
				(SELECT string_agg(l.prefixes, ', and with ') FROM (SELECT (SELECT string_agg(p.prefix, ' or '
					ORDER BY p.prefix) FROM jsonb_array_elements_text(e.list) AS p(prefix)) AS prefixes
					FROM jsonb_array_elements(special -> 'caller_prefixes') AS e(list)) l));
		END IF;
	END IF;
	IF special ? 'opt_out_first' AND EXISTS (SELECT FROM voiceagent.assistant_versions v
			WHERE v.tenant_id = v_tenant AND v.assistant_id = assistant AND v.version = special_fault.version
				AND v.settings ->> 'discloses' = 'true'
				AND NOT voiceagent_private.says_opt_out_first(v.first_message)) THEN
		RETURN 'the law wants the first sentences to say how to stop the calls: the first message does not';
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.special_fault(bigint, bigint, bigint, integer, jsonb, timestamptz) IS
	'Why a campaign of the current tenant, dialling through this account by this version of an assistant, does not '
	'call where law_terms.special holds: no number of its pool (or of the account) is of the series, or the opt-out '
	'is not said first; NULL: it may.';

CREATE FUNCTION voiceagent_private.check_special(terms voiceagent_private.law_terms, campaign_id bigint, lead_id bigint,
	phone text, account bigint, assistant bigint, version integer, at timestamptz)
	RETURNS voiceagent_private.judged_special
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_judged voiceagent_private.judged_special;
	v_consent record := voiceagent_private.consent_within(lead_id, phone, voiceagent_private.consent_valid(terms),
		greatest(at, voiceagent.clock()));
BEGIN
	v_judged.consent_id := v_consent.consent_id;
	v_judged.why :=
		voiceagent_private.special_fault(campaign_id, account, assistant, version, terms.special, at);
	v_judged.said := nullif(concat_ws(', ', CASE WHEN terms.special ? 'consent_valid' AND v_consent.ends_at IS NOT NULL
			THEN format('the consent ends at %s', v_consent.ends_at) END,
		CASE WHEN terms.special ? 'caller_prefixes' THEN 'the caller''s number is of a series that may call there' END,
		CASE WHEN terms.special ? 'opt_out_first' THEN 'how to stop the calls is said first' END), '');
	RETURN v_judged;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_special(voiceagent_private.law_terms, bigint, bigint, text, bigint, bigint,
	integer, timestamptz) IS
	'Applies the rules in law_terms.special to a dial of a lead at this number, with the consent that holds by them.';

CREATE FUNCTION voiceagent_private.require_special(version voiceagent.campaign_versions, at timestamptz,
	regions text[] DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v record;
BEGIN
	IF NOT version.lawful THEN
		RETURN;
	END IF;
	-- A campaign of several countries starts for those where its numbers may call; what it says, it says everywhere.
	SELECT min(f.why) AS why, string_agg(n.region, ', ' ORDER BY n.region) FILTER (WHERE f.why IS NOT NULL) AS places,
		bool_and(f.why IS NOT NULL) OR bool_or(f.why LIKE '%first message%') AS refused
	INTO v
	FROM unnest(voiceagent_private.regions_of(version.campaign_id, regions)) AS n(region)
	JOIN voiceagent.campaigns c ON c.tenant_id = version.tenant_id AND c.campaign_id = version.campaign_id
	CROSS JOIN LATERAL (SELECT (voiceagent_private.terms_of(n.region, at)).special AS special OFFSET 0) t
	CROSS JOIN LATERAL (SELECT CASE WHEN t.special IS NOT NULL THEN voiceagent_private.special_fault(c.campaign_id,
		c.provider_account_id, (version.settings ->> 'assistant_id')::bigint, version.assistant_version, t.special,
		at) END AS why OFFSET 0) f;
	PERFORM voiceagent_private.fail_if(v.refused, 'PT422', v.why, format('It does so in: %s.', left(v.places, 500)),
		'preview_campaign() says how many leads that keeps out.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_special(voiceagent.campaign_versions, timestamptz, text[]) IS
	'PT422 when a campaign that is about to start may call in none of the places of its leads by the rules in '
	'law_terms.special, or its first message lacks what one of them wants said first.';

CREATE FUNCTION voiceagent_private.consents_ending(lead_ids bigint[], at timestamptz) RETURNS text
	LANGUAGE sql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	WITH lead AS MATERIALIZED (
		SELECT l.lead_id, l.phone, l.place FROM unnest(lead_ids) AS i(id)
		CROSS JOIN LATERAL (SELECT d.lead_id, d.phone::text,
				voiceagent_private.jurisdiction(d.country, d.region) AS place
			FROM voiceagent.leads d
			WHERE d.tenant_id = voiceagent.current_tenant() AND d.lead_id = i.id OFFSET 0) l
	), valid AS MATERIALIZED (
		SELECT p.place,
			voiceagent_private.consent_valid(voiceagent_private.terms_of(p.place, consents_ending.at)) AS valid
		FROM (SELECT DISTINCT l.place FROM lead l) p
	)
	SELECT format('the consent of %s ends within 30 days, the first on %s: without a new one %s not called',
		CASE count(*) WHEN 1 THEN '1 lead' ELSE count(*) || ' leads' END,
		to_char(min(s.ends_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD'),
		CASE count(*) WHEN 1 THEN 'it is' ELSE 'they are' END)
	FROM lead l JOIN valid v ON v.place = l.place AND v.valid IS NOT NULL
	CROSS JOIN LATERAL voiceagent_private.consent_within(l.lead_id, l.phone, v.valid, consents_ending.at) s
	WHERE s.ends_at <= consents_ending.at + interval '30 days' HAVING count(*) > 0
$$;
COMMENT ON FUNCTION voiceagent_private.consents_ending(bigint[], timestamptz) IS
	'How many of these leads of the current tenant have a consent that ends within 30 days by the law of their place, '
	'in words; no row: none.';
