-- 90_report: lead_list() itself: what a row shows, what it can be asked for, and the filters without an index.

CREATE TYPE voiceagent.listed_lead AS (
	lead_id bigint,
	first_name text,
	last_name text,
	company text,
	phone text,
	email text,
	stage text,
	stage_reason text,
	campaign_id bigint,
	campaign text,
	attempts integer,
	last_call_id bigint,
	last_call_at timestamptz,
	last_outcome text,
	next_try_at timestamptz,
	follow_up text,
	cursor text
);
COMMENT ON TYPE voiceagent.listed_lead IS 'A row of lead_list(): a lead; lead_id is its key.';
COMMENT ON COLUMN voiceagent.listed_lead.lead_id IS 'Number of the lead: no two rows of a list have one.';
COMMENT ON COLUMN voiceagent.listed_lead.phone IS 'Its first number.';
COMMENT ON COLUMN voiceagent.listed_lead.stage IS 'Where it stands, over all campaigns: enumeration lead_stage.';
COMMENT ON COLUMN voiceagent.listed_lead.stage_reason IS 'Why, in words.';
COMMENT ON COLUMN voiceagent.listed_lead.campaign_id IS
	'The campaign that was asked for; else the one that tries it next, else that of its last call, else '
	'the newest that has it.';
COMMENT ON COLUMN voiceagent.listed_lead.campaign IS 'Name of that campaign.';
COMMENT ON COLUMN voiceagent.listed_lead.attempts IS 'Dials so far, over all campaigns.';
COMMENT ON COLUMN voiceagent.listed_lead.last_call_id IS
	'The last of its calls that have ended (of the campaign that was asked for).';
COMMENT ON COLUMN voiceagent.listed_lead.last_call_at IS 'When that was dialled.';
COMMENT ON COLUMN voiceagent.listed_lead.last_outcome IS 'Its outcome: enumeration call_outcome.';
COMMENT ON COLUMN voiceagent.listed_lead.next_try_at IS
	E'When it is tried next (by the campaign that was asked for), as things stand: not before its '
	'calling window opens.\n'
	'NULL: it waits in no campaign that runs.';
COMMENT ON COLUMN voiceagent.listed_lead.follow_up IS
	'Why a person should look after it: enumeration follow_up_reason; NULL: no need.';
COMMENT ON COLUMN voiceagent.listed_lead.cursor IS 'The last row''s is the argument after of the next page.';

CREATE FUNCTION voiceagent_private.check_list(sort text, backwards boolean, stage text, outcome text, campaign bigint,
	page_size integer) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_enumeration text := CASE WHEN stage IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.enumerations e
			WHERE e.enumeration = 'lead_stage' AND e.value = stage) THEN 'lead_stage'
		WHEN outcome IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.enumerations e
			WHERE e.enumeration = 'call_outcome' AND e.value = outcome) THEN 'call_outcome' END;
BEGIN
	PERFORM voiceagent_private.fail_if(sort IS NULL OR sort NOT IN ('id', 'name', 'last_call', 'next_try'), 'PT422',
		format('leads cannot be sorted by "%s"', left(coalesce(sort, 'null'), 60)), NULL,
		'Sort by id, name, last_call or next_try.');
	PERFORM voiceagent_private.fail_if(sort = 'next_try' AND backwards, 'PT422',
		'by next_try the list begins with the next lead', NULL, 'Leave out descending.');
	PERFORM voiceagent_private.fail_if(page_size IS NULL OR page_size NOT BETWEEN 1 AND 1000, 'PT422',
		'a page has 1 to 1000 rows');
	PERFORM voiceagent_private.fail_if(v_enumeration IS NOT NULL, 'PT422',
		format('there is no %s "%s"', CASE v_enumeration WHEN 'lead_stage' THEN 'stage' ELSE 'outcome' END,
			left(CASE v_enumeration WHEN 'lead_stage' THEN stage ELSE outcome END, 60)), NULL,
		(SELECT 'It is one of: ' || string_agg(e.value, ', ' ORDER BY e.position) || '.'
			FROM voiceagent.enumerations e
			WHERE e.enumeration = v_enumeration));
	PERFORM voiceagent_private.fail_if(campaign IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.campaigns c
			WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = campaign), 'PT404', 'no such campaign');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_list(text, boolean, text, text, bigint, integer) IS
	'PT422 or PT404 for arguments that lead_list() cannot take, with the values that it can.';

