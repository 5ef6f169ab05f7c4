-- Regular expressions that a backend compiles once give what PostgreSQL's own give.
CREATE TEMP TABLE texts (said text);
INSERT INTO texts VALUES (''), ('a'), ('aa'), ('aXbxc'), ('one, two; three.'), (',a,,b,'), ('Größe und ÄRGER in Köln'), ('日本語 3 pm, 5 PM'),
	('at 10:30 on Monday, not today'), (E'two\nlines\n'), ('x\y'), (repeat('ab ', 300)), (NULL);
CREATE TEMP TABLE patterns (pattern text);
INSERT INTO patterns VALUES (''), ('x*'), ('x'), ('(x)|(y)'), ('(a)(b)?'), ('[,;!?]|\.(?=\s|$)'), ('\m(mon|tues)day\M'), ('(?:^|[^0-9:.-])([0-9]{1,2})[:.h]([0-9]{2})'),
	('ä'), ('[[:alpha:]]+'), ('(?!b)\w'), ('^'), ('$'), ('\M'), ('(\w)\1'), ('\s+'), ('([0-9]+)\s*([ap])m'), ('(.*?)n'), ('.'), ('(x?)(?=b)');
CREATE TEMP TABLE flags (flags text);
INSERT INTO flags VALUES (''), ('i');
CREATE TEMP TABLE replacements (replacement text);
INSERT INTO replacements VALUES (''), ('-'), ('[\&]'), ('\1'), ('<\1|\2|\9>'), ('\\'), ('\'), ('a\x\0'), ('é\&');
SELECT count(*) AS compared, count(*) FILTER (WHERE voiceagent_private.matches(said, pattern, flags)
		IS DISTINCT FROM CASE flags WHEN 'i' THEN said ~* pattern ELSE said ~ pattern END) AS matches_differ,
	count(*) FILTER (WHERE voiceagent_private.captures(said, pattern, flags) IS DISTINCT FROM regexp_match(said, pattern, flags)) AS captures_differ,
	count(*) FILTER (WHERE voiceagent_private.parts(said, pattern, flags) IS DISTINCT FROM regexp_split_to_array(said, pattern, flags)) AS parts_differ
FROM texts, patterns, flags;
SELECT count(*) AS compared,
	count(*) FILTER (WHERE voiceagent_private.replaced(said, pattern, replacement, flags || f.g) IS DISTINCT FROM regexp_replace(said, pattern, replacement, flags || f.g)) AS differ
FROM texts, patterns, flags, replacements, (VALUES (''), ('g')) f(g);
-- of two collations each has its own: what the letters are, the collation says
SELECT voiceagent_private.matches('É', 'é', 'i') AS database, voiceagent_private.matches('É' COLLATE "C", 'é', 'i') AS c;
-- a bad pattern or flag is an error, and leaves nothing behind
SELECT voiceagent_private.matches('a', '(');
SELECT voiceagent_private.matches('a', '(');
SELECT voiceagent_private.replaced('a', 'a', 'b', 'gx');
-- what was read once is read again without compiling anything, be it in many ways
CREATE FUNCTION pg_temp.read_callbacks() RETURNS bigint LANGUAGE sql AS $$
	SELECT count(voiceagent_private.callback_time(jsonb_build_object('callback', jsonb_build_object('date', d.date, 'time', '3 pm', 'phrase', p.phrase)), 'America/New_York',
		'2026-11-20 16:10-05'))
	FROM (VALUES ('not before Monday'), ('in a couple of weeks'), ('next week at 3 pm'), ('el lunes por la tarde'), ('after the holidays'), ('at ten thirty on Friday, not today'),
		('halb fünf morgen'), ('a quarter to five'), ('in two hours, I am on a trip'), ('3 o''clock Pacific, the fifth of May')) p(phrase),
		(VALUES (''), ('tomorrow'), ('2026-12-01'), ('Monday')) d(date) $$;
SELECT pg_temp.read_callbacks() AS read;
SELECT compiled AS before FROM voiceagent_private.pattern_cache() \gset
SELECT pg_temp.read_callbacks() AS read_again;
SELECT compiled - :before AS compiled_again, kept <= 512 AS bounded FROM voiceagent_private.pattern_cache();
-- the number of those that are kept is bounded, and those that were used last stay
SELECT count(*) FILTER (WHERE voiceagent_private.matches(n::text, '^' || n || '$')) AS found FROM generate_series(1, 2000) n;
SELECT kept FROM voiceagent_private.pattern_cache();
SELECT compiled AS before FROM voiceagent_private.pattern_cache() \gset
SELECT count(*) FILTER (WHERE voiceagent_private.matches(n::text, '^' || n || '$')) AS found FROM generate_series(1600, 2000) n;
SELECT compiled - :before AS compiled_again FROM voiceagent_private.pattern_cache();
