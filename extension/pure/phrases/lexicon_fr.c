#include "pure/phrases/lexicon.h"
static const VaLexiconGroup groups[] = { { VA_FILLER, "uh" } };
const VaLexiconTable va_lexicon_fr = { .language = "fr", .groups = groups, .ngroups = 1, .decimal = ',' };
