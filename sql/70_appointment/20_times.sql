/*
 * 70_appointment: from words to an instant, in the lead's zone.  Dates are
 * resolved here: what a language model says of the day counts only where the
 * person's own words name none, or bear it out.
 */

CREATE FUNCTION voiceagent_private.resolve_time(spoken_day text, spoken_hour text, phrase text, timezone text,
	at timestamptz, zone text DEFAULT NULL, language text DEFAULT 'en') RETURNS timestamptz
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_resolve_time';
COMMENT ON FUNCTION voiceagent_private.resolve_time(text, text, text, text, timestamptz, text, text) IS
	E'The instant meant by a person''s words (phrase) in which a day and an hour have been heard, said at an instant '
	'(at) in an IANA zone; it may be past.\n'
	'zone: the one that was heard, by any name; NULL: none, and the words'' own or the given one holds. NULL: day or '
	'hour are not said, or not plainly. The words'' day comes before spoken_day.';

CREATE FUNCTION voiceagent_private.resolve_callback(spoken_day text, spoken_hour text, phrase text, timezone text,
	at timestamptz, zone text DEFAULT NULL, language text DEFAULT 'en') RETURNS timestamptz
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_resolve_callback';
COMMENT ON FUNCTION voiceagent_private.resolve_callback(text, text, text, text, timestamptz, text, text) IS
	E'When the person wants to be called again, read of what resolve_time() reads; it may be past.\n'
	'A day without an hour counts from its beginning, or from that of the part that is named; an hour without a day '
	'is the next such; not before Monday is Monday. infinity: a day that only a person can tell, or none. NULL: '
	'nothing is said of it.';

CREATE FUNCTION voiceagent_private.resolve_zone(spoken_day text, spoken_hour text, phrase text, timezone text,
	at timestamptz, zone text DEFAULT NULL, language text DEFAULT 'en') RETURNS text
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_resolve_zone';
COMMENT ON FUNCTION voiceagent_private.resolve_zone(text, text, text, text, timestamptz, text, text) IS
	'The zone by whose clock resolve_time() and resolve_callback() read: the one that was heard (zone), by IANA''s '
	'name or another, or that the words name, where the given one has other hours; else the given one.';

CREATE FUNCTION voiceagent_private.names_time(said text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_names_time';
COMMENT ON FUNCTION voiceagent_private.names_time(text) IS
	E'Whether words, in any language that is understood, name a day or an hour that they do not rule out, be it in a '
	'way that resolve_time() cannot read: a person can.\n'
	'Of long words the first 4,000 bytes are read; NULL of NULL.';
