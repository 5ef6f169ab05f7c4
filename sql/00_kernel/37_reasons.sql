/*
 * 00_kernel: why something is held back or left out: one table of what is said, its key, and what mends it.
 *
 * A function that gives such a reason makes its sentence by why(); explain_reason() finds the key by the same row.
 * A page has words of its own for each key, in its reader's language.
 */

CREATE FUNCTION voiceagent_private.reasons() RETURNS TABLE (name text, words text, mend text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	VALUES ('draft', 'it was not started yet', 'start'), ('scheduled', 'it waits for the day on which it begins', NULL),
		('completed.all', 'all its leads are done', NULL), ('paused', 'somebody paused it', NULL),
		('stopped', 'somebody stopped it', 'start'),
		('hours', 'outside calling hours until %s', NULL), ('hours.open', 'outside calling hours', NULL),
		('due', 'the next lead is due at %s', NULL), ('due.call', 'the next call is due at %s', NULL),
		('ending', 'waiting for calls to end', NULL), ('fast', 'calls end as fast as they begin', NULL),
		('soon', 'calls are about to begin', NULL), ('interval', 'one call every %s s (call_interval)', 'campaign'),
		('lines_all', 'all lines of the platform are in use', NULL),
		('lines_all.sandbox', 'all lines of the sandbox are in use', NULL),
		('lines_tenant', 'all %s lines of the tenant are in use', NULL),
		('lines_account.inbound', 'account has %s lines, %s of them for incoming calls', NULL),
		('lines_account', 'account has %s lines', NULL), ('lines_account.now', 'carrier allows %s calls at once', NULL),
		('lines_account.pace', 'account dials %s a second', NULL),
		('slow', 'carrier asked to slow down: %s a second', NULL),
		('slow.wait', 'carrier asked to wait until %s', NULL),
		('lines_held', 'all %s lines wait for the carrier, which cannot be asked since %s', 'connections'),
		('rests', 'carrier fails (%s): %s', 'connections'), ('rests.account', 'carrier account: %s', 'connections'),
		('rests.hold', 'the carrier cannot hold its calls: %s', 'connections'),
		('account_off', 'carrier account is switched off', 'connections'),
		('not_armed', 'carrier account is not armed', 'connections'),
		('unreachable', 'real carriers are not used: %s', 'help'),
		('unreachable.url', 'voiceagent.public_base_url is not set: the carrier could not reach us', 'help'),
		('credits', 'out of credits', 'credits'), ('credits.owed', 'credits are owed', 'credits'),
		('cap', 'spend cap reached', 'campaign'), ('cap_day', 'spend cap of the day reached', 'campaign'),
		('cap_tenant', 'spend cap of the tenant''s day reached', 'settings'),
		('approval', 'waits for approval %s: %s', 'approval'), ('approval.no', 'approval %s is %s%s', 'approval'),
		('business', 'the tenant may not dial', 'help'),
		('business.refused', 'the platform has refused this business real calls%s', 'help'),
		('business.braked', 'the platform paused real calls: %s', 'help'),
		('business.new', 'the platform has not verified this business: its %s calls of the day are made', 'help'),
		('opening.held', 'the platform holds back what is said: %s', 'assistant'),
		('tool', 'the tool %s gives no answer (before_dial): %s', 'tools'),
		('slowed', 'one call every 10 s until %s: in too many calls our words came late', 'assistant'),
		('abandoned', 'nobody spoke to %s of the %s people reached: rests until %s', 'assistant'),
		('plan', 'the plan "%s" allows %s campaigns', 'credits'),
		('failing', '%s of %s calls failed within %s s: %s', 'connections'),
		('numbers', 'all usable numbers of its pool are busy', 'numbers'),
		('numbers.day', 'the numbers of its pool have had their calls for today: on from %s', 'numbers'),
		('numbers.rest', 'none of the numbers of its pool may call before %s: %s', 'numbers'),
		('numbers.none', 'none of the numbers of its pool may be used', 'numbers'),
		('behind', 'catching up: %s reports of calls wait', NULL), ('worker', 'process "%s" stands still', 'help'),
		('worker.dials', 'the worker that dials does not run', 'help'),
		('worker.since', 'leads are due, but none was called since %s', 'help'),
		('confirm', 'not confirmed: %s', 'start'),
		-- Why a lead is left out.
		('stop', 'do_not_call%s', NULL), ('stop.skipped', 'skipped: do_not_call%s', NULL),
		('variable', 'missing variable', 'leads'), ('variable.skipped', 'skipped: missing variable', 'leads'),
		('completed', 'completed%s', NULL), ('failed', 'failed%s', NULL), ('skipped', 'skipped%s', NULL),
		('expired', 'expired%s', NULL), ('calling', 'calling%s', NULL), ('tries', 'no attempts left', NULL),
		('wrong', 'wrong number', NULL), ('consent', 'no recorded consent%s', 'leads'),
		('appointment', 'the person is called only by appointment', NULL),
		('enough', 'lifetime cap of %s calls to the number', NULL),
		('list', 'the national do-not-call list%s', NULL), ('name', 'the law wants the caller named%s', 'settings'),
		('zone', 'unknown time zone', 'leads'), ('hours.law', 'no legal calling window', 'campaign'),
		('hours.window', 'no calling window', 'campaign'), ('mute', 'the carrier cannot say%s', NULL),
		('series', 'the law wants a caller''s number that begins with %s', 'numbers'),
		('opening', 'the law wants the first sentences to say how to stop the calls%s', 'assistant')
$$;
COMMENT ON FUNCTION voiceagent_private.reasons() IS
	E'Why a campaign or a lead waits: a name (its key, and after a dot a variant), the sentence with its values, and '
	'the page that mends it (NULL: time does, or nothing).\n'
	'The first that fits a sentence is meant.';

CREATE FUNCTION voiceagent_private.why(name text, VARIADIC "values" text[] DEFAULT '{}') RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT format(r.words, VARIADIC "values") FROM voiceagent_private.reasons() r WHERE r.name = why.name);
COMMENT ON FUNCTION voiceagent_private.why(text, text[]) IS
	'The sentence of this reason (reasons()) with these values; NULL for a name that there is not.';

CREATE FUNCTION voiceagent.explain_reason(says text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT CASE WHEN says IS NOT NULL THEN coalesce((
		SELECT jsonb_build_object('key', split_part(r.name, '.', 1), 'mend', r.mend, 'says', says)
		FROM voiceagent_private.reasons() WITH ORDINALITY AS r(name, words, mend, n)
		WHERE says LIKE replace(replace(r.words, '_', E'\\_'), '%s', '%') ORDER BY r.n LIMIT 1),
		jsonb_build_object('key', 'other', 'mend', NULL, 'says', says)) END
$$;
COMMENT ON FUNCTION voiceagent.explain_reason(text) IS
	E'A reason as explain_campaign(), a status or preview_campaign() gives it, as {key, mend, says}, for a page with '
	'words of its own: key (hours, due, credits, ...; other: none is known), mend (where it is mended).\n'
	'NULL for NULL.';
