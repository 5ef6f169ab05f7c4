/*
 * sql_fuzz.sql: calls of our SQL functions that are made up from the catalog, with the edge values of every type; for
 * regress/soak/10_sql_fuzz.pl.  For a superuser, in a database with the extension.
 *
 *	SELECT fuzz.prepare();
 *	SELECT * FROM fuzz.run('user', 0.25, 1000);	-> what must not be: one row for each offending call
 *
 * A function that a later room adds is covered by itself.  Every call is rolled back.  What offends: an internal error
 * (class XX), a program that broke its own rules (an undefined column or function, a failed assertion, a constraint
 * that nobody had checked), an internal text, and a call that takes longer than a second.
 */
CREATE SCHEMA fuzz;

-- The callers: a tenant's login role, one of the platform's staff, a visitor; and the superuser, which alone reaches the
-- private functions written in C, acting for the tenant.
CREATE ROLE fuzz_user LOGIN IN ROLE voiceagent_user;
CREATE ROLE fuzz_other LOGIN IN ROLE voiceagent_user;
CREATE ROLE fuzz_admin LOGIN IN ROLE voiceagent_admin;
CREATE ROLE fuzz_anon LOGIN IN ROLE voiceagent_anon;

CREATE TABLE fuzz.tenant (own bigint, other bigint);

