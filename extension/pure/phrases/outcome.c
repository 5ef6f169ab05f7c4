/*-------------------------------------------------------------------------
 * outcome.c
 *		What a talk came to.
 *
 * Pure.
 */
#include "pure/phrases/outcome.h"

/* The last plain finding of an intent; NULL: there is none. */
static const VaFinding *
last_of(const VaTalk *talk, VaIntent intent, size_t *turn)
{
	for (size_t i = talk->count; i-- > 0;)
	{
		for (size_t j = talk->findings[i].count; j-- > 0;)
		{
			const VaFinding *finding = &talk->findings[i].items[j];

			if (finding->intent == intent && finding->sense == VA_SENSE_PLAIN)
			{
				*turn = i;
				return finding;
			}
		}
	}
	return NULL;
}

void
va_read_outcome(VaTalk *talk, VaTalkOutcome *outcome)
{
	static const struct
	{
		VaIntent intent;
		VaOutcome outcome;
	} rules[] = { { VA_INTENT_OPT_OUT, VA_OUTCOME_DO_NOT_CALL }, { VA_INTENT_VOICEMAIL, VA_OUTCOME_VOICEMAIL },
		{ VA_INTENT_WRONG_NUMBER, VA_OUTCOME_WRONG_NUMBER }, { VA_INTENT_CALLBACK, VA_OUTCOME_CALLBACK },
		{ VA_INTENT_REFUSAL, VA_OUTCOME_NOT_INTERESTED }, { VA_INTENT_INTEREST, VA_OUTCOME_INTERESTED } };

	*outcome = (VaTalkOutcome){ .outcome = VA_OUTCOME_UNFINISHED };
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
	{
		size_t turn = 0;
		const VaFinding *finding = last_of(talk, rules[i].intent, &turn);

		if (finding == NULL)
			continue;
		outcome->outcome = rules[i].outcome;
		outcome->words = (VaWords){ .turn = turn, .offset = finding->offset, .len = finding->len };
		outcome->opt_out = rules[i].intent == VA_INTENT_OPT_OUT;
		if (outcome->opt_out)
			outcome->opt_out_words = outcome->words;
		return;
	}
}

const char *
va_outcome_name(VaOutcome outcome)
{
	static const char *const names[VA_OUTCOMES] = { "unfinished", "scheduled", "callback", "interested",
		"not_interested", "completed", "voicemail", "wrong_number", "do_not_call" };

	return names[outcome];
}
