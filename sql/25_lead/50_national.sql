/*
 * 25_lead: national do-not-call lists.  A file comes in pieces, as long as it
 * likes; its numbers wait in dnc_list_chunks until finish_dnc_list() sorts them into
 * dnc_list_blocks and puts the new edition into force, in one commit.  Until
 * then, and if the file turns out to be rubbish, the edition before holds.
 */

CREATE TABLE voiceagent_private.dnc_list_editions (
	edition bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	list_id bigint NOT NULL REFERENCES voiceagent.national_dnc_lists,
	state text NOT NULL DEFAULT 'loading' CHECK (state IN ('loading', 'in_force', 'past')),
	published_at timestamptz NOT NULL,
	began_at timestamptz NOT NULL,
	pieces bigint NOT NULL DEFAULT 0,
	lines bigint NOT NULL DEFAULT 0,
	numbers_read bigint NOT NULL DEFAULT 0,
	rejected bigint NOT NULL DEFAULT 0,
	rejects jsonb NOT NULL DEFAULT '[]',
	reader bytea
);
COMMENT ON TABLE voiceagent_private.dnc_list_editions IS
	'Editions of national do-not-call lists: the one that is being loaded, and what was read for those before.';
COMMENT ON COLUMN voiceagent_private.dnc_list_editions.published_at IS 'When its publisher published it.';
COMMENT ON COLUMN voiceagent_private.dnc_list_editions.began_at IS 'When its loading began.';
COMMENT ON COLUMN voiceagent_private.dnc_list_editions.pieces IS 'Rows of dnc_list_chunks so far.';
COMMENT ON COLUMN voiceagent_private.dnc_list_editions.lines IS 'Lines read so far.';
COMMENT ON COLUMN voiceagent_private.dnc_list_editions.numbers_read IS
	'Lines read so far that are numbers; some may be the same, and one that may be either of two stands for both.';
COMMENT ON COLUMN voiceagent_private.dnc_list_editions.rejected IS 'Lines that are no number.';
COMMENT ON COLUMN voiceagent_private.dnc_list_editions.rejects IS 'The first 100 of them: {line, reason, text}.';
COMMENT ON COLUMN voiceagent_private.dnc_list_editions.reader IS
	'Where the reader stands, for the next piece; NULL: at the beginning, or done.';
CREATE UNIQUE INDEX one_edition_loads ON voiceagent_private.dnc_list_editions (list_id) WHERE state = 'loading';
SELECT voiceagent_private.guard_table('voiceagent_private.dnc_list_editions', 'platform');

CREATE TABLE voiceagent_private.dnc_list_chunks (
	edition bigint,
	part bigint,
	numbers bytea NOT NULL,
	PRIMARY KEY (edition, part)
);
-- Nothing that compresses, nothing that is read twice.
ALTER TABLE voiceagent_private.dnc_list_chunks ALTER COLUMN numbers SET STORAGE EXTERNAL;
COMMENT ON TABLE voiceagent_private.dnc_list_chunks IS
	'Numbers of an edition that is being loaded, as they came; gone when it is in force.';
COMMENT ON COLUMN voiceagent_private.dnc_list_chunks.part IS 'In the order of the file.';
COMMENT ON COLUMN voiceagent_private.dnc_list_chunks.numbers IS
	'Up to 65,536 numbers of eight bytes in this machine''s order.';
SELECT voiceagent_private.guard_table('voiceagent_private.dnc_list_chunks', 'platform');

CREATE FUNCTION voiceagent_private.read_dnc_list(country text, reader bytea, piece bytea, reported integer,
	last boolean, OUT chunks bytea[], OUT lines bigint, OUT numbers bigint, OUT rejected bigint, OUT rejects text,
	OUT next_reader bytea)
	RETURNS record LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_read_listing';
