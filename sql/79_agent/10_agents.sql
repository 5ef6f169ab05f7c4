/*
 * 79_agent: people to whom calls are put through.
 *
 * An agent takes one call at a time.  It is busy while the call that it was
 * given last is live, and for its wrap_up after the end, or after the transfer,
 * since some carriers end a call of ours when they put it through.  Which call
 * that is stands in its own row, so that two calls that look for somebody at
 * once find two agents: each locks the row that it takes, and passes over those
 * that another holds.
 */

CREATE TABLE voiceagent.agents (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	agent_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
	member_id bigint,
	phones voiceagent.e164[] NOT NULL CHECK (cardinality(phones) <= 5),
	hours jsonb CHECK (jsonb_typeof(hours) = 'object'),
	timezone text NOT NULL,
	tier integer NOT NULL CHECK (tier BETWEEN 1 AND 1000),
	skills text[] NOT NULL,
	active boolean NOT NULL DEFAULT true,
	wrap_up interval NOT NULL CHECK (wrap_up BETWEEN '0' AND '1 day'),
	last_call_id bigint,
	transferred_at timestamptz,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, agent_id),
	UNIQUE (tenant_id, name),
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.agents IS
	'People to whom calls are put through, by the tool transfer; add_agent() adds one.';
COMMENT ON COLUMN voiceagent.agents.agent_id IS 'Number of the agent.';
COMMENT ON COLUMN voiceagent.agents.name IS 'How callers and colleagues know it.';
COMMENT ON COLUMN voiceagent.agents.member_id IS
	'The member that it is: one that is not active takes no calls; NULL: it is none.';
COMMENT ON COLUMN voiceagent.agents.phones IS
	'Its telephone numbers, E.164: the first is rung, the next only for a caller that asks again in the same call.';
COMMENT ON COLUMN voiceagent.agents.hours IS
	E'When it takes calls, by its timezone, as calendars.hours.\n'
	'NULL: always.';
COMMENT ON COLUMN voiceagent.agents.timezone IS 'IANA time zone of its hours.';
COMMENT ON COLUMN voiceagent.agents.tier IS
	'Who comes first: the lowest; agents of one tier take turns, whoever had no call for longest.';
COMMENT ON COLUMN voiceagent.agents.skills IS 'Its topics, in words of the tenant''s, in lower case.';
COMMENT ON COLUMN voiceagent.agents.active IS 'False: takes no calls.';
COMMENT ON COLUMN voiceagent.agents.wrap_up IS 'How long after a call it is given no other.';
COMMENT ON COLUMN voiceagent.agents.last_call_id IS 'The call that it was given last; NULL: none.';
COMMENT ON COLUMN voiceagent.agents.transferred_at IS 'When it was given that.';
COMMENT ON COLUMN voiceagent.agents.created_at IS 'When it was added.';
SELECT voiceagent_private.guard_table('voiceagent.agents', 'tenant');
ALTER TABLE voiceagent.transfers ADD CONSTRAINT transfers_agent FOREIGN KEY (tenant_id, agent_id)
	REFERENCES voiceagent.agents ON DELETE SET NULL (agent_id);

