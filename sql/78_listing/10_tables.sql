/*
 * 78_listing: what a tenant has to offer: houses, services, anything with
 * attributes, and how a caller finds it.
 *
 * A profile names the attributes of its listings and their types.  All by
 * which a listing may be found is a key, a number of 64 bits: a hash, under a
 * secret seed of the tenant, of a word, a value, or a range of numbers in which it lies.  A
 * listing's keys are an array under a GIN index; how many listings have a key
 * stands in listing_keys, so that a question begins with the rarest.
 *
 * GIN serves a table under row-level security only by a leakproof operator, so
 * there is one of ours.  It has no statistics to estimate by, nor have the
 * columns: a tenant must not learn from a plan what others have.
 *
 * A change of listings holds the tenant's row of listing_totals first, so
 * limits and counts of keys are changed by one transaction at a time.
 */

CREATE FUNCTION voiceagent_private.share_key(a bigint[], b bigint[]) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'arrayoverlap';
COMMENT ON FUNCTION voiceagent_private.share_key(bigint[], bigint[]) IS
	'Whether two arrays of numbers share one; leakproof, unlike the server''s own name for it.';

CREATE OPERATOR voiceagent_private.&& (LEFTARG = bigint[], RIGHTARG = bigint[],
	FUNCTION = voiceagent_private.share_key, COMMUTATOR = OPERATOR(voiceagent_private.&&), RESTRICT = contsel,
	JOIN = contjoinsel);
COMMENT ON OPERATOR voiceagent_private.&& (bigint[], bigint[]) IS 'share_key(), estimated without statistics.';

ALTER OPERATOR voiceagent_private.&& (bigint[], bigint[]) OWNER TO voiceagent_owner;

CREATE OPERATOR CLASS voiceagent_private.key_sets FOR TYPE bigint[] USING gin AS
	OPERATOR 1 voiceagent_private.&& (bigint[], bigint[]),
	FUNCTION 1 pg_catalog.btint8cmp(bigint, bigint),
	FUNCTION 2 pg_catalog.ginarrayextract(anyarray, internal, internal),
	FUNCTION 3 pg_catalog.ginqueryarrayextract(anyarray, internal, smallint, internal, internal, internal, internal),
	FUNCTION 4 pg_catalog.ginarrayconsistent(internal, smallint, anyarray, integer, internal, internal, internal,
		internal),
	FUNCTION 6 pg_catalog.ginarraytriconsistent(internal, smallint, anyarray, integer, internal, internal, internal),
	STORAGE bigint;
COMMENT ON OPERATOR CLASS voiceagent_private.key_sets USING gin IS 'Arrays of numbers by those that they have.';

CREATE TABLE voiceagent.listing_profiles (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	profile text NOT NULL CHECK (profile ~ '^[a-z][a-z0-9_]{0,59}$'),
	attributes jsonb NOT NULL CHECK (jsonb_typeof(attributes) = 'array'),
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, profile)
);
COMMENT ON TABLE voiceagent.listing_profiles IS
	'Kinds of listings, each with the attributes that its listings may have.';
COMMENT ON COLUMN voiceagent.listing_profiles.profile IS 'Name of the kind, such as real_estate.';
COMMENT ON COLUMN voiceagent.listing_profiles.attributes IS
	E'The attributes in their order: [{"name", "type", "required", "values", "minimum", "place", "unit"}].\n'
	'type: text, number, boolean, date or choice; values: those of a choice; place: the words of a text say where it '
	'is.';
COMMENT ON COLUMN voiceagent.listing_profiles.created_at IS 'When it was made.';
SELECT voiceagent_private.guard_table('voiceagent.listing_profiles', 'tenant');

CREATE TABLE voiceagent.listings (
	tenant_id bigint NOT NULL,
	listing_id bigint GENERATED ALWAYS AS IDENTITY,
	profile text NOT NULL,
	reference text CHECK (length(reference) BETWEEN 1 AND 100),
	attributes jsonb NOT NULL,
	active_from timestamptz,
	active_until timestamptz,
	created_at timestamptz NOT NULL,
	updated_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, listing_id),
	UNIQUE (tenant_id, reference),
	FOREIGN KEY (tenant_id, profile) REFERENCES voiceagent.listing_profiles,
	CHECK (active_from < active_until)
);
COMMENT ON TABLE voiceagent.listings IS 'The tenant''s listings; find_listings() finds what is active now.';
COMMENT ON COLUMN voiceagent.listings.listing_id IS 'Number of the listing.';
COMMENT ON COLUMN voiceagent.listings.profile IS 'Its kind, which says what attributes it may have.';
COMMENT ON COLUMN voiceagent.listings.reference IS 'The tenant''s own number or name of it; NULL: none.';
COMMENT ON COLUMN voiceagent.listings.attributes IS 'Its attributes by name, of the types that the profile says.';
COMMENT ON COLUMN voiceagent.listings.active_from IS 'From when on it is found; NULL: always.';
COMMENT ON COLUMN voiceagent.listings.active_until IS 'Until when it is found (exclusive); NULL: for good.';
COMMENT ON COLUMN voiceagent.listings.created_at IS 'When it was added.';
COMMENT ON COLUMN voiceagent.listings.updated_at IS 'When it was changed last.';
SELECT voiceagent_private.guard_table('voiceagent.listings', 'tenant');
ALTER TABLE voiceagent.tasks ADD CONSTRAINT tasks_listing FOREIGN KEY (tenant_id, listing_id)
	REFERENCES voiceagent.listings ON DELETE SET NULL (listing_id);