-- Values, as literals, or as expressions behind a "=".  by: a type, or the name of an argument.
CREATE TABLE fuzz.value (by text, value text);
CREATE INDEX ON fuzz.value (by);
INSERT INTO fuzz.value
	SELECT t, v FROM unnest(ARRAY['bigint', 'integer', 'smallint']) t,
		unnest(ARRAY[NULL, '0', '1', '-1', '2', '7', '100', '10000', '32767', '-32768']) v
	UNION ALL SELECT t, v FROM unnest(ARRAY['bigint', 'integer']) t, unnest(ARRAY['2147483647', '-2147483648', '1000000']) v
	UNION ALL SELECT 'bigint', v FROM unnest(ARRAY['9223372036854775807', '-9223372036854775808', '4294967296', '2147483648']) v
	UNION ALL SELECT 'oid', v FROM unnest(ARRAY[NULL, '0', '1', '4294967295', '16384']) v
	UNION ALL SELECT t, v FROM unnest(ARRAY['numeric', 'double precision']) t,
		unnest(ARRAY[NULL, '0', '-0', '1', '-1', '0.0000001', '1e12', '-1e12', '1e38', 'NaN', 'Infinity', '-Infinity', '99999999999999.999999', '1e-30', '1e300']) v
	UNION ALL SELECT 'numeric', v FROM unnest(ARRAY['1e131071', '1e-16383', '=repeat(''9'', 100000)::numeric']) v
	UNION ALL SELECT 'boolean', v FROM unnest(ARRAY[NULL, 'true', 'false']) v
	UNION ALL SELECT 'interval', v FROM unnest(ARRAY[NULL, '0', '1 second', '-1 second', '1 day', '-178000000 years', '178000000 years', '1 month -30 days',
		'2147483647 months', '-2147483648 days', '0.000001 second', '1 week', '2 hours']) v
	UNION ALL SELECT 'timestamp with time zone', v FROM unnest(ARRAY[NULL, 'infinity', '-infinity', 'epoch', '4713-01-01 00:00+00 BC', '294276-12-31 23:59:59.999999+00',
		'2000-01-01', '2030-03-10 02:30-05', '1970-01-01', '=voiceagent.clock()', '=voiceagent.clock() + interval ''1 hour''']) v
	UNION ALL SELECT 'date', v FROM unnest(ARRAY[NULL, 'infinity', '-infinity', '4713-01-01 BC', '5874897-12-31', '2024-02-29', '2030-01-01']) v
	UNION ALL SELECT 'uuid', v FROM unnest(ARRAY[NULL, '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff']) v
	UNION ALL SELECT 'name', v FROM unnest(ARRAY[NULL, '', 'fuzz_user', 'postgres', 'voiceagent_user', 'nobody', '=repeat(''n'', 100)::name', 'a"b', 'a''b']) v
	UNION ALL SELECT 'bytea', v FROM unnest(ARRAY[NULL, '', '\x00', '\xff', '\xefbbbf', '\x7b7d', '\x5b', '=decode(repeat(''00'', 100000), ''hex'')', '=decode(repeat(''5b'', 60000), ''hex'')',
		'=convert_to(E''phone\n+12025550143\n'', ''UTF8'')', '\xfffe700068006f006e006500', '=convert_to(''{"message":{"type":"end-of-call-report","call":{"id":"x"}}}'', ''UTF8'')', '\x28b52ffd', '\x1f8b08']) v
	UNION ALL SELECT t, v FROM unnest(ARRAY['text', 'voiceagent.e164']) t, unnest(ARRAY[NULL, '', ' ', 'x', '0', '-1', 'null', 'NULL', '%', '_', '\', '''', '"', '$$', '{}', '[]', '{', E'a\nb\tc\r',
		E'\u0001', E'\u200b\u202e', E'\U0001F600', 'e' || E'\u0301', '%s%n%p', '../../etc/passwd', 'a b', '+12025550143', '+1', '1e400', 'infinity', 'true', '2030-01-01', '00:00',
		'=repeat(''x'', 254)', '=repeat(''x'', 5000)', '=repeat(''x'', 200000)', '=repeat(''{'', 20000)', '=repeat(''('', 20000)', '=repeat(''%'', 10000)', '=repeat(E''\u00e9'', 3000)',
		'{{first_name}}', '{{', '{{{{a}}', '{% x %}', 'http://[::1]:1/', 'https://example.com/', 'javascript:1', 'Robert''); DROP TABLE leads;--']) v
	UNION ALL SELECT t, v FROM unnest(ARRAY['jsonb', 'json']) t, unnest(ARRAY[NULL, 'null', '{}', '[]', '""', '0', 'true', '-1e300', '[null]', '{"": null}', '{"a": {"a": [1, "2", {}]}}', '"\ud83d\ude00"', '{"a":1,"a":2}', '[[[[]]]]', '{"a":"%s"}',
		'=(repeat(''['', 2000) || repeat('']'', 2000))::TYPE', '=(repeat(''{"a":'', 1500) || ''1'' || repeat(''}'', 1500))::TYPE', '=(''"'' || repeat(''x'', 100000) || ''"'')::TYPE',
		'=(''['' || repeat(''1,'', 20000) || ''1]'')::TYPE', '=(''{"'' || repeat(''k'', 5000) || ''": 1}'')::TYPE', '1e131071']) v;

-- What an argument of that name takes when it is meant well, and what comes near to it.
INSERT INTO fuzz.value
	SELECT 'key', key FROM voiceagent.settings
	UNION ALL SELECT 'value', v FROM unnest(ARRAY['1', '0', '-1', '60', '3600', 'on', 'off', '1 day', '1 hour', '{"start": "09:00", "end": "17:00", "days": ["mon"]}', 'infinity', '1e1000', 'NaN', '-infinity',
		'178000000 years', '{"start": "24:00", "end": "00:00", "days": []}', '["a"]', '[{"name": "x", "start": "00:00", "end": "24:00"}]', '{"start": "99:99"}', '9223372036854775808', 'UTC', '=repeat(''9'', 10000)']) v
	UNION ALL SELECT n, v FROM unnest(ARRAY['phone', 'number', 'prefix', 'own_number']) n, unnest(ARRAY['+12025550143', '+12125550100', '+447911123456', '202-555-0143', '2025550143 x12', '+999', '+1900', '+1', '911', '+12025550143;ext=5', '(((((',
		E'\u0661\u0662\u0663', 'tel:+12025550143', '+4930123456789012345']) v
	UNION ALL SELECT n, v FROM unnest(ARRAY['country', 'default_country']) n, unnest(ARRAY['US', 'us', 'DE', 'XX', 'ZZZ', 'U', '840', 'GB']) v
	UNION ALL SELECT 'timezone', v FROM unnest(ARRAY['UTC', 'America/New_York', 'EST5EDT4,M3.2.0,M11.1.0', '+25', 'posixrules', 'Europe/Berlin', '<+0999>-9:99', 'localtime', '../../etc/passwd']) v
	UNION ALL SELECT n, v FROM unnest(ARRAY['jurisdiction', 'region']) n, unnest(ARRAY['US', 'US-NY', 'US-FL', 'GB', 'DE', 'CA-ON', 'US-', '-', 'XX-YY']) v
	UNION ALL SELECT 'email', v FROM unnest(ARRAY['a@example.com', 'A@EXAMPLE.com', '@', 'a@b', '=repeat(''a'', 250) || ''@b.c''', 'a b@c.d']) v
	UNION ALL SELECT 'password', v FROM unnest(ARRAY['long enough', 'short', '=repeat(''p'', 100)']) v
	UNION ALL SELECT 'role', value FROM voiceagent.enumerations WHERE enumeration = 'member_role'
	UNION ALL SELECT 'provider', v FROM unnest(ARRAY['sandbox', 'vapi', 'bland', 'retell', 'twilio', 'nothing']) v
	UNION ALL SELECT n, value FROM voiceagent.enumerations, unnest(ARRAY['kind', 'type', 'status', 'reason', 'confirmation', 'outcome', 'on_outcome', 'event_types', 'statuses', 'channel', 'source', 'method']) n
	UNION ALL SELECT 'settings', v FROM unnest(ARRAY['{"max_concurrent_calls": 5}', '{"max_concurrent_calls": 0}', '{"retry_delay": "1 hour", "retry_attempts": 3}', '{"calling_hours": {"start": "09:00", "end": "17:00", "days": ["mon"]}}',
		'{"calling_hours": {"start": "x"}}', '{"retry_delay": -1}', '{"retry_delay": 1e300}', '{"nothing": 1}', '{"max_concurrent_calls": 1e20}', '{"call_interval": "infinity"}', '{"starts_at": "infinity"}', '{"phone_number_id": "p"}',
		'{"assistant": {"model": {"provider": "openai"}}}', '{"webhook": {"kind": "bearer"}}', '{"max_concurrent_calls": null}', '{"calling_hours": [1]}']) v
	UNION ALL SELECT 'changes', v FROM unnest(ARRAY['{"name": "n"}', '{"name": null}', '{"first_name": "A", "phone": "+12025550144"}', '{"context": {"a": 1}}', '{"tags": ["x"]}', '{"tags": "x"}', '{"priority": 99999}', '{"priority": "x"}', '{"settings": {"retry_delay": 1}}',
		'{"tenant_id": 1}', '{"lead_id": 1}', '{"status": "new"}', '{"max_concurrent_calls": 3}', '{"first_message": "Hi {{x}}"}', '{"description": 5}', '{"timezone": "Mars/Olympus"}', '{"starts_at": "-infinity", "ends_at": "infinity"}']) v
	UNION ALL SELECT 'mapping', v FROM unnest(ARRAY['{"phone": "phone"}', '{"phone": ["phone", "tel"]}', '{"phone": 1}', '{"a": "b"}', '{"phone": null}', '{"phone": "x", "first_name": "x"}']) v
	UNION ALL SELECT 'csv', v FROM unnest(ARRAY[E'phone\n+12025550143\n', E'phone,first_name\n+12025550143,"a\n', E'phone\r\n2025550143\r\n\r\n', E'phone;name\n+12025550143;x\n', E'\ufeffphone\n+12025550143', ',,,,', '"""', '=repeat('','', 50000)',
		'=''phone,'' || repeat(''c,'', 3000) || E''\n'' || repeat(''1,'', 3000)', '=E''phone\n'' || repeat(E''+12025550143\n'', 2000)']) v
	UNION ALL SELECT 'condition', v FROM unnest(ARRAY['true', '''vip'' = ANY (tags)', 'priority > 3 AND lower(company) LIKE ''a%''', 'context ->> ''a'' = ''1''', 'now - created_at > interval ''1 day''', 'pg_sleep(1)', '1 = (SELECT 1)', 'lead_id / 0 = 1', 'tenant_id = 1', 'true) OR (true',
		'1; DROP TABLE x', '=''('' || repeat(''true AND '', 400) || ''true)''', '=repeat(''('', 1900) || ''true'' || repeat('')'', 1900)', '=repeat(''NOT '', 900) || ''true''', 'now + interval ''178000000 years'' > now', '''1e131071''::numeric * 2 > 1', 'left(company, -2147483648) = ''a''', 'context #> ''{a,b}'' = ''1''',
		'cardinality(tags) > 1', 'phone LIKE ''%1%2%3%4%5%6%7%8%9''', 'date_trunc(''nonsense'', now) = now', 'extract(century FROM now) > 1', '''1''::int8 + 9223372036854775807 > 1', 'xmin = 1', 'ctid = ''(0,1)''', 'l = l', 'd.lead_id = 1', '$1 = 1', '$4 IS NULL', ':x', '']) v
	UNION ALL SELECT 'headers', v FROM unnest(ARRAY['{"x-signature": "00"}', '{"X-Signature": ["a"]}', '[["a","b"]]', '{"content-type": "application/json"}', '{"x-timestamp": "9223372036854775808"}']) v
	UNION ALL SELECT n, v FROM unnest(ARRAY['base_url', 'url', 'target_url', 'address']) n, unnest(ARRAY['https://example.com', 'https://example.com:99999/', 'http://127.0.0.1/', 'https://user:pass@example.com/', 'https://[::ffff:127.0.0.1]/', 'https://exa mple.com', 'https://', 'file:///etc/passwd', 'https://xn--/']) v
	UNION ALL SELECT 'credentials', v FROM unnest(ARRAY['{"api_key": "k"}', '{"api_key": "k", "webhook_secret": "w"}', '{"api_key": 1}', '{"api_key": ""}', '{"x": "y"}', '=(''{"api_key": "'' || repeat(''k'', 100000) || ''"}'')::jsonb']) v
	UNION ALL SELECT n, v FROM unnest(ARRAY['token', 'api_key', 'credential']) n, unnest(ARRAY['va_x', 'a.b.c', '..', 'eyJhbGciOiJub25lIn0.e30.', '=repeat(''.'', 100000)', '=repeat(''A'', 100000)']) v
	UNION ALL SELECT 'encoding', v FROM unnest(ARRAY['UTF8', 'latin1', 'UTF-16LE', 'SQL_ASCII', 'windows-1252', 'mule_internal']) v
	UNION ALL SELECT n, v FROM unnest(ARRAY['tags', 'event_types', 'outcomes', 'statuses']) n, unnest(ARRAY['{vip}', '{call_completed}', '{no_answer,busy}', '{appointment_booked}', '{a,a,a}', '{""}', '=array_fill(''x''::text, ARRAY[5000])']) v
	UNION ALL SELECT 'campaign_ids', '{}'
	UNION ALL SELECT n, v FROM unnest(ARRAY['max', 'max_leads', 'max_rows', 'step']) n, unnest(ARRAY['0', '1', '10', '2147483647', '-1', '100000']) v;

