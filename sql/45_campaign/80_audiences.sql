/*
 * 45_campaign: audiences, conditions whose leads join a campaign by themselves.
 *
 * A worker evaluates them, which must run nothing that a tenant has written
 * with its own rights, nor for long: so an audience is not any view, but one
 * SQL condition on the fields of a lead, of which extension/condition.c takes
 * only comparisons; and a pass goes over the tenant's leads in pieces, in the
 * order of their primary key.
 */

CREATE TABLE voiceagent.audiences (
	tenant_id bigint NOT NULL,
	audience_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL,
	campaign_id bigint NOT NULL,
	condition text NOT NULL,
	leads_added bigint NOT NULL DEFAULT 0,
	last_pass_at timestamptz,
	error text,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, audience_id),
	UNIQUE (tenant_id, name),
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns
);
COMMENT ON TABLE voiceagent.audiences IS 'Conditions whose leads join a campaign by themselves, those to come included.';
COMMENT ON COLUMN voiceagent.audiences.audience_id IS 'Number of the audience.';
COMMENT ON COLUMN voiceagent.audiences.name IS 'What the tenant calls it.';
COMMENT ON COLUMN voiceagent.audiences.campaign_id IS 'The campaign that its leads join.';
COMMENT ON COLUMN voiceagent.audiences.condition IS 'A condition in SQL on the fields of a lead.';
COMMENT ON COLUMN voiceagent.audiences.leads_added IS 'Leads that it has brought into the campaign.';
COMMENT ON COLUMN voiceagent.audiences.last_pass_at IS 'When all leads had been looked at last.';
COMMENT ON COLUMN voiceagent.audiences.error IS 'Why a pass failed last, for some of the leads or for all, with DETAIL and HINT; NULL: the last whole pass did not. It is tried again all the same.';
SELECT voiceagent_private.guard_table('voiceagent.audiences', 'tenant');