CREATE FUNCTION voiceagent_private.search_text(text text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- Without accents: the marks that NFKD puts behind their letters.
	RETURN CASE WHEN octet_length(text) = length(text) THEN lower(text) ELSE translate(lower(normalize(text, NFKD)),
		E'\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030A\u030B\u030C\u0323\u0327\u0328', '') END;
COMMENT ON FUNCTION voiceagent_private.search_text(text) IS
	'A text as lead_list() searches it: in lower case and without accents.';

-- These filters have no index in any order, so the order is read until the page is full.  A search of many leads ends
-- at a bound, and says where.
CREATE FUNCTION voiceagent_private.fitting_places(sort text, backwards boolean, stage text, classes smallint[],
	campaign bigint, after voiceagent_private.list_place, n integer, words text[], country text, tag text,
	OUT places voiceagent_private.list_place[], OUT stopped_at voiceagent_private.list_place)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET planner.policy = row_by_row AS $$
DECLARE
	c_most CONSTANT integer := 100000;
	v_block integer := CASE WHEN num_nonnulls(words, country, tag) = 0 THEN n ELSE greatest(n, 500) END;
	v_looked integer := 0;
	v_seen voiceagent_private.list_place[];
BEGIN
	places := '{}';
	stopped_at := after;
	LOOP
		v_seen := ARRAY(SELECT p FROM voiceagent_private.list_places(sort, backwards, stage, classes, campaign,
			stopped_at, v_block) p);
		IF num_nonnulls(words, country, tag) = 0 THEN
			places := v_seen;
			stopped_at := NULL;
			RETURN;
		END IF;
		places := places || ARRAY(SELECT v_seen[p.place]
			FROM unnest(v_seen) WITH ORDINALITY AS p(lead_id, name_key, at, due, call_id, place)
			CROSS JOIN LATERAL (SELECT d FROM voiceagent.leads d
				WHERE d.tenant_id = voiceagent.current_tenant() AND d.lead_id = p.lead_id OFFSET 0) l
			WHERE (fitting_places.country IS NULL OR (l.d).country = fitting_places.country)
				AND (tag IS NULL OR tag = ANY ((l.d).tags))
				AND (words IS NULL OR (NOT EXISTS (SELECT FROM unnest(words) AS w(word)
					WHERE position(w.word IN voiceagent_private.search_text(concat_ws(' ', (l.d).first_name,
						(l.d).last_name, (l.d).company, (l.d).email, (l.d).phone))) = 0)))
			ORDER BY p.place LIMIT n - cardinality(places));
		v_looked := v_looked + cardinality(v_seen);
		-- The next page begins behind the last lead of a full one, and nowhere where there are no more.
		IF cardinality(places) = n OR cardinality(v_seen) < v_block THEN
			stopped_at := NULL;
			RETURN;
		END IF;
		stopped_at := v_seen[cardinality(v_seen)];
		EXIT WHEN v_looked >= c_most;
		v_block := least(4 * v_block, 5000);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.fitting_places(text, boolean, text, smallint[], bigint,
	voiceagent_private.list_place, integer, text[], text, text) IS
	E'The leads of a page of lead_list() that also have these words, this country and this tag (NULL: any).\n'
	'stopped_at: where it stopped after 100,000 leads without a full page; NULL: the page is full, or nothing is left.';

CREATE FUNCTION voiceagent.lead_list(sort text DEFAULT 'id', stage text DEFAULT NULL, campaign_id bigint DEFAULT NULL,
	outcome text DEFAULT NULL, needs_follow_up boolean DEFAULT NULL, after text DEFAULT NULL,
	page_size integer DEFAULT 50, descending boolean DEFAULT NULL, words text DEFAULT NULL, country text DEFAULT NULL,
	tag text DEFAULT NULL)
	RETURNS SETOF voiceagent.listed_lead
	LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp
	SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_back boolean := coalesce(descending, sort = 'last_call');
	v_campaign bigint := campaign_id;
	v_order text := sort || CASE WHEN v_back THEN ' descending' ELSE '' END
		|| CASE WHEN sort = 'last_call' AND campaign_id IS NOT NULL THEN ' of a campaign' ELSE '' END;
	v_after voiceagent_private.list_place;
	v_page record;
	v_words text := voiceagent_private.search_text(words);
BEGIN
	PERFORM voiceagent_private.check_list(sort, v_back, stage, outcome, v_campaign, page_size);
	PERFORM voiceagent_private.fail_if(length(words) > 100, 'PT422', 'words has more than 100 characters');
	IF after IS NOT NULL THEN
		v_after := voiceagent_private.read_cursor(after, v_order);
	END IF;
	-- A number is found however it is written: its digits in one, without the zeros that are dialled before it.
	IF length(regexp_replace(v_words, '\D', '', 'g')) >= 7 THEN
		v_words := regexp_replace(regexp_replace(regexp_replace(v_words, '\(0\)', '', 'g'),
			'(?<=\d)[\s().\/-]+(?=\d)|[+(]+(?=\d)', '', 'g'), '\m0+(?=\d{6})', '', 'g');
	END IF;
	v_page := voiceagent_private.fitting_places(sort, v_back, stage,
		CASE WHEN num_nonnulls(nullif(stage, 'calling'), outcome, needs_follow_up) > 0
			THEN voiceagent_private.classes_of(nullif(stage, 'calling'), outcome, needs_follow_up) END, v_campaign,
				v_after, page_size, nullif(ARRAY(SELECT w FROM regexp_split_to_table(v_words, '\s+') w
					WHERE w <> ''), '{}'), upper(country), tag);
	PERFORM voiceagent_private.fail_if(v_page.places = '{}' AND (v_page.stopped_at).lead_id IS NOT NULL, 'PT422',
		'none of the next 100000 leads is one that was asked for', 'Those behind them were not looked at.',
		format('Go on behind them with after => %L, or name a stage, an '
		'outcome or a campaign.', voiceagent_private.write_cursor(v_order, v_page.stopped_at)));
	RETURN QUERY
	SELECT l.lead_id, l.first_name, l.last_name, l.company, l.phone::text, l.email,
		CASE WHEN v.live THEN 'calling' WHEN l.status IN ('failed', 'do_not_call') THEN l.status::text
			WHEN l.status = 'completed' THEN 'contacted'
			WHEN l.last_outcome IS NULL THEN 'pending' ELSE 'retry' END,
		l.status_reason, g.campaign_id, g.name, l.call_attempts, c.call_id,
		CASE WHEN v_campaign IS NULL THEN l.last_called_at ELSE c.started_at END,
		CASE WHEN v_campaign IS NULL THEN l.last_outcome::text ELSE c.outcome::text END, t.at, l.follow_up::text,
		voiceagent_private.write_cursor(v_order, CASE WHEN p.place = cardinality(v_page.places)
			AND (v_page.stopped_at).lead_id IS NOT NULL THEN v_page.stopped_at ELSE v_page.places[p.place] END)
	FROM unnest(v_page.places) WITH ORDINALITY AS p(lead_id, name_key, at, due, call_id, place)
	CROSS JOIN LATERAL (SELECT d.* FROM voiceagent.leads d
		WHERE d.tenant_id = v_tenant AND d.lead_id = p.lead_id OFFSET 0) l
	LEFT JOIN LATERAL (SELECT true AS live FROM voiceagent_private.live_calls o
		WHERE o.tenant_id = v_tenant AND o.lead_id = l.lead_id OFFSET 0) v ON true
	LEFT JOIN LATERAL (SELECT k.call_id, k.started_at, k.outcome, k.campaign_id FROM voiceagent.calls k
		WHERE k.tenant_id = v_tenant AND k.lead_id >= l.lead_id AND k.lead_id <= l.lead_id AND k.direction <> 'inbound'
			AND k.outcome IS NOT NULL
			AND (v_campaign IS NULL OR k.campaign_id = v_campaign)
		ORDER BY k.lead_id DESC, k.call_id DESC LIMIT 1) c ON true
	LEFT JOIN LATERAL voiceagent_private.next_try(l.lead_id, v_campaign) t ON true
	LEFT JOIN LATERAL (SELECT max(m.campaign_id) AS campaign_id
		FROM (SELECT o.campaign_id FROM voiceagent.campaign_leads o
			WHERE o.tenant_id = v_tenant AND o.lead_id = l.lead_id OFFSET 0 /* by the lead */) m) m
		ON coalesce(v_campaign, t.campaign_id, c.campaign_id) IS NULL
	LEFT JOIN LATERAL (SELECT o.campaign_id, o.name FROM voiceagent.campaigns o
		WHERE o.tenant_id = v_tenant
			AND o.campaign_id = coalesce(v_campaign, t.campaign_id, c.campaign_id, m.campaign_id) OFFSET 0) g ON true
	ORDER BY p.place;
END
$$;
COMMENT ON FUNCTION voiceagent.lead_list(text, text, bigint, text, boolean, text, integer, boolean, text, text, text) IS
	E'A page of the leads: person, stage, campaign, last call, next try, follow-up.\n'
	'sort: id, name, last_call (called leads, newest first) or next_try (leads that wait). Filters: stage, '
	'campaign_id, outcome, needs_follow_up, words (name, company, email, a number in any form), country, tag. after: '
	'cursor of the last row of the page before. page_size: 1 to 1000. PT404, PT422.';

CREATE FUNCTION voiceagent_private.check_order() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'a lead stands in lead_list() where its own row says', format('lead %s', coalesce(o.lead_id, l.lead_id))
	FROM (SELECT d.lead_id, d.list_class AS class, d.last_called_at AS called_at,
			d.list_class = voiceagent_private.lead_class(d.status, d.last_outcome, d.follow_up) AS current
		FROM voiceagent.leads d WHERE d.tenant_id = voiceagent.current_tenant() AND d.list_class IS NOT NULL) l
	FULL JOIN (SELECT o.lead_id, o.class, o.called_at FROM voiceagent_private.lead_order o
		WHERE o.tenant_id = voiceagent.current_tenant()) o
		ON o.lead_id = l.lead_id AND o.class = l.class AND o.called_at IS NOT DISTINCT FROM l.called_at
	WHERE (o.lead_id IS NOT NULL AND l.current) IS NOT TRUE
		-- A dial moves no lead: the end of the call does.
		AND NOT (o.lead_id IS NOT NULL AND l.lead_id IS NOT NULL AND EXISTS (SELECT FROM voiceagent_private.live_calls v
			WHERE v.tenant_id = voiceagent.current_tenant() AND v.lead_id = l.lead_id))
$$;
COMMENT ON FUNCTION voiceagent_private.check_order() IS
	E'Leads of the current tenant that lead_order has not, or has otherwise; no row is well.\n'
	'Leads that were stored by hand are not in it, and are not named.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_order');
