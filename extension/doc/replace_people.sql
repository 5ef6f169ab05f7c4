/*
 * replace_people.sql: makes a copy of a database one without people, for tests and demos.  For a superuser, in the copy:
 *
 *	psql -d calls_test -v copy=calls_test -f replace_people.sql
 *
 * Telephone numbers become ones of nobody (555-01xx and other countries' numbers for films, then shapes that no
 * plan gives out), words become other words of the same length, mail addresses and hosts end in .example, secrets
 * and digests become noise.  What was equal stays equal, whatever the table: one value becomes the same other one
 * everywhere.  Ids, times, amounts, statuses and names of settings stay.  All in one transaction, by a seed that is
 * not kept: what is interrupted changes nothing, and nobody can go back from a value to the one it was.
 *
 * A column that is in no list below is taken for words of people.
 */
\set ON_ERROR_STOP on
\if :{?copy}
\else
	\set copy ''
\endif
\pset footer off
SET client_min_messages = warning;
SET search_path = pg_catalog, pg_temp;
SET voiceagent_copy.name = :'copy';
BEGIN;
DO $$
BEGIN
	IF NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
		RAISE 'only a superuser replaces people' USING ERRCODE = '42501';
	ELSIF current_setting('voiceagent_copy.name') <> current_database() THEN
		RAISE 'this replaces all people''s data in database "%"', current_database() USING ERRCODE = '22023',
			HINT = format('If it is a copy, say so: -v copy=%s', current_database());
	ELSIF current_setting('voiceagent.launcher')::boolean OR voiceagent_private.arming() = 'armed' THEN
		RAISE 'the workers of this server run, or the database may dial' USING ERRCODE = '55000',
			HINT = 'Restore the copy in a server of its own with voiceagent.launcher = off and without an arming file.';
	END IF;
END
$$;
-- No trigger and no foreign key looks at a table while others are not yet replaced.
SET LOCAL session_replication_role = replica;
SET LOCAL voiceagent_copy.seed = '';
SELECT set_config('voiceagent_copy.seed', encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex'), true)
\g /dev/null

-- Columns that hold codes, ids of ours and rules: only numbers and addresses are replaced in them.
CREATE TEMP TABLE plain_columns ON COMMIT DROP AS
SELECT unnest(string_to_array(regexp_replace($$
	area_code attestation balance_currency braked call_windows calling_hours category cause cause_class class collection
	column_name condition cost_currency country coupon_back currency default_country default_model delimiter direction
	disclosure emotion encoding evaluation event_type expect experiment failed_predicate
	failures faults features from_account function_name holiday_country holidays home hours intent interest invariant
	item job jurisdiction keys kind kinds language languages launch level limits machine_raw measure method model needs
	only_columns operation origin other_days outcome page parameters prefix process profile provider purpose read_from
	region relation roles separator series settings skills special status state steps stop_on sync tax_kind
	timezone timezones to_account told tool vendor what zone
$$, '\s+', ' ', 'g'), ' ')) AS name;
-- Tables of the platform, without a tenant, that know people or secrets; the others are facts that we ship.
CREATE TEMP TABLE platform_tables ON COMMIT DROP AS
SELECT ('voiceagent_private.' || unnest(string_to_array('login_salt password_requests payment_accounts platform_audit_log '
	'platform_do_not_call_list platform_mail_account platform_secrets sellers signups staff staff_deeds staff_sessions '
	'staff_sign_on ticket_macros ticket_mails vendor_objects', ' ')))::regclass AS tab;

CREATE TEMP TABLE columns ON COMMIT DROP AS
SELECT c.oid::regclass AS tab, a.attname AS name, t.typname AS type,
	-- A key of facts that stay, or a code by its column's name.
	EXISTS (SELECT FROM plain_columns p WHERE p.name = a.attname)
		OR c.oid = 'voiceagent_private.tenant_settings'::regclass
		-- The names of variables; those of type jsonb have their values.
		OR a.attname = 'variables' AND t.typname = '_text'
		OR EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey)
			AND NOT EXISTS (SELECT FROM pg_attribute o WHERE o.attrelid = k.confrelid AND o.attname = 'tenant_id')
			AND k.confrelid NOT IN (SELECT p.tab FROM platform_tables p)) AS is_plain
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND c.relkind IN ('r', 'p')
	AND NOT c.relispartition AND t.typname IN ('text', '_text', 'jsonb', 'bytea', 'e164', '_e164', 'tsvector')
	AND (c.oid IN (SELECT p.tab FROM platform_tables p)
		OR EXISTS (SELECT FROM pg_attribute o WHERE o.attrelid = c.oid AND o.attname = 'tenant_id'));

