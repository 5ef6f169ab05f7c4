-- 84_notice: what a notice says, and whom it tells.

CREATE FUNCTION voiceagent_private.notice_word(kind text, language text, many boolean) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT (CASE language WHEN 'en' THEN w.en WHEN 'es' THEN w.es WHEN 'fr' THEN w.fr WHEN 'de' THEN w.de
		WHEN 'it' THEN w.it END)[1 + many::integer]
	FROM voiceagent_private.notice_words() w WHERE w.kind = notice_word.kind
$$;
COMMENT ON FUNCTION voiceagent_private.notice_word(text, text, boolean) IS
	'The words for a notice of a kind, or for many, in a language; NULL for an unknown kind.';

CREATE FUNCTION voiceagent_private.say_detail(detail text, language text, zone text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- In English, Spanish, French, German and Italian; each % is a value.
	c_words CONSTANT jsonb := '{
		"sandbox": ["rehearsal:", "ensayo:", "répétition :", "Probe:", "prova:"],
		"due": ["due %", "para el %", "pour le %", "bis %", "entro il %"],
		"at": ["%", "%", "%", "%", "%"],
		"listing": ["offer %", "oferta %", "offre %", "Angebot %", "offerta %"],
		"promise": ["promise", "promesa", "promesse", "Zusage", "promessa"],
		"information": ["information", "información", "information", "Auskunft", "informazione"],
		"other": ["task", "tarea", "tâche", "Aufgabe", "attività"],
		"detected": ["to confirm", "por confirmar", "à confirmer", "zu bestätigen", "da confermare"],
		"pending": ["to confirm", "por confirmar", "à confirmer", "zu bestätigen", "da confermare"],
		"confirmed": ["confirmed", "confirmada", "confirmé", "bestätigt", "confermato"],
		"rejected": ["rejected", "rechazada", "refusé", "abgelehnt", "rifiutato"],
		"canceled": ["canceled", "anulada", "annulé", "abgesagt", "annullato"],
		"rescheduled": ["moved", "cambiada", "déplacé", "verschoben", "spostato"],
		"moved": ["moved", "cambiada", "déplacé", "verschoben", "spostato"],
		"conflict": ["the time is taken", "la hora está ocupada", "l''heure est prise", "die Zeit ist vergeben",
			"l''ora è occupata"],
		"completed": ["is over", "terminada", "terminé", "vorbei", "concluso"],
		"no_show": ["did not come", "no acudió", "absent", "nicht erschienen", "non si è presentato"],
		"failed": ["% of % calls failed", "% de % llamadas fallaron", "% appels sur % ont échoué",
			"% von % Anrufen sind fehlgeschlagen", "% chiamate su % sono fallite"],
		"abandoned": ["nobody spoke in % calls", "nadie habló en % llamadas", "personne n''a parlé dans % appels",
			"in % Anrufen sprach niemand", "in % chiamate nessuno ha parlato"],
		"held": ["% of % calls may be opt-outs", "% de % llamadas pueden ser bajas",
			"% appels sur % sont peut-être des refus", "% von % Anrufen sind vielleicht Abmeldungen",
			"% chiamate su % sono forse disiscrizioni"],
		"braked": ["the platform paused real calls: % of % people wanted no more of them",
			"la plataforma pausó las llamadas reales: % de % personas no querían más",
			"la plateforme a suspendu les appels réels : % personnes sur % n''en voulaient plus",
			"die Plattform hat echte Anrufe angehalten: % von % Personen wollten keine mehr",
			"la piattaforma ha sospeso le chiamate reali: % persone su % non ne volevano più"],
		"left": ["% % are left", "quedan % %", "il reste % %", "noch % %", "restano % %"],
		"credits": ["credits", "créditos", "crédits", "Guthaben", "crediti"],
		"minutes": ["minutes", "minutos", "minutes", "Minuten", "minuti"],
		"days": ["Sun Mon Tue Wed Thu Fri Sat", "do lu ma mi ju vi sá", "dim. lun. mar. mer. jeu. ven. sam.",
			"So Mo Di Mi Do Fr Sa", "dom lun mar mer gio ven sab"]
		}';
	v_language integer := coalesce(array_position('{en,es,fr,de,it}'::text[], language), 1) - 1;
	v_says text := '';
	v_word text;
	v_part record;
	v_value text;
	v_at timestamp;
