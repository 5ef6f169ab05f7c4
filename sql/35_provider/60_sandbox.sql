-- 35_provider: the embedded carrier: its own record of calls, and the numbers that force what happens.

CREATE TABLE voiceagent_private.sandbox_calls (
	tenant_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	carrier_call_id uuid NOT NULL,
	reference text NOT NULL,
	accepted integer NOT NULL CHECK (accepted > 0),
	number text COLLATE "C" NOT NULL,
	dial integer NOT NULL,
	seed integer NOT NULL,
	time_scale double precision NOT NULL CHECK (time_scale >= 1),
	request text NOT NULL,
	created_at timestamptz NOT NULL,
	hung_up_at timestamptz,
	commands text,
	done_at timestamptz,
	analysed boolean NOT NULL DEFAULT true,
	PRIMARY KEY (tenant_id, provider_account_id, carrier_call_id)
);
COMMENT ON TABLE voiceagent_private.sandbox_calls IS
	E'The embedded carrier''s memory of the calls that it has taken, committed before it answers: the witness of '
	'what was dialled.\n'
	'How a call goes follows from these values.';
COMMENT ON COLUMN voiceagent_private.sandbox_calls.carrier_call_id IS 'The carrier''s name of the call.';
COMMENT ON COLUMN voiceagent_private.sandbox_calls.reference IS
	'The caller''s reference of the attempt; the call''s own id if it gave none.';
COMMENT ON COLUMN voiceagent_private.sandbox_calls.accepted IS
	'Which call with this reference it is: more than 1 means that somebody was dialled twice.';
COMMENT ON COLUMN voiceagent_private.sandbox_calls.dial IS
	'Which call of the number it is, for numbers that count them (555-0118); else 0.';
COMMENT ON COLUMN voiceagent_private.sandbox_calls.time_scale IS 'How much faster than real time the call runs.';
COMMENT ON COLUMN voiceagent_private.sandbox_calls.request IS
	'JSON: what is needed of the request to go on with the call after a crash.';
COMMENT ON COLUMN voiceagent_private.sandbox_calls.hung_up_at IS
	'When its caller ended it by the control URL; NULL: did not.';
COMMENT ON COLUMN voiceagent_private.sandbox_calls.commands IS
	'JSON: what it was ordered to say, to key or to put through while it was live, each with its time after '
	'created_at in milliseconds; NULL: nothing.';
COMMENT ON COLUMN voiceagent_private.sandbox_calls.done_at IS
	'When its last webhook was acknowledged or given up; NULL: they are sent again after a restart.';
COMMENT ON COLUMN voiceagent_private.sandbox_calls.analysed IS
	'Whether its report brings an analysis (the setting sandbox_analysis).';
CREATE UNIQUE INDEX sandbox_calls_reference ON voiceagent_private.sandbox_calls (tenant_id, reference, accepted)
	WHERE reference IS NOT NULL;
CREATE INDEX sandbox_calls_created ON voiceagent_private.sandbox_calls (tenant_id, provider_account_id, created_at)
	WHERE created_at IS NOT NULL;
CREATE INDEX sandbox_calls_age ON voiceagent_private.sandbox_calls (created_at);
CREATE INDEX sandbox_calls_unfinished ON voiceagent_private.sandbox_calls (created_at) WHERE done_at IS NULL;
SELECT voiceagent_private.guard_table('voiceagent_private.sandbox_calls', 'routing');

CREATE FUNCTION voiceagent_private.sandbox_forget(call_names text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	DELETE FROM voiceagent_private.sandbox_calls c
	WHERE c.tenant_id = v_tenant AND c.reference IS NOT NULL AND c.reference = ANY (call_names);
	DELETE FROM voiceagent_private.sandbox_calls c
	USING voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider = 'sandbox' AND c.tenant_id = v_tenant
		AND c.provider_account_id = a.provider_account_id AND c.carrier_call_id = ANY (ARRAY(
			SELECT n::uuid FROM unnest(call_names) n WHERE n ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.sandbox_forget(text[]) IS
	'Erases the sandbox carrier''s records of the current tenant''s calls of these names (its own ids, or our '
	'references).';

CREATE FUNCTION voiceagent_private.sandbox_delete(max_calls integer) RETURNS integer
	LANGUAGE sql VOLATILE AS $$
	WITH gone AS (
		DELETE FROM voiceagent_private.sandbox_calls c USING
			(SELECT o.tenant_id, o.provider_account_id, o.carrier_call_id FROM voiceagent_private.sandbox_calls o
				WHERE o.done_at IS NOT NULL AND o.created_at < (SELECT voiceagent.clock() /* once */
					- voiceagent_private.as_interval(voiceagent_private.platform_setting('sandbox_retention')))
				ORDER BY o.created_at LIMIT max_calls) AS old
		WHERE c.tenant_id = old.tenant_id AND c.provider_account_id = old.provider_account_id
			AND c.carrier_call_id = old.carrier_call_id RETURNING 1
	)
	SELECT count(*)::integer FROM gone
$$;
COMMENT ON FUNCTION voiceagent_private.sandbox_delete(integer) IS
	'Deletes up to max_calls calls that are over and older than the setting sandbox_retention -> how many.';

CREATE VIEW voiceagent.sandbox_numbers WITH (security_invoker = true) AS
	SELECT n.number_ending, n.what_happens
	FROM (VALUES
		('555-0100', 'answers and books an appointment'),
		('555-0101', 'answers and is interested'),
		('555-0102', 'answers and is not interested'),
		('555-0103', 'answers and asks to be called back'),
		('555-0104', 'answers and asks never to be called again'),
		('555-0105', 'does not answer'),
		('555-0106', 'is busy'),
		('555-0107', 'a voicemail box answers'),
		('555-0108', 'is not a number that can be reached (misdialed)'),
		('555-0109', 'the carrier fails to connect'),
		('555-0110', 'the request is refused with 400'),
		('555-0111', 'the first request is answered 429, the next one taken; then interested'),
		('555-0112', 'the first request is answered 500 and not taken, the next one taken; then interested'),
		('555-0113', 'is interested, but no webhook is ever sent'),
		('555-0114', 'is interested; every webhook comes twice, late and out of order'),
		('555-0115', 'the call is taken, but the connection drops before the answer; then interested'),
		('555-0116', 'talks until the longest call is over'),
		('555-0117', 'is interested, but the webhooks of the end of the call are lost'),
		('555-0118', 'is busy twice, then answers and is interested'),
		('555-0119', 'answers and swears at the robot'),
		('555-0120', 'answers and hangs up at once')
	) AS n(number_ending, what_happens);
COMMENT ON VIEW voiceagent.sandbox_numbers IS
	E'Telephone numbers that force what happens when the sandbox carrier calls them: +1, any area '
	'code, and the ending.\n'
	'All other numbers follow a mix that the setting sandbox_seed decides: of 100 calls 45 are answered (of these '
	'about 14 book), 25 are not, 12 are busy, 10 reach a voicemail box, 8 fail.';
COMMENT ON COLUMN voiceagent.sandbox_numbers.number_ending IS
	'The last seven digits, such as 555-0100: +1 212 555-0100 and every other area code.';
COMMENT ON COLUMN voiceagent.sandbox_numbers.what_happens IS 'The behaviour of the carrier, or of the lead.';
