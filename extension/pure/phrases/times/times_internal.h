/*-------------------------------------------------------------------------
 * times_internal.h
 *		Shared by the files of the scanner of times: words with a meaning, and
 *		the atoms that are read of them.
 */
#ifndef VOICEAGENT_PHRASE_TIMES_INTERNAL_H
#define VOICEAGENT_PHRASE_TIMES_INTERNAL_H

#include "pure/phrases/times/times.h"
#include "pure/phrases/words/times_words.h"
#include "pure/phrases/words/tokens.h"

/* Beside the classes of words. */
enum
{
	VA_LEXEME_COMMA = VA_WORD_CLASSES,
	VA_LEXEME_STOP,
	VA_LEXEME_DASH,
	VA_LEXEME_NO_TIME, /* 25:00, 2026-02-30 */
	VA_LEXEME_CLOCK,   /* 15:30: value minutes, value2 seconds or -1 */
	VA_LEXEME_POINT,   /* 15.30, or 20.03.: value hours or day, value2 minutes or month */
	VA_LEXEME_SLASH,   /* 02/03: value, value2 */
	VA_LEXEME_DATE,	   /* a whole date: value is its day */
	VA_LEXEME_OFFSET,  /* +2 after UTC: value in minutes */
	VA_LEXEME_END
};

typedef struct VaLexeme
{
	int class;
	int32_t value;
	int32_t value2;
	uint8_t digits; /* a number in digits: how many */
	bool capital;
	bool read; /* of an atom */
	bool sure; /* a clock of 24 hours: 03:30, 14h30 */
	uint16_t offset;
	uint16_t end;
} VaLexeme;

#define VA_NO_DAY INT32_MIN

typedef enum VaAtomKind
{
	VA_ATOM_NONE = 0,
	VA_ATOM_DAY,	/* day, or2 as well */
	VA_ATOM_PERIOD, /* grain, day (its first), or2 */
	VA_ATOM_CLOCK,	/* minutes */
	VA_ATOM_PART,
	VA_ATOM_MOMENT, /* day and minutes, to the minute */
	VA_ATOM_ZONE
} VaAtomKind;

typedef struct VaAtom
{
	VaAtomKind kind;
	size_t used; /* lexemes */
	int32_t day;
	int32_t or_day; /* the other reading; VA_NO_DAY: none */
	int weekday;	/* a bare weekday, 1 to 7 */
	bool any_month; /* a day of the month by itself */
	bool in_month;	/* a date whose month is said */
	bool year_said;
	bool counted; /* months or years from now */
	bool weeks;	  /* so many weeks from today */
	bool plain;	  /* a weekday without "next", "this": its week is open */
	VaTimeGrain grain;
	int stage;
	bool spread; /* a period: up to the one that begins at last */
	int32_t last;
	bool until;	 /* what is named ends there: "within two hours" */
	int minutes; /* 0 to 1440 */
	int seconds; /* -1: none */
	bool sure;	 /* which half of the day is said */
	bool about;
	bool any_day; /* of every day: "por las tardes" */
	bool same;	  /* the hour that was said, or that it is now */
	bool bare;	  /* an hour without a word that makes it one */
	VaDayPart part;
	const char *zone;
} VaAtom;

typedef struct VaScan
{
	VaPhraseTokens tokens;
	const VaPhraseLanguage *language;
	unsigned traits;
	bool vague; /* "a few days", "for two weeks" and the like say when to call again */
	VaTimeReference now;
	VaLexeme items[VA_PHRASE_TOKENS_MAX + 1]; /* ends with VA_LEXEME_END */
	size_t count;
	char zone[24]; /* Etc/GMT+5 */
} VaScan;

/* The parts of one moment: a day or a period, an hour, a part of the day. */
typedef struct VaSlots
{
	bool has_day;
	bool has_period;
	bool has_clock;
	bool moment;
	bool day_behind; /* the day is said after the hour */
	VaAtom day;
	VaAtom period;
	VaAtom clock; /* of a moment, its minutes as well */
	VaDayPart part;
} VaSlots;

typedef enum VaShape
{
	VA_SHAPE_ONE = 0,
	VA_SHAPE_RANGE,
	VA_SHAPE_FROM,	/* from it on */
	VA_SHAPE_AFTER, /* from its end on */
	VA_SHAPE_UNTIL, /* with it */
	VA_SHAPE_BEFORE /* without it */
} VaShape;

/* The meaning of a run of words: a moment, or two as the ends of a range. */
typedef struct VaMeant
{
	VaSlots a;
	VaSlots b;
	VaShape shape;
	bool between;
	bool from;
	bool linked; /* one of a list with the one before */
	bool joined; /* by "and" or "or" */
	bool by;	 /* at the latest */
	bool denied;
	int clause;
	const char *zone;
	size_t first; /* lexemes */
	size_t end;
} VaMeant;