BEGIN
	FOR v_part IN SELECT m[1] AS plain, string_to_array(m[2], '|') AS token
		FROM regexp_matches(detail, '([^{]*)(?:\{([^}]*)\}|$)', 'g') AS m
	LOOP
		v_word := coalesce(c_words -> v_part.token[1] ->> v_language,
			voiceagent_private.notice_word(v_part.token[1], language, false), replace(v_part.token[1], '_', ' '));
		FOREACH v_value IN ARRAY coalesce(v_part.token[2:], '{}') LOOP
			IF v_value ~ '^\d{4}-\d\d-\d\d' THEN
				v_at := v_value::timestamptz AT TIME ZONE coalesce(zone, voiceagent_private.tenant_zone());
				v_value := split_part(c_words -> 'days' ->> v_language, ' ', extract(dow FROM v_at)::integer + 1) || ' '
					|| to_char(v_at, CASE v_language WHEN 0 THEN 'FMMM/FMDD, FMHH12:MI AM'
						WHEN 3 THEN 'FMDD.FMMM., HH24:MI' ELSE 'FMDD/FMMM, HH24:MI' END);
			END IF;
			v_word := regexp_replace(v_word, '%', replace(coalesce(c_words -> v_value ->> v_language, v_value),
				'\', '\\'));
		END LOOP;
		v_says := v_says || v_part.plain || coalesce(v_word, '');
	END LOOP;
	RETURN v_says;
END
$$;
COMMENT ON FUNCTION voiceagent_private.say_detail(text, text, text) IS
	'The detail of a notice in a language and on a clock: words and times stand in it as {word|value|...}.';

CREATE FUNCTION voiceagent_private.notice_title(kind text, language text, detail text, zone text) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT upper(left(w.word, 1)) || substr(w.word, 2)
		|| coalesce(': ' || nullif(voiceagent_private.say_detail(detail, language, zone), ''), '')
	FROM (SELECT voiceagent_private.notice_word(kind, language, false) AS word) w
$$;
COMMENT ON FUNCTION voiceagent_private.notice_title(text, text, text, text) IS 'A notice in one line.';

CREATE FUNCTION voiceagent_private.notice_detail(event voiceagent_private.notices_new) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_data jsonb := event.event_data;
	v_detail text;
BEGIN
	IF v_data ? 'task_id' THEN
		SELECT concat_ws(', ', CASE WHEN event.kind IN ('overdue', 'task') THEN '{' || t.kind || '}' END,
			nullif(concat_ws(' ', o.currency, trim_scale(o.amount)), ''),
			coalesce(translate(l.reference, '{}', '()'), '{listing|' || l.listing_id || '}'),
			'{due|' || to_char(t.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') || '}')
		INTO v_detail FROM voiceagent.tasks t
		LEFT JOIN voiceagent.offers o ON o.tenant_id = v_tenant AND o.task_id = t.task_id
		LEFT JOIN voiceagent.listings l ON l.tenant_id = v_tenant AND l.listing_id = t.listing_id
		WHERE t.tenant_id = v_tenant AND t.task_id = (v_data ->> 'task_id')::bigint;
	ELSIF event.kind = 'appointment' THEN
		SELECT concat_ws(', ', '{at|' || to_char(a.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') || '}',
			'{' || CASE event.event_type
			WHEN 'appointment_added' THEN a.status ELSE replace(event.event_type, 'appointment_', '') END || '}')
		INTO v_detail
		FROM (SELECT) one LEFT JOIN voiceagent.appointments a ON a.tenant_id = v_tenant
			AND a.appointment_id = (v_data ->> 'appointment_id')::bigint;
	ELSIF event.kind = 'campaign' THEN
		v_detail := concat_ws(', ', (SELECT translate(c.name, '{}', '()') FROM voiceagent.campaigns c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = event.campaign_id), CASE event.event_type
			WHEN 'campaign_tripped' THEN format('{failed|%s|%s}', v_data ->> 'failed', v_data ->> 'calls')
			WHEN 'campaign_abandoned' THEN format('{abandoned|%s}', v_data ->> 'abandoned')
			WHEN 'many_holds' THEN format('{held|%s|%s}', v_data ->> 'held', v_data ->> 'answered')
			WHEN 'calls_braked' THEN format('{braked|%s|%s}', v_data ->> 'opted_out', v_data ->> 'answered')
			ELSE translate(v_data ->> 'reason', '{}', '()') END);
	ELSIF event.event_type = 'balance_low' THEN
		v_detail := format('{left|%s|%s}', trim_scale((v_data ->> 'balance')::numeric), v_data ->> 'unit');
	ELSIF event.kind = 'ticket' THEN
		v_detail := (SELECT format('%s, %s', t.ticket_id, translate(t.subject, '{}', '()')) FROM voiceagent.tickets t
			WHERE t.tenant_id = v_tenant AND t.ticket_id = (v_data ->> 'ticket_id')::bigint);
	ELSIF event.kind = 'calendar' THEN
		v_detail := concat_ws(', ', (SELECT translate(c.name, '{}', '()') FROM voiceagent.calendars c
			WHERE c.tenant_id = v_tenant AND c.calendar_id = (v_data ->> 'calendar_id')::bigint),
			translate(v_data ->> 'reason', '{}', '()'));
	ELSE
		v_detail := translate(concat_ws(', ', v_data ->> 'name', coalesce(v_data ->> 'trouble', v_data ->> 'reason'),
			v_data ->> 'detail', v_data ->> 'estimate'), '{}', '()');
	END IF;
	RETURN left(regexp_replace(coalesce(v_detail, ''), '[[:cntrl:][:space:]]+', ' ', 'g'), 300);
END
$$;
COMMENT ON FUNCTION voiceagent_private.notice_detail(voiceagent_private.notices_new) IS
	'member_notices.detail of an event of the current tenant: a line that names no person, as say_detail() reads it.';

CREATE FUNCTION voiceagent_private.notice_who(notice voiceagent.member_notices) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
BEGIN
	SELECT coalesce(t.contact_name, nullif(concat_ws(' ', l.first_name, l.last_name), '')) AS name,
		coalesce(t.contact_phone, c.phone, l.phone) AS phone, left(t.note, 500) AS note INTO v
	FROM (SELECT) one
	LEFT JOIN voiceagent.tasks t ON t.tenant_id = v_tenant AND t.task_id = notice.task_id
	LEFT JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = notice.call_id
	LEFT JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = notice.lead_id;
	RETURN nullif(concat_ws(E'\n', nullif(concat_ws(', ', v.name, v.phone), ''), v.note), '');
END
$$;
COMMENT ON FUNCTION voiceagent_private.notice_who(voiceagent.member_notices) IS
	'Whom a notice of the current tenant is about, and what they want, as it is known now; NULL: no one.';

CREATE FUNCTION voiceagent_private.notice_default(kind text, role text, assigned boolean) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN NOT assigned AND role NOT IN ('owner', 'manager') THEN '{}'::text[]
		WHEN kind IN ('message', 'offer', 'viewing', 'missed_call', 'call_back', 'ticket_waits')
			OR role = 'owner' AND kind IN ('balance', 'staff', 'carrier', 'campaign', 'approval', 'calendar',
				'invariant')
			THEN '{mail}'
		WHEN kind = 'condition' THEN '{mail}' WHEN kind IN ('appointment', 'overdue') THEN '{digest}' ELSE '{}' END;
COMMENT ON FUNCTION voiceagent_private.notice_default(text, text, boolean) IS
	'How a member with that role gets a kind, besides on the page, if it has not said so; assigned: it is its own '
	'task.';
