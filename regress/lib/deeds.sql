/*
 * deeds.sql: what people, programs, carriers and the clock do to a platform, in an order that a seed alone decides, and the laws that
 * hold whatever they do.  The laws are judged by these oracles, over tables and over what was done; they call none of the product's
 * judges.  Behind world.sql; for superusers.
 *
 *	SELECT deeds.run(7, 200)				-> a world of which nothing is left: what was done, and each law that was broken
 *	SELECT deeds.run(7, 200, '{3,17,40}')	-> the same with these deeds alone, each at its own time
 *	SELECT deeds.fault('rest')				-> the product with a fault that a law must find
 */
CREATE SCHEMA deeds;

-- A place has its hours and may want a consent.  The last ones are a country of our own, whose rules world() writes.
CREATE TABLE deeds.places (place integer PRIMARY KEY, prefix text, country text, region text, zone text, opens time, closes time, consent boolean, cap_day integer);
INSERT INTO deeds.places VALUES (0, '+1212', 'US', 'US-NY', 'America/New_York', '08:00', '21:00', true, NULL), (1, '+1213', 'US', 'US-CA', 'America/Los_Angeles', '09:00', '21:00', true, NULL),
	(2, '+1808', 'US', 'US-HI', 'Pacific/Honolulu', '08:00', '21:00', true, NULL), (3, '+1303', 'XA', 'XA-0', 'Asia/Tokyo', '00:00', '24:00', false, NULL),
	(4, '+1312', 'XA', 'XA-1', 'Europe/Berlin', '07:00', '22:00', true, NULL), (5, '+1602', 'XA', 'XA-2', 'UTC', '00:00', '24:00', false, 1);

-- What a tenant's people, the platform and strangers may do.  {c} and the like are filled in by fill(); effect: what the oracles
-- remember of a deed that was done.
CREATE TABLE deeds.kinds (kind text PRIMARY KEY, share integer NOT NULL, who text NOT NULL, action text NOT NULL, effect text);
INSERT INTO deeds.kinds VALUES
	('start', 6, 'tenant', 'voiceagent.start_campaign({c})', NULL), ('pause', 3, 'tenant', 'voiceagent.pause_campaign({c})', NULL), ('resume', 4, 'tenant', 'voiceagent.resume_campaign({c})', NULL),
	('stop', 1, 'tenant', 'voiceagent.stop_campaign({c})', NULL), ('confirm', 5, 'tenant', 'voiceagent.confirm_campaign({c}, voiceagent_private.confirmation_text({c}))', NULL),
	('settings', 8, 'tenant', 'voiceagent.update_campaign({c}, {settings})', NULL), ('description', 3, 'tenant', 'voiceagent.update_campaign({c}, ''{"description": "x"}'')', NULL),
	('carrier', 2, 'tenant', 'voiceagent.update_campaign({c}, jsonb_build_object(''provider_account_id'', {account}))', NULL),
	('create', 2, 'tenant', 'deeds.campaign({seed}, {what}, {account})', NULL), ('clone', 1, 'tenant', 'voiceagent.clone_campaign({c}, {what}, true)', NULL), ('redial', 1, 'tenant', 'voiceagent.redial_campaign({c})', NULL),
	('archive', 1, 'tenant', 'voiceagent.archive_campaign({c})', NULL), ('unarchive', 1, 'tenant', 'voiceagent.unarchive_campaign({c})', NULL),
	('follow up', 1, 'tenant', 'voiceagent.set_follow_up({c}, {outcome}, {c2}, ''1 hour'')', NULL),
	('tenant setting', 4, 'tenant', 'deeds.set({key}, {n})', NULL), ('platform setting', 2, 'platform', 'deeds.set({key}, {n})', NULL), ('campaign setting', 3, 'tenant', 'deeds.set({key}, {n}, {c})', NULL),
	('add', 6, 'tenant', 'voiceagent.add_leads({c}, {ls})', NULL), ('remove', 2, 'tenant', 'voiceagent.remove_leads({c}, {ls})', NULL), ('tag', 1, 'tenant', 'voiceagent.tag_leads({ls}, ''{hot}'')', NULL),
	('untag', 1, 'tenant', 'voiceagent.untag_leads({ls}, ''{hot}'')', NULL), ('priority', 2, 'tenant', 'voiceagent.update_lead({l}, ''{"priority": 1}'')', NULL),
	('merge', 2, 'tenant', 'voiceagent.merge_leads({l}, {l2})', NULL), ('unmerge', 2, 'tenant', 'voiceagent.unmerge_leads({merge})', NULL),
	('second number', 2, 'tenant', 'voiceagent.add_lead_number({l}, {p2})', NULL), ('erase', 1, 'tenant', 'voiceagent.erase_lead({l})', NULL), ('erase caller', 1, 'tenant', 'voiceagent.erase_caller({p})', NULL),
	('list', 4, 'tenant', 'voiceagent.do_not_call({p}, ''asked'')', 'refused'), ('unlist', 2, 'tenant', 'voiceagent.allow_call({p}, ''asked'')', 'allowed'),
	('list of a campaign', 1, 'tenant', 'voiceagent.campaign_do_not_call({c}, {p}, ''asked'')', NULL), ('platform list', 1, 'platform', 'voiceagent.platform_do_not_call({p}, ''asked'')', 'refused by all'),
	('platform unlist', 1, 'platform', 'voiceagent.platform_allow_call({p}, ''asked'')', 'allowed by all'), ('block prefix', 1, 'tenant', 'voiceagent.block_prefix(left({p}, 9), ''asked'')', NULL),
	('consent', 6, 'tenant', 'voiceagent.record_consent({l}, ''call'', ''form'', phone => {p})', 'consent'), ('text consent', 3, 'tenant', 'voiceagent.record_consent({l}, ''text'', ''form'', phone => {p})', NULL),
	('revoke', 3, 'tenant', 'voiceagent.revoke_consent({l}, ''call'')', 'revoked'), ('tighten', 2, 'platform', 'voiceagent.tighten_rule({region}, ''hours'', ''{"start": "11:00", "end": "15:00"}'', ''x'')', 'tightened'),
	('untighten', 2, 'platform', 'voiceagent.untighten_rule({region}, ''hours'')', 'untightened'),
	('test call', 2, 'tenant', 'voiceagent.test_call({assistant}, {p}, {account})', NULL), ('call now', 3, 'tenant', 'voiceagent.call_now({l}, {assistant}, {account})', NULL),
	('send', 5, 'tenant', 'voiceagent.send_text({l}, ''Hello'', {what})', NULL), ('send by a number', 3, 'tenant', 'voiceagent.send_text({l}, ''Hello'', {what}, phone_number_id => {number})', NULL),
	('writes stop', 3, 'person', 'deeds.writes({what}, {texts}, {p}, ''STOP'')', 'stopped'), ('writes start', 2, 'person', 'deeds.writes({what}, {texts}, {p}, ''START'')', 'started'),
	('writes', 3, 'person', 'deeds.writes({what}, {texts}, {p}, ''Yes, Tuesday is fine'')', NULL), ('writes doubt', 1, 'person', 'deeds.writes({what}, {texts}, {p}, ''please do not, well, stop sending maybe'')', NULL),
	('plays stop', 2, 'person', 'deeds.writes({what}, {played}, {p}, ''STOP'')', NULL), ('plays start', 3, 'person', 'deeds.writes({what}, {played}, {p}, ''START'')', NULL),
	('release text', 1, 'tenant', 'voiceagent.release_text_stop({p}, ''asked'')', NULL), ('release holds', 2, 'tenant', 'voiceagent.release_holds({held}, ''asked'')', NULL),
	('silence', 8, 'person', 'deeds.ends({what}, {real}, ''[]'')', NULL), ('says doubt', 4, 'person', 'deeds.ends({what}, {real}, ''[["bot", "Do you have a minute?"], ["user", "Hrm, well, you people and your telephones."], ["bot", "I understand. We will not call you again."], ["user", "Good."]]'')', NULL),
	('says stop', 3, 'person', 'deeds.ends({what}, {real}, ''[["bot", "Do you have a minute?"], ["user", "Take me off your list and never call me again."]]'')', NULL),
	('says later', 5, 'person', 'deeds.ends({what}, {real}, ''[["bot", "Do you have a minute?"], ["user", "I am busy now, call me back tomorrow at 4 pm."], ["bot", "I will. Until then."], ["user", "Bye."]]'')', NULL),
	('rings', 5, 'person', 'deeds.rings({what}, {texts}, {p}, ''{"Hello, how can I help?","Do you have houses for sale on Elm Street?","We have two of them.","Thank you, I will think about it."}'')', NULL),
	('rings to stop', 3, 'person', 'deeds.rings({what}, {texts}, {p}, ''{"Hello, how can I help?","You called me. Take me off your list and never call me again."}'')', NULL),
	('caller hangs up', 6, 'person', 'deeds.caller_ends({incoming})', NULL), ('import', 5, 'tenant', 'deeds.import({seed}, {what}, {c})', NULL),
	('hang up', 1, 'tenant', 'voiceagent.hang_up_call({live})', NULL), ('resolve', 1, 'tenant', 'voiceagent.resolve_call({k}, {n} % 2 = 0)', NULL),
	('correct', 4, 'tenant', 'voiceagent.correct_call({k}, ''heard it'', {outcome})', NULL), ('accept', 2, 'tenant', 'voiceagent.accept_outcomes({review}, ''heard them'')', NULL),
	('sequence', 1, 'tenant', 'deeds.sequence({what}, {c})', NULL), ('enrol', 3, 'tenant', 'voiceagent.enrol_leads({s}, {ls})', NULL), ('unenrol', 1, 'tenant', 'voiceagent.unenrol_leads({s}, {ls})', NULL),
	('pause sequence', 1, 'tenant', 'voiceagent.pause_sequence({s})', NULL), ('resume sequence', 1, 'tenant', 'voiceagent.resume_sequence({s})', NULL),
	('book', 3, 'tenant', 'voiceagent.book({calendar}, {at}, lead_id => {l}, or_next => true)', NULL), ('move', 2, 'tenant', 'voiceagent.move_booking({a}, {at}, true)', NULL),
	('cancel', 2, 'tenant', 'voiceagent.cancel_booking({a})', NULL), ('appointment', 1, 'tenant', 'voiceagent.confirm_appointment({a})', NULL),
	('task', 1, 'tenant', 'voiceagent.create_task(''call_back'', ''x'', {at}, lead_id => {l})', NULL), ('finish task', 3, 'tenant', 'voiceagent.finish_task({t}, ''done'', {n} % 2 = 0)', NULL), ('reopen task', 1, 'tenant', 'voiceagent.reopen_task({t})', NULL),
	('buy', 1, 'tenant', 'voiceagent.pay_embedded((voiceagent.buy({pack})).order_id)', NULL), ('grant', 1, 'platform', 'voiceagent.grant_credits({tenant}, 25, ''x'', expires_at => {at})', NULL),
	('adjust', 1, 'platform', 'voiceagent.adjust_credits({tenant}, {n} - 5, ''x'')', NULL), ('price', 1, 'platform', 'voiceagent.set_price(''call'', {n})', NULL),
	('disarm', 1, 'tenant', 'voiceagent.disarm({account})', NULL), ('rearm', 1, 'tenant', 'voiceagent.rearm()', NULL), ('stop all', 1, 'tenant', 'voiceagent.stop_all(''x'')', NULL), ('resume real', 1, 'tenant', 'voiceagent.resume_real_calls(''x'')', NULL),
	('standing', 1, 'platform', 'voiceagent.set_tenant_standing({tenant}, (''{probation,verified}''::text[])[1 + {n} % 2], ''x'')', NULL), ('closed', 1, 'platform', 'voiceagent.set_tenant_active({tenant}, {n} % 2 = 0)', NULL),
	('cap', 4, 'tenant', 'voiceagent.update_campaign({c}, jsonb_build_object((''{spend_cap,spend_cap_per_day}''::text[])[1 + {n} % 2], {n} / 2.0))', NULL),
	('tenant cap', 1, 'tenant', 'voiceagent.set_setting(''tenant_spend_cap_per_day'', (3 * {n})::text)', NULL), ('no tenant cap', 1, 'tenant', 'voiceagent.set_setting(''tenant_spend_cap_per_day'', NULL)', NULL),
	('any', 20, 'any', '{any}', NULL);