COMMENT ON FUNCTION voiceagent_private.read_dnc_list(text, bytea, bytea, integer, boolean) IS
	E'Reads a piece of a list''s file, going on where reader stands (NULL: at its beginning; last: the file ends with '
	'the piece): the numbers for dnc_list_chunks (both of a line that is ambiguous), lines of the file so far, lines '
	'of the piece that are numbers and that are rejected, and those of the rejected that still find room in a report '
	'of 100 that has `reported`.\n'
	'PT422 for UTF-16.';

CREATE FUNCTION voiceagent_private.build_dnc_list(edition bigint) RETURNS bigint
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_build_listing';
COMMENT ON FUNCTION voiceagent_private.build_dnc_list(bigint) IS
	'Makes dnc_list_blocks of an edition''s dnc_list_chunks, sorting within maintenance_work_mem; returns how many '
	'different numbers there are.';

CREATE FUNCTION voiceagent.begin_dnc_list(name text, country text, published_at timestamptz) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_list voiceagent.national_dnc_lists;
	v_name text := btrim(begin_dnc_list.name);
	v_country text := upper(btrim(begin_dnc_list.country));
	v_now timestamptz := voiceagent.clock();
BEGIN
	PERFORM voiceagent_private.require_platform('load a national do-not-call list');
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(v_name, 200), 'PT422',
		'a list''s name must have 1 to 200 characters, in one line');
	PERFORM voiceagent_private.fail_if(v_country IS NULL OR v_country !~ '^[A-Z]{2}$', 'PT422',
		format('"%s" is not a country', left(coalesce(begin_dnc_list.country, ''), 60)), NULL,
		'Give two letters of ISO 3166-1, such as US.');
	PERFORM voiceagent_private.fail_if(begin_dnc_list.published_at IS NULL OR NOT isfinite(begin_dnc_list.published_at)
		OR begin_dnc_list.published_at > v_now + interval '1 day', 'PT422', 'published_at must be a time that has come',
		NULL, 'Say when the edition was published: the age of the list counts from there.');
	-- A country that is never dialled would keep the list's name and forbid nothing.
	PERFORM voiceagent_private.check_jurisdiction(v_country);
	-- One statement makes or locks it: between two of them drop_dnc_list() would take it away.
	INSERT INTO voiceagent.national_dnc_lists AS l (name, country) VALUES (v_name, v_country)
	ON CONFLICT (name) DO UPDATE SET name = l.name
	RETURNING l.* INTO v_list;
	PERFORM voiceagent_private.fail_if(v_list.country <> v_country, 'PT409',
		format('list "%s" is of %s', v_name, v_list.country));
	PERFORM voiceagent_private.fail_if(v_list.published_at > begin_dnc_list.published_at, 'PT409',
		'a later edition of the list is in force', format('It was published at %s.', v_list.published_at));
	-- A load that begins again gives up what was loaded so far.
	DELETE FROM voiceagent_private.dnc_list_chunks c USING voiceagent_private.dnc_list_editions e
	WHERE e.list_id = v_list.list_id AND e.state = 'loading' AND c.edition = e.edition;
	DELETE FROM voiceagent_private.dnc_list_editions e WHERE e.list_id = v_list.list_id AND e.state = 'loading';
	INSERT INTO voiceagent_private.dnc_list_editions (list_id, published_at, began_at)
	VALUES (v_list.list_id, begin_dnc_list.published_at, v_now);
	RETURN v_list.list_id;
END
$$;
COMMENT ON FUNCTION voiceagent.begin_dnc_list(text, text, timestamptz) IS
	E'Begins to load an edition of a national do-not-call list -> list_id for append_dnc_list() and '
	'finish_dnc_list().\n'
	'name: new, or a list that there is, whose loading then begins again; country: ISO 3166-1 alpha-2; published_at: '
	'when its keeper published it. The edition in force holds until finish_dnc_list(). For the platform (42501). '
	'PT422; PT409 for another country or an older edition.';

