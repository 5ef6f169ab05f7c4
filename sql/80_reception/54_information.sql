/*
 * 80_reception: the tool by which a caller has something sent.
 *
 * Whatever a model claims, nothing leaves to an address of its own making: the
 * tool makes a task, and when the call is over, a job (82_mail) sends what a
 * document of that name says, to the lead's address or to one that the
 * caller's words have, or as a text to the number of the call, where the talk has
 * the question for it and a yes.  All else a person sends.
 */

CREATE TABLE voiceagent_private.information_asked (
	tenant_id bigint NOT NULL,
	task_id bigint NOT NULL,
	due_at timestamptz NOT NULL CHECK (isfinite(due_at)),
	PRIMARY KEY (tenant_id, task_id),
	FOREIGN KEY (tenant_id, task_id) REFERENCES voiceagent.tasks ON DELETE CASCADE
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.information_asked IS
	'Tasks to send a caller something, until send_information() has been at them, after the call.';
COMMENT ON COLUMN voiceagent_private.information_asked.due_at IS 'When it is their turn.';
CREATE INDEX information_asked_due ON voiceagent_private.information_asked (due_at);
CREATE INDEX information_asked_turns ON voiceagent_private.information_asked (tenant_id, due_at);
SELECT voiceagent_private.guard_table('voiceagent_private.information_asked', 'routing', waits => '{due_at}');

CREATE FUNCTION voiceagent_private.tool_send_information(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_email text := lower(nullif(btrim(arguments ->> 'email'), ''));
	v_by_text boolean := voiceagent_private.parse_yes(arguments -> 'by_text');
BEGIN
	IF v_by_text THEN
		IF voiceagent_private.setting_text('text_information') <> 'on'
			OR voiceagent_private.is_e164(context.phone) IS NOT TRUE
			OR NOT EXISTS (SELECT FROM voiceagent.text_senders s
				WHERE s.tenant_id = voiceagent.current_tenant() AND s.state = 'registered') THEN
			RETURN voiceagent_private.tool_error(context, 'no_text');
		END IF;
	ELSIF v_email !~ '^[^@[:space:][:cntrl:]<>",;]{1,64}@([a-z0-9-]{1,63}[.])+[a-z]{2,63}$' THEN
		RETURN voiceagent_private.tool_error(context, 'email');
	ELSIF v_email IS NULL AND NOT EXISTS (SELECT FROM voiceagent.leads l WHERE l.email IS NOT NULL
		AND l.tenant_id = voiceagent.current_tenant() AND l.lead_id = context.lead_id) THEN
		RETURN voiceagent_private.tool_error(context, 'no_email');
	END IF;
	IF voiceagent_private.tasks_used_up(context.call_id) IS NOT NULL THEN
		RETURN voiceagent_private.tool_error(context, 'full');
	END IF;
	RETURN CASE WHEN v_by_text THEN voiceagent_private.tool_done(context, 'ask_text',
			ARRAY[voiceagent_private.spoken_words('ask_send', context.language)], made => '{}')
		ELSE voiceagent_private.tool_done(context, 'information', made => '{}') END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_send_information(voiceagent_private.tool_context, jsonb) IS
	'The tool send_information: a task, which follows, and when the call is over a mail or a text, if one may be sent.';

CREATE FUNCTION voiceagent_private.says_address(words text, address text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
	-- Spoken signs become signs, and letters that are spelt one by one a word.
	RETURN coalesce(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(lower(
			regexp_replace(left(words, 4000), '\s+', ' ', 'g')),
			'\s+(at|arroba|arobase|ät|klammeraffe)\s+|\s*@\s*', '@', 'g'),
			'\s+(dot|punto|point|punkt)\s+', '.', 'g'),
			'\s+(underscore|guion bajo|guión bajo|tiret bas|unterstrich)\s+', '_', 'g'),
			'\s+(dash|hyphen|minus|guion|guión|tiret|bindestrich)\s+', '-', 'g'),
			'(?<=(^|[^[:alnum:]])[[:alnum:]])\s+(?=[[:alnum:]]([^[:alnum:]]|$))', '', 'g')
		~ ('(^|[^a-z0-9._+-])' || regexp_replace(address, '([^a-z0-9@])', '\\\1', 'g')
			|| '($|[^a-z0-9._-]|[._-]($|[^a-z0-9]))'), false);
COMMENT ON FUNCTION voiceagent_private.says_address(text, text) IS
	'Whether words say an e-mail address (in small letters), written or as it is spoken in English, Spanish, French '
	'and German.';
