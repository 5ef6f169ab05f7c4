/*
 * 53_campaign_run: archiving campaigns and assistants, deleting campaigns that
 * never dialled, and cloning campaigns.  A campaign with calls is never
 * deleted, since calls, proofs and money refer to it.
 */

CREATE FUNCTION voiceagent.archive_campaign(campaign_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_campaign voiceagent.campaigns := voiceagent_private.lock_campaign(campaign_id);
	v_feeds text;
BEGIN
	IF v_campaign.archived_at IS NOT NULL THEN
		RETURN;
	ELSIF v_campaign.status NOT IN ('draft', 'stopped', 'completed') THEN
		PERFORM voiceagent_private.fail('PT409', format('a campaign that is %s cannot be archived', v_campaign.status),
			NULL, format('stop_campaign(%s) ends it.', v_campaign.campaign_id));
	ELSIF EXISTS (SELECT FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = v_tenant AND l.campaign_id = v_campaign.campaign_id) THEN
		PERFORM voiceagent_private.fail('PT409', 'the campaign has live calls', NULL,
			'Wait for their end, or hang_up_call() them.');
	END IF;
	SELECT string_agg(x.feed, ', ' ORDER BY x.feed) INTO v_feeds FROM (
		SELECT format('campaign %s follows up into it', f.campaign_id) AS feed FROM voiceagent.follow_ups f
		JOIN voiceagent.campaigns c ON c.tenant_id = v_tenant AND c.campaign_id = f.campaign_id
			AND c.archived_at IS NULL
		WHERE f.tenant_id = v_tenant AND f.target_campaign_id = v_campaign.campaign_id GROUP BY f.campaign_id
		UNION ALL SELECT format('audience "%s" fills it', a.name) FROM voiceagent.audiences a
		WHERE a.tenant_id = v_tenant AND a.campaign_id = v_campaign.campaign_id) x;
	PERFORM voiceagent_private.fail_if(v_feeds IS NOT NULL, 'PT409', 'leads still join the campaign by themselves',
		initcap(left(v_feeds, 1)) || substr(v_feeds, 2) || '.', 'remove_follow_up() and drop_audience() end that.');
	UPDATE voiceagent.campaigns c SET archived_at = voiceagent.clock()
	WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign.campaign_id;
	PERFORM voiceagent_private.audit('archive_campaign', 'campaign ' || v_campaign.campaign_id);
END
$$;
COMMENT ON FUNCTION voiceagent.archive_campaign(bigint) IS
	E'Puts a campaign away that is draft, stopped or completed; again: no effect.\n'
	'Its calls, leads and money stay on record; campaign_progress leaves it out, archived_campaigns shows it, and it '
	'takes no leads, changes or start.\n'
	'PT404; PT409 while it may dial, has live calls, or leads join it by themselves.';

CREATE FUNCTION voiceagent.unarchive_campaign(campaign_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_campaign voiceagent.campaigns := voiceagent_private.lock_campaign(campaign_id);
BEGIN
	IF v_campaign.archived_at IS NULL THEN
		RETURN v_campaign.status;
	END IF;
	-- Late reports that arrived while it was archived wait for its next start, as in any campaign that was ended by
	-- hand.
	UPDATE voiceagent.campaigns c SET archived_at = NULL, status = CASE WHEN c.status = 'completed' AND EXISTS (
			SELECT FROM voiceagent_private.call_queue q WHERE q.tenant_id = v_tenant AND q.campaign_id = c.campaign_id)
		THEN 'stopped' ELSE c.status END
	WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign.campaign_id RETURNING c.status INTO v_campaign.status;
	IF v_campaign.status = 'stopped' THEN
		PERFORM voiceagent_private.halt_lanes(v_campaign.campaign_id);
	END IF;
	PERFORM voiceagent_private.audit('unarchive_campaign', 'campaign ' || v_campaign.campaign_id);
	RETURN v_campaign.status;
END
$$;
COMMENT ON FUNCTION voiceagent.unarchive_campaign(bigint) IS
	E'Takes an archived campaign back into use and returns its status; it dials nothing before start_campaign().\n'
	'One that is not archived stays as it is. PT404.';

CREATE FUNCTION voiceagent.delete_campaign(campaign_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_campaign voiceagent.campaigns;
	v_feeds text;
	v_table text;
BEGIN
	PERFORM voiceagent_private.lock_tenant(true);
	v_campaign := voiceagent_private.lock_campaign(campaign_id);
	PERFORM voiceagent_private.fail_if(v_campaign.status IN ('running', 'scheduled'), 'PT409',
		format('a campaign that is %s cannot be deleted', v_campaign.status), NULL,
		format('stop_campaign(%s) ends it.', v_campaign.campaign_id));
	PERFORM voiceagent_private.fail_if(EXISTS (SELECT FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign.campaign_id)
			OR EXISTS (SELECT FROM voiceagent.campaign_spending s
				WHERE s.tenant_id = v_tenant AND s.campaign_id = v_campaign.campaign_id), 'PT409',
		'a campaign that has called somebody is not deleted', 'Its calls, proofs and charges refer to it.',
		format('archive_campaign(%s) puts it away.', v_campaign.campaign_id));
	SELECT string_agg(format('campaign %s', f.campaign_id), ', ' ORDER BY f.campaign_id) INTO v_feeds
	FROM voiceagent.follow_ups f
	WHERE f.tenant_id = v_tenant AND f.target_campaign_id = v_campaign.campaign_id;
	PERFORM voiceagent_private.fail_if(v_feeds IS NOT NULL, 'PT409', 'other campaigns follow up into it',
		format('They are: %s.', v_feeds), 'remove_follow_up() ends that.');
	UPDATE voiceagent.intakes i SET campaign_id = NULL
	WHERE i.tenant_id = v_tenant AND i.campaign_id = v_campaign.campaign_id;
	FOREACH v_table IN ARRAY ARRAY['voiceagent_private.call_queue', 'voiceagent_private.moved_leads',
		'voiceagent_private.lanes',
		'voiceagent.campaign_leads', 'voiceagent.campaign_accounts', 'voiceagent.campaign_do_not_call_list',
			'voiceagent.follow_ups',
		'voiceagent.campaign_confirmations', 'voiceagent.audiences', 'voiceagent.campaign_numbers',
			'voiceagent.campaign_counters',
		'voiceagent_private.pacing', 'voiceagent.campaigns']
	LOOP
		EXECUTE format('DELETE FROM %s t WHERE t.tenant_id = $1 AND t.campaign_id = $2', v_table)
			USING v_tenant, v_campaign.campaign_id;
	END LOOP;
	PERFORM voiceagent_private.audit('delete_campaign', 'campaign ' || v_campaign.campaign_id, to_jsonb(v_campaign));
END
$$;
COMMENT ON FUNCTION voiceagent.delete_campaign(bigint) IS
	E'Deletes a campaign that has never called anybody, with its settings; its leads stay.\n'
	'PT404; PT409 for one that has calls (archive_campaign() puts it away), that is running or scheduled, or into '
	'which others follow up.';

CREATE FUNCTION voiceagent.clone_campaign(campaign_id bigint, name text DEFAULT NULL, with_leads boolean DEFAULT false)
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old voiceagent.campaigns;
	v_new voiceagent.campaigns;
BEGIN
	SELECT * INTO v_old FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = clone_campaign.campaign_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such campaign');
	PERFORM voiceagent_private.require_launchable_type(v_old.type, '{}');
	v_new := voiceagent_private.make_copy(v_old, coalesce(clone_campaign.name, left(v_old.name, 190) || ', copy'),
		v_old.settings || jsonb_strip_nulls(jsonb_build_object('provider_account_id',
			v_old.provider_account_id, 'description', v_old.description)), NULL);
	INSERT INTO voiceagent.campaign_accounts (tenant_id, campaign_id, position, provider_account_id)
	SELECT v_tenant, v_new.campaign_id, a.position, a.provider_account_id FROM voiceagent.campaign_accounts a
	WHERE a.tenant_id = v_tenant AND a.campaign_id = v_old.campaign_id;
	INSERT INTO voiceagent.campaign_numbers (tenant_id, campaign_id, phone_number_id)
	SELECT v_tenant, v_new.campaign_id, n.phone_number_id FROM voiceagent.campaign_numbers n
	WHERE n.tenant_id = v_tenant AND n.campaign_id = v_old.campaign_id;
	INSERT INTO voiceagent.campaign_do_not_call_list (tenant_id, campaign_id, phone, reason, created_at)
	SELECT v_tenant, v_new.campaign_id, d.phone, d.reason, d.created_at FROM voiceagent.campaign_do_not_call_list d
	WHERE d.tenant_id = v_tenant AND d.campaign_id = v_old.campaign_id;
	INSERT INTO voiceagent.follow_ups (tenant_id, campaign_id, outcome, target_campaign_id, delay, created_at)
	SELECT v_tenant, v_new.campaign_id, f.outcome, f.target_campaign_id, f.delay, voiceagent.clock()
	FROM voiceagent.follow_ups f
	WHERE f.tenant_id = v_tenant AND f.campaign_id = v_old.campaign_id;
	IF with_leads THEN
		PERFORM voiceagent.add_leads(v_new.campaign_id, ARRAY(SELECT m.lead_id FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = v_tenant AND m.campaign_id = v_old.campaign_id ORDER BY m.lead_id));
	END IF;
	PERFORM voiceagent_private.audit('clone_campaign', 'campaign ' || v_new.campaign_id, NULL,
		jsonb_build_object('of', v_old.campaign_id));
	RETURN v_new.campaign_id;
END
$$;
COMMENT ON FUNCTION voiceagent.clone_campaign(bigint, text, boolean) IS
	E'Makes a draft with a campaign''s assistant, settings, accounts, numbers, do-not-call list and follow-ups, and '
	'returns its id.\n'
	'name: default that of the original, ", copy". with_leads: its leads join the copy, too. starts_at, expires_at '
	'and a confirmation are not taken over.\n'
	'PT404; PT409 if its assistant is archived; PT422.';

CREATE FUNCTION voiceagent.archive_assistant(assistant_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old voiceagent.assistants;
	v_users text;
BEGIN
	SELECT * INTO v_old FROM voiceagent.assistants a
	WHERE a.tenant_id = v_tenant AND a.assistant_id = archive_assistant.assistant_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such assistant');
	IF v_old.archived_at IS NOT NULL THEN
		RETURN;
	END IF;
	SELECT string_agg(x.usage, ', ' ORDER BY x.usage) INTO v_users FROM (
		SELECT format('campaign %s (%s) is %s', c.campaign_id, c.name, c.status) AS usage FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.assistant_id = v_old.assistant_id
			AND c.status IN ('running', 'scheduled', 'paused')
		UNION ALL SELECT format('experiment %s compares it', e.experiment_id) FROM voiceagent.experiments e
		WHERE e.tenant_id = v_tenant AND e.b_assistant_id = v_old.assistant_id AND e.finished_at IS NULL
		UNION ALL SELECT format('number %s answers with it', n.phone_number) FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = v_tenant AND n.ai_assistant_id = v_old.assistant_id AND n.removed_at IS NULL) x;
	PERFORM voiceagent_private.fail_if(v_users IS NOT NULL, 'PT409', 'the assistant is in use',
		initcap(left(v_users, 1)) || substr(v_users, 2) || '.',
		'Stop these campaigns, or give them and the numbers another assistant.');
	UPDATE voiceagent.assistants a SET archived_at = voiceagent.clock(), active = false
	WHERE a.tenant_id = v_tenant AND a.assistant_id = v_old.assistant_id;
	UPDATE voiceagent.kept_assistants k SET removing = true
	WHERE k.tenant_id = voiceagent.current_tenant() AND k.assistant_id = v_old.assistant_id;
	IF FOUND THEN
		PERFORM voiceagent_private.sync_kept_assistants(v_old.assistant_id);
	END IF;
	PERFORM voiceagent_private.audit('archive_assistant', 'assistant ' || v_old.assistant_id);
END
$$;
COMMENT ON FUNCTION voiceagent.archive_assistant(bigint) IS
	E'Puts an assistant away: assistant_list leaves it out, and no campaign can use it; its versions and calls stay.\n'
	'Again: no effect.\n'
	'PT404; PT409 while a campaign that may dial, or a number, uses it.';

CREATE FUNCTION voiceagent.unarchive_assistant(assistant_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
BEGIN
	UPDATE voiceagent.assistants a SET archived_at = NULL, active = true
	WHERE a.tenant_id = v_tenant AND a.assistant_id = unarchive_assistant.assistant_id AND a.archived_at IS NOT NULL;
	IF FOUND THEN
		PERFORM voiceagent_private.audit('unarchive_assistant', 'assistant ' || unarchive_assistant.assistant_id);
	ELSIF NOT EXISTS (SELECT FROM voiceagent.assistants a
			WHERE a.tenant_id = v_tenant AND a.assistant_id = unarchive_assistant.assistant_id) THEN
		PERFORM voiceagent_private.fail('PT404', 'no such assistant');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.unarchive_assistant(bigint) IS
	E'Takes an archived assistant back into use, active again.\n'
	'One that is not archived stays as it is. PT404.';

CREATE VIEW voiceagent.assistant_list WITH (security_invoker = on) AS
SELECT a.tenant_id, a.assistant_id, a.name, a.version, a.active, v.language, v.voice, v.model, v.first_message,
	v.variables, (SELECT count(*) FROM voiceagent.campaigns c
			WHERE c.tenant_id = a.tenant_id AND c.assistant_id = a.assistant_id AND c.archived_at IS NULL
				AND c.type NOT IN ('test', 'direct')) AS campaigns,
	a.created_at, v.created_at AS changed_at
FROM voiceagent.assistants a
JOIN voiceagent.assistant_versions v ON v.tenant_id = a.tenant_id AND v.assistant_id = a.assistant_id
	AND v.version = a.version
WHERE a.tenant_id = voiceagent.current_tenant() AND a.archived_at IS NULL;
COMMENT ON VIEW voiceagent.assistant_list IS
	'The assistants in use, with their present texts; archived ones stand in assistants alone.';
COMMENT ON COLUMN voiceagent.assistant_list.campaigns IS
	'Campaigns that use it and are not archived, but for test and direct calls.';
COMMENT ON COLUMN voiceagent.assistant_list.changed_at IS 'When its present version was written.';