-- What is fine, so that a call gets past the first check: by the name of an argument, else by its type.
CREATE TABLE fuzz.good (by text PRIMARY KEY, value text);
INSERT INTO fuzz.good VALUES
	('bigint', '1'), ('integer', '1'), ('smallint', '1'), ('text', 'x'), ('boolean', 'true'), ('numeric', '1'), ('interval', '1 hour'), ('timestamp with time zone', '2030-01-01 12:00+00'),
	('date', '2030-01-01'), ('jsonb', '{}'), ('json', '{}'), ('bytea', '\x7b7d'), ('name', 'fuzz_user'), ('oid', '1'),
	('key', 'retry_delay'), ('value', '60'), ('phone', '+12025550143'), ('own_number', '+12025550150'), ('prefix', '+1900'), ('country', 'US'), ('default_country', 'US'), ('timezone', 'UTC'), ('jurisdiction', 'US-NY'),
	('email', 'a@example.com'), ('password', 'long enough'), ('role', 'viewer'), ('provider', 'vapi'), ('kind', 'call'), ('type', 'sales'), ('first_message', 'Hello'), ('system_prompt', 'Be kind'), ('voice', NULL), ('model', NULL),
	('language', 'en-US'), ('mapping', NULL), ('csv', E'phone\n+12025550143\n'), ('condition', 'true'), ('headers', '{}'), ('base_url', 'https://example.com'), ('url', 'https://example.com'), ('credentials', '{"api_key": "k"}'),
	('encoding', NULL), ('tags', '{vip}'), ('kinds', '{call_completed}'), ('event_types', '{call_completed}'), ('outcomes', '{no_answer}'), ('outcome', 'no_answer'), ('on_outcome', 'no_answer'), ('settings', '{}'), ('changes', '{"name": "n"}'),
	('max', '10'), ('confirmation', 'x'), ('region', NULL), ('context', '{}'), ('variables', '{}'), ('region_code', NULL), ('content', '\x2b3132303235353530313433');