CREATE TABLE voiceagent_private.audience_turns (
	tenant_id bigint NOT NULL,
	audience_id bigint NOT NULL,
	next_at timestamptz NOT NULL,
	after_lead_id bigint NOT NULL DEFAULT 0,
	failed boolean NOT NULL DEFAULT false,
	PRIMARY KEY (tenant_id, audience_id),
	FOREIGN KEY (tenant_id, audience_id) REFERENCES voiceagent.audiences ON DELETE CASCADE
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.audience_turns IS 'When each audience is looked at next, and from which lead on.';
COMMENT ON COLUMN voiceagent_private.audience_turns.next_at IS 'When.';
COMMENT ON COLUMN voiceagent_private.audience_turns.after_lead_id IS 'The last lead that this pass has looked at; 0: it begins.';
COMMENT ON COLUMN voiceagent_private.audience_turns.failed IS 'This pass has failed for some leads, and gone on behind them.';
CREATE INDEX audience_turns_next ON voiceagent_private.audience_turns (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.audience_turns', 'routing');

CREATE FUNCTION voiceagent_private.check_condition(condition text) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_check_condition';
COMMENT ON FUNCTION voiceagent_private.check_condition(text) IS
	'PT422, or a syntax error, for what is not one condition that compares columns, constants and what a few harmless functions make of them.';

CREATE FUNCTION voiceagent_private.audience_query(condition text) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.check_condition(condition);
	RETURN 'SELECT l.lead_id, (' || condition || E'\n) IS TRUE AS wanted FROM (
		SELECT d.lead_id, d.phone::text AS phone, d.extension, d.first_name, d.last_name, d.email, d.company, d.country, d.region,
			d.timezones, d.tags, d.context, d.priority::integer AS priority, d.status::text AS status, d.qualified, d.call_attempts,
			d.last_contacted_at, d.batch_id, d.created_at, voiceagent.clock() AS now
		FROM voiceagent.leads d WHERE d.tenant_id = $1 AND d.lead_id > $2 ORDER BY d.lead_id LIMIT $3) l';
END
$$;
COMMENT ON FUNCTION voiceagent_private.audience_query(text) IS
	'The query for lead_id and wanted of up to $3 leads of tenant $1 after lead $2; PT422 as check_condition.';

CREATE FUNCTION voiceagent_private.try_condition(condition text) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
	v_query text;
BEGIN
	PERFORM voiceagent_private.use_tenant_zone();
	-- The text has passed check_condition().  @plpgsql_check_options: security_warnings = off
	IF nullif(btrim(condition), '') IS NULL THEN
		PERFORM voiceagent_private.fail('PT422', 'no condition given', NULL, 'Give a condition in SQL, such as: ''vip'' = ANY (tags). true takes every lead.');
	END IF;
	v_query := voiceagent_private.audience_query(condition);
	EXECUTE format('%s', v_query) USING voiceagent.current_tenant(), 0::bigint, 0;
	RETURN v_query;
EXCEPTION
	WHEN syntax_error_or_access_rule_violation OR data_exception OR feature_not_supported THEN
		PERFORM voiceagent_private.fail('PT422', 'the condition is no valid SQL condition on a lead: ' || SQLERRM, NULL,
			'Columns are lead_id, phone, extension, first_name, last_name, email, company, country, region, timezones, tags, context, priority, status, qualified, call_attempts, last_contacted_at, batch_id, created_at and now.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.try_condition(text) IS
	'audience_query() of a condition that PostgreSQL''s planner has accepted; else PT422 with what it says.';

CREATE FUNCTION voiceagent.create_audience(name text, campaign_id bigint, condition text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_name text := btrim(name);
	v_type text := (SELECT c.type FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant AND c.campaign_id = create_audience.campaign_id);
	v_audience bigint;
BEGIN
	IF nullif(v_name, '') IS NULL OR length(v_name) > 200 THEN
		PERFORM voiceagent_private.fail('PT422', 'the audience has no sensible name', NULL, 'Give 1 to 200 characters.');
	ELSIF v_type IS NULL THEN
		PERFORM voiceagent_private.fail('PT404', 'no such campaign');
	END IF;
	PERFORM voiceagent_private.refuse_test_type(v_type, '{}');
	PERFORM voiceagent_private.try_condition(condition);
	INSERT INTO voiceagent.audiences AS a (tenant_id, name, campaign_id, condition, created_at)
	VALUES (v_tenant, v_name, campaign_id, condition, voiceagent.clock())
	ON CONFLICT DO NOTHING
	RETURNING a.audience_id INTO v_audience;
	IF v_audience IS NULL THEN
		PERFORM voiceagent_private.fail('PT409', format('there is an audience "%s" already', v_name), NULL,
			'Give another name, or drop_audience() it first.');
	END IF;
	INSERT INTO voiceagent_private.audience_turns (tenant_id, audience_id, next_at) VALUES (v_tenant, v_audience, '-infinity');
	PERFORM voiceagent_private.audit('create_audience', v_audience::text, NULL,
		jsonb_build_object('name', v_name, 'campaign_id', campaign_id, 'condition', condition));
	PERFORM voiceagent_private.wish_duty('enrol_audiences', '-infinity');
	RETURN v_audience;
END
$$;
COMMENT ON FUNCTION voiceagent.create_audience(text, bigint, text) IS
	'Has every lead join a campaign by itself for which a SQL condition holds, those of now and those to come: new and changed leads are found within the setting audience_interval. Columns: those of leads, and now; no subqueries; functions and operators that compare; days and times are the tenant''s time zone''s. E.g. ''vip'' = ANY (tags) AND created_at > now - interval ''30 days''. A running campaign queues them at once, a completed one is taken up again if one of them can be called (on a real carrier it then waits for confirm_campaign(), where that is due); who is in the campaign, or not to be called, is left alone, as are own numbers, and who no longer fits stays. preview_audience() shows what a condition finds. Returns audience_id; audiences.error says what went wrong since. PT404, PT409 for a name that is taken, PT422 for what is no such condition.';

CREATE FUNCTION voiceagent.preview_audience(condition text, campaign_id bigint DEFAULT NULL, max_leads integer DEFAULT 100,
	first_lead bigint DEFAULT 0)
	RETURNS TABLE (lead_id bigint, phone text, first_name text, last_name text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.use_tenant_zone();
	-- The text has passed check_condition().  @plpgsql_check_options: security_warnings = off
	RETURN QUERY EXECUTE format('SELECT d.lead_id, d.phone::text, d.first_name, d.last_name FROM (%s) q
		JOIN voiceagent.leads d ON d.tenant_id = $1 AND d.lead_id = q.lead_id
		WHERE q.wanted AND d.status <> ''do_not_call'' AND NOT EXISTS (SELECT FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = $1 AND m.campaign_id = $4 AND m.lead_id = d.lead_id)
			AND d.lead_id <> ALL (ARRAY(SELECT o.lead_id FROM voiceagent.own_numbers o WHERE o.tenant_id = $1))
		ORDER BY d.lead_id LIMIT $5', voiceagent_private.try_condition(preview_audience.condition))
	USING v_tenant, coalesce(preview_audience.first_lead, 0) - 1, NULL::bigint, preview_audience.campaign_id,
		greatest(least(coalesce(preview_audience.max_leads, 100), 10000), 0);
END
$$;
COMMENT ON FUNCTION voiceagent.preview_audience(text, bigint, integer, bigint) IS
	'The first max_leads (10,000 at most) leads, from number first_lead on, that create_audience() would find by this condition: not on the do-not-call list, no own number, and not in the campaign yet, if one is given. PT422 for what is no condition.';

CREATE FUNCTION voiceagent.drop_audience(audience_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old voiceagent.audiences;
BEGIN
	DELETE FROM voiceagent_private.audience_turns t WHERE t.tenant_id = v_tenant AND t.audience_id = drop_audience.audience_id;
	DELETE FROM voiceagent.audiences a WHERE a.tenant_id = v_tenant AND a.audience_id = drop_audience.audience_id RETURNING a.* INTO v_old;
	IF NOT FOUND THEN
		PERFORM voiceagent_private.fail('PT404', 'no such audience');
	END IF;
	PERFORM voiceagent_private.audit('drop_audience', v_old.audience_id::text,
		jsonb_build_object('name', v_old.name, 'campaign_id', v_old.campaign_id, 'condition', v_old.condition));
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent.drop_audience(bigint) IS
	'Ends an audience: nobody joins by it any more; who has joined stays. PT404.';

CREATE FUNCTION voiceagent_private.error_words(state text, message text, detail text, hint text) RETURNS text
	LANGUAGE sql IMMUTABLE AS $$
	SELECT left(concat_ws(E'\n', state || ' ' || message, 'DETAIL: ' || nullif(detail, ''), 'HINT: ' || nullif(hint, '')), 2000)
$$;
COMMENT ON FUNCTION voiceagent_private.error_words(text, text, text, text) IS
	'An error as it is kept for a person to read: SQLSTATE and message, then DETAIL and HINT, a line each; 2000 characters at most.';

CREATE FUNCTION voiceagent_private.wanted_leads(audience voiceagent.audiences, after_lead_id bigint, step integer,
	OUT lead_ids bigint[], OUT last_lead_id bigint, OUT ended boolean, OUT error text)
	RETURNS record LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off SET search_path = pg_catalog, pg_temp
	SET timezone = 'UTC' AS $$
DECLARE
	c_time CONSTANT interval := interval '100 milliseconds';
	-- So many leads that the condition fails for are found and left out; with one more the rest of the piece is.
	c_failures CONSTANT integer := 20;
	v_began timestamptz := clock_timestamp();
	v_query text := voiceagent_private.audience_query(audience.condition);
	v_looked_at bigint := 0;
	v_batch bigint := 1;
	v_failures integer := 0;
	v_found bigint;
	v_last bigint;
	v_more bigint[];
	v_message text;
	v_detail text;
	v_hint text;
BEGIN
	PERFORM voiceagent_private.use_tenant_zone();
	last_lead_id := after_lead_id;
	/*
	 * A lead may take a third of a second, if condition and lead are made for it, and that is the dialer's time: few
	 * leads first, then more, until the piece has had its time.
	 */
	WHILE v_looked_at < step AND v_batch > 0 AND clock_timestamp() < v_began + c_time LOOP
		v_batch := least(v_batch, step - v_looked_at);
		BEGIN
			-- The text has passed check_condition().  @plpgsql_check_options: security_warnings = off
			EXECUTE format('SELECT count(*), max(q.lead_id), array_agg(q.lead_id ORDER BY q.lead_id) FILTER (WHERE q.wanted) FROM (%s) q', v_query)
			INTO v_found, v_last, v_more USING audience.tenant_id, last_lead_id, v_batch;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT, v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
			error := voiceagent_private.error_words(SQLSTATE, v_message, v_detail, v_hint);
			-- Fewer, until it is the one lead.
			IF v_batch > 1 THEN
				v_batch := greatest(v_batch / 4, 1);
				CONTINUE;
			END IF;
			v_failures := v_failures + 1;
			v_batch := CASE WHEN v_failures > c_failures THEN step - v_looked_at ELSE 1 END;
			SELECT count(*), max(d.lead_id), NULL INTO v_found, v_last, v_more FROM (
				SELECT l.lead_id FROM voiceagent.leads l
				WHERE l.tenant_id = audience.tenant_id AND l.lead_id > last_lead_id ORDER BY l.lead_id LIMIT v_batch) d;
		END;
		last_lead_id := coalesce(v_last, last_lead_id);
		lead_ids := lead_ids || v_more;
		v_looked_at := v_looked_at + v_found;
		v_batch := CASE WHEN v_found < v_batch THEN 0 ELSE v_batch * 4 END;
	END LOOP;
	ended := v_batch = 0;
END
$$;
COMMENT ON FUNCTION voiceagent_private.wanted_leads(voiceagent.audiences, bigint, integer) IS
	'One piece of a pass of an audience of the acting tenant: looks at up to step leads after that one, for a tenth of a second: those that fit. ended: no lead comes behind last_lead_id. error: what the condition failed of for a lead, which is left out; so are, where it fails for many, others of the piece.';

CREATE FUNCTION voiceagent_private.take_up(campaign voiceagent.campaigns, lead_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
BEGIN
	-- What has been set since it completed; a new text of the assistant waits for a person, as in one that runs.
	PERFORM voiceagent_private.put_in_force(campaign, true);
	PERFORM voiceagent_private.refuse_expired(campaign.campaign_id, v_now);
	IF voiceagent_private.enqueue_joined(campaign.campaign_id, lead_ids, v_now) > 0 THEN
		PERFORM voiceagent_private.revive_campaign(campaign.campaign_id);
		PERFORM voiceagent_private.log_event('campaign_resumed', campaign.campaign_id, NULL, NULL, '{"reason": "an audience has found leads"}');
		PERFORM voiceagent_private.hold_unconfirmed(campaign.campaign_id);
		PERFORM voiceagent_private.poke('outbound');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_up(voiceagent.campaigns, bigint[]) IS
	'Lets a completed campaign, which the caller has locked, go on for these leads, which have just joined it: as in a running one, who cannot be called is skipped with the reason, and a confirmation that is missing holds it back. With nobody to call it stays completed. PT409 if it has expired.';

CREATE FUNCTION voiceagent_private.enrol_leads(audience voiceagent.audiences, lead_ids bigint[]) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_leads bigint[];
	v_added bigint;
	v_campaign voiceagent.campaigns;
BEGIN
	-- Most of them are in it since an earlier pass.
	SELECT array_agg(i.id) INTO v_leads FROM unnest(lead_ids) i(id)
	JOIN LATERAL (SELECT d.status FROM voiceagent.leads d WHERE d.tenant_id = audience.tenant_id AND d.lead_id = i.id OFFSET 0) d
		ON d.status <> 'do_not_call'
	WHERE NOT EXISTS (SELECT FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = audience.tenant_id AND m.campaign_id = audience.campaign_id AND m.lead_id = i.id)
		AND i.id <> ALL (ARRAY(SELECT o.lead_id FROM voiceagent.own_numbers o WHERE o.tenant_id = audience.tenant_id));
	IF v_leads IS NULL THEN
		RETURN 0;
	END IF;
	v_added := voiceagent.add_leads(audience.campaign_id, v_leads);
	v_campaign := voiceagent_private.lock_campaign(audience.campaign_id);
	IF v_campaign.status = 'completed' AND v_added > 0 THEN
		PERFORM voiceagent_private.take_up(v_campaign, v_leads);
	END IF;
	RETURN v_added;
END
$$;
COMMENT ON FUNCTION voiceagent_private.enrol_leads(voiceagent.audiences, bigint[]) IS
	'Puts those of the leads that an audience of the acting tenant wants into its campaign that are not in it and may be, and returns how many.';

CREATE FUNCTION voiceagent_private.enrol_audiences(step integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_turn voiceagent_private.audience_turns;
	v_audience voiceagent.audiences;
	v_piece record;
	v_added bigint := 0;
	v_error text;
	v_message text;
	v_detail text;
	v_hint text;
	v_failed boolean;
BEGIN
	SELECT t.* INTO v_turn FROM voiceagent_private.audience_turns t
	WHERE t.next_at <= v_now ORDER BY t.next_at LIMIT 1 FOR UPDATE SKIP LOCKED;
	IF FOUND THEN
		PERFORM voiceagent_private.act_for(v_turn.tenant_id);
		SELECT a.* INTO STRICT v_audience FROM voiceagent.audiences a
		WHERE a.tenant_id = v_turn.tenant_id AND a.audience_id = v_turn.audience_id;
		-- A worker waits for nobody: neither for an import, nor for whoever has the campaign.
		PERFORM FROM voiceagent_private.pacing p WHERE p.tenant_id = v_turn.tenant_id AND p.campaign_id = v_audience.campaign_id
			AND voiceagent_private.try_lock_leads() FOR UPDATE SKIP LOCKED;
		IF NOT FOUND THEN
			UPDATE voiceagent_private.audience_turns t SET next_at = v_now + interval '2 seconds'
			WHERE t.tenant_id = v_turn.tenant_id AND t.audience_id = v_turn.audience_id;
		ELSE
			v_piece := voiceagent_private.wanted_leads(v_audience, v_turn.after_lead_id, step);
			BEGIN
				v_added := voiceagent_private.enrol_leads(v_audience, v_piece.lead_ids);
			EXCEPTION WHEN OTHERS THEN
				GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT, v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
				v_error := voiceagent_private.error_words(SQLSTATE, v_message, v_detail, v_hint);
			END;
			v_error := coalesce(v_error, v_piece.error);
			v_failed := v_turn.failed OR v_error IS NOT NULL;
			-- Also behind a piece that has failed: those who come later shall not wait for it.
			UPDATE voiceagent_private.audience_turns t
			SET next_at = CASE WHEN v_piece.ended THEN v_now + voiceagent_private.setting_interval('audience_interval') ELSE v_now END,
				after_lead_id = CASE WHEN v_piece.ended THEN 0 ELSE v_piece.last_lead_id END,
				failed = v_failed AND NOT v_piece.ended
			WHERE t.tenant_id = v_turn.tenant_id AND t.audience_id = v_turn.audience_id;
			IF v_piece.ended OR v_added > 0 OR v_error IS NOT NULL THEN
				UPDATE voiceagent.audiences a SET error = CASE WHEN v_error IS NOT NULL THEN v_error WHEN v_failed OR NOT v_piece.ended THEN a.error END,
					last_pass_at = CASE WHEN v_piece.ended AND NOT v_failed THEN v_now ELSE a.last_pass_at END,
					leads_added = a.leads_added + v_added
				WHERE a.tenant_id = v_turn.tenant_id AND a.audience_id = v_turn.audience_id;
			END IF;
		END IF;
		PERFORM voiceagent_private.act_for(0);
	END IF;
	RETURN (SELECT min(t.next_at) FROM voiceagent_private.audience_turns t);
END
$$;
COMMENT ON FUNCTION voiceagent_private.enrol_audiences(integer) IS
	'A duty: looks at up to step leads of the audience that is due longest, and says when the next is due; NULL: there is none. What goes wrong stands in the audience.';
SELECT voiceagent_private.register_duty('enrol_audiences', 5000);
