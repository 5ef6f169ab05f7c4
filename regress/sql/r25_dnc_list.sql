-- A number is blocked by the layer that lists it: platform, tenant, campaign, area code, national; and each layer
-- costs one probe of an index.
\set SHOW_CONTEXT never
BEGIN;
SELECT voiceagent.create_tenant('r25 listing a') AS tenant \gset
SELECT voiceagent.create_tenant('r25 listing b') AS other \gset
SELECT count(voiceagent_private.set_tenant(:tenant)) AS acting \gset
SET LOCAL session_replication_role = replica;		-- rows of campaigns that do not exist
INSERT INTO voiceagent_private.platform_do_not_call_list VALUES ('+12025550101', false, 'court order', voiceagent.clock()),
	('+1900', true, 'premium', voiceagent.clock()), ('+120255', false, 'a short number', voiceagent.clock());
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at) VALUES (:tenant, '+12025550102', 'asked', voiceagent.clock());
INSERT INTO voiceagent.campaign_do_not_call_list VALUES (:tenant, 1, '+12025550103', 'the owner', voiceagent.clock());
INSERT INTO voiceagent.do_not_call_prefixes VALUES (:tenant, '+1907', 'no Alaska', voiceagent.clock()), (:tenant, '+44', 'no UK', voiceagent.clock());
INSERT INTO voiceagent.national_dnc_lists (name, country, edition, published_at, in_force_since, numbers) VALUES
	('r25 one', 'US', -1, voiceagent.clock(), voiceagent.clock(), 2), ('r25 two', 'US', -2, voiceagent.clock(), voiceagent.clock(), 1);
-- 0104 and 0105 in one edition, 0106 in another, 0107 in one that is not in force
INSERT INTO voiceagent_private.dnc_list_blocks VALUES (1202555, -1, '\x00680069'), (1202555, -2, '\x006a'), (1202555, -3, '\x006b');

CREATE FUNCTION pg_temp.layers(tenant bigint, phone text, campaign bigint DEFAULT 1, lawful boolean DEFAULT true) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(y.layer, ' '), '-') FROM voiceagent_private.do_not_call_layers(tenant, phone, campaign, lawful) y $$;
SELECT phone, pg_temp.layers(:tenant, phone) AS own, pg_temp.layers(:tenant, phone, 2) AS other_campaign,
	pg_temp.layers(:tenant, phone, NULL, false) AS rehearsal
FROM (VALUES ('+12025550101'), ('+12025550102'), ('+12025550103'), ('+12025550104'), ('+12025550105'), ('+12025550106'),
	('+12025550107'), ('+12025550104000'), ('+19005550100'), ('+19075550100'), ('+442079460018'), ('+120255'), ('+1202559'),
	('nonsense'), ('')) v(phone);
-- The other tenant has only the platform's and the national layer.
SELECT count(voiceagent_private.set_tenant(:other)) AS acting \gset
SELECT phone, pg_temp.layers(:other, phone) AS layers
FROM (VALUES ('+12025550101'), ('+12025550102'), ('+12025550103'), ('+12025550104'), ('+19075550100')) v(phone);
SELECT count(voiceagent_private.set_tenant(:tenant)) AS acting \gset

-- The sparse form and the bitmap say the same: all of 624 and of 625 numbers are found, and nothing else.
SELECT n, count(*) FILTER (WHERE voiceagent_private.block_has(b.bits, '+1202555' || lpad(i::text, 4, '0'))) AS found,
	bool_and(voiceagent_private.block_has(b.bits, '+1202555' || lpad(i::text, 4, '0')) = (i % 16 = 0 AND i / 16 < n)) AS exact
FROM (SELECT 600 AS n, string_agg(decode(lpad(to_hex(k * 16), 4, '0'), 'hex'), '' ORDER BY k) AS bits FROM generate_series(0, 599) k
	UNION ALL
	SELECT 625, string_agg('\x0100'::bytea, '') FROM generate_series(1, 625)) b, generate_series(0, 9999) i
GROUP BY n ORDER BY n;
SELECT voiceagent_private.block_of('+12025550143'), voiceagent_private.block_of('12025550143'), voiceagent_private.block_of('+0123456789'),
	voiceagent_private.block_of('+9999999999999999999'), voiceagent_private.block_of(NULL), voiceagent_private.block_has('\x', '+12025550143');

-- It is inlined, and every layer is reached by its key, by the owner's rights as by a worker's.
SET LOCAL plan_cache_mode = force_generic_plan;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
PREPARE judged(bigint, bigint, boolean) AS
	SELECT l.phone, y.layer FROM voiceagent.leads l
	LEFT JOIN LATERAL (SELECT y.layer FROM voiceagent_private.do_not_call_layers($1, l.phone, $2, $3) y LIMIT 1) y ON true
	WHERE l.tenant_id = $1;
-- As in a database whose tables nobody has counted yet, whatever came before.
SET LOCAL allow_system_table_mods = on;
UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
	AND relkind IN ('r', 'i') AND relname ~ '^(do_not_call|platform_do_not_call_list|national_|dnc_list_|campaign_do_not_call|leads)';
CREATE FUNCTION pg_temp.plan() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	v_line text;
	v_table text;
BEGIN
	FOR v_line IN EXECUTE 'EXPLAIN (COSTS OFF) EXECUTE judged(1, 1, true)' LOOP
		v_table := coalesce(substring(v_line FROM 'Scan.* on (\w+)'), v_table);
		IF v_line ~ 'Index Cond|Function Scan|Seq Scan' THEN
			RETURN NEXT concat_ws(': ', v_table, regexp_replace(regexp_replace(btrim(v_line, ' ->'), '\(l\.phone\)::text', 'l.phone', 'g'),
				'edition = ANY .*$', 'edition = ANY (those in force)'));
		END IF;
	END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION pg_temp.plan() TO voiceagent_owner, voiceagent_worker;
SET LOCAL ROLE voiceagent_owner;
SELECT * FROM pg_temp.plan();
RESET ROLE;
SET LOCAL ROLE voiceagent_worker;
SELECT * FROM pg_temp.plan();
ROLLBACK;
