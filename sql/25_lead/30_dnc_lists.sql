/*
 * 25_lead: the layers of do-not-call beside the tenant's own list (10_tables):
 * the platform's (staff's, for all tenants), a campaign's (45_campaign), the
 * area codes of a tenant, and national lists of many million numbers.
 *
 * A national list lies in blocks: the numbers that share all but their last
 * four digits are one row, so that a number is found by one probe of the key
 * whatever the list's length.  A new edition is built beside the one in force
 * and takes its place in one commit (50_national.sql).
 */

CREATE TABLE voiceagent_private.platform_do_not_call_list (
	entry text COLLATE "C",
	is_prefix boolean,
	reason text NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (entry, is_prefix),
	CHECK (entry ~ CASE WHEN is_prefix THEN '^\+[1-9][0-9]{0,7}$' ELSE '^\+[1-9][0-9]{5,18}$' END)
);
COMMENT ON TABLE voiceagent_private.platform_do_not_call_list IS
	E'Numbers, and beginnings of numbers, that no tenant may dial.\n'
	'A tenant sees only that the platform blocks a number.';
COMMENT ON COLUMN voiceagent_private.platform_do_not_call_list.entry IS
	'A number in E.164, or the beginning of numbers: + and 1 to 8 digits.';
COMMENT ON COLUMN voiceagent_private.platform_do_not_call_list.is_prefix IS
	'Whether every number that begins so is meant.';
COMMENT ON COLUMN voiceagent_private.platform_do_not_call_list.reason IS 'Why, in words, for the staff.';
CREATE INDEX platform_prefixes ON voiceagent_private.platform_do_not_call_list (entry) WHERE is_prefix;
SELECT voiceagent_private.guard_table('voiceagent_private.platform_do_not_call_list', 'platform');

CREATE TABLE voiceagent.do_not_call_prefixes (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	prefix text COLLATE "C" CHECK (prefix ~ '^\+[1-9][0-9]{0,7}$'),
	reason text NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, prefix)
);
COMMENT ON TABLE voiceagent.do_not_call_prefixes IS
	'Area codes, or other beginnings of numbers, that the tenant must never dial.';
COMMENT ON COLUMN voiceagent.do_not_call_prefixes.prefix IS '+ and 1 to 8 digits, such as +1900.';
COMMENT ON COLUMN voiceagent.do_not_call_prefixes.reason IS 'Why, in words.';
SELECT voiceagent_private.guard_table('voiceagent.do_not_call_prefixes', 'tenant');

CREATE TABLE voiceagent.national_dnc_lists (
	list_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200),
	country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
	edition bigint,
	published_at timestamptz,
	in_force_since timestamptz,
	numbers bigint NOT NULL DEFAULT 0,
	CHECK (num_nulls(edition, published_at, in_force_since) IN (0, 3))
);
COMMENT ON TABLE voiceagent.national_dnc_lists IS
	E'National do-not-call lists and the edition of each that is in force.\n'
	'The platform''s; everybody may see them.';
COMMENT ON COLUMN voiceagent.national_dnc_lists.list_id IS 'Number of the list.';
COMMENT ON COLUMN voiceagent.national_dnc_lists.name IS 'The name of the list.';
COMMENT ON COLUMN voiceagent.national_dnc_lists.country IS 'ISO 3166-1 alpha-2 country whose law asks for it.';
COMMENT ON COLUMN voiceagent.national_dnc_lists.edition IS 'The edition in force; NULL: none yet.';
COMMENT ON COLUMN voiceagent.national_dnc_lists.published_at IS
	'When its publisher published the edition in force: its age counts from here.';
COMMENT ON COLUMN voiceagent.national_dnc_lists.in_force_since IS 'When it took the place of the edition before.';
COMMENT ON COLUMN voiceagent.national_dnc_lists.numbers IS 'How many numbers the edition in force has.';
SELECT voiceagent_private.guard_table('voiceagent.national_dnc_lists', 'platform');

CREATE TABLE voiceagent_private.dnc_list_blocks (
	block bigint,
	edition bigint,
	bits bytea NOT NULL,
	PRIMARY KEY (block, edition)
);
ALTER TABLE voiceagent_private.dnc_list_blocks ALTER COLUMN bits SET STORAGE PLAIN;
COMMENT ON TABLE voiceagent_private.dnc_list_blocks IS
	'The numbers of national do-not-call lists: one row for all numbers of an edition that share all but '
	'their last four digits.';
COMMENT ON COLUMN voiceagent_private.dnc_list_blocks.block IS 'The digits before the last four.';
COMMENT ON COLUMN voiceagent_private.dnc_list_blocks.edition IS
	'Whose numbers they are; only those of an edition in force count.';
COMMENT ON COLUMN voiceagent_private.dnc_list_blocks.bits IS
	'Which last four digits are listed: sorted, two bytes each, or, from 625 on, a bit for each '
	'of 10,000 (1,250 bytes).';