-- An argument NAME_id, or NAME_ids, means the table whose identity column has that name: own, another's, nobody's.
CREATE TABLE fuzz.id (name text, of text, id bigint);

CREATE TABLE fuzz.argument AS
	SELECT p.oid AS function, n AS position, p.proargnames[n] AS name, format_type(p.proargtypes[n - 1], NULL) AS type,
		p.pronargs - p.pronargdefaults < n AS optional, t.typelem::regtype::text AS element, t.typtype, p.proargtypes[n - 1] AS type_oid
	FROM pg_catalog.pg_proc p, generate_series(1, p.pronargs) n JOIN pg_type t ON true
	WHERE p.pronamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND t.oid = p.proargtypes[n - 1];
CREATE INDEX ON fuzz.argument (function, position);

-- Which functions each caller can reach.  Left out is what cannot be rolled back: a file, a process, a lock for ever.
CREATE TABLE fuzz.function AS
	SELECT row_number() OVER (PARTITION BY r.caller ORDER BY p.oid) AS n, r.caller, r.role, p.oid AS function, p.proretset
	FROM pg_catalog.pg_proc p JOIN (VALUES ('user', 'fuzz_user'), ('admin', 'fuzz_admin'), ('anon', 'fuzz_anon'), ('private', NULL)) r (caller, role)
		ON CASE WHEN r.role IS NULL THEN p.pronamespace = 'voiceagent_private'::regnamespace AND p.prolang = (SELECT oid FROM pg_language WHERE lanname = 'c')
				ELSE p.pronamespace = 'voiceagent'::regnamespace AND has_function_privilege(r.role, p.oid, 'EXECUTE') END
	-- every_row(), which gives rows of the type that it is given, has none to be made up.
	WHERE p.prorettype NOT IN ('trigger'::regtype, 'anyelement'::regtype) AND p.prokind = 'f' AND p.proname NOT IN ('write_arming', 'remove_arming');