-- What of the platform's deeds is whose of its staff.
CREATE TABLE deeds.staff (kind text PRIMARY KEY, roles text[] NOT NULL);
INSERT INTO deeds.staff VALUES ('platform list', '{support,operator,owner}'), ('platform unlist', '{operator,owner}'), ('grant', '{finance,owner}'), ('adjust', '{finance,owner}'), ('price', '{owner}'),
	('tighten', '{owner}'), ('untighten', '{owner}'), ('standing', '{operator,owner}'), ('closed', '{operator,owner}');
-- The people who may do deeds: members of a tenant, or, without a tenant, the platform's staff.
CREATE TABLE deeds.who (tenant bigint, role text NOT NULL, login text NOT NULL, claims jsonb NOT NULL);

-- What the oracles know of themselves: who was asked for what, and when.
CREATE TABLE deeds.done (nth integer, at timestamptz, tenant bigint, kind text, action text, came text);
CREATE TABLE deeds.broken (law text, detail text, nth integer, at timestamptz);
CREATE TABLE deeds.people (phone text PRIMARY KEY, place integer NOT NULL);
CREATE TABLE deeds.refusals (tenant bigint, phone text, how text, at timestamptz);
CREATE TABLE deeds.stops (tenant bigint, phone text, at timestamptz);
CREATE TABLE deeds.consents (tenant bigint, phone text, at timestamptz);
CREATE TABLE deeds.rests (tenant bigint, campaign bigint, "until" timestamptz);
CREATE TABLE deeds.tightened (region text);
CREATE TABLE deeds.said (tenant bigint, call bigint, phone text, stop boolean);
CREATE TABLE deeds.counted (what text PRIMARY KEY, n bigint NOT NULL);

