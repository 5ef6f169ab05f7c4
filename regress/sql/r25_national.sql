-- National do-not-call lists: files as they come, cut anywhere; rubbish is counted, shown and refused; an edition takes
-- the place of the one before in one commit, or not at all.
\set SHOW_CONTEXT never
CREATE ROLE r25_national_staff LOGIN IN ROLE voiceagent_admin;
CREATE ROLE r25_national_member LOGIN;
SELECT voiceagent.create_tenant('r25 national') AS tenant \gset
SELECT voiceagent.map_role('r25_national_member', :tenant);
CREATE FUNCTION pg_temp.listed(VARIADIC phones text[]) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(p, ' ' ORDER BY p COLLATE "C"), '-') FROM unnest(phones) p WHERE EXISTS (SELECT FROM voiceagent_private.dnc_list_blocks b
		JOIN voiceagent.national_dnc_lists l USING (edition)
		WHERE b.block = voiceagent_private.block_of(p) AND voiceagent_private.block_has(b.bits, p)) $$;
SET SESSION AUTHORIZATION r25_national_staff;

-- the FTC's form, cut inside a line, with a heading, CR LF, further columns, an empty line and the same number twice
SELECT voiceagent.begin_dnc_list('r25 federal', 'us', voiceagent.clock() - interval '40 days') AS list \gset
SELECT voiceagent.append_dnc_list(:list, 'Area Code,Phone\015\012202,5550143\015\012202,55');
SELECT voiceagent.append_dnc_list(:list, '50144,2024-01-02\015\012\015\012+12025550145\012(202) 555-0143\0122025550146');
SELECT count(*) AS "not before it is finished" FROM voiceagent.dnc_lists WHERE in_force AND name LIKE 'r25%';
SELECT voiceagent.finish_dnc_list(:list);
SELECT name, country, in_force, numbers, date_trunc('day', age) AS age FROM voiceagent.dnc_lists WHERE name LIKE 'r25%';
RESET SESSION AUTHORIZATION;
SELECT pg_temp.listed('+12025550143', '+12025550144', '+12025550145', '+12025550146', '+12025550147');
SELECT count(*) AS "pieces left" FROM voiceagent_private.dnc_list_chunks;
SET SESSION AUTHORIZATION r25_national_staff;

-- rubbish: counted, the first hundred lines kept with number and reason; refused; the edition before holds
SELECT voiceagent.begin_dnc_list('r25 federal', 'US', voiceagent.clock() - interval '3 days') = :list AS same \gset
SELECT voiceagent.append_dnc_list(:list, convert_to(string_agg(CASE WHEN i % 2 = 0 THEN '2025551' || i ELSE 'x' || i END, E'\n'), 'UTF8'))
FROM generate_series(100, 499) i;
SELECT voiceagent.finish_dnc_list(:list);
SELECT r ->> 'state' AS state, r -> 'lines' AS lines, r -> 'numbers' AS numbers, r -> 'rejected' AS rejected,
	jsonb_array_length(r -> 'rejects') AS shown, r -> 'rejects' -> 99 AS "the hundredth" FROM voiceagent.dnc_list_report(:list) r;
SELECT voiceagent.finish_dnc_list(:list, 49.9);
SELECT in_force, numbers FROM voiceagent.dnc_lists WHERE name = 'r25 federal';
SELECT voiceagent.append_dnc_list(:list, '\0122025559999');
SELECT voiceagent.finish_dnc_list(:list, 50);
SELECT in_force, numbers, date_trunc('day', age) AS age FROM voiceagent.dnc_lists WHERE name = 'r25 federal';
RESET SESSION AUTHORIZATION;
SELECT pg_temp.listed('+12025550143', '+12025551100', '+12025551101', '+12025559999') AS "the edition before is gone";
SELECT count(*) AS editions, count(*) FILTER (WHERE state = 'in_force') AS in_force FROM voiceagent_private.dnc_list_editions WHERE list_id = :list;
SELECT count(DISTINCT edition) AS "editions with blocks" FROM voiceagent_private.dnc_list_blocks;
SET SESSION AUTHORIZATION r25_national_staff;