CREATE FUNCTION voiceagent_private.loading_edition(list_id bigint) RETURNS voiceagent_private.dnc_list_editions
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_edition voiceagent_private.dnc_list_editions;
BEGIN
	PERFORM FROM voiceagent.national_dnc_lists l WHERE l.list_id = loading_edition.list_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such list');
	SELECT e.* INTO v_edition FROM voiceagent_private.dnc_list_editions e
	WHERE e.list_id = loading_edition.list_id AND e.state = 'loading';
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409', 'no edition of the list is being loaded', NULL,
		'begin_dnc_list() begins one.');
	RETURN v_edition;
END
$$;
COMMENT ON FUNCTION voiceagent_private.loading_edition(bigint) IS
	E'Locks a national list and returns its edition that is being loaded.\n'
	'PT404, PT409 if there is none.';

CREATE FUNCTION voiceagent_private.store_piece(edition voiceagent_private.dnc_list_editions, country text, piece bytea,
	last boolean)
	RETURNS voiceagent_private.dnc_list_editions LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v record;
BEGIN
	SELECT * INTO v
	FROM voiceagent_private.read_dnc_list(country, edition.reader, piece, jsonb_array_length(edition.rejects), last);
	INSERT INTO voiceagent_private.dnc_list_chunks (edition, part, numbers)
	SELECT store_piece.edition.edition, store_piece.edition.pieces + c.part, c.numbers
	FROM unnest(v.chunks) WITH ORDINALITY AS c(numbers, part);
	UPDATE voiceagent_private.dnc_list_editions e
	SET pieces = e.pieces + cardinality(v.chunks), lines = v.lines, numbers_read = e.numbers_read + v.numbers,
		rejected = e.rejected + v.rejected, rejects = e.rejects || v.rejects::jsonb,
		reader = CASE WHEN NOT last THEN v.next_reader END
	WHERE e.edition = store_piece.edition.edition
	RETURNING * INTO edition;
	RETURN edition;
END
$$;
COMMENT ON FUNCTION voiceagent_private.store_piece(voiceagent_private.dnc_list_editions, text, bytea, boolean) IS
	'Reads a piece of the file of an edition whose list the caller has locked; returns the edition as it is now.';

CREATE FUNCTION voiceagent.append_dnc_list(list_id bigint, chunk bytea) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_edition voiceagent_private.dnc_list_editions;
BEGIN
	PERFORM voiceagent_private.require_platform('load a national do-not-call list');
	v_edition := voiceagent_private.loading_edition(list_id);
	IF chunk IS NULL THEN
		PERFORM voiceagent_private.fail('PT422', 'no piece of the file given');
	ELSIF octet_length(chunk) > 64 * 1024 * 1024 THEN
		PERFORM voiceagent_private.fail('PT413', 'the piece is too large', 'It has more than 64 MB.',
			'Cut the file; the cuts may be anywhere.');
	ELSIF octet_length(chunk) > 0 THEN
		v_edition := voiceagent_private.store_piece(v_edition, (SELECT l.country FROM voiceagent.national_dnc_lists l
			WHERE l.list_id = append_dnc_list.list_id), chunk, false);
	END IF;
	RETURN jsonb_build_object('lines', v_edition.lines, 'numbers', v_edition.numbers_read,
		'rejected', v_edition.rejected);
END
$$;
COMMENT ON FUNCTION voiceagent.append_dnc_list(bigint, bytea) IS
	E'Adds the next piece of an edition''s file, at most 64 MB and cut anywhere, and returns {"lines", "numbers", '
	'"rejected"} so far.\n'
	'A line holds one number: E.164, as people of the country write it, or "area code,seven digits"; '
	'dnc_list_report() shows the first 100 rejected lines. Only for the platform (42501); PT404, PT409 without '
	'begin_dnc_list(), PT413 for a larger piece, PT422 (NULL, UTF-16).';

