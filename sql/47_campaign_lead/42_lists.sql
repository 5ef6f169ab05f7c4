-- 47_campaign_lead: a campaign that is bound by the law does not start on a national do-not-call list that is missing
-- or too old.

CREATE FUNCTION voiceagent_private.require_fresh_dnc_lists(campaign_id bigint, at timestamptz) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
	v_days numeric;
BEGIN
	-- The dial judges by the same.
	FOR v IN SELECT left(j.region, 2) AS country, t.list_max_age AS max_age, d.published_at,
			array_agg(j.region) AS jurisdictions
		FROM (SELECT DISTINCT l.region FROM voiceagent_private.lanes l
			WHERE l.tenant_id = v_tenant AND l.campaign_id = require_fresh_dnc_lists.campaign_id) j
		CROSS JOIN LATERAL voiceagent_private.terms_of(j.region, at) t
		LEFT JOIN LATERAL (SELECT min(n.published_at) AS published_at FROM voiceagent.national_dnc_lists n
			WHERE n.country = left(j.region, 2) AND n.edition IS NOT NULL) d ON true
		-- Where every call needs a consent, no lead is dialled for which the list would count.
		WHERE t.list_max_age IS NOT NULL AND NOT coalesce(t.require_consent, false)
			AND (d.published_at IS NULL OR d.published_at < at - t.list_max_age)
		GROUP BY 1, 2, 3 ORDER BY 1, 2
	LOOP
		-- A recorded consent makes the list unnecessary.
		PERFORM FROM voiceagent_private.lanes l
		JOIN voiceagent_private.call_queue q ON q.tenant_id = v_tenant AND q.lane_id = l.lane_id
		WHERE l.tenant_id = v_tenant AND l.campaign_id = require_fresh_dnc_lists.campaign_id
			AND l.region = ANY (v.jurisdictions)
			AND (SELECT true FROM voiceagent.consents s
				WHERE s.tenant_id = v_tenant AND s.lead_id BETWEEN q.lead_id AND q.lead_id
				AND s.kind = 'call' AND s.revoked_at IS NULL ORDER BY s.lead_id LIMIT 1) IS NULL LIMIT 1;
		IF FOUND THEN
			v_days := floor(extract(epoch FROM v.max_age) / 86400);
			RAISE EXCEPTION '%', CASE
				WHEN v.published_at IS NULL THEN format('no national do-not-call list of %s is in force', v.country)
				ELSE format('the national do-not-call list of %s is older than %s days', v.country, v_days) END
				USING ERRCODE = 'PT409',
					DETAIL = format('The law asks for one of at most %s days where leads without a recorded consent '
						'are to be called.', v_days),
					HINT = 'Ask the platform to load the current edition, with begin_dnc_list().';
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_fresh_dnc_lists(bigint, timestamptz) IS
	'Raises PT409 if a lead waits in a campaign of the current tenant, and the national do-not-call list that alone '
	'could clear it is missing or too old.';
