#include "pure/phrases/lexicon.h"
static const VaLexiconGroup groups[] = { { VA_FILLER, "uh" } };
const VaLexiconTable va_lexicon_es = { .language = "es", .groups = groups, .ngroups = 1, .decimal = ',' };