/* Moments of one phrase that are read. */
#define VA_MEANT_MAX 24

typedef struct VaSaid
{
	VaMeant items[VA_MEANT_MAX];
	size_t count;
	bool any_day; /* an hour on any day */
	int unread;	  /* words that say more about a time than we understand */
} VaSaid;

/* Whether an atom adds something that slots lack, or repeats what they have. */
extern bool va_slots_fit(const VaSlots *slots, const VaAtom *atom);
/* Whether an atom is of the kind that slots have, so that both may be the ends of a range. */
extern bool va_slots_same_kind(const VaSlots *slots, const VaAtom *atom);
/* Whether the word at this place may follow a number that is an hour by its place alone. */
extern bool va_may_follow_hour(const VaScan *scan, size_t at);
/* Whether only times have such words: a leftover one says more than we understand. */
extern bool va_is_time_word(int class);
/* The shape that a word before a moment (VA_WORD_AFTER, ...) gives it. */
extern VaShape va_shape_of(int open, bool from_on);
extern void va_slots_put(const VaScan *scan, VaSlots *slots, const VaAtom *atom);

/* Runs the whole scan from words to the moments that are meant.  The names of zones live in scan. */
extern void va_scan_words(VaScan *scan, const char *text, size_t len, const VaPhraseLanguage *language,
	VaTimeReference reference, bool vague, VaSaid *said, VaPhraseTimes *times);
/* Turns words into moments, with the withdrawn and denied ones marked. */
extern void va_scan_said(VaScan *scan, VaSaid *said);
/* The first day after a period. */
extern int32_t va_period_end(const VaAtom *period);
/* Finds the one list that is meant, from *first on.  Returns its length, or 0 if no or several lists are. */
extern size_t va_choose_meant(const VaScan *scan, const VaSaid *said, size_t *first);
/* Completes the moments of a list from each other: days from earlier moments, hours from later ones. */
extern void va_share_in_list(VaMeant *first, size_t count);
/* Whether words beside the chosen moments say more about them than we understand. */
extern bool va_leaves_over(const VaScan *scan, const VaSaid *said, size_t first, size_t count);
/* Turns the chosen moments into the result. */
extern void va_scan_resolve(const VaScan *scan, VaSaid *said, VaPhraseTimes *times);

/* Tokens into words with a meaning. */
extern void va_scan_lexemes(VaScan *scan);
/* Words whose meaning hangs on their neighbours. */
extern void va_scan_contexts(VaScan *scan);

static inline const VaLexeme *
va_lexeme(const VaScan *scan, size_t at)
{
	return &scan->items[at < scan->count ? at : scan->count];
}

static inline bool
va_lexeme_is(const VaScan *scan, size_t at, int class)
{
	return va_lexeme(scan, at)->class == class;
}

/* The atom that begins at a word: nothing. */
#define VA_NOTHING ((VaAtom){ .kind = VA_ATOM_NONE })

/* Behind the articles at a place. */
static inline size_t
va_skip_articles(const VaScan *scan, size_t at)
{
	while (va_lexeme_is(scan, at, VA_WORD_THE) || va_lexeme_is(scan, at, VA_WORD_ON))
		at++;
	return at;
}

static inline bool
va_is_unit(const VaScan *scan, size_t at, int unit)
{
	return va_lexeme_is(scan, at, VA_WORD_UNIT) && va_lexeme(scan, at)->value == unit;
}

/* "last", and an ordinal that is it. */
static inline bool
va_is_last(const VaScan *scan, size_t at)
{
	return va_lexeme_is(scan, at, VA_WORD_LAST) ||
		   (va_lexeme_is(scan, at, VA_WORD_ORDINAL) && va_lexeme(scan, at)->value == -1);
}

/* Whether words end here, or a clause does. */
static inline bool
va_is_end(const VaScan *scan, size_t at)
{
	return va_lexeme_is(scan, at, VA_LEXEME_END) || va_lexeme_is(scan, at, VA_LEXEME_STOP) ||
		   va_lexeme_is(scan, at, VA_LEXEME_COMMA);
}

/* "this", and French "ce", which stands before days of the month as well. */
static inline bool
va_is_this(const VaScan *scan, size_t at)
{
	return va_lexeme_is(scan, at, VA_WORD_THIS) ||
		   (va_lexeme_is(scan, at, VA_WORD_ON) && va_lexeme(scan, at)->value == 2);
}

/* Before a span: "hace", "il y a", and "vor", which is "before" as well. */
static inline bool
va_is_ago(const VaScan *scan, size_t at)
{
	return va_lexeme_is(scan, at, VA_WORD_AGO) ||
		   (va_lexeme_is(scan, at, VA_WORD_BEFORE) && va_lexeme(scan, at)->value == 2);
}