-- Words of ours, which stay wherever they are a whole value.
CREATE TEMP TABLE codes (code text PRIMARY KEY) ON COMMIT DROP;
INSERT INTO codes
SELECT e.enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typnamespace = 'voiceagent'::regnamespace
UNION SELECT string_to_table(btrim(m[1], '{}'), ',')
	FROM pg_constraint k, regexp_matches(pg_get_constraintdef(k.oid), '''([^'']+)''::', 'g') m
	WHERE k.contype = 'c' AND k.connamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
UNION SELECT e.value FROM voiceagent.enumerations e
UNION SELECT z.name FROM pg_timezone_names z
UNION SELECT c.currency FROM voiceagent.currencies c;

CREATE TEMP TABLE numbers (number text PRIMARY KEY, replacement text UNIQUE) ON COMMIT DROP;

CREATE FUNCTION pg_temp.word(word text) RETURNS text LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
	v_hex text := encode(sha256(convert_to(current_setting('voiceagent_copy.seed') || lower(word), 'UTF8')), 'hex');
	v_letters text := translate(v_hex, '0123456789abcdef', 'aeioubdfgklmnprst');
BEGIN
	IF length(word) > 64 THEN
		RETURN pg_temp.word(left(word, 64)) || pg_temp.word(substr(word, 65));
	ELSIF word ~ '^[[:lower:]]+$' THEN
		RETURN left(v_letters, length(word));
	ELSIF word ~ '^[0-9]+$' THEN
		RETURN left(translate(v_hex, 'abcdef', '012345'), length(word));
	END IF;
	RETURN (SELECT string_agg(CASE
			WHEN c ~ '[0-9]' THEN translate(substr(v_hex, i::integer, 1), 'abcdef', '012345')
			WHEN c ~ '[[:upper:]]' THEN upper(substr(v_letters, i::integer, 1))
			WHEN c ~ '[[:alpha:]]' THEN substr(v_letters, i::integer, 1)
			ELSE c END, '' ORDER BY i)
		FROM regexp_split_to_table(word, '') WITH ORDINALITY AS s(c, i));
END
$$;

-- is_plain: only numbers and addresses.  Kept are whole values that are codes, times and numbers of at most five
-- characters, and the variables of templates.
CREATE FUNCTION pg_temp.words(value text, is_plain boolean) RETURNS text LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
	IF value = '' OR value ~ '^[0-9:.,%-]{1,5}$' OR value ~ '^\d{4}-\d\d-\d\dT[0-9:.+Z-]+$'
		OR EXISTS (SELECT FROM codes c WHERE c.code = value) THEN
		RETURN value;
	ELSIF NOT is_plain AND value ~ '^\d{4}-\d\d-\d\d$' THEN
		-- A day stays a day, and of a birthday only the year.
		RETURN left(value, 4) || '-01-01';
	END IF;
	RETURN (SELECT string_agg(CASE
			WHEN m[1] <> '' THEN coalesce((SELECT n.replacement FROM numbers n WHERE n.number = m[1]), m[1])
			WHEN m[2] <> '' THEN pg_temp.word(split_part(m[2], '@', 1)) || '@' || pg_temp.word(split_part(m[2], '@', 2)) || '.example'
			WHEN m[4] <> '' THEN m[3] || CASE WHEN is_plain THEN m[4] ELSE pg_temp.word(m[4]) || '.example' END
			WHEN m[5] <> '' THEN CASE WHEN is_plain THEN m[5] ELSE pg_temp.word(m[5]) END
			ELSE m[6] END, '' ORDER BY i)
		FROM regexp_matches(value, '(\+[0-9]{6,19})|([[:alnum:]._%+-]+@[[:alnum:]-]+[[:alnum:].-]*)|(https?://)([^/:?#\s]+)|([[:alnum:]]+)|(\{\{[^}]*\}\}|.)',
			'g') WITH ORDINALITY AS x(m, i));
END
$$;

CREATE FUNCTION pg_temp.json(value jsonb, is_plain boolean) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE jsonb_typeof(value)
		WHEN 'string' THEN to_jsonb(pg_temp.words(value #>> '{}', is_plain))
		-- A telephone number without its plus; seconds and milliseconds since 1970 stay.
		WHEN 'number' THEN CASE WHEN value::text ~ '^([2-9]\d{9}|\d{11,12})$'
			THEN to_jsonb(('1' || substr(pg_temp.word(value::text), 2))::numeric) ELSE value END
		WHEN 'array' THEN (SELECT coalesce(jsonb_agg(pg_temp.json(e, is_plain) ORDER BY i), '[]')
			FROM jsonb_array_elements(value) WITH ORDINALITY AS a(e, i))
		WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(CASE WHEN k ~ '[+@]' THEN pg_temp.words(k, is_plain) ELSE k END,
			pg_temp.json(e, is_plain)), '{}') FROM jsonb_each(value) AS o(k, e))
		ELSE value END;
END
$$;

-- As many bytes, by the bytes that were there.
CREATE FUNCTION pg_temp.noise(value bytea) RETURNS bytea LANGUAGE sql STABLE AS $$
	SELECT decode(left(repeat(encode(sha256(convert_to(current_setting('voiceagent_copy.seed'), 'UTF8') || value), 'hex'),
		length(value) / 32 + 1), 2 * length(value)), 'hex')
$$;

CREATE FUNCTION pg_temp.find_numbers() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_of record;
BEGIN
	FOR v_of IN
		SELECT o.tab, string_agg(format('t.%I', o.name), ', ') AS names FROM columns o
		WHERE o.type NOT IN ('bytea', 'tsvector') GROUP BY o.tab
	LOOP
		EXECUTE format('INSERT INTO numbers SELECT DISTINCT m[1] FROM %s t, regexp_matches(ROW(%s)::text, ''\+[0-9]{6,19}'', ''g'') m '
			'ON CONFLICT DO NOTHING', v_of.tab, v_of.names);
	END LOOP;
	-- Numbers for films: 555-0100 to 555-0199 of each area in North America, Ofcom's and Arcep's mobile ones.  Behind those,
	-- what no plan gives out there: after country and area a zero.  The country, in North America the area, and, as
	-- long as there are enough, the length stay.
	-- None is a number that somebody had.
	WITH places AS (
		SELECT n.number, length(n.number) AS length, sha256(convert_to(current_setting('voiceagent_copy.seed') || n.number, 'UTF8')) AS hash,
			CASE WHEN n.number ~ '^\+1\d{10}$' THEN left(n.number, 5) WHEN n.number ~ '^\+(44|33)' THEN left(n.number, 3)
				ELSE left(n.number, 4) END AS place
		FROM numbers n
	), ranked AS (
		SELECT p.*, row_number() OVER (PARTITION BY p.place, p.length ORDER BY p.hash) AS rank FROM places p
	), ranges AS (
		SELECT p.place, p.length, 2 * count(*)::integer AS wanted, CASE WHEN p.place ~ '^\+1\d{3}$' THEN p.place || '55501'
			WHEN p.place = '+44' AND p.length = 13 THEN '+447700900' WHEN p.place = '+33' AND p.length = 12 THEN '+3363998' END AS film
		FROM places p GROUP BY p.place, p.length
	), candidates AS (
		SELECT r.place, r.length, 0 AS turn, i, r.film || lpad(i::text, r.length - length(r.film), '0') AS number
		FROM ranges r, generate_series(0, power(10, r.length - length(r.film))::integer - 1) i WHERE r.film IS NOT NULL
		UNION ALL
		SELECT r.place, r.length, 1, i, r.place || '0' || lpad(i::text, greatest(r.length - length(r.place) - 1, length(i::text)), '0')
		FROM ranges r, generate_series(0, r.wanted) i
	), free AS (
		SELECT c.*, row_number() OVER (PARTITION BY c.place, c.length ORDER BY c.turn, c.i) AS rank
		FROM candidates c WHERE NOT EXISTS (SELECT FROM numbers n WHERE n.number = c.number)
	)
	UPDATE numbers n SET replacement = f.number
	FROM ranked r JOIN free f ON f.place = r.place AND f.length = r.length AND f.rank = r.rank WHERE r.number = n.number;
	ANALYZE numbers;
END
$$;

CREATE FUNCTION pg_temp.replace_people() RETURNS TABLE (tab text, rows bigint, columns text) LANGUAGE plpgsql AS $$
DECLARE
	t record;
BEGIN
	PERFORM pg_temp.find_numbers();
	FOR t IN
		SELECT c.tab, string_agg(format('%1$I = ' || CASE c.type
				WHEN 'text' THEN 'pg_temp.words(%1$I, %2$s)'
				WHEN 'jsonb' THEN 'pg_temp.json(%1$I, %2$s)'
				WHEN 'bytea' THEN 'pg_temp.noise(%1$I)'
				WHEN 'e164' THEN '(SELECT n.replacement FROM numbers n WHERE n.number = %1$I)::voiceagent.e164'
				WHEN 'tsvector' THEN 'array_to_tsvector(ARRAY(SELECT pg_temp.words(e, false) FROM unnest(tsvector_to_array(%1$I)) e))'
				ELSE 'CASE WHEN %1$I IS NOT NULL THEN ARRAY(SELECT pg_temp.words(e, %2$s) '
					'FROM unnest(%1$I) WITH ORDINALITY u(e, i) ORDER BY i) END' END, c.name, CASE WHEN c.is_plain THEN 'true' ELSE 'false' END), ', ') AS sets,
			string_agg(c.name, ' ' ORDER BY c.name) FILTER (WHERE NOT c.is_plain) AS names
		FROM columns c GROUP BY c.tab ORDER BY c.tab::text
	LOOP
		EXECUTE format('UPDATE %s SET %s', t.tab, t.sets);
		GET DIAGNOSTICS rows = ROW_COUNT;
		IF rows > 0 THEN
			tab := t.tab;
			columns := t.names;
			RETURN NEXT;
		END IF;
	END LOOP;
	-- National lists are numbers of people and of no use here.
	DELETE FROM voiceagent_private.dnc_list_chunks;
	DELETE FROM voiceagent_private.dnc_list_blocks;
END
$$;
SELECT * FROM pg_temp.replace_people();
COMMIT;
-- The rows as they were, and their commonest values in the statistics, are still in the files.
VACUUM (FULL, ANALYZE);
