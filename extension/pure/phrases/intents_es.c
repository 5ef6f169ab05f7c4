#include "pure/phrases/intents.h"
static const VaIntentPattern patterns[] = { { VA_INTENT_YES, "^ ok" } };
const VaIntentTable va_intents_es = { .language = "es",
	.patterns = patterns,
	.count = 1,
	.quotes = "",
	.others = "",
	.selves = "",
	.denials = "",
	.conditions = "",
	.suppositions = "" };