SELECT voiceagent_private.guard_table('voiceagent_private.dnc_list_blocks', 'platform');

CREATE FUNCTION voiceagent_private.block_of(phone text) RETURNS bigint
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_block_of';
COMMENT ON FUNCTION voiceagent_private.block_of(text) IS
	'The digits of an E.164 number before its last four; NULL for what is no such number.';

CREATE FUNCTION voiceagent_private.block_has(bits bytea, phone text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_block_has';
COMMENT ON FUNCTION voiceagent_private.block_has(bytea, text) IS
	'Whether the bits of a dnc_list_blocks row list the last four digits of this number.';

-- Leakproof, so that it may be compared with a tenant's prefixes inside their index.
CREATE FUNCTION voiceagent_private.prefixes_of(phone text) RETURNS text[]
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_prefixes_of';
COMMENT ON FUNCTION voiceagent_private.prefixes_of(text) IS
	'A number and those of its beginnings that can be blocked: + and 1 to 8 digits.';

CREATE FUNCTION voiceagent_private.do_not_call_reason(layer text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT 'do_not_call: ' || coalesce(layer, 'tenant')
$$;
COMMENT ON FUNCTION voiceagent_private.do_not_call_reason(text) IS
	'campaign_leads.reason of a lead that a layer of do-not-call (platform, tenant, held, campaign, area_code, '
	'national) took out; NULL: the lead itself opted out, which is the tenant''s layer.';

/*
 * One probe of an index a layer, in this order, and none for prefixes where
 * none is blocked.  It has to be inlined: it takes plain
 * columns and variables, and its caller stops at the first row:
 *
 *   LEFT JOIN LATERAL (SELECT y.layer FROM voiceagent_private.do_not_call_layers(
 *       v_tenant, l.phone, p.campaign_id, t.lawful) y LIMIT 1) y ON true
 *
 * Only the layer tenant makes leads.status do_not_call: a platform's stop or a
 * prefix may be lifted, a hold is a row of the tenant's list that a person has
 * still to judge, a campaign's counts in that campaign alone, and a consent
 * (consents of kind call for this number) overrides the national list.
 */
CREATE FUNCTION voiceagent_private.do_not_call_layers(tenant_id bigint, phone text, campaign_id bigint, lawful boolean)
	RETURNS TABLE (layer text) LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT 'platform' FROM voiceagent_private.platform_do_not_call_list s
	WHERE s.entry = do_not_call_layers.phone AND NOT s.is_prefix
	UNION ALL
	SELECT 'platform' FROM voiceagent_private.platform_do_not_call_list r
	WHERE r.entry = ANY (voiceagent_private.prefixes_of(do_not_call_layers.phone)) AND r.is_prefix
		AND (SELECT EXISTS (SELECT FROM voiceagent_private.platform_do_not_call_list f WHERE f.is_prefix))
	UNION ALL
	SELECT CASE WHEN d.held THEN 'held' ELSE 'tenant' END FROM voiceagent.do_not_call_list d
	WHERE d.tenant_id = do_not_call_layers.tenant_id AND d.phone = do_not_call_layers.phone
	UNION ALL
	SELECT 'campaign' FROM voiceagent.campaign_do_not_call_list c
	WHERE c.tenant_id = do_not_call_layers.tenant_id AND c.campaign_id = do_not_call_layers.campaign_id
		AND c.phone = do_not_call_layers.phone
	UNION ALL
	SELECT 'area_code' FROM voiceagent.do_not_call_prefixes a
	WHERE a.tenant_id = do_not_call_layers.tenant_id
		AND a.prefix = ANY (voiceagent_private.prefixes_of(do_not_call_layers.phone))
		AND (SELECT EXISTS (SELECT FROM voiceagent.do_not_call_prefixes e
			WHERE e.tenant_id = do_not_call_layers.tenant_id))
	UNION ALL
	SELECT 'national' FROM voiceagent_private.dnc_list_blocks b
	WHERE do_not_call_layers.lawful AND b.block = voiceagent_private.block_of(do_not_call_layers.phone)
		AND b.edition = ANY
			((SELECT array_agg(n.edition) FROM voiceagent.national_dnc_lists n WHERE n.edition IS NOT NULL)::bigint[])
		AND voiceagent_private.block_has(b.bits, do_not_call_layers.phone)
$$;
COMMENT ON FUNCTION voiceagent_private.do_not_call_layers(bigint, text, bigint, boolean) IS
	E'The layers that forbid dialling this number for the current tenant''s campaign (NULL: none), first '
	'things first: platform, tenant or held, campaign, area_code, and, if lawful (a real carrier, or a rehearsal '
	'under the law), national.\n'
	'A number may have several; no row: none. '
	'A consent to be called lifts national only: that is the caller''s to know.';
