/*
 * 70_appointment: from words to an instant, in the lead's zone.  Dates are
 * resolved here: what a language model says of the day counts only where the
 * person's own words name none, or bear it out.
 */

CREATE FUNCTION voiceagent_private.parse_head(said text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN left(coalesce(said, ''), 1000);
COMMENT ON FUNCTION voiceagent_private.parse_head(text) IS
	'What is read, for a day or an hour, of words that a report may hold a megabyte of: their first 1000 '
	'characters; none of NULL.';

CREATE FUNCTION voiceagent_private.month_names() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 'january|february|march|april|may|june|july|august|september|october|november|december';
COMMENT ON FUNCTION voiceagent_private.month_names() IS
	'The names of the twelve months, as the alternatives of a regular expression that captures nothing, for '
	'words in small letters.';

CREATE FUNCTION voiceagent_private.month_words() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?'
		'|nov(?:ember)?|dec(?:ember)?';
COMMENT ON FUNCTION voiceagent_private.month_words() IS
	'As month_names(), also with what the names are cut short to, as beside a day of the month.';

CREATE FUNCTION voiceagent_private.month_number(name text) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN array_position('{jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec}', lower(left(name, 3)));
COMMENT ON FUNCTION voiceagent_private.month_number(text) IS
	'The number, from 1 on, of the month whose name, whole or cut short to three letters or more, '
	'this is; NULL: it is none.';

CREATE FUNCTION voiceagent_private.parse_to_english(said text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	c_when CONSTANT text := '(?=\s+(?:el\s+|la\s+|le\s+|das\s+)?(?:[0-9]|an?\M|one\M|tomorrow|day '
		'after|(?:mon|tues|wednes|thurs|fri|satur|sun)day|next|' || voiceagent_private.month_names()
		|| '|christmas|noon)|\s+(?:un[ae]?|eine[mnr]?)\M)';
	-- Before the name of a month, or its day, that is a person's as well.
	c_in CONSTANT text := '((?:en|de|hasta|desde|este|para|avant|apr[eè]s|d[eè]s|fin|d[eé]but|[0-9]{1,2}(?:er)?)\s+)';
	-- In this order: what holds another stands before it. Only words that English does not have, and no first name
	-- alone (Julio, Domingo, Noel).
	c_words CONSTANT text[][] := ARRAY[
		['lunes|lundi|montags?', 'monday'], ['martes|mardi|dienstags?', 'tuesday'],
			['mi[eé]rcoles|mercredi|mittwochs?', 'wednesday'], ['jueves|jeudi|donnerstags?', 'thursday'],
		['viernes|vendredi|freitags?', 'friday'], ['s[aá]bado|samedi|samstags?|sonnabends?', 'saturday'],
			['dimanche|sonntags?', 'sunday'], ['((?:el|los|este|del|pr[oó]ximo|o|y)\s+)domingos?', '\1sunday'],
				['domingos?(?=\s+(?:a las?|por la|en la|que viene|pr[oó]ximo)\M)', 'sunday'],
		['enero|janvier|januar', 'january'], ['febrero|f[eé]vrier|februar', 'february'], ['marzo|m[aä]rz', 'march'],
			[c_in || '(?:abril|avril)', '\1april'], ['mayo|mai', 'may'], ['junio|juin|juni', 'june'],
		['juillet|juli', 'july'], [c_in || 'julio', '\1july'], ['agosto|ao[uû]t', 'august'], ['septiembre|septembre',
			'september'], ['octubre|octobre|oktober', 'october'], ['noviembre|novembre', 'november'],
		['diciembre|d[eé]cembre|dezember', 'december'],
		['(?:por|en|de) la ma[nñ]ana|(?:du|le|au) matin|(?:am )?morgens|am (?:morgen|vormittag)|vormittags',
			'in the morning'], ['morgen fr[uü]h', 'tomorrow morning'],
		['pasado ma[nñ]ana|apr[eè]s-demain|[uü]bermorgen', 'day after tomorrow'],
			['heute (?:morgen|vormittag)|ce matin', 'this morning'], ['esta noche|ce soir|heute abend', 'tonight'],
		['esta tarde|cet apr[eè]s-midi|heute nachmittag', 'this afternoon'],
			['(?:por|en|de|a) la tarde|(?:de |dans )?l.apr[eè]s-midi|(?:am )?nachmittags?', 'in the afternoon'],
		['(?:por|en|de|a) la noche|(?:du|le|au) soir|(?:am )?abends?', 'in the evening'],
			['ma[nñ]ana|demain|morgen', 'tomorrow'], ['hoy|aujourd.hui|heute', 'today'],
		['(?:la )?pr[oó]xima semana|(?:la )?semana (?:que viene|pr[oó]xima|entrante)|la semaine '
			'prochaine|n[aä]chste[nr]? woche', 'next week'],
		['(?:el )?pr[oó]ximo mes|(?:el )?mes (?:que viene|pr[oó]ximo)|le mois prochain|n[aä]chste[nrs]? monat',
			'next month'],
		['(?:el )?pr[oó]ximo a[nñ]o|(?:el )?a[nñ]o que viene|l.ann[eé]e prochaine|n[aä]chste[ns]? jahr', 'next year'],
		['(?:a )?(?:fin|fines|finales) (?:de|del) mes|(?:[aà] la )?fin du mois|ende des monats|(?:am )?monatsende',
			'end of the month'], ['fin de semana|wochenende', 'weekend'],
		['vacaciones|vacances|urlaub|ferien', 'vacation'], ['fiestas|f[eê]tes|feiertage[n]?', 'holidays'],
			['navidad|weihnachten', 'christmas'], ['((?:[aà]|de|avant|apr[eè]s|d[eè]s|pour)\s+)no[eë]l', '\1christmas'],
		['nunca|jamais|niemals|nie', 'never'], ['nicht|pas', 'not'], ['keine?n?', 'no'], ['mediod[ií]a|midi', 'noon'],
		['dos|deux|zwei', '2'], ['tres|trois|drei', '3'], ['cuatro|quatre|vier', '4'], ['cinco|cinq|f[uü]nf', '5'],
			['seis|sechs', '6'], ['siete|sieben', '7'], ['ocho|huit|acht', '8'], ['nueve|neuf|neun', '9'],
				['diez|dix|zehn', '10'], ['onze|elf', '11'], ['doce|douze|zw[oö]lf', '12'],
		['(?:antes(?: del?)?(?: el| las?)?|avant(?: le)?|vor(?: dem)?)' || c_when, 'before'],
			['(?:hasta(?: el| las?)?|jusqu.(?:[aà]|au)|bis(?: zum)?)' || c_when, 'until'],
		['despu[eé]s(?: del?)?(?: las?| los| el)?|apr[eè]s(?: les?| la)?|nach(?: de[mnr])?', 'after'],
			['(?:a partir del?|d[eè]s|ab)' || c_when, 'from'],
				['de(?=\s+(?:' || voiceagent_private.month_names() || ')\M)', 'of'],
		['(?:dentro de|dans|en|im)' || c_when, 'in'],
		['(?:a las?|[aà]|um|vers|gegen|sobre las) (?=[0-9])', 'at '],
			['([0-9]{1,2})(?: y media|\s?(?:h|heures?) et demie)', '\1:30'],
			['at ([0-9]{1,2})\s?(?:heures?|horas?)', 'at \1 o''clock'], ['una?|une|eine[mnr]?', 'a'],
				['horas?|heures?|stunden?', 'hours'], ['d[ií]as?|jours?|tage?n?', 'days'],
				['semanas?|semaines?|wochen?', 'weeks'], ['mes(?:es)?|mois|monate?n?', 'months'],
				['minutos?|minuten?', 'minutes'], ['matin', 'in the morning'], ['soir', 'in the evening']];
BEGIN
	-- Most is said in English: one expression spares it all of theirs, which are more than a backend keeps compiled. In
	-- small letters, and without what stands around the words, it costs the less.
	IF NOT voiceagent_private.matches(lower(said), '\m(?:'
		|| replace(replace(array_to_string(c_words[:][1:1], '|'), c_when, ''), c_in, '') || ')(?![[:alpha:]])') THEN
		RETURN said;
	END IF;
	FOR i IN 1..array_length(c_words, 1) LOOP
		said := voiceagent_private.replaced(said, '\m(?:' || c_words[i][1] || ')(?![[:alpha:]])', c_words[i][2], 'gi');
	END LOOP;
	RETURN said;
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_to_english(text) IS
	'Words with those in English that say when in Spanish, French or German (el lunes por la tarde -> el monday in '
	'the afternoon), where English has no such words itself; the rest stays as it is.';

CREATE FUNCTION voiceagent_private.parse_numbers(said text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	c_words CONSTANT text[] :=
		'{one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,fifteen,twenty,thirty,forty-five}';
	c_digits CONSTANT text[] := '{1,2,3,4,5,6,7,8,9,10,11,12,15,20,30,45}';
	-- Most transcribers write digits, and some words.
	v_said text := voiceagent_private.replaced(
		voiceagent_private.replaced(voiceagent_private.parse_to_english(said), 'forty five', 'forty-five', 'gi'),
		'\m(' || array_to_string(c_words[:12], '|') || ')\s+(fifteen|thirty|forty-five)\M', '\1:\2', 'gi');
BEGIN
	IF voiceagent_private.matches(v_said, '\m(?:' || array_to_string(c_words, '|') || ')\M', 'i') THEN
		FOR i IN REVERSE cardinality(c_words)..1 LOOP
			v_said := voiceagent_private.replaced(v_said, '\m' || c_words[i] || '\M', c_digits[i], 'gi');
		END LOOP;
	END IF;
	IF voiceagent_private.matches(v_said, '\mhalb\M', 'i') THEN
		FOR i IN 1..12 LOOP
			v_said := voiceagent_private.replaced(v_said, '\mhalb\s+' || i || '\M', (i + 10) % 12 + 1 || ':30', 'gi');
		END LOOP;
	END IF;
	v_said := voiceagent_private.replaced(v_said, '\mhalf\s+past\s+([0-9]{1,2})\M', '\1:30', 'gi');
	IF voiceagent_private.matches(v_said, '\mquarter\M', 'i') THEN
		v_said :=
			voiceagent_private.replaced(v_said, '\m(?:a\s+)?quarter\s+(?:past|after)\s+([0-9]{1,2})\M', '\1:15', 'gi');
		FOR i IN 1..12 LOOP
			v_said := voiceagent_private.replaced(v_said, '\m(?:a\s+)?quarter\s+(?:to|of|till|before)\s+' || i || '\M',
				(i + 10) % 12 + 1 || ':45', 'gi');
		END LOOP;
	END IF;
	RETURN voiceagent_private.replaced(v_said, '\m([0-9]{1,2})-?ish\M', '\1 o''clock', 'gi');
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_numbers(text) IS
	'Words, in English (parse_to_english()), with their numbers (one to twelve, and such as minutes have) in digits, '
	'and the time of day that a fraction of an hour makes: at five -> at 5, ten thirty -> 10:30, in two hours -> in 2 '
	'hours, a quarter to five -> 4:45.';

CREATE FUNCTION voiceagent_private.parse_clock(said text) RETURNS time
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	-- Before five is no time at which to meet, but do not call before five is one; do not call
	-- after five is none again.
	c_hour CONSTANT text := '(?:(?:about|around|at)\s+)?(?:noon|midday'
		'|[0-9]{1,2}(?:[:.h][0-9]{2})?)(?:\s*[ap]\.?\s?m(?![a-z])|\s*o.?clock)?\M';
	c_no CONSTANT text := '(?:\m(?:no|not|never|cannot|cant|dont|wont)\M|n[''’]t\M)';
	v_said text := voiceagent_private.replaced(voiceagent_private.replaced(voiceagent_private.replaced(said,
		c_no || '[^,;!?]*?\mbefore\s+(?=' || c_hour || ')', ' ok at ', 'gi'),
		c_no || '\s+(?:call|ring|phone|contact|disturb|bother)\M[^,;!?]*?\m(?:after|past|later\s+than)\s+' || c_hour,
		' ', 'gi'),
		'\mbefore\s+' || c_hour, ' ', 'gi');
	v_part text[];
	v_hour integer;
	v_minute integer;
	v_half text;
	v_early boolean := voiceagent_private.matches(said, '\mmorning\M', 'i');
	v_late boolean := voiceagent_private.matches(said, '\m(afternoon|evening|tonight)\M', 'i');
	-- am, a.m., a. m.: whole, since other words begin with these letters, too.
	c_half CONSTANT text := '\s*([ap])\.?\s?m(?![a-z])';
BEGIN
	IF voiceagent_private.matches(v_said, '\m(noon|midday)\M', 'i') THEN
		RETURN '12:00';
	END IF;
	-- 15:30, 3:30 pm, 3.30 p.m., 3:30p, 3pm, 5 o'clock, "at 15", "after 3 on Monday"
	v_part := voiceagent_private.captures(v_said, '(?:^|[^0-9:.-])([0-9]{1,2})[:.h]([0-9]{2})(?::[0-9]{2})?(?:'
		|| c_half || '|([ap])(?![a-z]))?', 'i');
	IF v_part IS NULL THEN
		v_part := voiceagent_private.captures(v_said, '(?:^|[^0-9:.-])([0-9]{1,2})()' || c_half, 'i');
	END IF;
	IF v_part IS NULL THEN
		v_part := voiceagent_private.captures(v_said, '(?:^|[^0-9:.-])([0-9]{1,2})()()\s*(?:(?:o.?clock|uhr)\M'
			'|\s+in\s+the\s+(?:morning|afternoon|evening)\M)', 'i');
	END IF;
	IF v_part IS NULL THEN
		v_part := voiceagent_private.captures(v_said, '\m(?:at|around|about|after|until|till|from'
			'|between)\s+([01]?[0-9]|2[0-4])()()(?:\s*(?:h|$)|\s*[,.;!?]|\s+(?:'
			|| 'today|tonight|tomorrow|this|next|on|please|and|or|but|if|then|to|till|until|so|because|when|would'
				'|works?|is|sharp|my\s+time|(?:eastern|central|mountain|pacific)(?=\s*(?:$|[,.;!?])|\s+(?:time|please'
				'|today|tomorrow|on)\M)|[ecmp][sd]?t|ak[sd]t|hst|utc|gmt|bst|cest?|ist'
			|| '|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\M)', 'i');
	END IF;
	IF v_part IS NULL THEN
		RETURN NULL;
	END IF;
	v_hour := v_part[1]::integer;
	v_minute := coalesce(nullif(v_part[2], ''), '0')::integer;
	v_half := lower(coalesce(nullif(v_part[3], ''), v_part[4]));
	IF v_half = 'a' AND v_hour = 12 THEN
		v_hour := 0;
	-- "At 3" means the afternoon; 03:00 is a clock of 24 hours.
	ELSIF v_hour < 12 AND (v_half = 'p'
		OR v_half IS NULL AND NOT v_early AND (v_late OR voiceagent_private.matches(v_part[1], '^[1-6]$'))) THEN
		v_hour := v_hour + 12;
	END IF;
	IF v_hour > 23 OR v_minute > 59 THEN
		RETURN NULL;
	END IF;
	RETURN make_time(v_hour, v_minute, 0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_clock(text) IS
	E'The time of day in words such as 15:30, 3:30 pm, 3pm, 5 o''clock, at 15, noon; NULL when there is none, or only '
	'one before which they want it.\n'
	'An hour of 1 to 6 of which nothing is said (at 3, 3:30, but not 03:30) is one of the afternoon.';

CREATE FUNCTION voiceagent_private.parse_evening(said text) RETURNS time
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	-- A nought before the hour is that of a clock of 24 hours.
	SELECT nullif(voiceagent_private.parse_clock(said || ', in the evening'), voiceagent_private.parse_clock(said))
	WHERE NOT voiceagent_private.matches(said, '(^|[^0-9:.h-])0')
$$;
COMMENT ON FUNCTION voiceagent_private.parse_evening(text) IS
	'The hour of the afternoon or evening that words may mean as well whose parse_clock() is one of the morning (at '
	'7: 19:00); NULL when they say which half of the day it is, or no hour.';

CREATE FUNCTION voiceagent_private.parse_day_part(said text) RETURNS time
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN voiceagent_private.matches(said, '\m(evenings?|tonight|after\s+work)\M', 'i') THEN time '17:00'
		WHEN voiceagent_private.matches(said, '\m(afternoons?|lunch(\s*time)?)\M', 'i') THEN time '12:00' END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_day_part(text) IS
	'When the part of the day begins that words name without an hour: tonight, on Monday evening, tomorrow afternoon; '
	'NULL when they name none, or the morning, with which a day begins.';

CREATE FUNCTION voiceagent_private.parse_span(said text) RETURNS interval
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	c_count CONSTANT text := '(half(?:\s+an?)?|an?|[0-9]{1,3}|(?:a\s+)?(?:couple(?:\s+of)?|few))\s+(hour'
		'|min(?:ute)?)s?\M(\s+and\s+a\s+half\M)?';
	v_part text[] := coalesce(
		voiceagent_private.captures(said, '\m(?:in|after|for|another|give\s+(?:me|us))\s+'
			|| '(?:(?:about|around|like|roughly|maybe|another|at\s+least)\s+)*' || c_count, 'i'),
		voiceagent_private.captures(said, '\m' || c_count || '\s+(?:from\s+now|later)\M', 'i'));
BEGIN
	IF v_part IS NULL THEN
		RETURN NULL;
	END IF;
	RETURN (CASE WHEN voiceagent_private.matches(v_part[1], '^half', 'i') THEN 0.5
		WHEN voiceagent_private.matches(v_part[1], 'couple', 'i') THEN 2
		WHEN voiceagent_private.matches(v_part[1], 'few', 'i') THEN 3
		WHEN voiceagent_private.matches(v_part[1], '^an?$', 'i') THEN 1
		ELSE v_part[1]::numeric END + CASE WHEN v_part[3] IS NULL THEN 0 ELSE 0.5 END)
		* CASE lower(v_part[2]) WHEN 'hour' THEN interval '1 hour' ELSE interval '1 minute' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_span(text) IS
	'How far from now words such as in 2 hours, in half an hour, give me 20 minutes, a few hours from now are; '
	'NULL when they do not say.';

CREATE FUNCTION voiceagent_private.parse_weekday(said text, day integer) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	-- As an abbreviation with its capital: the sun, and who sat, name no day.
	SELECT voiceagent_private.matches(said, '\m' || coalesce((ARRAY['mon', 'tues', 'wednes', 'thurs', 'fri', 'satur',
		'sun'])[day], '(?:mon|tues|wednes|thurs|fri|satur|sun)') || 'days?\M', 'i')
		OR voiceagent_private.matches(said, '\m' || coalesce((ARRAY['Mon', 'Tues?', 'Wed', 'Thu(?:rs?)?', 'Fri', 'Sat',
			'Sun'])[day], '(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)') || '\M')
$$;
COMMENT ON FUNCTION voiceagent_private.parse_weekday(text, integer) IS
	'Whether words name this day of the week, 1 (Monday) to 7; NULL: any of them.';

CREATE FUNCTION voiceagent_private.parse_granted(said text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	-- The end of a clause, or an hour; not a day, which "not before Monday" may rule out.
	c_end CONSTANT text := '\s*(?:$|[,;!?]|\.(?=\s|$))';
	c_hour CONSTANT text := '(?:\s+than)?\s+(?:(?:about|around|at)\s+)?(?:noon|midday'
		'|[0-9]{1,2}(?:[:.h][0-9]{2})?(?:\s*[ap]\.?\s?m(?![a-z])|\s*o.?clock'
		|| '|\s+(?:today|tonight|tomorrow|on|in\s+the|please|and|or|but|if)\M|' || c_end || '))';
BEGIN
	RETURN voiceagent_private.replaced(said,
		'\mno\s+(?:problems?|worries|issues?|trouble|big\s+deal)\M'
		|| '|(?:\m(?:not|dont|wont)|n[''’]t)\s+(?:(?:be|a|an|any|so|too|that|really)\s+)*(?:problems?|issues?|trouble'
			'|big\s+deal|mind|bad|busy)\M'
		|| '|\mwhy\s+(?:not|don[''’]?t\s+(?:you|we))\M'
		|| '|\mnot?\s+(?:any\s+)?(?:earlier|later|sooner|before|after)\M(?=' || c_end || '|' || c_hour
			|| '|\s+(?:please|than\s+that|and|or|if)\M)',
		' ok ', 'gi');
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_granted(text) IS
	'Words with ok in the place of those of their negations that rule out no day: tomorrow is no problem, why not '
	'tomorrow, tomorrow not before 3 pm, I don''t mind.';

CREATE FUNCTION voiceagent_private.parse_affirmed(said text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	c_day CONSTANT text := '(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day)';
	v_clauses text[] :=
		voiceagent_private.parts(voiceagent_private.replaced(voiceagent_private.replaced(voiceagent_private.replaced(
				voiceagent_private.parse_granted(said),
				'\m(any|every)(thing|\s*day|\s*time)?\s+but\M', 'except', 'gi'),
				-- What is ruled out beside the day that is meant: Monday not today, Monday instead of tomorrow
				'\m(?:(?:instead|rather|other)\s+(?:of|than)|not)\s+(?=(?:on\s+)?' || c_day || ')', ', not ', 'gi'),
				'\mso\s+(?=(?:please|just|can|could|call|try|ring|let|maybe|make|how|(?:on|at)\s|next|' || c_day
					|| ')\M)', ', ', 'gi'),
			'[,;!?]|\.(?=\s|$)|\m(?:but|because|how about|what about)\M', 'i');
	v_clause text;
	v_for text;
BEGIN
	FOREACH v_clause IN ARRAY coalesce(v_clauses, '{}') LOOP
		IF NOT voiceagent_private.matches(v_clause,
			'\m(no|not|never|cannot|cant|dont|doesnt|wont|except|busy|bad|neither|nor|impossible'
				|| '|unavailable|until|till|away|out\s+of\s+(town|office|the\s+office|the\s+country)|(instead|rather'
					'|other)\s+(of|than))\M'
				|| '|n[''’]t\M', 'i') THEN
			v_for := CASE WHEN v_for IS NULL THEN v_clause ELSE v_for || ',' || v_clause END;
		END IF;
	END LOOP;
	RETURN coalesce(v_for, '');
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_affirmed(text) IS
	'Words without those of their clauses that may rule out the day they name: not today, the 28th -> the 28th.';

CREATE FUNCTION voiceagent_private.resolve_clock(given time, phrase text) RETURNS time
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	-- The half of the day counts in the clause of its hour alone: "I work in the morning, call me
	-- at 3" says nothing of 3.
	RETURN (SELECT CASE WHEN bool_or(s.clock = given + interval '12 hours' AND s.sure) AND NOT bool_or(s.clock = given)
		THEN given + interval '12 hours' ELSE given END
	FROM unnest(voiceagent_private.parts(
		voiceagent_private.parse_affirmed(voiceagent_private.replaced(voiceagent_private.replaced(phrase,
				',\s*((?:in the|this)\s+(?:morning|afternoon|evening)|tonight)\s*(?=[,.;!?]|$)', ' \1', 'gi'),
				'\m(morning|afternoon|evening|tonight),\s*(?=(?:at\s+)?[0-9])', '\1 ', 'gi')), ',')) AS c(clause)
	CROSS JOIN LATERAL (SELECT voiceagent_private.parse_clock(c.clause) AS clock,
		voiceagent_private.parse_clock(c.clause || ', in the evening') = voiceagent_private.parse_clock(c.clause)
			AND NOT (voiceagent_private.matches(c.clause, '\mmorning\M|[0-9]\s*a\.?\s?m(?![a-z])', 'i')
				AND voiceagent_private.matches(c.clause, '\m(afternoon|evening|tonight)\M|[0-9]\s*p\.?\s?m(?![a-z])',
					'i')) AS sure) s);
END
$$;
COMMENT ON FUNCTION voiceagent_private.resolve_clock(time, text) IS
	'The time of day meant by a person''s words in which somebody else has heard the one given (NULL: none): that of '
	'the other half of the day if the words leave no doubt that the hour is of that one (07:00 of "Friday at 7 in the '
	'evening": 19:00), else the one given.';

CREATE FUNCTION voiceagent_private.parse_day_of_month(said text, today date) RETURNS date
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	c_month CONSTANT text := '(' || voiceagent_private.month_words() || ')\M';
	c_year CONSTANT text := '(?:,?\s+([0-9]{4})\M)?';
	-- December 1st, Dec. 1, 2026, but not: in December 3 pm
	v_part text[] :=
		voiceagent_private.captures(said, '\m' || c_month || '[.,]?\s+(?:the\s+)?([0-9]{1,2})(?:st|nd|rd|th)?'
			|| '(?![0-9]|[:.h][0-9]|\s*[ap]\.?\s?m(?![a-z])|\s*o.?clock)' || c_year, 'i');
	v_month text := v_part[1];
	v_day text := v_part[2];
	v_year text := v_part[3];
BEGIN
	IF v_part IS NULL THEN
		-- 1 Dec, 1st of December, but not: at 3 may suit me
		v_part := voiceagent_private.captures(said,
			'(?:^|[^0-9:.-])([0-9]{1,2})(?:(?:st|nd|rd|th)(?:\s+of)?|\s+of|(?!\s+may))\s+' || c_month || c_year, 'i');
		v_day :=
			coalesce(v_part[1], (voiceagent_private.captures(said, '\mthe\s+([0-9]{1,2})(?:st|nd|rd|th)\M', 'i'))[1]);
		v_month := v_part[2];
		v_year := v_part[3];
	END IF;
	-- Most words name none: a year of days need not be looked through for it.
	IF v_day IS NULL THEN
		RETURN NULL;
	END IF;
	RETURN (SELECT min(d.day) FROM (SELECT today + n FROM generate_series(0, 366) AS n) AS d(day)
		WHERE extract(day FROM d.day) = v_day::integer
			AND (v_month IS NULL OR extract(month FROM d.day) = voiceagent_private.month_number(v_month))
			AND (v_year IS NULL OR extract(year FROM d.day) = v_year::integer));
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_day_of_month(text, date) IS
	'The date in words such as December 1st, 1 Dec, the 28th: the first such that is not before today; NULL when '
	'there is none within a year.';

CREATE FUNCTION voiceagent_private.parse_ordinal(said text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT voiceagent_private.matches(said, '\mthe\s+[a-z0-9-]*(first(?!\s+thing)|second|third|(four|fif|six|seven|eigh'
		'|nin|ten|eleven|twelf|teen|tie)th)\M', 'i')
$$;
COMMENT ON FUNCTION voiceagent_private.parse_ordinal(text) IS
	'Whether words name a day of the month in letters: the fifth, the twenty-first.';

CREATE FUNCTION voiceagent_private.names_day(said text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT voiceagent_private.matches(said, '\m(today|tonight|this\s+(morning|afternoon|evening)|tomorrow|days?|weeks?'
		'|fortnight|months?|years?)\M|[0-9](st|nd|rd|th)\M', 'i')
		OR voiceagent_private.parse_ordinal(said)
		OR voiceagent_private.parse_day_of_month(said, date '2000-01-01') IS NOT NULL
		OR voiceagent_private.parse_weekday(said, NULL)
$$;
COMMENT ON FUNCTION voiceagent_private.names_day(text) IS
	'Whether words say anything of a day, be it one that they rule out, or in a way that parse_date() cannot read: '
	'not tomorrow, the day after; next month; on the fifth.';

CREATE FUNCTION voiceagent_private.names_time(said text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT voiceagent_private.parse_clock(n.words) IS NOT NULL OR voiceagent_private.parse_span(n.words) IS NOT NULL
		OR voiceagent_private.matches(w.words, '[0-9]{4}-[0-9]{2}-[0-9]{2}') OR voiceagent_private.names_day(w.words)
	FROM (SELECT voiceagent_private.parse_affirmed(voiceagent_private.parse_head(said))
		AS words OFFSET 0 /* computed once */) w
	CROSS JOIN LATERAL (SELECT voiceagent_private.parse_numbers(w.words) AS words OFFSET 0) n
$$;
COMMENT ON FUNCTION voiceagent_private.names_time(text) IS
	'Whether words name a day or an hour that they do not rule out, be it in a way that resolve_time() '
	'cannot read: a person can.';

CREATE FUNCTION voiceagent_private.parse_date(said text, today date) RETURNS date
	LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	c_name CONSTANT text := '((?:day after )?tomorrow|today|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\M';
	c_count CONSTANT text := '\m(an?|[0-9]{1,3})\s+';
	v_said text := voiceagent_private.parse_affirmed(said);
	v_part text[];
	v_day integer;
	v_ahead integer;
	v_date date;
BEGIN
	v_part := voiceagent_private.captures(v_said, '(?:^|[^0-9])([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[^0-9]|$)');
	IF v_part IS NOT NULL THEN
		BEGIN
			RETURN make_date(v_part[1]::integer, v_part[2]::integer, v_part[3]::integer);
		EXCEPTION WHEN datetime_field_overflow THEN
			RETURN NULL;
		END;
	END IF;
	-- A week from Monday, tomorrow in two weeks
	v_part := voiceagent_private.captures(v_said, c_count || 'weeks?\s+(?:from|after)\s+(?:the\s+)?' || c_name, 'i');
	IF v_part IS NULL THEN
		v_part := voiceagent_private.captures(v_said, '\m' || c_name || '\s+in\s+' || c_count || 'weeks?\M', 'i');
		v_part := ARRAY[v_part[2], v_part[1]];
	END IF;
	IF v_part[1] IS NOT NULL THEN
		RETURN voiceagent_private.parse_date(v_part[2], today) + 7
			* CASE WHEN voiceagent_private.matches(v_part[1], '^a', 'i') THEN 1 ELSE v_part[1]::integer END;
	END IF;
	-- More is said of the day than can be read here.
	IF voiceagent_private.parse_ordinal(v_said)
		OR voiceagent_private.matches(voiceagent_private.replaced(v_said,
			'\mday after tomorrow\M|\min\s+' || c_count || '(day|week)s?\M', '', 'gi'),
			'\m(weeks?|fortnight|months?|years?)\M|\m(days?|after|before|until|till|from|than)\s+' || c_name, 'i') THEN
		RETURN NULL;
	END IF;
	v_date := voiceagent_private.parse_day_of_month(v_said, today);
	IF v_date IS NOT NULL THEN
		RETURN v_date;
	ELSIF voiceagent_private.matches(v_said, '\mday after tomorrow\M', 'i') THEN
		RETURN today + 2;
	ELSIF voiceagent_private.matches(v_said, '\mtomorrow\M', 'i') THEN
		RETURN today + 1;
	ELSIF voiceagent_private.matches(v_said, '\m(today|tonight|this (morning|afternoon|evening))\M', 'i') THEN
		RETURN today;
	END IF;
	v_part := voiceagent_private.captures(v_said, '\min\s+' || c_count || '(day|week)', 'i');
	IF v_part IS NOT NULL THEN
		RETURN today + CASE WHEN voiceagent_private.matches(v_part[1], '^a', 'i') THEN 1 ELSE v_part[1]::integer END
			* CASE lower(v_part[2]) WHEN 'week' THEN 7 ELSE 1 END;
	END IF;
	SELECT d INTO v_day FROM generate_series(1, 7) d WHERE voiceagent_private.parse_weekday(v_said, d)
	ORDER BY d LIMIT 1;
	IF v_day IS NULL THEN
		RETURN NULL;
	END IF;
	-- The next such day, never today itself: who means today says so.
	v_ahead := (v_day - extract(isodow FROM today)::integer + 7) % 7;
	RETURN today + CASE v_ahead WHEN 0 THEN 7 ELSE v_ahead END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_date(text, date) IS
	'The date in words such as 2026-03-09, today, tomorrow, monday, in 3 days, a week from monday, December 1st, '
	'seen from today; NULL when there is none, or words that may rule it out (parse_affirmed()) or say more of it '
	'than is understood here.';

CREATE FUNCTION voiceagent_private.resolve_date(given date, phrase text, today date) RETURNS date
	LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	v_words text := voiceagent_private.parse_affirmed(phrase);
	v_said date := voiceagent_private.parse_date(phrase, today);
BEGIN
	-- A day of the week or of the month may be any to come of that name ("Tuesday the 1st"), though no other year's;
	-- who speaks of weeks does not count days ("tomorrow in a week").
	IF v_said IS NULL OR given > today AND given <= today + 366
		AND (voiceagent_private.parse_weekday(v_words, extract(isodow FROM given)::integer)
			OR voiceagent_private.parse_day_of_month(v_words, today) IS NOT NULL
			OR voiceagent_private.matches(v_words, '\mweeks?\M', 'i')) THEN
		RETURN given;
	-- Tomorrow is my birthday, call me today at 5
	ELSIF given = today AND v_said = today + 1 AND voiceagent_private.matches(v_words, '\mtoday\M', 'i') THEN
		RETURN given;
	END IF;
	RETURN v_said;
END
$$;
COMMENT ON FUNCTION voiceagent_private.resolve_date(date, text, date) IS
	'The date meant by a person''s words in which somebody else has heard the date given (NULL: none), seen from '
	'today: what the words plainly say, and the date given where they do not, or where it may be the day of the week '
	'or of the month, or the week, that they name.';

CREATE FUNCTION voiceagent_private.parse_instant(said text) RETURNS timestamptz
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_part text[] := voiceagent_private.captures(said,
		'([0-9]{4}-[0-9]{2}-[0-9]{2})([T ])([0-9]{2}):([0-9]{2})(:[0-9]{2}(?:\.[0-9]{1,'
			'6})?)?\s?(?:(Z)(?![a-z])|([+-])([0-9]{2}):?([0-9]{2})(?![0-9:]))');
BEGIN
	-- The second part of "16:00-17:00" is no offset but the end; and no zone is farther from Greenwich than these.
	IF v_part IS NULL
		OR v_part[7] = '-' AND v_part[2] = ' ' AND v_part[5] IS NULL AND v_part[8] || v_part[9] > v_part[3] || v_part[4]
		OR v_part[8] || v_part[9] > (CASE v_part[7] WHEN '+' THEN '1400' ELSE '1200' END) THEN
		RETURN NULL;
	END IF;
	RETURN (v_part[1] || ' ' || v_part[3] || ':' || v_part[4] || coalesce(v_part[5], '')
		|| coalesce(v_part[6], v_part[7] || v_part[8] || ':' || v_part[9]))::timestamptz;
EXCEPTION WHEN data_exception THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_instant(text) IS
	E'The instant in words that give a date, a time and its offset, such as 2026-03-10T15:00:00-05:00 or 2026-03-10 '
	'15:00Z; NULL when there is none.\n'
	'A span of hours (2026-03-10 15:00-16:00) is none.';

CREATE FUNCTION voiceagent_private.parse_zone(said text, named text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	-- A time of day, behind which a word is a zone that could be a street elsewhere.
	c_hour CONSTANT text := '(?:\m(?:noon|midday)|(?:^|[^0-9:.-])(?:[01]?[0-9]|2[0-4])(?:[:.h][0-5][0-9])?)';
	c_english CONSTANT text :=
		'(?:\s*[ap]\.?\s?m\.?(?![a-z])|\s*o.?clock\M|\s+in\s+the\s+(?:morning|afternoon|evening)\M)';
	c_offset CONSTANT text := '(?:UTC|GMT)\s?[+-][0-9]{1,2}(?::?[0-9]{2})?(?![0-9])';
	c_place CONSTANT text := 'central\s+european|eastern|central|mountain|pacific|atlantic|alaskan?|hawaii(?:an)?'
		'|greenwich|british|london|east\s+coast|west\s+coast';
	c_us CONSTANT text := 'eastern|central|mountain|pacific';
	-- Letters that are words of no other language; the others count in capitals, or behind an hour said in English.
	c_sure CONSTANT text := 'P[SD]T|M[SD]T|C[SD]T|EDT|AK[SD]T|HST|CEST|A[CE][SD]T|AWST|NZ[SD]T|UTC|GMT|BST';
	c_capitals CONSTANT text := c_sure || '|EST|CET|IST';
	c_letters CONSTANT text := c_capitals || '|[ECMP]T';
	-- Behind "9 Eastern" comes no street.
	c_on CONSTANT text := '(?=\s*(?:$|[,;.!?)])|\s+(?:(?:standard|daylight)\s+time|time|please|today|tonight|tomorrow'
		'|on|in|at|or|and|if|is|are|then|but|this|next|works?|would'
		|| '|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\M)';
	v_said text := coalesce(
		(voiceagent_private.captures(said, '\m(' || c_offset || ')', 'i'))[1],
		(voiceagent_private.captures(said, '\m(' || c_place || ')\s+(?:(?:standard|daylight|summer|mean)\s+)?time\M',
			'i'))[1],
		(voiceagent_private.captures(said, c_hour || c_english || '?\s*\(?(' || c_us || ')\M' || c_on, 'i'))[1],
		(voiceagent_private.captures(said, '\m(' || c_capitals || ')\M'))[1],
		(voiceagent_private.captures(said, c_hour || '\s*\(?([ECMP]T)\M'))[1],
		(voiceagent_private.captures(said, c_hour || c_english || '?\s*\(?(' || c_sure || ')\M', 'i'))[1],
		(voiceagent_private.captures(said, c_hour || c_english || '\s*\(?(' || c_letters || ')\M', 'i'))[1],
		(voiceagent_private.captures(named,
			'\m(' || c_offset || '|(?:' || c_place || '|' || c_letters || ')\M)', 'i'))[1]);
BEGIN
	v_said := voiceagent_private.replaced(upper(v_said), '\s+', ' ', 'g');
	RETURN CASE
		WHEN voiceagent_private.matches(v_said, '[+-]') THEN v_said
		WHEN voiceagent_private.matches(v_said, '^CENTRAL EURO') THEN 'CET'
		WHEN v_said IN ('GREENWICH', 'BRITISH', 'LONDON') THEN 'BST'
		WHEN voiceagent_private.matches(v_said, '^ALASKA') THEN 'AKST'
		WHEN voiceagent_private.matches(v_said, '^(ATLANTIC|HAWAII)') THEN left(v_said, 1) || 'ST'
		-- ET, Eastern, East Coast
		WHEN length(v_said) NOT IN (3, 4) THEN (CASE WHEN v_said = 'WEST COAST' THEN 'P' ELSE left(v_said, 1) END)
			|| 'ST'
		ELSE v_said END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_zone(text, text) IS
	E'The zone that words name (10:00 PST, 3 o''clock Pacific, three in the afternoon Eastern time, 15:00 GMT+1), or '
	'else the one that somebody has heard named (NULL: none), by the name that zone_names() gives it, or as an offset '
	'from UTC or GMT; NULL when they name none.\n'
	'Mountain Road is none.';

CREATE FUNCTION voiceagent_private.zone_names() RETURNS TABLE (name text, hours numeric, timezone text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 30 AS $$
	VALUES ('UTC', 0, 'UTC'), ('GMT', 0, 'UTC'), ('BST', 1, 'Europe/London'), ('CET', 1, 'Europe/Berlin'),
		('CEST', 2, 'Europe/Berlin'), ('AST', -4, 'America/Halifax'), ('ADT', -3, 'America/Halifax'),
			('EST', -5, 'America/New_York'), ('EDT', -4, 'America/New_York'),
		('CST', -6, 'America/Chicago'), ('CDT', -5, 'America/Chicago'), ('MST', -7, 'America/Denver'),
			('MDT', -6, 'America/Denver'),
		('PST', -8, 'America/Los_Angeles'), ('PDT', -7, 'America/Los_Angeles'), ('AKST', -9, 'America/Anchorage'),
		('AKDT', -8, 'America/Anchorage'), ('HST', -10, 'Pacific/Honolulu'),
		-- India, Israel, Ireland; China's CST
		('IST', 5.5, NULL), ('IST', 2, NULL), ('IST', 1, NULL), ('CST', 8, NULL),
		('AEST', 10, 'Australia/Sydney'), ('AEDT', 11, 'Australia/Sydney'), ('ACST', 9.5, 'Australia/Adelaide'),
		('ACDT', 10.5, 'Australia/Adelaide'), ('AWST', 8, 'Australia/Perth'), ('NZST', 12, 'Pacific/Auckland'),
			('NZDT', 13, 'Pacific/Auckland')
$$;
COMMENT ON FUNCTION voiceagent_private.zone_names() IS
	'The names of zones that people say, with hours ahead of UTC and the IANA zone that is meant by who is not in one '
	'of these hours himself (NULL: nobody can tell).';

CREATE FUNCTION voiceagent_private.parse_other_zone(said text, named text, local_time timestamp, timezone text)
	RETURNS boolean
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_said text := voiceagent_private.parse_zone(said, named);
	v_offset text[] := voiceagent_private.captures(v_said, '([+-][0-9]{1,2}):?([0-9]{2})?$');
BEGIN
	IF v_said IS NULL THEN
		RETURN false;
	END IF;
	-- "EST" in July means the time there.
	RETURN NOT EXISTS (
		SELECT FROM voiceagent_private.zone_names() AS z
		CROSS JOIN unnest(ARRAY[local_time, local_time + interval '182 days']) AS t(i)
		WHERE (v_offset IS NOT NULL OR z.name = v_said)
			AND t.i AT TIME ZONE coalesce((v_offset[1] || ':' || coalesce(v_offset[2], '00'))::interval,
				z.hours * interval '1 hour')
				= t.i AT TIME ZONE parse_other_zone.timezone);
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_other_zone(text, text, timestamp, text) IS
	'Whether the zone that words name (parse_zone()) is not the given IANA zone''s, at that local time or in the '
	'other half of the year; one that is not known here is not.';

CREATE FUNCTION voiceagent_private.resolve_zone(said text, named text, at timestamptz, timezone text) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_zone text := voiceagent_private.timezone_name(replace(btrim(named), ' ', '_'));
BEGIN
	IF v_zone IS NULL AND voiceagent_private.is_timezone(resolve_zone.timezone)
		AND voiceagent_private.parse_other_zone(said, named, at AT TIME ZONE resolve_zone.timezone,
			resolve_zone.timezone) THEN
		v_zone := (SELECT z.timezone FROM voiceagent_private.zone_names() z
			WHERE z.name = voiceagent_private.parse_zone(said, named) AND z.timezone IS NOT NULL);
	END IF;
	RETURN coalesce(v_zone, resolve_zone.timezone);
END
$$;
COMMENT ON FUNCTION voiceagent_private.resolve_zone(text, text, timestamptz, text) IS
	'The IANA zone by whose clock a time is meant: the one that somebody has heard named (named, by its IANA name or '
	'another; NULL: none), or that the words name (parse_zone()) and the given one, at that instant, does not keep; '
	'the given one where they name none, or one that nobody can tell (IST).';


-- parse_zone: the name of a zone that is none of IANA's (NULL: none). "Tomorrow" is the lead's tomorrow; "today at
-- 7" is that hour of the evening once 7 in the morning has passed. spoken_day counts where it may be the day of the
-- week or of the month that the words name.
CREATE FUNCTION voiceagent_private.resolve_time(spoken_day text, spoken_hour text, phrase text, timezone text,
	at timestamptz, parse_zone text DEFAULT NULL)
	RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_phrase text := voiceagent_private.parse_numbers(phrase);
	-- An instant with its offset needs no zone.
	v_exact timestamptz :=
		coalesce(voiceagent_private.parse_instant(phrase), voiceagent_private.parse_instant(spoken_day));
	v_here timestamp;
	v_there timestamp;
	v_day date;
	-- Not at 3, at 5
	v_said time := coalesce(voiceagent_private.parse_clock(voiceagent_private.parse_affirmed(v_phrase)),
		voiceagent_private.parse_clock(v_phrase));
	v_heard time := coalesce(voiceagent_private.parse_clock(spoken_hour), voiceagent_private.parse_clock(spoken_day));
	v_clock time;
	-- The person's own words say best which half of the day an hour is in.
	v_words text := CASE WHEN v_said IS NULL THEN concat_ws(', ', spoken_hour, spoken_day, v_phrase) ELSE v_phrase END;
	v_all text := concat_ws(', ', spoken_hour, spoken_day, v_phrase);
BEGIN
	IF NOT voiceagent_private.is_timezone(resolve_time.timezone) THEN
		RETURN v_exact;
	END IF;
	v_here := at AT TIME ZONE resolve_time.timezone;
	v_there := v_exact AT TIME ZONE resolve_time.timezone;
	-- Some write 3 pm there as 15:00Z: an offset by which neither the words nor the hour beside them hold is none.
	IF voiceagent_private.parse_instant(phrase) IS NULL
		AND (voiceagent_private.parse_clock(spoken_hour) IS NOT NULL
			OR v_said IN (v_heard, v_heard + interval '12 hours'))
		AND v_there::time NOT IN (v_heard, v_heard + interval '12 hours')
		AND (v_there::time IN (v_said, v_said + interval '12 hours')) IS NOT TRUE
		AND NOT voiceagent_private.parse_other_zone(v_all, parse_zone, v_there, resolve_time.timezone) THEN
		v_there := NULL;
	END IF;
	v_day := voiceagent_private.resolve_date(
		coalesce(v_there::date, voiceagent_private.parse_date(spoken_day, v_here::date)), v_phrase, v_here::date);
	v_clock := coalesce(voiceagent_private.resolve_clock(coalesce(v_there::time, v_heard), v_phrase), v_said);
	IF v_there = v_day + v_clock OR voiceagent_private.parse_instant(phrase) IS NOT NULL THEN
		RETURN v_exact;
	ELSIF v_said IS NULL AND voiceagent_private.parse_date(v_phrase, v_here::date) IS NULL
		AND voiceagent_private.parse_span(v_phrase) IS NOT NULL THEN
		RETURN at + voiceagent_private.parse_span(v_phrase);
	END IF;
	-- "Today at 7", said in the afternoon, means the evening.
	IF v_day = v_here::date AND v_clock <= v_here::time AND v_clock = voiceagent_private.parse_clock(v_words) THEN
		v_clock := coalesce(voiceagent_private.parse_evening(v_words), v_clock);
	END IF;
	-- A person had better read a time that is meant by the clock of another place.
	IF voiceagent_private.parse_other_zone(v_all, parse_zone, v_day + v_clock, resolve_time.timezone) THEN
		RETURN NULL;
	END IF;
	RETURN (v_day + v_clock) AT TIME ZONE resolve_time.timezone;
END
$$;
COMMENT ON FUNCTION voiceagent_private.resolve_time(text, text, text, text, timestamptz, text) IS
	E'The instant meant by a person''s words (phrase) in which a day and an hour have been heard, said at an instant '
	'(at) in an IANA zone; it may be past.\n'
	'The day that the words plainly name comes before spoken_day, and their half of the day before that of the hour. '
	'NULL: the words name no day or no hour, or the time of another zone.';