CREATE FUNCTION deeds.break(law text, detail text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO deeds.broken SELECT law, detail, (SELECT max(d.nth) FROM deeds.done d), voiceagent.clock()
	WHERE NOT EXISTS (SELECT FROM deeds.broken b WHERE b.law = $1 AND b.detail = $2) $$;

/* ----- laws of a dial, a text and an end, at the moment of each ----- */

CREATE FUNCTION deeds.is_real(tenant bigint, account bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT a.provider <> 'sandbox' FROM voiceagent.provider_accounts a WHERE a.tenant_id = $1 AND a.provider_account_id = $2 $$;

CREATE FUNCTION deeds.judge_dial() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_real boolean := deeds.is_real(new.tenant_id, new.provider_account_id);
	v_version voiceagent.campaign_versions;
	v_type text := (SELECT c.type FROM voiceagent.campaigns c WHERE c.tenant_id = new.tenant_id AND c.campaign_id = new.campaign_id);
	v_place deeds.places;
	v_local timestamp;
	v_what text := format('tenant %s, campaign %s, lead %s, %s, at %s', new.tenant_id, new.campaign_id, new.lead_id, new.phone, v_now);
	v_n bigint;
BEGIN
	IF new.direction <> 'outbound' THEN
		RETURN new;
	END IF;
	SELECT * INTO v_version FROM voiceagent.campaign_versions w WHERE w.tenant_id = new.tenant_id AND w.campaign_id = new.campaign_id AND w.version = new.campaign_version;
	SELECT p.* INTO v_place FROM deeds.places p JOIN deeds.people h USING (place) WHERE h.phone = new.phone;
	v_local := v_now AT TIME ZONE v_place.zone;
	INSERT INTO deeds.counted VALUES (CASE WHEN v_real THEN 'real dials' ELSE 'played dials' END, 1) ON CONFLICT (what) DO UPDATE SET n = deeds.counted.n + 1;
	-- Lists as they stand, and as they were asked for.
	IF EXISTS (SELECT FROM voiceagent.do_not_call_list d WHERE d.tenant_id = new.tenant_id AND d.phone = new.phone AND NOT d.held)
		OR EXISTS (SELECT FROM voiceagent.campaign_do_not_call_list d WHERE d.tenant_id = new.tenant_id AND d.campaign_id = new.campaign_id AND d.phone = new.phone)
		OR EXISTS (SELECT FROM voiceagent.do_not_call_prefixes d WHERE d.tenant_id = new.tenant_id AND starts_with(new.phone, d.prefix))
		OR EXISTS (SELECT FROM voiceagent_private.platform_do_not_call_list d WHERE d.entry = new.phone OR d.is_prefix AND starts_with(new.phone, d.entry)) THEN
		PERFORM deeds.break('nobody on a list is dialled', v_what);
	END IF;
	IF EXISTS (SELECT FROM deeds.refusals r WHERE r.phone = new.phone AND r.tenant IN (0, new.tenant_id)) THEN
		PERFORM deeds.break('who asked not to be called is not dialled', v_what);
	END IF;
	IF v_real AND EXISTS (SELECT FROM voiceagent.do_not_call_list d WHERE d.tenant_id = new.tenant_id AND d.phone = new.phone AND d.held
			AND d.call_id IS DISTINCT FROM (SELECT max(k.call_id) FROM voiceagent.calls k WHERE k.tenant_id = new.tenant_id AND k.lead_id = new.lead_id AND k.call_id <> new.call_id)) THEN
		PERFORM deeds.break('who may have asked not to be called waits', v_what);
	END IF;
	-- One call of a person at a time.
	SELECT count(*) INTO v_n FROM voiceagent.calls k WHERE k.tenant_id = new.tenant_id AND k.phone = new.phone AND k.outcome IS NULL AND k.direction = 'outbound' AND k.call_id <> new.call_id
		AND EXISTS (SELECT FROM voiceagent_private.live_calls l WHERE l.tenant_id = k.tenant_id AND l.call_id = k.call_id);
	IF v_n > 0 THEN
		PERFORM deeds.break('a number that is called is not dialled again', v_what);
	END IF;
	IF EXISTS (SELECT FROM deeds.rests r WHERE r.tenant = new.tenant_id AND r.campaign = new.campaign_id AND r.until > v_now) AND v_real THEN
		PERFORM deeds.break('a campaign that rests does not dial', v_what);
	END IF;
	IF v_type <> 'test' THEN
		SELECT count(*) INTO v_n FROM voiceagent.calls k WHERE k.tenant_id = new.tenant_id AND k.campaign_id = new.campaign_id AND k.outcome IS NULL AND k.call_id <> new.call_id
			AND EXISTS (SELECT FROM voiceagent_private.live_calls l WHERE l.tenant_id = k.tenant_id AND l.call_id = k.call_id);
		IF v_n >= v_version.max_concurrent_calls THEN
			PERFORM deeds.break('a campaign has no more calls at once than it may', format('%s: %s of %s', v_what, v_n + 1, v_version.max_concurrent_calls));
		END IF;
	END IF;
	IF v_type <> 'test' THEN
		PERFORM deeds.break('what a cap allows is spent, and no more', format('%s: %s of %s, by %s', v_what, s.spent, s.cap, s.name)) FROM (
			SELECT u.name, (c.settings ->> u.name)::numeric AS cap, (SELECT sum(CASE h.state WHEN 'held' THEN h.amount ELSE h.charged END) FROM voiceagent.credit_holds h JOIN voiceagent.calls k USING (tenant_id, call_id)
				WHERE h.tenant_id = new.tenant_id AND h.state IN ('held', 'posted') AND k.call_id <> new.call_id AND (NOT u.day OR (k.started_at AT TIME ZONE z.zone)::date = (v_now AT TIME ZONE z.zone)::date)
					AND (u.of_all OR k.campaign_id = new.campaign_id)) AS spent
			FROM (VALUES ('spend_cap', false, false), ('spend_cap_per_day', true, false), ('tenant_spend_cap_per_day', true, true)) u(name, day, of_all),
				LATERAL (SELECT w.settings FROM voiceagent.campaigns c JOIN voiceagent.campaign_versions w ON w.tenant_id = c.tenant_id AND w.campaign_id = c.campaign_id AND w.version = c.version
					WHERE c.tenant_id = new.tenant_id AND c.campaign_id = new.campaign_id) c,
				LATERAL (SELECT t.timezone AS zone FROM voiceagent.tenants t WHERE t.tenant_id = new.tenant_id) z) s
		WHERE s.cap > 0 AND s.spent >= s.cap;
	END IF;
	IF NOT v_real THEN
		RETURN new;
	END IF;
	IF v_place.place IS NULL THEN
		PERFORM deeds.break('who is dialled is known', v_what);
		RETURN new;
	END IF;
	IF v_local::time < v_place.opens OR v_place.closes < '24:00' AND v_local::time >= v_place.closes
		OR EXISTS (SELECT FROM deeds.tightened t WHERE t.region = v_place.region) AND v_local::time NOT BETWEEN '11:00' AND '15:00' THEN
		PERFORM deeds.break('nobody is dialled outside of the hours of the place', format('%s, %s there', v_what, v_local));
	END IF;
	IF (v_place.consent OR v_version.require_consent) AND (NOT EXISTS (SELECT FROM voiceagent.consents n WHERE n.tenant_id = new.tenant_id AND n.phone = new.phone AND n.kind IN ('call', 'appointment')
			AND n.revoked_at IS NULL AND n.granted_at <= v_now)
		OR NOT EXISTS (SELECT FROM deeds.consents n WHERE n.tenant = new.tenant_id AND n.phone = new.phone)) THEN
		PERFORM deeds.break('a place that asks for a consent has one', v_what);
	END IF;
	SELECT count(*) INTO v_n FROM voiceagent.calls k WHERE k.tenant_id = new.tenant_id AND k.phone = new.phone AND k.counts AND k.call_id <> new.call_id
		AND deeds.is_real(k.tenant_id, k.provider_account_id) AND (k.started_at AT TIME ZONE v_place.zone)::date = v_local::date;
	IF v_n >= least(v_place.cap_day, nullif((v_version.settings ->> 'number_calls_per_day')::integer, 0)) THEN
		PERFORM deeds.break('a number has no more calls a day than it may', format('%s: call %s of that day', v_what, v_n + 1));
	END IF;
	RETURN new;
END
$$;

-- A text on its way to a real person.
CREATE FUNCTION deeds.judge_text() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v_what text := format('tenant %s, text %s (%s), %s, at %s', new.tenant_id, new.text_id, new.kind, new.phone, voiceagent.clock());
BEGIN
	IF new.inbound OR new.status <> 'sending' OR old.status = 'sending' OR NOT deeds.is_real(new.tenant_id, new.provider_account_id) THEN
		RETURN new;
	END IF;
	INSERT INTO deeds.counted VALUES ('real texts', 1) ON CONFLICT (what) DO UPDATE SET n = deeds.counted.n + 1;
	IF new.kind <> 'opted_out' AND EXISTS (SELECT FROM deeds.stops s WHERE s.tenant = new.tenant_id AND s.phone = new.phone) THEN
		PERFORM deeds.break('who wrote STOP gets no text', v_what);
	END IF;
	RETURN new;
END
$$;

-- The end of a call: the rest that it brings, by our own count, and what it promises.
CREATE FUNCTION deeds.judge_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v_set jsonb;
	v_reached bigint;
	v_silent bigint;
BEGIN
	IF new.direction <> 'outbound' THEN
		IF new.outcome IS NOT NULL AND old.outcome IS NULL THEN
			INSERT INTO deeds.refusals SELECT h.tenant, h.phone, 'said', voiceagent.clock() FROM deeds.said h WHERE h.tenant = new.tenant_id AND h.call = new.call_id AND h.stop;
		END IF;
		RETURN new;
	END IF;
	IF new.outcome = 'do_not_call' AND old.outcome IS DISTINCT FROM new.outcome THEN
		INSERT INTO deeds.refusals VALUES (new.tenant_id, new.phone, 'said', voiceagent.clock());
	END IF;
	IF new.abandoned AND old.abandoned IS DISTINCT FROM new.abandoned AND deeds.is_real(new.tenant_id, new.provider_account_id) THEN
		SELECT w.settings INTO v_set FROM voiceagent.campaigns c JOIN voiceagent.campaign_versions w ON w.tenant_id = c.tenant_id AND w.campaign_id = c.campaign_id AND w.version = c.version
		WHERE c.tenant_id = new.tenant_id AND c.campaign_id = new.campaign_id;
		-- This row is in the table already.
		SELECT count(k.abandoned), count(*) FILTER (WHERE k.abandoned) INTO v_reached, v_silent FROM voiceagent.calls k WHERE k.tenant_id = new.tenant_id AND k.campaign_id = new.campaign_id
			AND k.started_at > voiceagent.clock() - interval '30 days' AND deeds.is_real(k.tenant_id, k.provider_account_id);
		IF v_reached >= coalesce((v_set ->> 'abandoned_min_calls')::integer, 50) AND v_silent >= 0.03 * v_reached AND deeds.is_real(new.tenant_id, (SELECT c.provider_account_id FROM voiceagent.campaigns c
				WHERE c.tenant_id = new.tenant_id AND c.campaign_id = new.campaign_id)) THEN
			INSERT INTO deeds.rests VALUES (new.tenant_id, new.campaign_id, voiceagent.clock() + interval '72 hours');
			INSERT INTO deeds.counted VALUES ('rests', 1) ON CONFLICT (what) DO UPDATE SET n = deeds.counted.n + 1;
		END IF;
	END IF;
	RETURN new;
END
$$;
CREATE TRIGGER deeds_dial AFTER INSERT ON voiceagent.calls FOR EACH ROW EXECUTE FUNCTION deeds.judge_dial();
CREATE TRIGGER deeds_end AFTER UPDATE ON voiceagent.calls FOR EACH ROW EXECUTE FUNCTION deeds.judge_end();
CREATE TRIGGER deeds_text AFTER UPDATE ON voiceagent.texts FOR EACH ROW EXECUTE FUNCTION deeds.judge_text();

/* ----- laws of tables, between two deeds ----- */

CREATE FUNCTION deeds.judge() RETURNS void LANGUAGE plpgsql SET enable_nestloop = off AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
BEGIN
	PERFORM deeds.break(x.law, x.detail) FROM (
		-- Money.
		SELECT 'a balance is the sum of its entries' AS law, format('tenant %s, %s: %s, %s', l.tenant_id, a.account, a.balance, s.sum) AS detail
		FROM voiceagent.ledgers l CROSS JOIN LATERAL (VALUES ('available', l.available::numeric), ('held', l.held), ('spent', l.spent)) a(account, balance)
		LEFT JOIN (SELECT t.tenant_id, c.account, sum(c.change) AS sum FROM voiceagent.credit_transfers t
			CROSS JOIN LATERAL (VALUES (t.to_account, t.amount::numeric), (t.from_account, -t.amount)) c(account, change) GROUP BY 1, 2) s ON s.tenant_id = l.tenant_id AND s.account = a.account
		WHERE a.balance <> coalesce(s.sum, 0)
		UNION ALL
		SELECT 'what is held is the sum of the holds', format('tenant %s: %s, %s', l.tenant_id, l.held, h.sum)
		FROM voiceagent.ledgers l LEFT JOIN (SELECT h.tenant_id, sum(h.amount) AS sum FROM voiceagent.credit_holds h WHERE h.state = 'held' GROUP BY 1) h USING (tenant_id)
		WHERE l.held::numeric <> coalesce(h.sum, 0)
		UNION ALL
		SELECT 'a hold has what it is for', format('tenant %s, hold %s of call %s', h.tenant_id, h.hold_id, h.call_id)
		FROM voiceagent.credit_holds h WHERE h.state = 'held' AND h.call_id IS NOT NULL
			AND NOT EXISTS (SELECT FROM voiceagent_private.live_calls l WHERE l.tenant_id = h.tenant_id AND l.call_id = h.call_id)
		UNION ALL
		SELECT 'a call is charged once', format('tenant %s, call %s: %s times', t.tenant_id, t.call_id, count(*))
		FROM voiceagent.credit_transfers t WHERE t.to_account = 'spent' AND t.from_account = 'held' AND t.call_id IS NOT NULL GROUP BY t.tenant_id, t.call_id HAVING count(*) > 1
		UNION ALL
		-- Leads.
		SELECT 'a lead that is called has its call', format('tenant %s, campaign %s, lead %s', m.tenant_id, m.campaign_id, m.lead_id)
		FROM voiceagent.campaign_leads m WHERE m.status = 'calling' AND NOT EXISTS (SELECT FROM voiceagent_private.live_calls l WHERE l.tenant_id = m.tenant_id AND l.lead_id = m.lead_id AND l.campaign_id = m.campaign_id)
			-- Uncertain calls wait for a person.
			AND NOT EXISTS (SELECT FROM voiceagent.unresolved_calls u JOIN voiceagent.calls k USING (tenant_id, call_id) WHERE k.tenant_id = m.tenant_id AND k.lead_id = m.lead_id)
		UNION ALL
		SELECT 'a lead that waits is in the queue', format('tenant %s, campaign %s (%s), lead %s: %s', m.tenant_id, m.campaign_id, c.status, m.lead_id, m.status)
		FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns c USING (tenant_id, campaign_id)
		WHERE m.status IN ('queued', 'retry') AND NOT EXISTS (SELECT FROM voiceagent_private.call_queue q WHERE q.tenant_id = m.tenant_id AND q.campaign_id = m.campaign_id AND q.lead_id = m.lead_id)
		UNION ALL
		SELECT 'a lead that was given up has a reason', format('tenant %s, campaign %s, lead %s: %s', m.tenant_id, m.campaign_id, m.lead_id, m.status)
		FROM voiceagent.campaign_leads m WHERE m.status IN ('failed', 'skipped', 'expired') AND coalesce(m.reason, '') = ''
		UNION ALL
		-- Ends.
		SELECT 'an end is read', format('tenant %s, call %s of %s, which was to end by %s', l.tenant_id, l.call_id, l.dialled_at, l.ends_by)
		FROM voiceagent_private.live_calls l WHERE greatest(l.ends_by, l.lease_until) < v_now - interval '2 days'
		UNION ALL
		SELECT 'an end is told once', format('tenant %s, call %s, %s: %s times', k.tenant_id, k.call_id, k.outcome, e.n)
		FROM voiceagent.calls k LEFT JOIN (SELECT e.tenant_id, e.call_id, count(*) AS n FROM voiceagent.events e WHERE e.event_type = 'call_ended' GROUP BY 1, 2) e USING (tenant_id, call_id)
		WHERE k.outcome NOT IN ('canceled') AND k.direction = 'outbound' AND coalesce(e.n, 0) <> 1
			AND NOT EXISTS (SELECT FROM voiceagent.events r WHERE r.tenant_id = k.tenant_id AND r.call_id = k.call_id AND r.event_type IN ('call_reopened', 'call_resolved', 'call_unresolved'))
		UNION ALL
		SELECT 'an end is read', format('tenant %s, incoming call %s', k.tenant_id, k.call_id)
		FROM voiceagent.calls k JOIN voiceagent.conversations w USING (tenant_id, call_id) WHERE k.direction = 'inbound' AND k.outcome IS NOT NULL AND w.turns <> '[]' AND w.reading IS NULL
		UNION ALL
		SELECT 'an incoming end is known', format('tenant %s, incoming call %s of %s', k.tenant_id, k.call_id, k.started_at)
		FROM voiceagent.calls k WHERE k.direction = 'inbound' AND k.outcome IS NULL AND k.started_at < v_now - interval '2 days'
		UNION ALL
		-- Refusals, an hour behind them, when each job has had its turn.
		SELECT 'who asked not to be called is on the list', format('tenant %s, %s, %s at %s', r.tenant, r.phone, r.how, r.at)
		FROM deeds.refusals r WHERE r.at < v_now - interval '1 hour' AND r.tenant <> 0 AND NOT EXISTS (SELECT FROM voiceagent.do_not_call_list d WHERE d.tenant_id = r.tenant AND d.phone = r.phone)
		UNION ALL
		-- Promises.
		SELECT 'a promise waits somewhere', format('tenant %s, call %s of lead %s, campaign %s: %s', k.tenant_id, k.call_id, k.lead_id, k.campaign_id, m.status)
		FROM voiceagent.calls k JOIN voiceagent.leads d USING (tenant_id, lead_id)
		LEFT JOIN voiceagent.campaign_leads m ON m.tenant_id = k.tenant_id AND m.campaign_id = k.campaign_id AND m.lead_id = k.lead_id
		WHERE k.outcome = 'callback' AND d.status <> 'do_not_call'
			AND NOT EXISTS (SELECT FROM voiceagent_private.call_queue q WHERE q.tenant_id = k.tenant_id AND q.lead_id = k.lead_id)
			AND NOT EXISTS (SELECT FROM voiceagent.calls n WHERE n.tenant_id = k.tenant_id AND n.lead_id = k.lead_id AND n.call_id > k.call_id)
			AND NOT EXISTS (SELECT FROM voiceagent.tasks t WHERE t.tenant_id = k.tenant_id AND (t.lead_id = k.lead_id OR t.call_id = k.call_id OR t.contact_phone = k.phone))
			AND NOT EXISTS (SELECT FROM voiceagent.appointments a WHERE a.tenant_id = k.tenant_id AND a.call_id = k.call_id)
			AND coalesce(m.reason, '') = '' AND m.lead_id IS NOT NULL
		UNION ALL
		-- What was played.
		SELECT 'what was played is no consent', format('tenant %s, %s: %s by %s', n.tenant_id, n.phone, n.kind, n.source)
		FROM voiceagent.consents n LEFT JOIN voiceagent.calls k ON k.tenant_id = n.tenant_id AND k.call_id = n.call_id
		LEFT JOIN voiceagent.texts t ON t.tenant_id = n.tenant_id AND n.source = 'text ' || t.text_id
		JOIN voiceagent.provider_accounts a ON a.tenant_id = n.tenant_id AND a.provider_account_id = coalesce(k.provider_account_id, t.provider_account_id)
		WHERE a.provider = 'sandbox' AND n.kind NOT LIKE 'played%'
		UNION ALL
		SELECT 'what was played lifts no stop', format('tenant %s, %s', s.tenant_id, s.phone)
		FROM voiceagent.text_stops s JOIN voiceagent.texts t USING (tenant_id, text_id) JOIN voiceagent.provider_accounts a ON a.tenant_id = t.tenant_id AND a.provider_account_id = t.provider_account_id
		WHERE a.provider = 'sandbox' AND NOT s.played
		UNION ALL
		-- Work.
		SELECT 'a job does not fail', format('%s of tenant %s: %s', r.job, r.tenant_id, r.error) FROM voiceagent_private.job_rests r WHERE r.failures > 0
	) x;
END
$$;

/* ----- who does what ----- */

-- All that a tenant has, but for the trail of who asked for what, and what is each member's own.
CREATE FUNCTION deeds.digest(t bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_table text;
	v_sum text;
	v_all text := '';
BEGIN
	FOR v_table IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' WHERE c.relnamespace = 'voiceagent'::regnamespace AND c.relkind = 'r'
		AND c.relname NOT IN ('audit_log', 'members', 'notice_wishes') ORDER BY c.relname COLLATE "C" LOOP
		EXECUTE format('SELECT concat(count(*), '' '', sum(hashtextextended(x::text, 0))) FROM voiceagent.%I x WHERE x.tenant_id = $1', v_table) INTO v_sum USING t;
		v_all := v_all || v_table || ' ' || v_sum || E'\n';
	END LOOP;
	RETURN v_all;
END
$$;
-- The tables of two digests that differ.
CREATE FUNCTION deeds.differ(a text, b text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT string_agg(split_part(x, ' ', 1), ', ' ORDER BY x) FROM (SELECT unnest(string_to_array(a, E'\n')) x EXCEPT SELECT unnest(string_to_array(b, E'\n'))) d $$;

CREATE FUNCTION deeds.people_of(tenants bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
BEGIN
	INSERT INTO voiceagent_private.staff (email, roles, created_at) SELECT r || '@platform.example', ARRAY[r], v_now FROM unnest('{support,finance,operator,owner}'::text[]) r;
	INSERT INTO voiceagent_private.staff_sessions (session_hash, staff_id, expires_at) SELECT sha256(convert_to(s.roles[1], 'UTF8')), s.staff_id, v_now + interval '90 days' FROM voiceagent_private.staff s;
	INSERT INTO deeds.who SELECT NULL, r, 'voiceagent_staff', jsonb_build_object('jti', r, 'exp', 4102444800) FROM unnest('{support,finance,operator,owner}'::text[]) r;
	FOR i IN 1 .. cardinality(tenants) LOOP
		PERFORM voiceagent_private.set_tenant(tenants[i]);
		WITH m AS (INSERT INTO voiceagent.members (tenant_id, email, role, created_at) SELECT tenants[i], format('%s@tenant%s.example', r, i), r::voiceagent.member_role, v_now
			FROM unnest('{viewer,agent,manager,owner}'::text[]) r RETURNING member_id, role)
		INSERT INTO deeds.who SELECT tenants[i], m.role::text, 'voiceagent_user', jsonb_build_object('tenant_id', tenants[i], 'member_id', m.member_id, 'exp', 4102444800) FROM m;
		INSERT INTO voiceagent_private.member_logins (tenant_id, member_id, email, password_hash) SELECT m.tenant_id, m.member_id, m.email, 'none' FROM voiceagent.members m WHERE m.tenant_id = tenants[i];
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
END
$$;

-- A setting's least or greatest value, or its default.
CREATE FUNCTION deeds.set(key text, n integer, campaign bigint DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_value text := (SELECT (ARRAY[s.minimum::text, s.maximum::text, s.default_value])[1 + n % 3] FROM voiceagent_private.setting_definitions s WHERE s.key = $1);
BEGIN
	IF v_value IS NOT NULL AND campaign IS NULL THEN
		PERFORM voiceagent.set_setting(key, v_value);
	ELSIF v_value IS NOT NULL THEN
		PERFORM voiceagent.update_campaign(campaign, jsonb_build_object(key, v_value));
	END IF;
END
$$;

CREATE FUNCTION deeds.campaign(seed bigint, what text, account bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_leads bigint[] := ARRAY(SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY l.lead_id);
BEGIN
	RETURN world.campaign(seed, what, account, v_leads[1 + world.random_int(seed, what || ' first', 10) : 12 + world.random_int(seed, what || ' last', 20)], world.settings(seed, what, 20)
		|| jsonb_build_object('abandoned_min_calls', 1 + world.random_int(seed, what || ' least', 3),
			'spend_cap', greatest(world.random_int(seed, what || ' cap', 12) - 8, 0)));
END
$$;

CREATE FUNCTION deeds.sequence(what text, campaign bigint) RETURNS integer LANGUAGE sql AS $$
	SELECT voiceagent.publish_sequence(voiceagent.create_sequence(what, '[{"do": "text", "text": "Hello {{first_name}}"}, {"do": "wait", "for": ["replied"], "within": "1 day", "then": "end", "else": "end"}, {"do": "task", "note": "Ring {{first_name}}", "after": "1 hour"}]'
		|| jsonb_build_array(jsonb_build_object('do', 'call', 'campaign_id', campaign)))) $$;

CREATE FUNCTION deeds.writes(what text, account bigint, phone text, body text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	e voiceagent.call_event;
BEGIN
	e.status := 'received';
	e.provider_call_id := what;
	e.from_number := phone;
	e.to_number := (SELECT n.phone_number FROM voiceagent.phone_numbers n WHERE n.tenant_id = voiceagent.current_tenant() AND n.provider_account_id = account);
	e.transcript := body;
	-- A carrier tells some of it twice.
	PERFORM voiceagent_private.take_texts(ARRAY[e, e], ARRAY[account, account]);
END
$$;

-- The carrier of a live call tells its end: the person answered ten seconds ago, and these are all words.
CREATE FUNCTION deeds.ends(what text, call bigint, words jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_call voiceagent_private.live_calls;
	v_endpoint bigint;
	v_said jsonb;
	v_body jsonb;
BEGIN
	SELECT l.* INTO v_call FROM voiceagent_private.live_calls l WHERE l.tenant_id = v_tenant AND l.call_id = call;
	SELECT min(e.endpoint_id) INTO v_endpoint FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = v_tenant AND e.provider_account_id = v_call.provider_account_id;
	SELECT coalesce(jsonb_agg(jsonb_build_object('role', w ->> 0, 'message', w ->> 1, 'time', round(extract(epoch FROM v_now - interval '10 seconds') * 1000 + 700 * n), 'secondsFromStart', 0.7 * n) ORDER BY n), '[]')
	INTO v_said FROM jsonb_array_elements(words) WITH ORDINALITY u(w, n);
	v_body := jsonb_build_object('message', jsonb_build_object('type', 'end-of-call-report', 'timestamp', round(extract(epoch FROM v_now) * 1000), 'endedReason', 'customer-ended-call',
		'startedAt', to_char((v_now - interval '10 seconds') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'endedAt', to_char(v_now AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
		'call', jsonb_build_object('id', v_call.provider_call_id), 'cost', 0.1, 'artifact', jsonb_build_object('messages', v_said, 'transcript', (SELECT coalesce(string_agg(CASE w ->> 0 WHEN 'bot' THEN 'AI: ' ELSE 'User: ' END || (w ->> 1), E'\n'), '')
			FROM jsonb_array_elements(words) w))));
	PERFORM voiceagent_private.store_webhooks(ARRAY[v_endpoint, v_endpoint], ARRAY[what, what || ' again'], array_fill('{}'::jsonb, ARRAY[2]), array_fill(convert_to(v_body::text, 'UTF8'), ARRAY[2]), 'http');
	PERFORM voiceagent_private.apply_inbox(1000);
	IF EXISTS (SELECT FROM voiceagent.calls k WHERE k.tenant_id = v_tenant AND k.call_id = call AND k.outcome IS NULL) THEN
		PERFORM deeds.break('an end is read', format('tenant %s, call %s: %s', v_tenant, call, words));
	ELSIF words::text ~ 'Take me off your list' THEN
		INSERT INTO deeds.refusals SELECT v_tenant, k.phone, 'said', v_now FROM voiceagent.calls k WHERE k.tenant_id = v_tenant AND k.call_id = call;
	END IF;
END
$$;

-- A person calls a number of the tenant, and we hold the call over a socket of ours: what was said, the assistant first.
CREATE FUNCTION deeds.rings(what text, account bigint, phone text, words text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call bigint;
BEGIN
	PERFORM voiceagent_private.begin_incoming_call(account, what, phone, (SELECT n.phone_number FROM voiceagent.phone_numbers n WHERE n.tenant_id = v_tenant AND n.provider_account_id = account));
	SELECT i.call_id INTO v_call FROM voiceagent.call_inbound i WHERE i.tenant_id = v_tenant AND i.provider_call_id = what;
	UPDATE voiceagent.calls SET answered_at = voiceagent.clock(), status = 'in_progress' WHERE tenant_id = v_tenant AND call_id = v_call AND outcome IS NULL;
	IF FOUND THEN
		PERFORM voiceagent_private.log_event('media_opened', NULL, v_call, NULL, '{"dialect": "twilio"}');
		PERFORM voiceagent_private.keep_media_turns(v_call, jsonb_build_array(jsonb_build_object('speaker', CASE WHEN n % 2 = 1 THEN 'assistant' ELSE 'customer' END, 'text', w, 'turn', n)), false,
			CASE WHEN n = 1 THEN '[{"turn": 1, "mind": "embedded"}]'::jsonb ELSE '[]' END) FROM unnest(words) WITH ORDINALITY AS u(w, n);
		INSERT INTO deeds.said VALUES (v_tenant, v_call, phone, words[2] ~ 'Take me off your list');
	END IF;
END
$$;

-- The carrier's word that it is over; where it never comes, a lease ends, or a tenant's silence.
CREATE FUNCTION deeds.caller_ends(call bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.call_inbound;
BEGIN
	SELECT i.* INTO v_call FROM voiceagent.call_inbound i WHERE i.tenant_id = v_tenant AND i.call_id = call;
	PERFORM voiceagent_private.apply_events(ARRAY[ROW(0, NULL, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object('kind', 'status', 'status', 'completed', 'duration_seconds', 61, 'provider_call_id', v_call.provider_call_id)),
		(SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = v_tenant AND e.provider_account_id = v_call.provider_account_id))::voiceagent_private.matched_event]);
END
$$;

-- Three more people, who are known by no list, two of them with a consent.
CREATE FUNCTION deeds.import(seed bigint, what text, campaign bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_phones text[] := ARRAY(SELECT p.prefix || '556' || lpad((3 * (SELECT count(*) FROM deeds.people) % 3333 + p.place)::text, 4, '0') FROM deeds.places p WHERE p.place < 3 ORDER BY p.place);
BEGIN
	INSERT INTO deeds.people SELECT x, n - 1 FROM unnest(v_phones) WITH ORDINALITY u(x, n) ON CONFLICT DO NOTHING;
	PERFORM voiceagent.import_leads(E'phone,first_name\n' || array_to_string(v_phones, E',New\n') || E',New\n');
	PERFORM voiceagent.record_consent(l.lead_id, 'call', 'form') FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.phone = ANY (v_phones[1:2]);
	INSERT INTO deeds.consents SELECT v_tenant, x, voiceagent.clock() FROM unnest(v_phones[1:2]) x;
	PERFORM voiceagent.add_leads(campaign, ARRAY(SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.phone = ANY (v_phones) ORDER BY 1));
END
$$;

-- Any function that writes, with what it may be given; not those that end the server's own state or have a deed of their own.
CREATE TABLE deeds.functions AS
	SELECT row_number() OVER (ORDER BY p.oid::regprocedure::text COLLATE "C") - 1 AS nth, format('%s(%s)', p.oid::regproc, coalesce(string_agg(format('%I => (%s)::%s', p.proargnames[i], CASE p.proargnames[i]
		WHEN 'campaign_id' THEN '{c}' WHEN 'target_campaign_id' THEN '{c2}' WHEN 'lead_id' THEN '{l}' WHEN 'lead_ids' THEN '{ls}' WHEN 'phone' THEN '{p}' WHEN 'call_id' THEN '{k}' WHEN 'assistant_id' THEN '{assistant}'
		WHEN 'provider_account_id' THEN '{account}' WHEN 'calendar_id' THEN '{calendar}' WHEN 'appointment_id' THEN '{a}' WHEN 'task_id' THEN '{t}' WHEN 'sequence_id' THEN '{s}' WHEN 'tenant_id' THEN '{tenant}'
		WHEN 'phone_number_id' THEN '{number}' WHEN 'starts_at' THEN '{at}'
		ELSE quote_literal(CASE WHEN t.typcategory = 'A' THEN '{}' WHEN t.typname IN ('jsonb', 'json') THEN '{}' WHEN t.typcategory = 'B' THEN 'true' WHEN t.typcategory = 'D' THEN '2027-10-01' WHEN t.typcategory = 'T' THEN '1 hour' ELSE '1' END) END,
		t.oid::regtype), ', ' ORDER BY i) FILTER (WHERE i IS NOT NULL), '')) AS action
	FROM pg_proc p LEFT JOIN LATERAL generate_series(1, p.pronargs - p.pronargdefaults) i ON true LEFT JOIN pg_type t ON t.oid = p.proargtypes[i - 1]
	WHERE p.pronamespace = 'voiceagent'::regnamespace AND p.prokind = 'f' AND p.provolatile = 'v' AND p.prorettype <> 'trigger'::regtype AND (p.pronargs = 0 OR p.proargnames[1] <> '')
		AND NOT EXISTS (SELECT FROM deeds.kinds k WHERE k.action LIKE '%voiceagent.' || p.proname || '(%')
		AND p.proname !~ '^(harden|soften)_database$|^(leave|take|remove|return|offer|export|export_closed|close|reopen)_tenant$|^(begin|pre)_request$|^(simulate|invariants|check_invariants|clock|metrics|status|health|rotate_vault|expect_tenant|set_cell)$|_roles?$|login|password|^authenticate$|sign_up|^wizard|^test_|talk_to|^allow_|^platform_allow|^set_setting$|^import_|^append_|^release_'
	GROUP BY p.oid;

-- One of these ids, in their order; NULL: there is none.
CREATE FUNCTION deeds.one(seed bigint, what text, ids anyarray) RETURNS anyelement LANGUAGE sql IMMUTABLE AS $$
	SELECT ids[1 + world.random_int(seed, what, greatest(cardinality(ids), 1))] $$;

-- The deed with its subjects; NULL where one of them does not exist.
CREATE FUNCTION deeds.fill(seed bigint, what text, action text, t bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_lead bigint := deeds.one(seed, what || ' lead', ARRAY(SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = t ORDER BY 1));
	v_name text;
	v_value text;
BEGIN
	WHILE action ~ '\{[a-z]+[0-9]?\}' LOOP
		v_name := substring(action FROM '\{([a-z]+[0-9]?)\}');
		v_value := CASE v_name
			WHEN 'seed' THEN seed::text WHEN 'what' THEN quote_literal(what) WHEN 'tenant' THEN t::text WHEN 'n' THEN world.random_int(seed, what || ' n', 10)::text
			WHEN 'any' THEN (SELECT f.action FROM deeds.functions f WHERE f.nth = world.random_int(seed, what || ' any', (SELECT count(*) FROM deeds.functions)::integer))
			WHEN 'c' THEN deeds.one(seed, what || ' campaign', ARRAY(SELECT c.campaign_id FROM voiceagent.campaigns c WHERE c.tenant_id = t AND c.type <> 'test' ORDER BY 1))::text
			WHEN 'c2' THEN deeds.one(seed, what || ' other', ARRAY(SELECT c.campaign_id FROM voiceagent.campaigns c WHERE c.tenant_id = t AND c.type <> 'test' ORDER BY 1))::text
			WHEN 'l' THEN v_lead::text WHEN 'p' THEN quote_literal((SELECT l.phone FROM voiceagent.leads l WHERE l.tenant_id = t AND l.lead_id = v_lead))
			WHEN 'l2' THEN deeds.one(seed, what || ' second', ARRAY(SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = t ORDER BY 1))::text
			WHEN 'p2' THEN quote_literal(deeds.one(seed, what || ' number', ARRAY(SELECT h.phone FROM deeds.people h ORDER BY 1)))
			WHEN 'ls' THEN quote_literal((ARRAY(SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = t AND l.lead_id >= v_lead ORDER BY 1 LIMIT 3))::text) || '::bigint[]'
			WHEN 'k' THEN deeds.one(seed, what || ' call', ARRAY(SELECT k.call_id FROM voiceagent.calls k WHERE k.tenant_id = t AND k.outcome IS NOT NULL ORDER BY 1 DESC LIMIT 10))::text
			WHEN 'live' THEN deeds.one(seed, what || ' live', ARRAY(SELECT k.call_id FROM voiceagent_private.live_calls k WHERE k.tenant_id = t ORDER BY 1))::text
			WHEN 'real' THEN deeds.one(seed, what || ' live', ARRAY(SELECT k.call_id FROM voiceagent_private.live_calls k WHERE k.tenant_id = t AND k.provider = 'vapi' AND k.provider_call_id IS NOT NULL ORDER BY 1))::text
			WHEN 'incoming' THEN deeds.one(seed, what || ' incoming', ARRAY(SELECT k.call_id FROM voiceagent_private.live_incoming k WHERE k.tenant_id = t ORDER BY 1))::text
			WHEN 'held' THEN quote_literal(nullif(ARRAY(SELECT DISTINCT d.call_id FROM voiceagent.do_not_call_list d WHERE d.tenant_id = t AND d.held ORDER BY 1), '{}')::text) || '::bigint[]'
			WHEN 'review' THEN quote_literal(nullif(ARRAY(SELECT k.call_id FROM voiceagent.calls k WHERE k.tenant_id = t AND k.uncertain = 'review' ORDER BY 1), '{}')::text) || '::bigint[]'
			WHEN 't' THEN deeds.one(seed, what || ' task', ARRAY(SELECT k.task_id FROM voiceagent.tasks k WHERE k.tenant_id = t ORDER BY 1))::text
			WHEN 'a' THEN deeds.one(seed, what || ' appointment', ARRAY(SELECT k.appointment_id FROM voiceagent.appointments k WHERE k.tenant_id = t ORDER BY 1))::text
			WHEN 's' THEN deeds.one(seed, what || ' sequence', ARRAY(SELECT k.sequence_id FROM voiceagent.sequences k WHERE k.tenant_id = t ORDER BY 1))::text
			WHEN 'merge' THEN deeds.one(seed, what || ' merge', ARRAY(SELECT k.merge_id FROM voiceagent.lead_merges k WHERE k.tenant_id = t AND k.undone_at IS NULL ORDER BY 1))::text
			WHEN 'calendar' THEN deeds.one(seed, what || ' calendar', ARRAY(SELECT k.calendar_id FROM voiceagent.calendars k WHERE k.tenant_id = t ORDER BY 1))::text
			WHEN 'assistant' THEN deeds.one(seed, what || ' assistant', ARRAY(SELECT k.assistant_id FROM voiceagent.assistants k WHERE k.tenant_id = t ORDER BY 1))::text
			WHEN 'account' THEN deeds.one(seed, what || ' account', ARRAY(SELECT k.provider_account_id FROM voiceagent.provider_accounts k WHERE k.tenant_id = t AND k.provider IN ('vapi', 'sandbox') ORDER BY 1))::text
			WHEN 'texts' THEN (SELECT min(k.provider_account_id) FROM voiceagent.provider_accounts k WHERE k.tenant_id = t AND k.provider = 'twilio')::text
			WHEN 'played' THEN (SELECT min(k.provider_account_id) FROM voiceagent.provider_accounts k WHERE k.tenant_id = t AND k.provider = 'sandbox')::text
			WHEN 'number' THEN deeds.one(seed, what || ' sender', ARRAY(SELECT k.phone_number_id FROM voiceagent.phone_numbers k WHERE k.tenant_id = t ORDER BY 1))::text
			WHEN 'pack' THEN (SELECT min(k.pack_id) FROM voiceagent.credit_packs k)::text
			WHEN 'at' THEN quote_literal(date_trunc('hour', voiceagent.clock() + make_interval(hours => 1 + world.random_int(seed, what || ' at', 96)))) || '::timestamptz'
			WHEN 'region' THEN quote_literal((SELECT p.region FROM deeds.places p WHERE p.place = world.random_int(seed, what || ' region', 3)))
			WHEN 'key' THEN quote_literal(deeds.one(seed, what || ' key', ARRAY(SELECT s.key FROM voiceagent_private.setting_definitions s WHERE s.key !~ 'simul|time_scale|private_hosts' ORDER BY 1)))
			WHEN 'outcome' THEN quote_literal((ARRAY['callback', 'interested', 'not_interested', 'no_answer', 'voicemail', 'busy', 'completed', 'scheduled'])[1 + world.random_int(seed, what || ' outcome', 8)])
			WHEN 'settings' THEN quote_literal((world.settings(seed, what, 20) || jsonb_build_object('abandoned_min_calls', 1 + world.random_int(seed, what || ' least', 3)))::text) || '::jsonb' END;
		IF v_value IS NULL THEN
			RETURN NULL;
		END IF;
		action := replace(action, '{' || v_name || '}', v_value);
	END LOOP;
	RETURN action;
END
$$;

-- What the oracles remember of a deed that was done.
CREATE FUNCTION deeds.remember(effect text, action text, t bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_phone text := substring(action FROM '''(\+[0-9]+)''');
	v_region text := substring(action FROM '''(US-[A-Z]+)''');
	v_now timestamptz := voiceagent.clock();
BEGIN
	CASE effect
		WHEN 'refused' THEN INSERT INTO deeds.refusals VALUES (t, v_phone, 'listed', v_now);
		WHEN 'refused by all' THEN INSERT INTO deeds.refusals VALUES (0, v_phone, 'listed', v_now);
		WHEN 'allowed' THEN DELETE FROM deeds.refusals r WHERE r.tenant = t AND r.phone = v_phone;
		WHEN 'allowed by all' THEN DELETE FROM deeds.refusals r WHERE r.tenant = 0 AND r.phone = v_phone;
		WHEN 'stopped' THEN
			INSERT INTO deeds.stops VALUES (t, v_phone, v_now);
			INSERT INTO deeds.refusals VALUES (t, v_phone, 'wrote', v_now);
			DELETE FROM deeds.consents n WHERE n.tenant = t AND n.phone = v_phone;
		WHEN 'started' THEN DELETE FROM deeds.stops s WHERE s.tenant = t AND s.phone = v_phone;
		WHEN 'consent' THEN INSERT INTO deeds.consents VALUES (t, v_phone, v_now);
		WHEN 'revoked' THEN DELETE FROM deeds.consents n WHERE n.tenant = t AND n.phone = (SELECT l.phone FROM voiceagent.leads l WHERE l.tenant_id = t AND l.lead_id = substring(action FROM '\((\d+)')::bigint);
		WHEN 'tightened' THEN INSERT INTO deeds.tightened VALUES (v_region);
		WHEN 'untightened' THEN DELETE FROM deeds.tightened g WHERE g.region = v_region;
	END CASE;
END
$$;

-- Laws of who did something, and of what it changed.
CREATE FUNCTION deeds.judge_done(kind text, who deeds.who, action text, own text, others text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_what text := format('%s of tenant %s: %s', who.role, who.tenant, left(action, 200));
BEGIN
	INSERT INTO deeds.counted VALUES (format('deeds done by a %s of %s', who.role, CASE WHEN who.tenant IS NULL THEN 'the platform' ELSE 'a tenant' END), 1) ON CONFLICT (what) DO UPDATE SET n = deeds.counted.n + 1;
	IF who.role = 'viewer' AND own IS NOT NULL THEN
		PERFORM deeds.break('who may only look changes nothing', format('%s changes %s', v_what, own));
	END IF;
	IF who.tenant IS NOT NULL AND others IS NOT NULL THEN
		PERFORM deeds.break('nobody changes what is another tenant''s', format('%s changes %s', v_what, others));
	END IF;
	IF who.tenant IS NULL AND NOT EXISTS (SELECT FROM deeds.staff f WHERE f.kind = judge_done.kind AND who.role = ANY (f.roles)) THEN
		PERFORM deeds.break('the staff does what its roles allow', v_what);
	END IF;
END
$$;

CREATE FUNCTION deeds.do(seed bigint, n integer, tenants bigint[]) RETURNS void LANGUAGE plpgsql SET client_min_messages = error AS $$
DECLARE
	v_what text := 'deed ' || n;
	v_tenant bigint := tenants[1 + world.random_int(seed, v_what || ' tenant', cardinality(tenants))];
	v_kind deeds.kinds;
	v_action text;
	v_came text := 'nothing';
	v_where text;
	v_who deeds.who;
	v_subject bigint := v_tenant;
	v_other bigint;
	v_own text;
	v_others text;
BEGIN
	SELECT (k.x).* INTO v_kind FROM (SELECT k AS x, sum(k.share) OVER (ORDER BY k.kind COLLATE "C") AS upto, sum(k.share) OVER () AS total FROM deeds.kinds k) k
	WHERE k.upto > world.random_int(seed, v_what || ' kind', k.total::integer) ORDER BY k.upto LIMIT 1;
	-- Half of what a tenant or the platform does is done by one of its people, of any role; who belongs to a tenant may name what is another's.
	IF v_kind.who IN ('tenant', 'any', 'platform') AND v_kind.action NOT LIKE '%deeds.%' AND v_kind.action NOT LIKE '%\_private.%' AND world.random_int(seed, v_what || ' one', 2) = 0 THEN
		v_who := deeds.one(seed, v_what || ' who', ARRAY(SELECT w FROM deeds.who w WHERE w.tenant IS NOT DISTINCT FROM CASE WHEN v_kind.who <> 'platform' THEN v_tenant END ORDER BY w.role COLLATE "C"));
		v_other := (SELECT x FROM unnest(tenants) x WHERE x <> v_tenant);
		v_subject := CASE WHEN v_kind.who <> 'platform' AND world.random_int(seed, v_what || ' whose', 4) = 0 THEN v_other ELSE v_tenant END;
	END IF;
	PERFORM voiceagent_private.set_tenant(v_subject);
	v_action := deeds.fill(seed, v_what, v_kind.action, v_subject);
	PERFORM voiceagent_private.set_tenant(v_tenant);
	INSERT INTO deeds.done VALUES (n, voiceagent.clock(), v_tenant, v_kind.kind, v_action, NULL);
	IF v_action IS NOT NULL THEN
		BEGIN
			IF v_kind.who = 'platform' OR v_kind.who = 'any' AND world.random_int(seed, v_what || ' who', 3) = 0 THEN
				PERFORM voiceagent_private.set_tenant(0);
			END IF;
			IF v_who.role IS NULL THEN
				EXECUTE 'SELECT ' || v_action;
			ELSE
				v_own := deeds.digest(v_tenant);
				v_others := deeds.digest(v_other);
				PERFORM voiceagent_private.set_tenant(0);
				-- As the server of the API does.
				PERFORM set_config('request.jwt.claims', v_who.claims::text, true), set_config('request.headers', '{}', true);
				EXECUTE format('SET LOCAL SESSION AUTHORIZATION voiceagent_api; SET LOCAL ROLE %I', v_who.login);
				EXECUTE 'SELECT ' || v_action;
				SET LOCAL SESSION AUTHORIZATION DEFAULT;
				PERFORM set_config('request.jwt.claims', '', true);
				PERFORM deeds.judge_done(v_kind.kind, v_who, v_action, deeds.differ(v_own, deeds.digest(v_tenant)), deeds.differ(v_others, deeds.digest(v_other)));
			END IF;
			v_came := 'done';
			-- What a commit would look at.
			SET CONSTRAINTS ALL IMMEDIATE;
			SET CONSTRAINTS ALL DEFERRED;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS v_where = PG_EXCEPTION_CONTEXT;
			v_came := SQLSTATE || ' ' || SQLERRM;
			-- What a person may be told is no fault, nor is a value that no type takes.
			IF SQLSTATE !~ '^(PT4|PT5|22|42501|0A|25|28|55|P0001|VA)' THEN
				PERFORM deeds.break('an error is meant', format('%s: %s %s', left(v_action, 200), v_came, split_part(v_where, E'\n', 1)));
			END IF;
		END;
	END IF;
	UPDATE deeds.done d SET came = v_came WHERE d.nth = n;
	INSERT INTO deeds.counted VALUES ('deeds', 1), (CASE v_came WHEN 'done' THEN 'deeds done' WHEN 'nothing' THEN 'deeds without a subject' ELSE 'deeds refused' END, 1) ON CONFLICT (what) DO UPDATE SET n = deeds.counted.n + 1;
	PERFORM voiceagent_private.set_tenant(v_tenant);
	IF v_came = 'done' AND v_kind.effect IS NOT NULL THEN
		PERFORM deeds.remember(v_kind.effect, v_action, v_tenant);
	END IF;
END
$$;

-- What the keeper and a carrier of texts do: due jobs, and answers to what was to be sent.
CREATE FUNCTION deeds.keep(seed bigint, what text) RETURNS void LANGUAGE plpgsql SET client_min_messages = error AS $$
DECLARE
	v_job text;
	v record;
BEGIN
	FOR i IN 1 .. 60 LOOP
		PERFORM voiceagent_private.set_tenant(0);
		v_job := voiceagent_private.claim_job();
		EXIT WHEN v_job IS NULL;
		-- The product's own judges, which take most of the time.
		IF v_job = 'check_rules' THEN
			UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity' WHERE job = v_job;
			CONTINUE;
		END IF;
		BEGIN
			PERFORM voiceagent_private.run_job(v_job);
		EXCEPTION WHEN OTHERS THEN
			PERFORM deeds.break('a job does not fail', format('%s: %s %s', v_job, SQLSTATE, SQLERRM));
			PERFORM voiceagent_private.job_failed(v_job, SQLERRM);
		END;
	END LOOP;
	FOR v IN SELECT q.tenant_id, q.provider_request_id, r.kind FROM voiceagent_private.provider_request_queue q JOIN voiceagent.provider_requests r USING (tenant_id, provider_request_id) ORDER BY 1, 2 LOOP
		PERFORM voiceagent_private.set_tenant(v.tenant_id);
		PERFORM voiceagent_private.end_provider_request(v.provider_request_id, CASE WHEN v.kind = 'send_text' AND world.random_int(seed, what || ' sent ' || v.provider_request_id, 5) > 0 THEN 'done' ELSE 'failed' END,
			jsonb_build_object('text_id', 'sent ' || v.provider_request_id), 'no');
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
END
$$;

-- A tenant with its people, accounts and numbers; two campaigns, one of which is played.
CREATE FUNCTION deeds.tenant(seed bigint, nth integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent_private.make_simulated_tenant('deeds ' || nth, (ARRAY['UTC', 'America/New_York'])[nth], 500);
	v_now timestamptz := voiceagent.clock();
	v_real bigint := voiceagent_private.simulated_account(10);
	v_played bigint := voiceagent_private.simulated_account(10, provider => 'sandbox');
	v_texts bigint := voiceagent_private.simulated_account(10, provider => 'twilio');
	v_campaign bigint;
BEGIN
	INSERT INTO voiceagent.phone_numbers (tenant_id, provider_account_id, phone_number, country, timezone, state, proof, is_active, created_at)
	SELECT v_tenant, a.account, a.phone || nth, 'US', 'America/New_York', 'ready', 'carrier', true, v_now FROM (VALUES (v_played, '+1202555011'), (v_texts, '+1202555012')) a(account, phone);
	INSERT INTO voiceagent.text_senders (tenant_id, phone_number_id, registration, state, changed_at)
	SELECT n.tenant_id, n.phone_number_id, '10dlc', 'registered', v_now FROM voiceagent.phone_numbers n WHERE n.tenant_id = v_tenant;
	-- Some people are both tenants'.
	INSERT INTO deeds.people SELECT p.prefix || '555' || lpad((2000 + i + 18 * nth)::text, 4, '0'), p.place FROM generate_series(1, 30) i JOIN deeds.places p ON p.place = i % 6 ON CONFLICT DO NOTHING;
	INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, priority, created_at)
	SELECT v_tenant, p.prefix || '555' || lpad((2000 + i + 18 * nth)::text, 4, '0'), 'Lead ' || i, p.country, p.region, ARRAY[p.zone], 5, v_now FROM generate_series(1, 30) i JOIN deeds.places p ON p.place = i % 6 ORDER BY i;
	-- The number that texts come to is answered, over a socket of ours.
	PERFORM set_config('voiceagent.public_base_url', 'https://calls.example.com', true), set_config('voiceagent.media_port', '8443', true);
	UPDATE voiceagent.provider_accounts a SET settings = jsonb_build_object('stream_url', 'wss://calls.example.com/media/twilio/' || r.token), base_url = 'https://carrier.example'
	FROM voiceagent_private.endpoint_routes r WHERE a.tenant_id = v_tenant AND a.provider_account_id = v_texts AND r.provider_account_id = v_texts;
	PERFORM voiceagent.update_phone_number(n.phone_number_id, jsonb_build_object('ai_assistant_id', voiceagent.create_assistant('Reception', 'Hello, how can I help?', 'Be kind.'))) FROM voiceagent.phone_numbers n
	WHERE n.tenant_id = v_tenant AND n.provider_account_id = v_texts;
	PERFORM voiceagent_private.relist(ARRAY(SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = v_tenant));
	PERFORM voiceagent.record_consent(l.lead_id, 'call', 'form'), voiceagent.record_consent(l.lead_id, 'text', 'form') FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND world.random_int(seed, format('consent %s %s', nth, l.phone), 3) > 0;
	INSERT INTO deeds.consents SELECT n.tenant_id, n.phone, v_now FROM voiceagent.consents n WHERE n.tenant_id = v_tenant AND n.kind = 'call';
	FOR i IN 1 .. 3 LOOP
		v_campaign := deeds.campaign(seed, format('campaign %s of %s', i, nth), CASE i WHEN 2 THEN v_played ELSE v_real END);
		PERFORM world.try(format('SELECT voiceagent.start_campaign(%s)', v_campaign));
	END LOOP;
	RETURN v_tenant;
END
$$;

-- Deeds and the world between them, until a law is broken or all are done; then days without any. only_deeds: no others are
-- done; go_on: also behind a law that was broken.
CREATE FUNCTION deeds.run(seed bigint, deeds integer, only_deeds integer[] DEFAULT NULL, go_on boolean DEFAULT false) RETURNS jsonb LANGUAGE plpgsql
	SET max_parallel_workers_per_gather = 0 SET jit = off SET timezone = 'UTC' SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_start timestamptz := '2027-09-06 00:00+00'::timestamptz + make_interval(hours => world.random_int(seed, 'hour', 24));
	-- Several deeds at a moment, so that they meet.
	v_each CONSTANT integer := 6;
	v_step interval := interval '7 days' / (deeds / v_each + 1);
	v_tenants bigint[] := '{}';
	v_left integer := 1000000;
	v_now timestamptz;
	v_next timestamptz;
	v_result jsonb;
	n integer := 0;
BEGIN
	BEGIN
		PERFORM voiceagent_private.begin_simulation(v_start, seed, -1, ARRAY[(ARRAY[0, 20, 200])[1 + world.random_int(seed, 'lost', 3)], (ARRAY[0, 50, 300])[1 + world.random_int(seed, 'repeated', 3)],
			(ARRAY[0, 50, 300])[1 + world.random_int(seed, 'late', 3)], (ARRAY[0, 10, 100])[1 + world.random_int(seed, 'refused', 3)], (ARRAY[0, 10, 100])[1 + world.random_int(seed, 'unknown', 3)]]);
		PERFORM voiceagent_private.set_tenant(0);
		INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, source_date, effective_from)
		SELECT x.place, x.rule, x.value::jsonb, 'test', '2026-01-01', '-infinity' FROM (VALUES ('XA', 'hours', '{"start":"00:00","end":"24:00"}'), ('XA', 'calls_per_24h', 'null'), ('XA', 'min_ring', 'null'), ('XA', 'require_consent', 'false'),
			('XA', 'disclose_ai', 'false'), ('XA', 'disclose_caller', 'false'), ('XA', 'disclose_recording', 'false'), ('XA', 'opt_out_text', 'null'), ('XA', 'list_max_age', 'null'), ('XA', 'holidays', '{}'),
			('XA-1', 'require_consent', 'true'), ('XA-1', 'hours', '{"start":"07:00","end":"22:00"}'), ('XA-2', 'calls_per_day', '1')) x(place, rule, value);
		PERFORM voiceagent_private.store_terms(ARRAY(SELECT DISTINCT p.region FROM deeds.places p), v_start);
		PERFORM voiceagent.create_credit_pack('Pack', 50, '{"USD": 5}');
		FOR i IN 1 .. 2 LOOP
			v_tenants := v_tenants || deeds.tenant(seed, i);
		END LOOP;
		PERFORM deeds.people_of(v_tenants);
		WHILE n < deeds AND (go_on OR NOT EXISTS (SELECT FROM deeds.broken)) LOOP
			FOR i IN 1 .. v_each LOOP
				n := n + 1;
				EXIT WHEN n > deeds;
				IF only_deeds IS NULL OR n = ANY (only_deeds) THEN
					PERFORM deeds.do(seed, n, v_tenants);
				END IF;
			END LOOP;
			SELECT u.steps_left INTO v_left FROM voiceagent_private.simulate_until(greatest(v_start + v_step * (n / v_each), voiceagent.clock() + interval '1 second'), '10 seconds', v_left) u;
			-- Two of three moments wait for a call that is live.
			v_now := voiceagent.clock();
			FOR i IN 1 .. CASE WHEN world.random_int(seed, 'meet ' || n, 3) > 0 THEN 30 ELSE 0 END LOOP
				v_next := voiceagent_private.simulate_step(v_now, '0', false);
				EXIT WHEN EXISTS (SELECT FROM voiceagent_private.live_calls l WHERE l.provider_call_id IS NOT NULL) OR v_next > v_now + interval '4 hours';
				v_now := greatest(v_next, v_now + interval '1 second');
			END LOOP;
			PERFORM deeds.keep(seed, 'keep ' || n), deeds.judge();
		END LOOP;
		-- What nobody does anything about comes to its end.
		IF go_on OR NOT EXISTS (SELECT FROM deeds.broken) THEN
			FOR i IN 1 .. 6 LOOP
				SELECT u.steps_left INTO v_left FROM voiceagent_private.simulate_until(voiceagent.clock() + interval '12 hours', '1 minute', v_left) u;
				PERFORM deeds.keep(seed, 'end ' || i), deeds.judge();
			END LOOP;
		END IF;
		v_result := jsonb_build_object('until', voiceagent.clock(), 'broken', (SELECT coalesce(jsonb_agg(b), '[]') FROM deeds.broken b),
			'done', (SELECT jsonb_agg(format('%s %s, tenant %s, %s: %s -> %s', d.nth, d.at, d.tenant - v_tenants[1] + 1, d.kind, d.action, d.came) ORDER BY d.nth) FROM deeds.done d WHERE d.came <> 'nothing'),
			'kinds', (SELECT jsonb_object_agg(k.kind, k.n) FROM (SELECT d.kind, count(*) AS n FROM deeds.done d WHERE d.came = 'done' GROUP BY 1) k),
			'counted', (SELECT jsonb_object_agg(c.what, c.n) FROM deeds.counted c));
		RAISE EXCEPTION USING ERRCODE = 'VA000', MESSAGE = 'the world is over';
	EXCEPTION WHEN SQLSTATE 'VA000' THEN
		NULL;
	END;
	RETURN v_result;
END
$$;

/* ----- faults, which a law must find ----- */

CREATE FUNCTION deeds.rewrite(function text, line text, becomes text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_was text;
BEGIN
	SELECT pg_get_functiondef(p.oid) INTO STRICT v_was FROM pg_proc p WHERE p.pronamespace = 'voiceagent_private'::regnamespace AND p.proname = function;
	IF strpos(v_was, line) = 0 THEN
		RAISE '% has no line %', function, line;
	END IF;
	EXECUTE replace(v_was, line, becomes);
END
$$;
-- A simulation leaves the law to the other sessions of its database; here there are none.
SELECT deeds.rewrite('renew_terms', 'WHERE NOT voiceagent_private.simulating() AND (', 'WHERE (');
-- Nor has it incoming calls: nobody asks a carrier about those; a deed tells of their end, or a job, when their time is over.
SELECT deeds.rewrite('live_deadline', 'live_incoming i WHERE real_carriers ORDER', 'live_incoming i WHERE false ORDER');

CREATE TABLE deeds.faults (fault text PRIMARY KEY, function text NOT NULL, line text NOT NULL, becomes text NOT NULL);
INSERT INTO deeds.faults VALUES
	('rest', 'due_campaigns', 'IF v.rests_until > at THEN', 'IF false THEN'),
	('rehearsal', 'take_written', 'v_played boolean := voiceagent_private.is_sandbox(account);', 'v_played boolean := false;'),
	('ends', 'close_incoming', 'v_callers := ARRAY(SELECT i FROM unnest(v_closed) i WHERE voiceagent_private.hear_incoming(i, NULL) ORDER BY i);', ''),
	('viewer', 'writer_tenant', 'IF coalesce(pg_catalog.array_position(c_roles, v_role), 1) <', 'IF false AND coalesce(pg_catalog.array_position(c_roles, v_role), 1) <'),
	('staff', 'require_platform', 'NOT voiceagent_private.may_as_platform(action)', 'NOT (voiceagent_private.may_as_platform(action) OR pg_catalog.current_setting(''role'') = ''voiceagent_staff'')'),
	('cap', 'spend_left_by_cap', 'v_settings ->> ''spend_cap''', 'v_settings ->> ''no_spend_cap'''),
	('doubt', 'conclude_calls', 'v := voiceagent_private.decide_retries(call_ids);', 'v := voiceagent_private.decide_retries(ARRAY(SELECT i FROM unnest(call_ids) i WHERE i <> ALL (doubted)));');
CREATE FUNCTION deeds.fault(fault text) RETURNS void LANGUAGE sql AS $$
	SELECT deeds.rewrite(f.function, f.line, f.becomes) FROM deeds.faults f WHERE f.fault = $1 $$;