CREATE FUNCTION voiceagent_private.checked_agent(agent voiceagent.agents) RETURNS voiceagent.agents
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.agents := agent;
BEGIN
	v.name := regexp_replace(btrim(v.name), '\s+', ' ', 'g');
	v.skills := ARRAY(SELECT DISTINCT lower(btrim(s)) FROM unnest(v.skills) s WHERE btrim(s) <> '' ORDER BY 1);
	v.hours := nullif(v.hours, 'null');
	v.phones := ARRAY(SELECT voiceagent_private.own_number(p.phone) FROM unnest(v.phones) WITH ORDINALITY AS p(phone, n)
		WHERE btrim(p.phone) <> '' ORDER BY p.n);
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(v.name, 100) OR v.name ~ '[{}<>]', 'PT422',
		'an agent has a name of 1 to 100 characters in one line, without {, }, < and >');
	PERFORM voiceagent_private.fail_if(cardinality(v.phones) NOT BETWEEN 1 AND 5, 'PT422',
		'an agent has 1 to 5 telephone numbers');
	PERFORM voiceagent_private.fail_if(NOT coalesce(voiceagent_private.is_timezone(v.timezone), false), 'PT422',
		format('"%s" is no time zone', left(coalesce(v.timezone, 'null'), 60)), NULL,
		'Give an IANA name such as "Europe/Berlin".');
	PERFORM voiceagent_private.fail_if(cardinality(v.skills) > 50 OR length(array_to_string(v.skills, '')) > 2000
		OR array_to_string(v.skills, '') ~ '[{}<>]', 'PT422',
		'an agent has at most 50 short skills, without {, }, < and >');
	IF v.member_id IS NOT NULL THEN
		PERFORM voiceagent_private.require_task_member(v.member_id);
	END IF;
	-- A number that was listed since does not keep an agent from being changed, or switched off.
	PERFORM voiceagent_private.require_ring(p.phone, 'agent') FROM unnest(v.phones) AS p(phone)
	WHERE NOT EXISTS (SELECT FROM voiceagent.agents a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.agent_id = v.agent_id AND p.phone = ANY (a.phones));
	IF v.hours IS NOT NULL THEN
		PERFORM voiceagent_private.check_spans(v.hours, 'the hours');
	END IF;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.checked_agent(voiceagent.agents) IS
	E'An agent as it is kept, with its numbers in E.164; what its constraints cannot judge is judged here.\n'
	'PT404 and PT409 for its member, PT422.';