CREATE FUNCTION voiceagent.dnc_list_report(list_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_report jsonb;
BEGIN
	PERFORM voiceagent_private.require_platform('read the report of a national do-not-call list');
	SELECT jsonb_build_object('state', e.state, 'published_at', e.published_at, 'lines', e.lines,
		'numbers', e.numbers_read,
		'rejected', e.rejected, 'rejects', e.rejects) INTO v_report
	FROM voiceagent_private.dnc_list_editions e WHERE e.list_id = dnc_list_report.list_id
	ORDER BY e.edition DESC LIMIT 1;
	PERFORM voiceagent_private.fail_if(v_report IS NULL, 'PT404', 'there is no such list');
	RETURN v_report;
END
$$;
COMMENT ON FUNCTION voiceagent.dnc_list_report(bigint) IS
	E'The lines read for the newest edition of a list, loading or not: {"state", "published_at", "lines", "numbers", '
	'"rejected", "rejects": [{"line", "reason", "text"}]} with the first 100 rejected lines.\n'
	'For the platform (42501). PT404.';

CREATE FUNCTION voiceagent_private.retire_edition(edition bigint) RETURNS void LANGUAGE sql VOLATILE AS $$
	UPDATE voiceagent_private.dnc_list_editions e SET state = 'past' WHERE e.edition = retire_edition.edition;
	DELETE FROM voiceagent_private.dnc_list_blocks b WHERE b.edition = retire_edition.edition;
$$;
COMMENT ON FUNCTION voiceagent_private.retire_edition(bigint) IS
	'Forgets the numbers of an edition that is no longer in force.';

CREATE FUNCTION voiceagent.finish_dnc_list(list_id bigint, max_rejected numeric DEFAULT 1,
	may_shrink boolean DEFAULT false) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_edition voiceagent_private.dnc_list_editions;
	v_list voiceagent.national_dnc_lists;
	v_numbers bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('load a national do-not-call list');
	PERFORM voiceagent_private.fail_if(max_rejected IS NULL OR NOT max_rejected BETWEEN 0 AND 100, 'PT422',
		'max_rejected is out of range', NULL, 'Give percent of the lines, 0 to 100.');
	v_edition := voiceagent_private.loading_edition(list_id);
	SELECT * INTO v_list FROM voiceagent.national_dnc_lists l WHERE l.list_id = finish_dnc_list.list_id;
	v_edition := voiceagent_private.store_piece(v_edition, v_list.country, '', true);
	IF v_edition.rejected * 100 > max_rejected * (v_edition.rejected + v_edition.numbers_read) THEN
		PERFORM voiceagent_private.fail('PT422', format('%s of %s lines are no phone numbers', v_edition.rejected,
				v_edition.rejected + v_edition.numbers_read),
			(SELECT string_agg(format('Line %s: %s ("%s")', r ->> 'line', r ->> 'reason', r ->> 'text'),
				'; ' ORDER BY (r ->> 'line')::bigint)
				FROM (SELECT r FROM jsonb_array_elements(v_edition.rejects) r LIMIT 3) x) || '.',
			'The edition before stays in force. '
				'dnc_list_report() shows more; if the lines are no loss, allow more by max_rejected (percent).');
	ELSIF v_edition.numbers_read = 0 THEN
		PERFORM voiceagent_private.fail('PT422', 'the list is empty', 'The edition before stays in force.',
			'Give its file to append_dnc_list().');
	END IF;
	v_numbers := voiceagent_private.build_dnc_list(v_edition.edition);
	PERFORM voiceagent_private.fail_if(v_numbers * 2 < v_list.numbers AND may_shrink IS NOT TRUE, 'PT409',
		format('the list has shrunk from %s to %s numbers', v_list.numbers, v_numbers),
		'A file that was cut off looks like this. The edition before stays in force.',
		'If it is right, say may_shrink.');
	UPDATE voiceagent.national_dnc_lists l SET edition = v_edition.edition, published_at = v_edition.published_at,
		in_force_since = voiceagent.clock(), numbers = v_numbers
	WHERE l.list_id = finish_dnc_list.list_id;
	UPDATE voiceagent_private.dnc_list_editions e SET state = 'in_force' WHERE e.edition = v_edition.edition;
	PERFORM voiceagent_private.retire_edition(v_list.edition);
	DELETE FROM voiceagent_private.dnc_list_chunks c WHERE c.edition = v_edition.edition;
	PERFORM voiceagent_private.audit('finish_dnc_list', 'list ' || v_list.name,
		jsonb_build_object('published_at', v_list.published_at, 'numbers', v_list.numbers),
		jsonb_build_object('published_at', v_edition.published_at, 'numbers', v_numbers,
			'rejected', v_edition.rejected));
	PERFORM voiceagent_private.poke_for_all('dialer', 'schedules');		-- campaigns that a list too old had stopped
	RETURN jsonb_build_object('numbers', v_numbers, 'lines', v_edition.lines, 'rejected', v_edition.rejected);
END
$$;
COMMENT ON FUNCTION voiceagent.finish_dnc_list(bigint, numeric, boolean) IS
	E'Puts the loaded edition into force in this commit, in place of the one before, and returns {"numbers" (different '
	'ones), "lines", "rejected"}.\n'
	'PT422 when more than max_rejected percent of the lines, or all, are no numbers; PT409 when it has fewer than half '
	'of the numbers in force, unless may_shrink; then the old one stays. '
	'Only for the platform (42501); PT404, PT409 without begin_dnc_list().';

CREATE FUNCTION voiceagent.import_dnc_list(name text, country text, published_at timestamptz, lines text) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_list bigint := voiceagent.begin_dnc_list(name, country, published_at);
BEGIN
	PERFORM voiceagent.append_dnc_list(v_list, convert_to(coalesce(lines, ''), 'UTF8'));
	RETURN voiceagent.finish_dnc_list(v_list);
END
$$;
COMMENT ON FUNCTION voiceagent.import_dnc_list(text, text, timestamptz, text) IS
	'begin_dnc_list(), append_dnc_list() and finish_dnc_list() of a list in one piece of at most '
	'64 MB; errors as theirs.';

CREATE FUNCTION voiceagent.drop_dnc_list(list_id bigint, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_list voiceagent.national_dnc_lists;
	v_reason text := voiceagent_private.stop_reason(reason, 'the list is no longer in force');
BEGIN
	PERFORM voiceagent_private.require_platform('drop a national do-not-call list');
	SELECT l.* INTO v_list FROM voiceagent.national_dnc_lists l WHERE l.list_id = drop_dnc_list.list_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such list');
	DELETE FROM voiceagent_private.dnc_list_chunks c USING voiceagent_private.dnc_list_editions e
	WHERE e.list_id = drop_dnc_list.list_id AND c.edition = e.edition;
	PERFORM voiceagent_private.retire_edition(v_list.edition);
	DELETE FROM voiceagent_private.dnc_list_editions e WHERE e.list_id = drop_dnc_list.list_id;
	DELETE FROM voiceagent.national_dnc_lists l WHERE l.list_id = drop_dnc_list.list_id;
	PERFORM voiceagent_private.audit('drop_dnc_list', 'list ' || v_list.name,
		jsonb_build_object('published_at', v_list.published_at, 'numbers', v_list.numbers),
		jsonb_build_object('reason', v_reason));
END
$$;
COMMENT ON FUNCTION voiceagent.drop_dnc_list(bigint, text) IS
	E'Takes a national list out of force and forgets it, with the reason, which the platform''s audit log keeps.\n'
	'Where the law asks for a list, dialling stops. For the platform (42501). PT404, PT422.';

CREATE VIEW voiceagent.dnc_lists WITH (security_invoker = true) AS
	SELECT l.list_id, l.name, l.country, l.edition IS NOT NULL AS in_force, l.published_at,
		voiceagent.clock() - l.published_at AS age, l.numbers, l.in_force_since
	FROM voiceagent.national_dnc_lists l OFFSET 0 /* a view to read only */;
COMMENT ON VIEW voiceagent.dnc_lists IS
	'National do-not-call lists: age is that of the edition in force, since it was published; in_force is false until '
	'a first edition is loaded.';
COMMENT ON COLUMN voiceagent.dnc_lists.age IS 'How long ago the edition in force was published.';
COMMENT ON COLUMN voiceagent.dnc_lists.in_force IS 'Whether an edition of the list is in force.';
