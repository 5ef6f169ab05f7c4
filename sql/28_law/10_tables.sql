-- 28_law: what the law says about calls, as data; and what it comes to in one place.

CREATE FUNCTION voiceagent_private.jurisdiction(country text, region text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(nullif(region, ''), country, '');
COMMENT ON FUNCTION voiceagent_private.jurisdiction(text, text) IS
	'Whose law holds for a number of this country (ISO 3166-1) and region (ISO 3166-2, several joined by |): '
	'the region where it is known, else the country; empty: unknown.';

CREATE TYPE voiceagent_private.law_terms AS (
	jurisdiction text,
	windows integer[],
	holidays date[],
	calls_per_day integer,
	calls_per_24h integer,
	calls_lifetime integer,
	min_ring interval,
	require_consent boolean,
	disclose_ai boolean,
	disclose_caller boolean,
	disclose_recording boolean,
	list_max_age interval,
	list_retention interval,
	opt_out_text text,
	opt_out_language text,
	must_be_said_in text,
	call_windows integer[],
	special jsonb,
	opening text[]
);
COMMENT ON TYPE voiceagent_private.law_terms IS
	E'What all rules that hold in a jurisdiction come to, the strictest of each kind.\n'
	'windows: law_windows(); holidays: days without calls; calls_*: most to a number (NULL: any); list_*: most age of '
	'a national list, how long ours is kept; opt_out_*: how a lead is told to opt out; call_windows: pairs, '
	'most calls in so many hours (0: rest after a refusal); special: rare rules; opening: opening_parts().';

CREATE TABLE voiceagent_private.law_rules (
	jurisdiction text NOT NULL,
	rule text NOT NULL
		CHECK (rule IN ('hours', 'holidays', 'calls_per_day', 'calls_per_24h', 'calls_per_window', 'calls_lifetime',
			'min_ring', 'require_consent', 'consent_valid', 'refusal_rest', 'caller_prefixes', 'human_first',
			'opt_out_first', 'disclose_ai', 'disclose_caller', 'disclose_recording', 'list_max_age',
			'list_retention', 'opt_out_text', 'opening', 'contact_said', 'number_check')),
	value jsonb NOT NULL,
	source text NOT NULL,
	source_date date,
	note text,
	language text CHECK (language ~ '^[a-z]{2}$'),
	must_be_said_in text CHECK (must_be_said_in ~ '^[a-z]{2}$'),
	effective_from date NOT NULL DEFAULT '-infinity',
	effective_until date NOT NULL DEFAULT 'infinity',
	PRIMARY KEY (jurisdiction, rule, effective_from),
	CONSTRAINT law_rules_days CHECK (effective_from <= effective_until)
);
COMMENT ON TABLE voiceagent_private.law_rules IS
	E'The rules that the extension brings: on any day at most one of a kind for a country, state or province.\n'
	'Not advice: verify with counsel.';
COMMENT ON COLUMN voiceagent_private.law_rules.jurisdiction IS
	'ISO 3166-1 country, ISO 3166-2 state or province, or *: every country that has no rule of that kind.';
COMMENT ON COLUMN voiceagent_private.law_rules.rule IS 'Kind of rule.';
COMMENT ON COLUMN voiceagent_private.law_rules.value IS
	'Its value; null: expressly no limit, so that the rule of * does not hold.';
COMMENT ON COLUMN voiceagent_private.law_rules.source IS 'Statute, regulation or page that says so.';
COMMENT ON COLUMN voiceagent_private.law_rules.source_date IS
	'When the source was opened; NULL: never, and the rule is unverified.';
COMMENT ON COLUMN voiceagent_private.law_rules.note IS 'Notes on it.';
COMMENT ON COLUMN voiceagent_private.law_rules.language IS
	'Language of the words in value (ISO 639-1): an assistant of another language says them in its own; NULL: they are '
	'said as they stand.';
COMMENT ON COLUMN voiceagent_private.law_rules.must_be_said_in IS
	'Language (ISO 639-1) in which the opening must be said, whatever the assistant speaks; NULL unless a source that '
	'was opened says so.';
COMMENT ON COLUMN voiceagent_private.law_rules.effective_from IS
	'The first day on which it holds, where the telephone rings; -infinity: always held, as far as we know.';
COMMENT ON COLUMN voiceagent_private.law_rules.effective_until IS 'The last such day; infinity: no end is known.';
SELECT voiceagent_private.guard_table('voiceagent_private.law_rules', 'platform', 'WHERE false');

CREATE TABLE voiceagent_private.law_tightenings (
	jurisdiction text NOT NULL,
	rule text NOT NULL,
	value jsonb NOT NULL,
	reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
	tightened_by text NOT NULL,
	tightened_at timestamptz NOT NULL,
	PRIMARY KEY (jurisdiction, rule)
);
COMMENT ON TABLE voiceagent_private.law_tightenings IS
	'The administrators'' rules beyond law_rules: each holds beside the rule, never instead of it.';
COMMENT ON COLUMN voiceagent_private.law_tightenings.jurisdiction IS 'As law_rules.jurisdiction.';
COMMENT ON COLUMN voiceagent_private.law_tightenings.rule IS 'Kind of rule, as law_rules.rule.';
COMMENT ON COLUMN voiceagent_private.law_tightenings.reason IS 'Why, in words.';
COMMENT ON COLUMN voiceagent_private.law_tightenings.tightened_by IS 'Who did it.';
SELECT voiceagent_private.guard_table('voiceagent_private.law_tightenings', 'platform');

CREATE TABLE voiceagent_private.jurisdiction_terms (
	jurisdiction text PRIMARY KEY,
	windows integer[] NOT NULL,
	holidays date[] NOT NULL,
	calls_per_day integer,
	calls_per_24h integer,
	calls_lifetime integer,
	min_ring interval,
	require_consent boolean NOT NULL,
	disclose_ai boolean NOT NULL,
	disclose_caller boolean NOT NULL,
	disclose_recording boolean NOT NULL,
	list_max_age interval,
	list_retention interval,
	opt_out_text text,
	opt_out_language text,
	must_be_said_in text,
	holidays_from date NOT NULL,
	holidays_until date NOT NULL,
	law_version integer NOT NULL,
	resolved_at timestamptz NOT NULL,
	holds_until timestamptz NOT NULL DEFAULT 'infinity',
	call_windows integer[],
	special jsonb,
	opening text[]
);
COMMENT ON TABLE voiceagent_private.jurisdiction_terms IS
	'law_terms of every jurisdiction that a lane has, resolved once, so that the claim needs one key.';
COMMENT ON COLUMN voiceagent_private.jurisdiction_terms.jurisdiction IS 'As lanes.region.';
COMMENT ON COLUMN voiceagent_private.jurisdiction_terms.holidays_from IS
	'First local date for which holidays are reckoned.';
COMMENT ON COLUMN voiceagent_private.jurisdiction_terms.holidays_until IS
	'Last local date for which holidays are reckoned.';
COMMENT ON COLUMN voiceagent_private.jurisdiction_terms.law_version IS
	'law_version() of the rules that it was resolved from; another one, after an upgrade, resolves it again.';
COMMENT ON COLUMN voiceagent_private.jurisdiction_terms.resolved_at IS 'When it was resolved.';
COMMENT ON COLUMN voiceagent_private.jurisdiction_terms.holds_until IS
	'When the day of the next change of a rule begins somewhere on earth: from then on, until it has begun '
	'everywhere, each call is judged by the day of its own place.';
SELECT voiceagent_private.guard_table('voiceagent_private.jurisdiction_terms', 'platform');

CREATE FUNCTION voiceagent_private.law_version() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 7;
COMMENT ON FUNCTION voiceagent_private.law_version() IS
	'Which edition of law_rules this extension brings: an upgrade that changes a rule raises it, and what was '
	'resolved is resolved again.';

CREATE FUNCTION voiceagent_private.lock_law(exclusive boolean) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_lock_law';
COMMENT ON FUNCTION voiceagent_private.lock_law(boolean) IS
	'Holds until the end of the transaction: a session that makes lanes takes it shared before it reads the law; one '
	'that changes the law takes it exclusively (extension/queue/law_lock.c).';

CREATE FUNCTION voiceagent_private.try_lock_terms(jurisdiction text) RETURNS boolean
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_try_lock_terms';
COMMENT ON FUNCTION voiceagent_private.try_lock_terms(text) IS
	'Takes the lock of the session that is about to keep the terms of a jurisdiction, until the end of the '
	'transaction; false, and no wait, if another has it.';
