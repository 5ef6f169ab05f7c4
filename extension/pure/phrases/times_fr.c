/*-------------------------------------------------------------------------
 * times_fr.c
 *		French.
 */
#include "pure/phrases/times_words.h"

static const VaPhraseEntry entries[] = {
	{ VA_WORD_NUMBER, 0, "zéro" },
	{ VA_WORD_NUMBER, 2, "deux" },
	{ VA_WORD_NUMBER, 3, "trois" },
	{ VA_WORD_NUMBER, 4, "quatre" },
	{ VA_WORD_NUMBER, 5, "cinq" },
	{ VA_WORD_NUMBER, 6, "six" },
	{ VA_WORD_NUMBER, 7, "sept" },
	{ VA_WORD_NUMBER, 8, "huit" },
	{ VA_WORD_NUMBER, 9, "neuf" },
	{ VA_WORD_NUMBER, 10, "dix" },
	{ VA_WORD_NUMBER, 11, "onze" },
	{ VA_WORD_NUMBER, 12, "douze" },
	{ VA_WORD_NUMBER, 13, "treize" },
	{ VA_WORD_NUMBER, 14, "quatorze" },
	{ VA_WORD_NUMBER, 15, "quinze" },
	{ VA_WORD_NUMBER, 16, "seize" },
	{ VA_WORD_NUMBER, 17, "dix-sept" },
	{ VA_WORD_NUMBER, 18, "dix-huit" },
	{ VA_WORD_NUMBER, 19, "dix-neuf" },
	{ VA_WORD_NUMBER, 20, "vingt|vingts" },
	{ VA_WORD_NUMBER, 30, "trente" },
	{ VA_WORD_NUMBER, 40, "quarante" },
	{ VA_WORD_NUMBER, 50, "cinquante" },
	{ VA_WORD_NUMBER, 60, "soixante" },
	{ VA_WORD_NUMBER, 70, "septante" },
	{ VA_WORD_NUMBER, 80, "huitante|octante" },
	{ VA_WORD_NUMBER, 90, "nonante" },
	{ VA_WORD_MULTIPLE, 100, "cent|cents" },
	{ VA_WORD_MULTIPLE, 1000, "mille" },
	{ VA_WORD_MULTIPLE, 1000000, "million|millions" },
	{ VA_WORD_ARTICLE, 1, "un|une" },
	{ VA_WORD_ORDINAL, 1, "premier|première|1er" },
	{ VA_WORD_AND, 0, "et" },
};

const VaPhraseTable va_times_fr = { "fr", VA_LANGUAGE_SCORES, entries, sizeof(entries) / sizeof(entries[0]) };
