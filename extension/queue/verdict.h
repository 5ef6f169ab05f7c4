/*-------------------------------------------------------------------------
 * verdict.h
 *		The verdicts on a dial: one row each, and nowhere else a list of them.
 *
 * dial_verdicts() shows the rows to SQL.  The order is that in which judge.c asks.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_VERDICT_H
#define VOICEAGENT_VERDICT_H

/*
 * The effect on the lead: it is dialled; leaves the queue; waits for a time; waits until somebody mends what stops it; or stays
 * where it is, for the next claim to look at.
 */
#define VA_EFFECTS(X) X(DIALS, "dials") X(DROPS, "drops") X(WAITS, "waits") X(STOPS, "stops") X(STAYS, "stays")

/*
 * The word; what becomes of the lead; whether that is about the number, so that another one may be dialled; the reason in words,
 * where it is always the same; what explain_lead() says, by format(): 1 the reason, 2 the time, 3 what it looks up (NULL:
 * nothing, or another part of it says so).
 */
#define VA_VERDICTS(X)                                                                                             \
	X(GONE, "gone", DROPS, false, NULL, NULL)                                                                      \
	X(BUSY, "busy", STAYS, false, NULL, NULL)                                                                      \
	X(NO_NUMBER, "no_number", DROPS, true, NULL, "Not dialled: %1$s.")                                             \
	X(MOVED, "moved", WAITS, false, NULL, NULL)                                                                    \
	X(HELD, "held", DROPS, true, "do_not_call: held",                                                              \
		"The number is held: an opt-out is in doubt; release_holds() ends it.")                                    \
	X(DO_NOT_CALL, "do_not_call", DROPS, true, NULL, "The number is on a list of do-not-call: %3$s.")              \
	X(ATTEMPTS, "attempts", DROPS, false, "no attempts left", "Not dialled: %1$s.")                                \
	X(WRONG, "wrong", DROPS, true, "wrong number",                                                                 \
		"The number proved wrong (call %3$s): this campaign does not dial it.")                                    \
	X(UNINVITED, "uninvited", DROPS, false, NULL, "The person is called only by appointment, and none was made.")  \
	X(NO_CONSENT, "no_consent", DROPS, true, "no recorded consent to be called",                                   \
		"There is no recorded consent to call %3$s.")                                                              \
	X(LIFETIME, "lifetime", DROPS, true, NULL, "The number has had all the calls that it may ever get.")           \
	X(LIVE, "live", WAITS, false, NULL, "The person is being called, or the number is.")                           \
	X(CALLS_US, "calls_us", WAITS, false, NULL, "The person is on the telephone with us.")                         \
	X(MISSING, "missing", DROPS, false, "missing variable", NULL)                                                  \
	X(REFUSAL, "refusal", WAITS, false, "the person has refused: the law wants a rest",                            \
		"The person has refused: by law the number rests until %2$s.")                                             \
	X(CAPPED, "capped", WAITS, false, "the number has had its calls for now",                                      \
		"The number has had its calls for now (%3$s in 24 hours): the caps allow the next at %2$s.")               \
	X(CALLED_US, "called_us", WAITS, false, "the person has called us",                                            \
		"The person has called us, and is left alone until %2$s (retry_delay_incoming).")                          \
	X(RESTING, "resting", WAITS, false, "the number rests after another call",                                     \
		"The number was called by another campaign, or for another lead, and rests until %2$s (number_cooldown).") \
	X(OLD_LIST, "old_list", STOPS, false, "the national do-not-call list is missing or too old", "Put off: %1$s.") \
	X(NO_CALLER, "no_caller", STOPS, false, "the law wants the caller named: set caller_name", "Put off: %1$s.")   \
	X(UNHEARD, "unheard", STOPS, false, NULL, "Put off: %1$s.")                                                    \
	X(SPECIAL, "special", STOPS, false, NULL, "Put off: %1$s.")                                                    \
	X(UNKNOWN, "unknown", STOPS, false, NULL, "The campaign does not dial it by number_checks: %1$s.")             \
	X(CHECKED, "checked", DROPS, true, NULL, "The campaign does not dial it by number_checks: %1$s.")              \
	X(REFUSED, "refused", WAITS, false, NULL, "Put off: %1$s.")                                                    \
	X(UNASKED, "unasked", STAYS, false, NULL, "The tool %3$s has yet to say whether to dial.")                     \
	X(SCRIPT, "script", STAYS, false, NULL, NULL)                                                                  \
	X(OK, "ok", DIALS, false, NULL, NULL)

#define VA_EFFECT(name, word) VA_##name,
#define VA_VERDICT(name, word, effect, of_number, reason, sentence) VA_VERDICT_##name,

typedef enum VaEffect
{
	VA_EFFECTS(VA_EFFECT) VA_EFFECT_COUNT
} VaEffect;

typedef enum VaVerdict
{
	VA_VERDICTS(VA_VERDICT) VA_VERDICT_COUNT
} VaVerdict;

#endif /* VOICEAGENT_VERDICT_H */
