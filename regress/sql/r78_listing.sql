-- Listings: typed attributes, what is found by filters and words and how far it was looked, files, and that no tenant learns of another's.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/incoming.inc
\set ECHO all
BEGIN;
SELECT voiceagent.create_tenant('r78 listing', 'America/New_York', 1000) AS tenant, voiceagent.create_tenant('r78 other') AS other \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SAVEPOINT s;
-- No profile, no listing; a schema that is none.
SELECT voiceagent.add_listing('{"address": "1 Oak Street"}');
ROLLBACK TO s;
SELECT voiceagent.set_listing_profile('boats');
ROLLBACK TO s;
SELECT voiceagent.set_listing_profile('Boats', '[{"name": "length", "type": "number"}]');
ROLLBACK TO s;
SELECT voiceagent.set_listing_profile('boats', '[{"name": "length", "type": "inches"}]');
ROLLBACK TO s;
\set VERBOSITY terse
SELECT voiceagent.set_listing_profile('boats', a::jsonb) FROM (VALUES ('[]')) v(a);
ROLLBACK TO s;
CREATE FUNCTION pg_temp.attempt(a text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
BEGIN
	PERFORM voiceagent.set_listing_profile('boats', ('[' || a || ']')::jsonb);
	RETURN 'taken';
EXCEPTION WHEN SQLSTATE 'PT422' OR SQLSTATE 'PT409' THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
	RETURN SQLSTATE || ' ' || coalesce(nullif(v_detail, ''), SQLERRM);
END $$;
SELECT a, pg_temp.attempt(a) FROM unnest(ARRAY['1', '{"name": "2x", "type": "text"}', '{"name": "price", "type": "text", "values": ["a"]}', '{"name": "k", "type": "choice"}', '{"name": "k", "type": "choice", "values": [1]}',
	'{"name": "k", "type": "text", "minimum": 1}', '{"name": "k", "type": "number", "place": true}', '{"name": "k", "type": "text", "required": "yes"}', '{"name": "k", "type": "text", "color": "red"}',
	'{"name": "reference", "type": "text"}', '{"name": "k", "type": "text"}, {"name": "k", "type": "number"}']) a;
SELECT voiceagent.set_listing_profile('real_estate');
SELECT string_agg(a ->> 'name', ', ' ORDER BY n) FROM voiceagent.listing_profiles p, jsonb_array_elements(p.attributes) WITH ORDINALITY AS x(a, n) WHERE p.tenant_id = :tenant;
SAVEPOINT s;
-- What an attribute may be.
CREATE FUNCTION pg_temp.add(a jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
BEGIN
	PERFORM voiceagent.add_listing(a);
	RETURN 'taken';
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
	RETURN SQLERRM || ': ' || left(v_detail, 120);
END $$;
SELECT left(a::text, 60) AS a, pg_temp.add(a) FROM unnest(ARRAY['[]', '{}', '{"address": "", "price": 1}', '{"address": "x", "price": -1}', '{"address": "x", "price": "cheap"}', '{"address": "x", "price": 1e30}', '{"address": "x", "kind": "castle"}',
	'{"address": "x", "colour": "red"}', jsonb_build_object('address', repeat('x', 10000))]::jsonb[]) a;
SELECT voiceagent.add_listing('{"address": "x"}', active_from => '2026-02-01', active_until => '2026-01-01');
ROLLBACK TO s;
SELECT voiceagent.add_listing('{"address": "x"}', 'boats');
ROLLBACK TO s;

CREATE FUNCTION pg_temp.found(filters jsonb DEFAULT '{}', words text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce((SELECT string_agg(coalesce(l ->> 'reference', '-'), ' ' ORDER BY n) FROM jsonb_array_elements(f -> 'listings') WITH ORDINALITY AS x(l, n)), 'none')
		|| CASE WHEN f -> 'taken_for' <> '{}' THEN ' taken for ' || (f ->> 'taken_for') ELSE '' END || CASE WHEN f -> 'unknown_words' <> '[]' THEN ' unknown ' || (f ->> 'unknown_words') ELSE '' END
		|| CASE WHEN (f -> 'stopped')::boolean THEN ' stopped' ELSE '' END
	FROM voiceagent.find_listings(filters, words) f $$;
SELECT count(voiceagent.add_listing(v.a::jsonb, reference => v.r)) FROM (VALUES
	('A', '{"kind": "house", "address": "12 Oak Street, Springfield", "price": "$450,000", "bedrooms": 4, "bathrooms": 2.5, "area": 2100, "stage": "for sale", "health": "good", "next_action": "Open house on Sunday", "description": "Big garden with a swimming pool."}'),
	('B', '{"kind": "house", "address": "7 Elm Street, Springfield", "price": 320000, "bedrooms": 3, "bathrooms": 1, "description": "Quiet, near the school."}'),
	('C', '{"kind": "Condo", "address": "99 Lake Road, Shelbyville", "price": 250000, "bedrooms": 2, "description": "View of the lake, pool in the building."}'),
	('D', '{"kind": "land", "address": "Oak Hill, Ogdenville", "price": 90000}'),
	('E', '{"kind": "apartment", "address": "3 Rue Beauséjour, Montréal", "price": 320000.01, "bedrooms": 3, "description": "Cinquième étage."}')) v(r, a);
SELECT attributes FROM voiceagent.lookup_listing(reference => 'A');
-- Found by numbers, choices, places, and all of them together.
SELECT f, pg_temp.found(f) FROM unnest(ARRAY['{}', '{"price": {"at_most": 320000}}', '{"price": {"at_least": 320000, "at_most": 320001}}', '{"price": 320000}', '{"bedrooms": {"at_least": 3}}', '{"bedrooms": {"at_least": 3}, "price": {"at_most": 400000}, "place": "springfield"}',
	'{"kind": "house"}', '{"kind": ["condo", "LAND"]}', '{"place": "oak"}', '{"place": "Oak Street"}', '{"place": "montreal"}', '{"stage": "For Sale"}', '{"area": {"at_least": 1}}', '{"price": {"at_most": 1}}', '{"place": "pool"}', '{"bathrooms": null}']::jsonb[]) f;
-- What is no filter.
CREATE FUNCTION pg_temp.refused(f jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN pg_temp.found(f);
EXCEPTION WHEN SQLSTATE 'PT422' OR SQLSTATE 'PT404' THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT f, pg_temp.refused(f) FROM unnest(ARRAY['[]', '{"colour": "red"}', '{"price": "cheap"}', '{"price": {"less": 3}}', '{"price": {}}', '{"kind": "castle"}', '{"kind": []}', '{"kind": {"at_most": 1}}', '{"profile": "boats"}', '{"price": [1, 2]}']::jsonb[]) f;
SAVEPOINT t;
SELECT voiceagent.find_listings(max_listings => 0);
ROLLBACK TO t;
SELECT voiceagent.find_listings(cursor => 'x');
ROLLBACK TO t;
-- Words of any attribute: the rarest says most; a typing error is forgiven where no listing has the word itself, but in no number; what nobody has is told.
SELECT w, pg_temp.found('{}', w) FROM unnest(ARRAY['pool', 'swimming pool', 'quiet house', 'swiming pol', 'hosue', 'sprngfield school', 'springfielt', 'beausejour', 'cinquieme etage', '12', '13 oak', 'the of', 'xyzzy', 'pol', '']) w;
SELECT f, w, pg_temp.found(f, w) FROM (VALUES ('{"kind": "house"}'::jsonb, 'pool'), ('{"price": {"at_most": 400000}}', 'springfield pool'), ('{"place": "sprinfield"}', 'school garden'), ('{"place": "nowhere"}', 'pool')) v(f, w);
-- How the sale goes is found by its filter, and by no word: a caller says words. A key cannot be told from what is known of a tenant.
SELECT pg_temp.found('{}', 'sunday'), pg_temp.found('{}', 'good sale'), pg_temp.found('{"next_action": "open house on sunday"}');
SELECT count(*) AS guessed FROM voiceagent_private.listing_index i WHERE i.tenant_id = :tenant AND hashtextextended('w:pool', :tenant) = ANY (i.keys);
-- Page by page.
SELECT jsonb_path_query_array(f, '$.listings[*].reference') AS page, f ->> 'cursor' IS NOT NULL AS more, jsonb_path_query_array(g, '$.listings[*].reference') AS next_page, g ->> 'cursor' IS NOT NULL AS more
FROM voiceagent.find_listings(words => 'street pool', max_listings => 2) f, voiceagent.find_listings(words => 'street pool', max_listings => 2, cursor => f ->> 'cursor') g;
-- Changed, out of its time, removed: the counts of keys follow.
SELECT listing_id AS a FROM voiceagent.listings WHERE tenant_id = :tenant AND reference = 'A' \gset
SELECT voiceagent.update_listing(:a, '{"price": 300000, "stage": null, "description": "No pool any more, but a sauna."}');
SELECT attributes - 'address' FROM voiceagent.lookup_listing(:a);
SELECT pg_temp.found('{"price": {"at_most": 320000}}'), pg_temp.found('{}', 'swimming'), pg_temp.found('{}', 'sauna'), pg_temp.found('{"stage": "for sale"}');
SELECT voiceagent.update_listing(:a, active_from => voiceagent.clock() + interval '1 day', active_until => voiceagent.clock() + interval '2 days');
SELECT pg_temp.found('{}', 'sauna');
SET LOCAL voiceagent.clock_offset = 90000;
SELECT pg_temp.found('{}', 'sauna') AS open_house;
SET LOCAL voiceagent.clock_offset = 180000;
SELECT pg_temp.found('{}', 'sauna') AS over;
SET LOCAL voiceagent.clock_offset = 0;
SELECT voiceagent.update_listing(:a, active_from => '-infinity', active_until => 'infinity');
SELECT pg_temp.found('{}', 'sauna');
CREATE VIEW pg_temp.miscounted AS
	SELECT coalesce(k.key, i.key) AS key, k.found, i.n FROM (SELECT * FROM voiceagent_private.listing_keys WHERE tenant_id = voiceagent.current_tenant()) k
	FULL JOIN (SELECT key, count(*) AS n FROM voiceagent_private.listing_index, unnest(keys) AS key WHERE tenant_id = voiceagent.current_tenant() GROUP BY 1) i USING (key)
	WHERE k.found IS DISTINCT FROM i.n;
SELECT count(*) FROM pg_temp.miscounted;
SAVEPOINT t;
\set VERBOSITY sqlstate
SELECT voiceagent.update_listing(:a, '{"price": -1}');
ROLLBACK TO t;
SELECT voiceagent.update_listing(:a, reference => 'B');
ROLLBACK TO t;
SELECT voiceagent.update_listing(987654321987);
ROLLBACK TO t;
SELECT voiceagent.remove_listing(987654321987);
ROLLBACK TO t;
SELECT voiceagent.lookup_listing(987654321987);
ROLLBACK TO t;
SELECT voiceagent.lookup_listing(:a, 'A');
ROLLBACK TO t;
\set VERBOSITY terse
-- More attributes may be added behind those that are there; none may change.
SELECT voiceagent.set_listing_profile('real_estate', attributes || '[{"name": "garage", "type": "boolean"}, {"name": "built", "type": "date"}]') FROM voiceagent.listing_profiles WHERE tenant_id = :tenant;
SAVEPOINT t;
SELECT voiceagent.set_listing_profile('real_estate', '[{"name": "address", "type": "text"}]');
ROLLBACK TO t;
SELECT voiceagent.set_listing_profile('real_estate');
ROLLBACK TO t;
SELECT voiceagent.update_listing(:a, '{"garage": "yes", "built": "1999-02-28"}');
SELECT pg_temp.found('{"garage": true}'), pg_temp.found('{"garage": false}'), pg_temp.found('{"built": {"at_least": "1999-02-28"}}'), pg_temp.found('{"built": {"at_most": "1999-02-27"}}'), pg_temp.found('{"built": "1999-02-28"}');
SELECT f, pg_temp.refused(f) FROM unnest(ARRAY['{"built": "1999-02-29"}', '{"garage": "perhaps"}']::jsonb[]) f;
-- Another profile: named where there are two.
SELECT voiceagent.set_listing_profile('services');
SELECT voiceagent.add_listing('{"name": "Haircut", "price": 30, "duration": 45}', 'services', 'cut') > 0 AS added;
SELECT f, pg_temp.refused(f) FROM unnest(ARRAY['{}', '{"profile": "services"}', '{"profile": "services", "duration": {"at_most": 60}}', '{"profile": "real_estate", "price": {"at_most": 100}}']::jsonb[]) f;
SELECT voiceagent.remove_listing(listing_id) FROM voiceagent.listings WHERE tenant_id = :tenant AND reference = 'cut';
SELECT count(*) AS miscounted, (SELECT listings FROM voiceagent_private.listing_totals WHERE tenant_id = :tenant) AS listings FROM pg_temp.miscounted;

-- A file: rows that are taken, changed and rejected; a rehearsal says the same and does nothing.
SELECT E'Ref No;Asking price;Address;Bedrooms;Colour;Active from\nF;$510,000;1 Pine Avenue;5;red;\nB;310000;7 Elm Street, Springfield;;blue;2026-01-01 09:00\nG;cheap;2 Pine Avenue;1;;\nF;1;3 Pine Avenue;1;;\n;1;;1;;\nH;1;"4 Pine\nAvenue ""rear""";1;;soon\nI;77000;5 Pine Avenue;1;;\n' AS csv \gset
SELECT * FROM voiceagent.import_listings(:'csv', 'real_estate', '{"reference": "Ref No", "price": "asking price"}', dry_run => true);
-- A zone has no name here: each that the server reads it keeps.
SELECT t, voiceagent_private.listing_time(t) AT TIME ZONE 'UTC' AS utc FROM unnest('{2026-01-01,2026-01-01 09:00,2026-01-01T09:00:30.5Z,2026-01-01 09:00 +02,2026-01-01 09:00 abcq-5,2026-01-01 09:00 Asia/Tokyo,2026-02-30}'::text[]) t;
SELECT count(*) FROM voiceagent.listings WHERE tenant_id = :tenant;
SELECT * FROM voiceagent.import_listings(:'csv', 'real_estate', '{"reference": "Ref No", "price": "asking price"}');
SELECT reference, attributes ->> 'price' AS price, attributes ->> 'bedrooms' AS bedrooms, active_from AT TIME ZONE 'UTC' AS active_from FROM voiceagent.listings WHERE tenant_id = :tenant AND reference IN ('B', 'F', 'G', 'H', 'I') ORDER BY reference;
SELECT pg_temp.found('{"profile": "real_estate", "place": "pine", "price": {"at_most": 100000}}');
SELECT count(*) AS miscounted, (SELECT listings FROM voiceagent_private.listing_totals WHERE tenant_id = :tenant) AS listings FROM pg_temp.miscounted;
SAVEPOINT t;
SELECT voiceagent.import_listings('', 'services');
ROLLBACK TO t;
SELECT voiceagent.import_listings(E'a,b\n1,2\n', 'services');
ROLLBACK TO t;
SELECT voiceagent.import_listings(E'name\n"x', 'services');
ROLLBACK TO t;
SELECT voiceagent.import_listings(E'name\nx\n', 'services', '{"nome": "name"}');
ROLLBACK TO t;
SELECT voiceagent.import_listings(E'name\nx\n', 'services', '{"name": "nome"}');
ROLLBACK TO t;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.set_setting('listings_max', '8') \g /dev/null
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT rows_added FROM voiceagent.import_listings(E'name\nx\n', 'services');
SAVEPOINT t;
SELECT rows_added FROM voiceagent.import_listings(E'name\ny\n', 'services');
ROLLBACK TO t;
SELECT voiceagent.add_listing('{"name": "y"}', 'services');
ROLLBACK TO t;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.set_setting('listings_max', '10000') \g /dev/null
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null

-- A task and an offer may name a listing, of the tenant's own; a call is about one; what is told of each listing.
SAVEPOINT t;
SELECT voiceagent.create_task('viewing', listing_id => 987654321987);
ROLLBACK TO t;
SELECT voiceagent.link_listing(987654321987, :a);
ROLLBACK TO t;
SELECT voiceagent.create_task('viewing', listing_id => :a) > 0 AS task, voiceagent.make_offer(400000, 'USD', phone => '+12125550161', listing_id => :a) > 0 AS offer;
INSERT INTO voiceagent.leads (tenant_id, phone, timezones, created_at) VALUES (:tenant, '+12125550162', '{America/New_York}', voiceagent.clock()) RETURNING lead_id AS lead \gset
INSERT INTO pg_temp.incoming_calls (tenant_id, provider_account_id, provider_call_id, lead_id, from_number, to_number, started_at, ended_at, answered_at)
SELECT :tenant, (SELECT min(a.provider_account_id) FROM voiceagent.provider_accounts a WHERE a.tenant_id = :tenant), 'r78-' || n, :lead, p, '+12125550001', now(), now(), now()
FROM (VALUES (1, '+12125550162'), (2, '+12125550163'), (3, '+12125550163')) v(n, p);
SELECT count(voiceagent.link_listing(call_id, :a)) FROM voiceagent.calls WHERE tenant_id = :tenant;
SELECT count(voiceagent.link_listing(call_id, :a)) FROM voiceagent.calls WHERE tenant_id = :tenant;
SELECT voiceagent.add_appointment(voiceagent.clock() + interval '1 day', (SELECT min(call_id) FROM voiceagent.calls WHERE tenant_id = :tenant)) > 0 AS booked;
SELECT reference, total, inbound, outbound, unique_callers, viewings_scheduled, offers_created FROM voiceagent.listing_stats();
SELECT voiceagent.remove_listing(:a);
SELECT count(*) AS tasks, count(listing_id) AS name_it FROM voiceagent.tasks WHERE tenant_id = :tenant;
SELECT count(*) FROM voiceagent.call_listings WHERE tenant_id = :tenant;

-- Looking stops at 2,000 candidates, and says so; the rarest word comes first, so what it names is found all the same.
SELECT rows_added FROM voiceagent.import_listings((SELECT 'reference,address,price,description' || string_agg(format(E'\n%s,%s Main Street,%s,%s', 'M' || i, i, i, CASE i WHEN 7 THEN 'lighthouse' ELSE 'common' END), '') FROM generate_series(1, 2500) i), 'real_estate');
SELECT jsonb_array_length(f -> 'listings') AS shown, f -> 'candidates' AS candidates, f -> 'stopped' AS stopped FROM (VALUES (voiceagent.find_listings('{"profile": "real_estate"}', 'common')), (voiceagent.find_listings('{"profile": "real_estate"}', 'lighthouse street')),
	(voiceagent.find_listings('{"profile": "real_estate", "place": "main", "price": {"at_most": 100}}', 'common')), (voiceagent.find_listings('{"profile": "real_estate", "place": "main"}'))) v(f);
SELECT pg_temp.found('{"profile": "real_estate"}', 'common lighthouse') AS rarest_first;
SELECT count(*) AS miscounted FROM pg_temp.miscounted;
-- Equal to what a look at all listings gives: 300 questions of two filters.
CREATE FUNCTION pg_temp.differs(low integer, high integer) RETURNS boolean LANGUAGE sql AS $$
	SELECT (SELECT count(*) FROM voiceagent.listings l WHERE l.tenant_id = voiceagent.current_tenant() AND (l.attributes ->> 'price')::numeric BETWEEN low AND high AND l.attributes ->> 'address' ~ 'Main')
		<> jsonb_array_length(voiceagent.find_listings(jsonb_build_object('profile', 'real_estate', 'price', jsonb_build_object('at_least', low, 'at_most', high), 'place', 'main'), max_listings => 100) -> 'listings') $$;
SELECT count(*) FILTER (WHERE pg_temp.differs(i * 8, i * 8 + i % 97)) AS differ FROM generate_series(1, 300) i;

-- Another tenant: nothing of all that, neither by its numbers nor by its words.
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.set_listing_profile('real_estate');
SELECT pg_temp.found('{}', 'lighthouse'), pg_temp.found('{}', 'lihgthouse'), pg_temp.found('{"place": "main"}');
SAVEPOINT t;
\set VERBOSITY sqlstate
SELECT voiceagent.lookup_listing(reference => 'M7');
ROLLBACK TO t;
SELECT voiceagent.remove_listing(:a + 1);
ROLLBACK TO t;
-- Its index serves the table under its policy; nothing is known of the columns.
SET LOCAL enable_seqscan = off;
SET LOCAL ROLE voiceagent_owner;
EXPLAIN (COSTS off) SELECT FROM voiceagent_private.listing_index i WHERE i.keys OPERATOR(voiceagent_private.&&) '{1,2}'::bigint[];
RESET ROLE;
ANALYZE voiceagent_private.listing_index, voiceagent_private.listing_keys;
SELECT c.relname, string_agg(a.attname, ', ' ORDER BY a.attnum) AS known FROM pg_statistic s JOIN pg_class c ON c.oid = s.starelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = s.staattnum
WHERE c.oid IN ('voiceagent_private.listing_index'::regclass, 'voiceagent_private.listing_keys'::regclass) AND a.attname IN ('tenant_id', 'keys', 'numbers', 'word', 'variants') GROUP BY 1;
ROLLBACK;