-- bytes that are no text: each refused, with a clear error; nothing changes
SELECT voiceagent.import_dnc_list('r25 federal', 'US', voiceagent.clock(), '');
SELECT voiceagent.import_dnc_list('r25 federal', 'US', voiceagent.clock(), E'phone\n\n');
SELECT voiceagent.begin_dnc_list('r25 federal', 'US', voiceagent.clock()) = :list AS begun;
SELECT voiceagent.append_dnc_list(:list, '\xfffe320030003200');
SELECT voiceagent.append_dnc_list(:list, convert_to('2025550143', 'UTF8') || '\x00'::bytea || convert_to(E'\n2025550144\x01\n', 'UTF8'));
SELECT voiceagent.append_dnc_list(:list, convert_to(repeat('7', 5000000), 'UTF8')) FROM generate_series(1, 3);
SELECT voiceagent.finish_dnc_list(:list);
SELECT r -> 'lines' AS lines, r -> 'rejects' AS rejects FROM voiceagent.dnc_list_report(:list) r;
-- a file that was cut off
SELECT voiceagent.import_dnc_list('r25 federal', 'US', voiceagent.clock(), '2025550143');
SELECT numbers FROM voiceagent.dnc_lists WHERE name = 'r25 federal';
SELECT voiceagent.begin_dnc_list('r25 federal', 'US', voiceagent.clock()) = :list AS begun, voiceagent.append_dnc_list(:list, '2025550143');
SELECT voiceagent.finish_dnc_list(:list, may_shrink => true);
SELECT voiceagent.append_dnc_list(:list, 'x');
SELECT voiceagent.begin_dnc_list('r25 federal', 'CA', voiceagent.clock());
\set VERBOSITY terse
SELECT voiceagent.begin_dnc_list('r25 federal', 'US', voiceagent.clock() - interval '9 days');
\set VERBOSITY default
SELECT voiceagent.begin_dnc_list('r25 federal', 'US', voiceagent.clock() + interval '9 days');
SELECT voiceagent.begin_dnc_list('r25 federal', 'America', voiceagent.clock());
SELECT voiceagent.begin_dnc_list('r25 nowhere', 'ZZ', voiceagent.clock());
SELECT voiceagent.begin_dnc_list('', 'US', voiceagent.clock());
SELECT voiceagent.append_dnc_list(0, 'x');
SELECT voiceagent.finish_dnc_list(0);
SELECT voiceagent.dnc_list_report(0);
SELECT voiceagent.finish_dnc_list(:list, 101);

-- two lists of different countries hold at once
SELECT voiceagent.import_dnc_list('r25 uk', 'GB', voiceagent.clock(), E'020 7946 0018\n+447911123456\n7911 123457\n');
-- digits that are two numbers of the country, the plus sign lost: both are listed, and the line counts once against the rejected
SELECT voiceagent.begin_dnc_list('r25 germany', 'DE', voiceagent.clock()) AS german \gset
SELECT voiceagent.append_dnc_list(:german, E'491711234567\n4930901820\n');
SELECT voiceagent.finish_dnc_list(:german);
RESET SESSION AUTHORIZATION;
SELECT pg_temp.listed('+491711234567', '+49491711234567', '+4930901820', '+491711234568');
SELECT pg_temp.listed('+12025550143', '+442079460018', '+447911123456', '+447911123457', '+447911123458');

-- 200,000 numbers in any order, each of them found, and no other
SELECT voiceagent.begin_dnc_list('r25 large', 'US', voiceagent.clock()) AS large \gset
SELECT max((voiceagent.append_dnc_list(:large, piece) ->> 'rejected')::int) AS rejected
FROM (SELECT convert_to(string_agg((2012000000 + (i::bigint * 104729) % 7000000)::text, E'\n') || E'\n', 'UTF8') AS piece
	FROM generate_series(1, 200000) i GROUP BY i % 7) p;
SELECT voiceagent.finish_dnc_list(:large);
SELECT count(*) FILTER (WHERE voiceagent_private.block_has(b.bits, '+1' || n)) AS found, count(*) AS asked
FROM (SELECT (2012000000 + (i::bigint * 104729) % 7000000)::text AS n FROM generate_series(1, 200000) i) l
LEFT JOIN voiceagent_private.dnc_list_blocks b ON b.block = voiceagent_private.block_of('+1' || n)
	AND b.edition = (SELECT edition FROM voiceagent.national_dnc_lists WHERE list_id = :large);
SELECT sum(CASE WHEN length(bits) = 1250 THEN bit_count(bits) ELSE length(bits) / 2 END) AS "bits set" FROM voiceagent_private.dnc_list_blocks
WHERE edition = (SELECT edition FROM voiceagent.national_dnc_lists WHERE list_id = :large);

-- members see the age of the lists and nothing else
SET SESSION AUTHORIZATION r25_national_member;
SELECT name, numbers FROM voiceagent.dnc_lists WHERE name LIKE 'r25%' ORDER BY name;
SELECT voiceagent.begin_dnc_list('r25 mine', 'US', voiceagent.clock());
SET SESSION AUTHORIZATION r25_national_staff;
SELECT voiceagent.drop_dnc_list(:list, ' ');
SELECT voiceagent.drop_dnc_list(list_id, 'the test is over') FROM voiceagent.dnc_lists WHERE name LIKE 'r25%' ORDER BY name;
SELECT voiceagent.drop_dnc_list(:list, 'again');
RESET SESSION AUTHORIZATION;
SELECT count(*) FROM voiceagent_private.dnc_list_blocks;
SELECT action, object, old_value -> 'numbers' AS was, new_value -> 'numbers' AS numbers, new_value -> 'reason' AS reason
FROM voiceagent_private.platform_audit_log WHERE object LIKE 'list r25%' ORDER BY audit_id;
