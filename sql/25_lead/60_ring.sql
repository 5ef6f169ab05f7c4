/*
 * 25_lead: the law stands where a telephone rings.
 *
 * Every number that a carrier is asked to ring comes through may_ring(), when
 * it is sent: a dial in the claim, a transfer, an agent's telephone, the office
 * of a number.  require_ring() asks the same where a number is set, for an
 * early error.  Calling hours are the dials' alone: a person who takes calls
 * has hours of its own.
 */

CREATE TYPE voiceagent_private.ring_purpose AS ENUM ('dial', 'call_now', 'call_back', 'test', 'transfer', 'agent',
	'forward', 'office');
COMMENT ON TYPE voiceagent_private.ring_purpose IS
	'Why a number is rung: dial, call_now, call_back and test call somebody, the others put a call through.';

CREATE TABLE voiceagent.own_numbers (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	phone voiceagent.e164 NOT NULL,
	lead_id bigint NOT NULL,
	registered_by text NOT NULL,
	registered_at timestamptz NOT NULL,
	variables jsonb NOT NULL DEFAULT '{}',
	PRIMARY KEY (tenant_id, phone)
);
COMMENT ON TABLE voiceagent.own_numbers IS 'The tenant''s own telephones, which test_call() may ring.';
COMMENT ON COLUMN voiceagent.own_numbers.phone IS 'The number.';
COMMENT ON COLUMN voiceagent.own_numbers.lead_id IS 'The lead that stands for it, with its consent.';
COMMENT ON COLUMN voiceagent.own_numbers.registered_by IS 'Which owner said so, in words.';
COMMENT ON COLUMN voiceagent.own_numbers.registered_at IS 'When.';
COMMENT ON COLUMN voiceagent.own_numbers.variables IS
	'The variables that the latest test_call() gave the prompt: for its calls alone, never for the lead.';
SELECT voiceagent_private.guard_table('voiceagent.own_numbers', 'tenant');

-- Inlined, as do_not_call_layers() is.  A telephone that an owner registered before it came on the tenant's list is the
-- tenant's to ring with its own calls; whoever calls from it can say "stop calling" all the same.
CREATE FUNCTION voiceagent_private.may_ring(tenant_id bigint, number text, why voiceagent_private.ring_purpose,
	campaign_id bigint DEFAULT NULL, lawful boolean DEFAULT false) RETURNS TABLE (layer text, reason text)
	LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT k.layer, CASE k.layer WHEN 'platform' THEN 'is blocked by the platform'
		WHEN 'area_code' THEN 'has a blocked area code' WHEN 'held' THEN 'is held: an opt-out is in doubt'
		WHEN 'premium' THEN 'is a premium number' WHEN 'destination' THEN 'is none of transfer_destinations'
		ELSE 'is on the do-not-call list' END
	FROM (SELECT y.layer FROM voiceagent_private.do_not_call_layers(may_ring.tenant_id, may_ring.number,
			may_ring.campaign_id, may_ring.lawful) y
		WHERE may_ring.why IN ('dial', 'call_now', 'call_back', 'test') OR y.layer NOT IN ('tenant', 'held')
			OR NOT EXISTS (SELECT FROM voiceagent.own_numbers o
				JOIN voiceagent.do_not_call_list d ON d.tenant_id = o.tenant_id AND d.phone = o.phone
				WHERE o.tenant_id = may_ring.tenant_id AND o.phone = may_ring.number
					AND o.registered_at < d.created_at)
		UNION ALL
		SELECT 'premium' WHERE (voiceagent_private.parse_phone(may_ring.number)).type = 'premium_rate'
		UNION ALL
		SELECT 'destination' WHERE may_ring.why NOT IN ('dial', 'call_now', 'call_back', 'test')
			AND may_ring.number IS NOT NULL AND NOT (SELECT bool_and(btrim(l.list) = '' OR EXISTS (SELECT
				FROM regexp_split_to_table(l.list, '[ ,]+') AS p(start)
					WHERE p.start <> '' AND starts_with(may_ring.number, p.start)))
				FROM (VALUES (voiceagent_private.platform_setting('transfer_destinations')),
					(voiceagent_private.setting_text('transfer_destinations'))) AS l(list))) k
$$;
COMMENT ON FUNCTION voiceagent_private.may_ring(bigint, text, voiceagent_private.ring_purpose, bigint, boolean) IS
	E'The rule that forbids to ring an E.164 number (NULL: none) for a tenant, and the reason in words; no row: it '
	'may.\n'
	'The layers of do_not_call_layers(), then premium, and, for a call that is put through, destination '
	'(transfer_destinations). For such a call the tenant''s own list does not hold for an own telephone that was '
	'registered before it was listed.';

CREATE FUNCTION voiceagent_private.fail_held(phone text) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_hold voiceagent.do_not_call_list;
BEGIN
	SELECT d.* INTO v_hold FROM voiceagent.do_not_call_list d
	WHERE d.tenant_id = voiceagent.current_tenant() AND d.phone = fail_held.phone AND d.held;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT409', format('%s is held: an opt-out is in doubt', phone),
		format('Call %s: %s%s.', v_hold.call_id, v_hold.reason, coalesce(format(' ("%s")', v_hold.quote), '')),
		'release_holds() ends it, do_not_call() confirms it.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.fail_held(text) IS
	'PT409 for a number that the current tenant holds, with the call and the words in doubt.';

CREATE FUNCTION voiceagent_private.require_ring(number text, why voiceagent_private.ring_purpose) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
BEGIN
	SELECT r.layer, r.reason INTO v
	FROM voiceagent_private.may_ring(voiceagent.current_tenant(), require_ring.number, require_ring.why) r LIMIT 1;
	IF v.layer = 'held' THEN
		PERFORM voiceagent_private.fail_held(number);
	ELSIF v.layer IS NOT NULL THEN
		PERFORM voiceagent_private.fail(CASE v.layer WHEN 'destination' THEN 'PT422' ELSE 'PT409' END,
			format('%s %s', number, v.reason), NULL, CASE v.layer WHEN 'area_code' THEN 'allow_prefix() takes it off.'
				WHEN 'tenant' THEN 'allow_call() takes it off.'
				WHEN 'platform' THEN 'Only the platform takes it off.'
				WHEN 'premium' THEN 'Numbers that whoever calls pays dearly for are never rung.'
				ELSE 'See the setting transfer_destinations, the platform''s and your own.' END);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_ring(text, voiceagent_private.ring_purpose) IS
	E'PT409 with the reason and a hint for a number that may_ring() forbids the current tenant, PT422 for one outside '
	'of transfer_destinations; NULL is none.\n'
	'A lead''s number is asked for as a dial: a national list forbids only that, since a consent overrides it.';

CREATE FUNCTION voiceagent_private.ring_obstacle(request_data jsonb) RETURNS text
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT format('%s %s', n.number, r.reason)
	FROM (VALUES (request_data #>> '{answer,forward_to}'), (request_data ->> 'fallback_number')) AS n(number)
	CROSS JOIN LATERAL voiceagent_private.may_ring(voiceagent.current_tenant(), n.number, 'transfer') r
	LIMIT 1
$$;
COMMENT ON FUNCTION voiceagent_private.ring_obstacle(jsonb) IS
	'Why the carrier may not be sent a provider request with this request_data: a number in it that it would ring, or '
	'keep to ring, and what forbids that; NULL: nothing.';