ALTER TABLE voiceagent.calendar_uses ADD CONSTRAINT calendar_uses_listing FOREIGN KEY (tenant_id, listing_id)
	REFERENCES voiceagent.listings ON DELETE CASCADE;
ALTER TABLE voiceagent.offers ADD CONSTRAINT offers_listing FOREIGN KEY (tenant_id, listing_id)
	REFERENCES voiceagent.listings ON DELETE SET NULL (listing_id);

CREATE TABLE voiceagent.call_listings (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	listing_id bigint NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, call_id, listing_id),
	FOREIGN KEY (tenant_id, listing_id) REFERENCES voiceagent.listings ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent.call_listings IS 'Which listings a call was about.';
COMMENT ON COLUMN voiceagent.call_listings.call_id IS 'The call.';
COMMENT ON COLUMN voiceagent.call_listings.listing_id IS 'The listing.';
COMMENT ON COLUMN voiceagent.call_listings.created_at IS 'When that was noted.';
CREATE INDEX call_listings_listing ON voiceagent.call_listings (tenant_id, listing_id);
SELECT voiceagent_private.guard_table('voiceagent.call_listings', 'tenant');

CREATE TABLE voiceagent_private.listing_totals (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	listings integer NOT NULL DEFAULT 0 CHECK (listings >= 0),
	-- The first 64 bits, of which 60 are random.
	seed bigint NOT NULL DEFAULT ('x' || left(replace(gen_random_uuid()::text, '-', ''), 16))::bit(64)::bigint,
	PRIMARY KEY (tenant_id)
);
COMMENT ON TABLE voiceagent_private.listing_totals IS
	'How many listings a tenant has; locked by whoever changes its listings.';
COMMENT ON COLUMN voiceagent_private.listing_totals.seed IS
	'Secret that goes into the hashes of its keys: no tenant can choose words whose keys are those of another tenant.';
COMMENT ON COLUMN voiceagent_private.listing_totals.listings IS 'Listings there are.';
SELECT voiceagent_private.guard_table('voiceagent_private.listing_totals', 'internal');

CREATE TABLE voiceagent_private.listing_index (
	tenant_id bigint NOT NULL,
	listing_id bigint NOT NULL,
	profile text NOT NULL,
	active_from timestamptz,
	active_until timestamptz,
	numbers double precision[] NOT NULL,
	keys bigint[] NOT NULL,
	PRIMARY KEY (tenant_id, listing_id),
	FOREIGN KEY (tenant_id, listing_id) REFERENCES voiceagent.listings ON DELETE CASCADE
);
ALTER TABLE voiceagent_private.listing_index ALTER COLUMN numbers SET STATISTICS 0,
	ALTER COLUMN keys SET STATISTICS 0, ALTER COLUMN keys SET STORAGE PLAIN;
COMMENT ON TABLE voiceagent_private.listing_index IS 'All that a question asks of a listing, in one short row.';
COMMENT ON COLUMN voiceagent_private.listing_index.numbers IS
	'Its numbers, dates (days since 1970) and booleans (0, 1), at the places of the attributes in the profile.';
COMMENT ON COLUMN voiceagent_private.listing_index.keys IS 'Hashes of all by which it is found.';
CREATE INDEX listing_index_keys ON voiceagent_private.listing_index
	USING gin (keys voiceagent_private.key_sets) WITH (fastupdate = off);
-- Not internal: a policy on tenant_id would have the planner read all of a tenant by the primary key. A key is of one
-- tenant, and each question names the tenant as well, in a way that no index serves (tenant_id + 0).
SELECT voiceagent_private.guard_table('voiceagent_private.listing_index', 'routing');

CREATE TABLE voiceagent_private.listing_keys (
	tenant_id bigint NOT NULL,
	key bigint NOT NULL,
	word text COLLATE "C",
	found integer NOT NULL CHECK (found >= 0),
	variants bigint[],
	PRIMARY KEY (tenant_id, key)
);
ALTER TABLE voiceagent_private.listing_keys ALTER COLUMN variants SET STATISTICS 0,
	ALTER COLUMN word SET STATISTICS 0;
COMMENT ON TABLE voiceagent_private.listing_keys IS 'How many listings of a tenant have a key.';
COMMENT ON COLUMN voiceagent_private.listing_keys.word IS 'The word that it stands for; NULL: it stands for no word.';
COMMENT ON COLUMN voiceagent_private.listing_keys.found IS 'How many listings have it.';
COMMENT ON COLUMN voiceagent_private.listing_keys.variants IS
	'Hashes of the word and of all that is left of it without one letter: two words with one in common differ by a '
	'typing error.';
CREATE INDEX listing_keys_variants ON voiceagent_private.listing_keys
	USING gin (variants voiceagent_private.key_sets) WITH (fastupdate = off);
-- As listing_index.
SELECT voiceagent_private.guard_table('voiceagent_private.listing_keys', 'routing');