CREATE INDEX ON fuzz.function (caller, n);

CREATE FUNCTION fuzz.prepare() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v record;
	v_of bigint;
BEGIN
	INSERT INTO fuzz.tenant SELECT voiceagent.create_tenant('Fuzz', credits => 1000), voiceagent.create_tenant('Other', credits => 1000);
	PERFORM voiceagent.map_role('fuzz_user', own), voiceagent.map_role('fuzz_other', other) FROM fuzz.tenant;
	PERFORM setseed(0);
	RETURN (SELECT own FROM fuzz.tenant);
END $$;

-- To be asked when the tables are filled: which ids there are.
CREATE FUNCTION fuzz.read_ids() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v record;
BEGIN
	TRUNCATE fuzz.id;
	FOR v IN SELECT a.attname AS name, a.attrelid::regclass AS tab FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE c.relnamespace = 'voiceagent'::regnamespace AND c.relkind IN ('r', 'p') AND a.attidentity <> '' AND NOT c.relispartition
			AND EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tenant_id')
	LOOP
		EXECUTE format('INSERT INTO fuzz.id SELECT %L, CASE WHEN tenant_id = own THEN ''own'' ELSE ''other'' END, %I FROM %s, fuzz.tenant WHERE tenant_id IN (own, other) LIMIT 20', v.name, v.name, v.tab);
	END LOOP;
	RETURN (SELECT count(*) FROM fuzz.id);