CREATE FUNCTION voiceagent_private.fail_agent(constraint_name text, name text) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(constraint_name = 'agents_tenant_id_name_key', 'PT409',
		format('there is an agent "%s" already', left(name, 60)));
	PERFORM voiceagent_private.fail('PT422',
		format('%s is out of range', regexp_replace(constraint_name, '^agents_(.*)_check$', '\1')), NULL,
		'hours: an object; tier: 1 to 1000; wrap_up: 0 to 1 day.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.fail_agent(text, text) IS
	'PT409 or PT422 for what a constraint of agents has refused.';

CREATE FUNCTION voiceagent.add_agent(name text, phones text[], member_id bigint DEFAULT NULL,
	hours jsonb DEFAULT NULL, timezone text DEFAULT NULL, tier integer DEFAULT 1, skills text[] DEFAULT NULL,
	wrap_up interval DEFAULT '1 minute') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_most CONSTANT integer := 500;
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.agents;
	v_text text;
BEGIN
	IF (SELECT count(*) FROM voiceagent.agents a WHERE a.tenant_id = v_tenant) >= c_most THEN
		PERFORM voiceagent_private.fail('PT409', format('a tenant has at most %s agents', c_most));
	END IF;
	v.name := name;
	v.member_id := member_id;
	v.hours := hours;
	v.timezone := coalesce(timezone, voiceagent_private.tenant_zone());
	v.tier := coalesce(tier, 1);
	v.skills := coalesce(skills, '{}');
	v.wrap_up := coalesce(wrap_up, '1 minute');
	v.phones := ARRAY(SELECT voiceagent_private.own_number(p) FROM unnest(phones) p);
	v := voiceagent_private.checked_agent(v);
	INSERT INTO voiceagent.agents AS a (tenant_id, name, member_id, phones, hours, timezone, tier, skills, wrap_up,
		created_at)
	VALUES (v_tenant, v.name, v.member_id, v.phones, v.hours, v.timezone, v.tier, v.skills, v.wrap_up,
		voiceagent.clock())
	RETURNING a.agent_id INTO v.agent_id;
	PERFORM voiceagent_private.audit('add_agent', 'agent ' || v.agent_id, NULL,
		jsonb_build_object('name', v.name, 'phones', v.phones));
	RETURN v.agent_id;
EXCEPTION WHEN check_violation OR unique_violation THEN
	GET STACKED DIAGNOSTICS v_text = CONSTRAINT_NAME;
	PERFORM voiceagent_private.fail_agent(v_text, name);
END
$$;
COMMENT ON FUNCTION voiceagent.add_agent(text, text[], bigint, jsonb, text, integer, text[], interval) IS
	E'Adds a person to whom calls are put through -> agent_id.\n'
	'The arguments are columns of agents: numbers written in any usual way, hours NULL is always, timezone NULL the '
	'tenant''s. For managers and owners. PT404 for an unknown member, PT409 for a name that is taken, 500 agents or a '
	'number that must not be rung, PT422 for what is out of range or no number, or none of transfer_destinations.';

CREATE FUNCTION voiceagent.update_agent(agent_id bigint, changes jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	c_keys CONSTANT text[] := '{name,member_id,phones,hours,timezone,tier,skills,active,wrap_up}';
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old voiceagent.agents;
	v voiceagent.agents;
	v_text text;
BEGIN
	v_text := (SELECT min(k) FROM jsonb_object_keys(CASE jsonb_typeof(changes) WHEN 'object' THEN changes
		ELSE '{"changes": null}' END) k WHERE k <> ALL (c_keys));
	PERFORM voiceagent_private.fail_if(changes IS NULL OR v_text IS NOT NULL, 'PT422',
		format('an agent has no "%s" to change', left(v_text, 60)), NULL,
		'Give an object with any of: ' || array_to_string(c_keys, ', ') || '.');
	SELECT a.* INTO v_old FROM voiceagent.agents a
	WHERE a.tenant_id = v_tenant AND a.agent_id = agent_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('agent %s does not exist', agent_id));
	BEGIN
		IF jsonb_typeof(changes -> 'phones') = 'array' THEN
			changes := changes || jsonb_build_object('phones', ARRAY(SELECT voiceagent_private.own_number(p)
				FROM jsonb_array_elements_text(changes -> 'phones') p));
		END IF;
		v := voiceagent_private.checked_agent(jsonb_populate_record(v_old, changes));
	EXCEPTION WHEN data_exception THEN
		PERFORM voiceagent_private.fail('PT422', 'a value has the wrong type', SQLERRM);
	END;
	UPDATE voiceagent.agents a
	SET name = v.name, member_id = v.member_id, phones = v.phones, hours = v.hours, timezone = v.timezone,
		tier = v.tier, skills = v.skills, active = v.active, wrap_up = v.wrap_up
	WHERE a.tenant_id = v_tenant AND a.agent_id = agent_id;
	PERFORM voiceagent_private.audit('update_agent', 'agent ' || agent_id,
		(SELECT jsonb_object_agg(k, to_jsonb(v_old) -> k) FROM jsonb_object_keys(changes) k), changes);
EXCEPTION
	WHEN check_violation OR unique_violation THEN
		GET STACKED DIAGNOSTICS v_text = CONSTRAINT_NAME;
		PERFORM voiceagent_private.fail_agent(v_text, v.name);
	WHEN not_null_violation THEN
		GET STACKED DIAGNOSTICS v_text = COLUMN_NAME;
		PERFORM voiceagent_private.fail('PT422', format('%s must not be null', v_text));
END
$$;
COMMENT ON FUNCTION voiceagent.update_agent(bigint, jsonb) IS
	E'Changes columns of an agent, {column: value}; null takes its hours or its member away.\n'
	'A call that it has goes on. For managers and owners; PT404, PT409 for a name that is taken, PT422.';

CREATE FUNCTION voiceagent.remove_agent(agent_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_name text;
BEGIN
	DELETE FROM voiceagent.agents a
	WHERE a.tenant_id = voiceagent_private.writer_tenant() AND a.agent_id = agent_id RETURNING a.name INTO v_name;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('agent %s does not exist', agent_id));
	PERFORM voiceagent_private.audit('remove_agent', 'agent ' || agent_id, to_jsonb(v_name), NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.remove_agent(bigint) IS
	E'No call is put through to the agent any more; its transfers stay, with the number.\n'
	'For managers and owners; PT404.';
