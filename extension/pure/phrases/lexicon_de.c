#include "pure/phrases/lexicon.h"
static const VaLexiconGroup groups[] = { { VA_FILLER, "uh" } };
const VaLexiconTable va_lexicon_de = { .language = "de", .groups = groups, .ngroups = 1, .decimal = ',' };