/* "within", and French "d'ici": a count after it is a deadline. */
static inline bool
va_is_within(const VaScan *scan, size_t at)
{
	return va_lexeme(scan, at)->value == 1 ||
		   (va_lexeme(scan, at)->value == 2 && (scan->traits & VA_LANGUAGE_SCORES) != 0);
}

/* One atom that begins at a lexeme; kind VA_ATOM_NONE: none does. */
extern VaAtom va_scan_day(const VaScan *scan, size_t at);
extern VaAtom va_scan_period(const VaScan *scan, size_t at);
extern VaAtom va_scan_span(const VaScan *scan, size_t at);
/* bare: a number by itself may be an hour. */
extern VaAtom va_scan_clock(const VaScan *scan, size_t at, bool bare);
extern VaAtom va_scan_part(const VaScan *scan, size_t at);
extern VaAtom va_scan_zone(VaScan *scan, size_t at, bool behind_clock);

/* Parts of what va_scan_period() reads. */
extern VaAtom va_scan_stage(const VaScan *scan, size_t at);
extern VaAtom va_period_atom(VaTimeGrain grain, int32_t day, size_t used);
/* Words before a unit: this, next, last, the; how many units from now.  *said: whether one stood there. */
extern int va_scan_modifier(const VaScan *scan, size_t *at, bool *said);
/* Behind the unit: "the week after next", "la semana que viene", "la semaine prochaine". */
extern int va_scan_modifier_behind(const VaScan *scan, size_t *at, int ahead, bool *said);
/* The first day of a month by name; VA_NO_DAY: none is named.  *used: lexemes. */
extern int32_t va_scan_named_month(const VaScan *scan, size_t from, bool sure, size_t *used);
extern int32_t va_monday_of(int32_t day);
extern int32_t va_first_of_month(int32_t day);

/* The value of a word, and the part of the day that it names as well (VA_WITH_PART). */
extern int32_t va_value_and_part(const VaScan *scan, size_t at, VaDayPart *part);
/* A day atom; kind VA_ATOM_NONE for VA_NO_DAY. */
extern VaAtom va_day_atom(int32_t day, size_t used);
/* A day by itself, not counted from another; of these, today, tomorrow and the like. */
extern VaAtom va_scan_simple_day(const VaScan *scan, size_t at);
extern VaAtom va_scan_holiday(const VaScan *scan, size_t at);
extern VaAtom va_scan_relative_day(const VaScan *scan, size_t at);

/* A date whose month is said, by name or number. */
extern VaAtom va_scan_date(const VaScan *scan, size_t at);
/* A day whose month is said with another: "13 to 15 July", "the fourth or the eleventh of February". */
extern VaAtom va_scan_shared_month(const VaScan *scan, size_t at);
/* "the third day of October", "the last day of next month", "the 14th of the month after next". */
extern VaAtom va_scan_day_of_period(const VaScan *scan, size_t at);
/* Skips the words between a day and its month: "of", "the", "de". */
extern size_t va_skip_of(const VaScan *scan, size_t at);

/* A day of a month in its year, or VA_NO_DAY if no such day exists.  month 0: any month; year 0: the next one. */
extern int32_t va_next_date(const VaScan *scan, int year, int month, int day);
/* A year after a date, in digits or words ("twenty twenty-six"), or 0.  *used: lexemes. */
extern int va_scan_year(const VaScan *scan, size_t at, size_t *used);
/* The next such weekday after today. */
extern int32_t va_next_weekday(const VaScan *scan, int weekday);
/* An ordinal or number that may be a day of the month; 0: none. */
extern int va_scan_day_number(const VaScan *scan, size_t at, bool ordinal);

/* The state of the pass over the words of a phrase, shared by moments.c and atoms.c. */
#define VA_NO_DENIAL (-1)

typedef struct VaPass
{
	VaScan *scan;
	VaSaid *said;
	VaMeant *current;
	size_t end;		 /* after the last atom */
	VaAtomKind last; /* the kind of the last atom */
	int clause;
	int open; /* AFTER, BEFORE, UNTIL, NOT_BEFORE, FROM or BETWEEN, for the next atom; 0 without */
	int open_value;
	size_t opened; /* its position */
	int link;	   /* TO, AND, OR, COMMA */
	int denial;	   /* the value of the word that denies, or VA_NO_DENIAL */
	size_t denied_at;
	bool except;	/* "don't call me after nine": leaves no time */
	bool instead;	/* the next moment replaces the earlier ones */
	bool concludes; /* instead was set by "so" */
	size_t gap;		/* words unrelated to times since the last atom */
	const char *zone;
} VaPass;

/* The atom that begins at a word; its kind is VA_ATOM_NONE if no atom does. */
extern VaAtom va_atom_at(const VaPass *pass, size_t at);

#endif /* VOICEAGENT_PHRASE_TIMES_INTERNAL_H */