END $$;

CREATE FUNCTION fuzz.pick(by_what text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_values text[] := (SELECT array_agg(value) FROM fuzz.value WHERE by = by_what);
BEGIN
	RETURN v_values[1 + floor(random() * cardinality(v_values))::int];
END $$;

CREATE FUNCTION fuzz.id_for(argument text, own boolean DEFAULT false) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_name text := regexp_replace(regexp_replace(argument, '_ids$', '_id'), '^(target|first|other)_(campaign|lead)(_id)?$', '\2_id');
	v_ids bigint[] := (SELECT array_agg(id) FROM fuzz.id WHERE name = v_name AND (of = coalesce(nullif(current_setting('fuzz.of', true), ''), 'own') OR NOT own AND random() < 0.1));
BEGIN
	RETURN v_ids[1 + floor(random() * cardinality(v_ids))::int];
END $$;

-- A value for an argument: meant well, near to it, or the edge of its type; as SQL.
CREATE FUNCTION fuzz.sql_for(a fuzz.argument) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_value text;
	v_items text;
	v_type text := CASE WHEN a.type LIKE '%[]' THEN left(a.type, -2) ELSE a.type END;
BEGIN
	IF a.typtype = 'c' OR (a.type LIKE '%[]' AND (SELECT t.typtype FROM pg_type t WHERE t.oid = (SELECT e.typelem FROM pg_type e WHERE e.oid = a.type_oid)) = 'c') THEN
		RETURN 'NULL::' || a.type;
	END IF;
	IF (a.name LIKE '%\_id' OR a.name LIKE '%\_ids') AND random() < 0.8 THEN
		v_value := fuzz.id_for(a.name);
		IF v_value IS NOT NULL THEN
			RETURN format('%L::%s', CASE WHEN a.type LIKE '%[]' THEN format('{%s}', v_value) ELSE v_value END, a.type);
		END IF;
	END IF;
	IF random() < 0.6 AND EXISTS (SELECT FROM fuzz.value WHERE by = a.name) THEN
		v_value := fuzz.pick(a.name);
		IF v_value LIKE '=%' THEN
			RETURN format('(%s)::%s', replace(substr(v_value, 2), 'TYPE', v_type), a.type);
		ELSIF NOT (a.type LIKE '%[]' AND v_value NOT LIKE '{%') THEN
			RETURN format('%L::%s', v_value, a.type);
		END IF;
	END IF;
	IF a.type LIKE '%[]' THEN
		CASE floor(random() * 6)
			WHEN 0 THEN RETURN format('%L::%s', NULL, a.type);
			WHEN 1 THEN RETURN format('%L::%s', '{}', a.type);
			WHEN 2 THEN RETURN format('%L::%s', '{NULL}', a.type);
			ELSE
				SELECT string_agg(e.item, ', ') INTO v_items
				FROM (SELECT CASE WHEN p LIKE '=%' THEN format('(%s)::%s', replace(substr(p, 2), 'TYPE', v_type), v_type) ELSE format('%L::%s', p, v_type) END AS item
					  FROM (SELECT fuzz.pick(v_type) AS p FROM generate_series(1, 1 + floor(random() * 3)::int)) x) e;
				RETURN CASE WHEN random() < 0.2 THEN format('ARRAY[[%s], [%1$s]]', coalesce(v_items, 'NULL')) ELSE format('ARRAY[%s]::%s', coalesce(v_items, 'NULL'), a.type) END;
		END CASE;
	END IF;
	v_value := fuzz.pick(v_type);
	IF v_value LIKE '=%' THEN
		RETURN format('(%s)::%s', replace(substr(v_value, 2), 'TYPE', v_type), a.type);
	END IF;
	RETURN format('%L::%s', v_value, a.type);
END $$;

-- A value that is fine.
CREATE FUNCTION fuzz.good_for(a fuzz.argument) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_value text;
BEGIN
	IF a.name LIKE '%\_id' OR a.name LIKE '%\_ids' THEN
		v_value := fuzz.id_for(a.name, true);
		IF v_value IS NOT NULL THEN
			RETURN format('%L::%s', CASE WHEN a.type LIKE '%[]' THEN format('{%s}', v_value) ELSE v_value END, a.type);
		END IF;
	END IF;
	SELECT g.value INTO v_value FROM fuzz.good g WHERE g.by = a.name AND (a.type NOT LIKE '%[]' OR g.value LIKE '{%');
	IF NOT FOUND THEN
		SELECT CASE WHEN a.type LIKE '%[]' THEN format('{%s}', g.value) ELSE g.value END INTO v_value FROM fuzz.good g WHERE g.by = CASE WHEN a.type LIKE '%[]' THEN left(a.type, -2) ELSE a.type END;
		IF NOT FOUND THEN
			RETURN fuzz.sql_for(a);
		END IF;
	END IF;
	RETURN format('%L::%s', v_value, a.type);
END $$;

-- An argument with its value, and a call with such arguments, as SQL.
CREATE FUNCTION fuzz.given(a fuzz.argument, value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	-- A hold has the next number of its sequence, or none yet: the claim alone gives one.
	SELECT coalesce(nullif(a.name, '') || ' => ', '')
		|| CASE WHEN a.name = 'hold_ids' THEN 'ARRAY[nextval(''voiceagent.credit_holds_hold_id_seq'')]' ELSE value END $$;
CREATE FUNCTION fuzz.call_with(f oid, arguments text[]) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT format('SELECT sum(length(t::text)) FROM %s(%s%s) t', f::regproc,
		CASE WHEN (SELECT p.provariadic FROM pg_catalog.pg_proc p WHERE p.oid = f) <> 0 AND cardinality(arguments) = 1 THEN 'VARIADIC ' END,
		array_to_string(arguments, ', ')) $$;

CREATE FUNCTION fuzz.call_of(f oid, retset boolean) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	a fuzz.argument;
	v_arguments text[] := '{}';
	v_strange double precision := (ARRAY[0.1, 0.3, 1])[1 + floor(random() * 3)::int];
BEGIN
	FOR a IN SELECT x.* FROM fuzz.argument x WHERE x.function = f ORDER BY x.position LOOP
		CONTINUE WHEN a.optional AND random() < 0.4;
		v_arguments := v_arguments || fuzz.given(a, CASE WHEN random() < v_strange THEN fuzz.sql_for(a) ELSE fuzz.good_for(a) END);
	END LOOP;
	RETURN fuzz.call_with(f, v_arguments);
END $$;

CREATE FUNCTION fuzz.offends(caller text, state text, message text, ms double precision) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE
		-- A condition's syntax errors are given their own SQLSTATE one floor higher.
		WHEN caller = 'private' AND state = '42601' THEN NULL
		WHEN state LIKE 'XX%' AND message NOT LIKE '%does not open%' THEN 'an internal error'
		WHEN state ~ '^(42883|42P01|42703|42804|42702|42P08|42P18|42601|P0001|P0002|P0003|P0004|0A000|53200|55P03|40P01|3F000|34000|24000|25001)$' THEN 'a program that breaks its own rules'
		WHEN state LIKE '23%' THEN 'a constraint that nobody had checked'
		WHEN message ~* 'cache lookup failed|unexpected|unrecognized|could not find|should not|invalid memory alloc|null value in column|violates' THEN 'an internal text'
		-- With where it came from; what somebody gave us is shown in part.
		WHEN length(message) > 3000 THEN 'a message that quotes all it was given'
		WHEN ms > 1000 THEN 'a call that takes long' END $$;

CREATE TYPE fuzz.offence AS (call text, offence text, state text, message text);

-- n calls of one kind of caller; the seed alone says which.
CREATE FUNCTION fuzz.run(caller text, seed double precision, n integer, aloud boolean DEFAULT false) RETURNS SETOF fuzz.offence LANGUAGE plpgsql AS $$
DECLARE
	v_functions bigint := (SELECT count(*) FROM fuzz.function f WHERE f.caller = run.caller);
	v_own bigint := (SELECT own FROM fuzz.tenant);
	v_n bigint;
	v_f fuzz.function;
	v_call text;
	v_state text;
	v_message text;
	v_began timestamptz;
	v_ms double precision;
	v_result text;
	v_offence text;
	v_context text;
BEGIN
	PERFORM setseed(seed);
	FOR i IN 1 .. n LOOP
		v_n := 1 + floor(random() * v_functions)::bigint;
		SELECT * INTO STRICT v_f FROM fuzz.function f WHERE f.caller = run.caller AND f.n = v_n;
		v_call := fuzz.call_of(v_f.function, v_f.proretset);
		IF aloud THEN
			RAISE INFO '%', left(v_call, 2000);
		END IF;
		-- A busy machine is slow once, a slow call every time.
		FOR v_try IN 1 .. 3 LOOP
			v_began := clock_timestamp();
			v_message := NULL;
			BEGIN
				IF v_f.role IS NOT NULL THEN
					EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', v_f.role);
				ELSE
					PERFORM voiceagent_private.set_tenant(v_own);
				END IF;
				EXECUTE v_call INTO v_result;
				RAISE EXCEPTION USING ERRCODE = 'ZZ999';
			EXCEPTION
				WHEN SQLSTATE 'ZZ999' THEN
					v_state := 'ok';
				WHEN query_canceled OR assert_failure THEN
					IF SQLSTATE = '57014' THEN RAISE; END IF;
					v_state := SQLSTATE;
					v_message := SQLERRM;
				WHEN OTHERS THEN
					GET STACKED DIAGNOSTICS v_context = PG_EXCEPTION_CONTEXT;
					v_state := SQLSTATE;
					v_message := SQLERRM || ' | ' || left(v_context, 600);
			END;
			v_ms := extract(epoch FROM clock_timestamp() - v_began) * 1000;
			EXIT WHEN v_ms <= 1000;
		END LOOP;
		v_offence := fuzz.offends(run.caller, v_state, v_message, v_ms);
		IF v_offence IS NOT NULL THEN
			RETURN NEXT (left(v_call, 1500), v_offence || format(' (%s ms)', round(v_ms)), v_state, left(v_message, 800))::fuzz.offence;
		END IF;
		INSERT INTO fuzz.states (caller, function, state, took) VALUES (run.caller, v_f.function, v_state, make_interval(secs => v_ms / 1000))
		ON CONFLICT ON CONSTRAINT states_pkey DO UPDATE SET calls = fuzz.states.calls + 1, took = fuzz.states.took + EXCLUDED.took;
	END LOOP;
END $$;
CREATE TABLE fuzz.states (caller text, function oid, state text, calls bigint DEFAULT 1, took interval, PRIMARY KEY (caller, function, state));

-- Every function that a tenant may call, once, with arguments that are fine; nothing is rolled back but what fails.
-- With fuzz.of = other the ids are the other tenant's, for its role.
CREATE FUNCTION fuzz.call_all(role_name name) RETURNS TABLE (call text, state text, message text) LANGUAGE plpgsql AS $$
DECLARE
	f fuzz.function;
	a fuzz.argument;
	v_arguments text[];
	v_result text;
BEGIN
	PERFORM setseed(0);
	FOR f IN SELECT * FROM fuzz.function x WHERE x.caller = 'user' ORDER BY x.n LOOP
		v_arguments := '{}';
		FOR a IN SELECT x.* FROM fuzz.argument x WHERE x.function = f.function AND NOT x.optional ORDER BY x.position LOOP
			v_arguments := v_arguments || fuzz.given(a, fuzz.good_for(a));
		END LOOP;
		call := fuzz.call_with(f.function, v_arguments);
		message := NULL;
		BEGIN
			EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', role_name);
			EXECUTE call INTO v_result;
			RESET SESSION AUTHORIZATION;
			state := 'ok';
		EXCEPTION WHEN OTHERS THEN
			state := SQLSTATE;
			message := SQLERRM;
		END;
		RETURN NEXT;
	END LOOP;
END $$;
