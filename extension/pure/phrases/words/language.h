/*-------------------------------------------------------------------------
 * language.h
 *		A language as a table: words, the class of each, and a value.
 *
 * A new language is tables (words/) and rows of languages.tsv.  An
 * entry holds phrases of at most VA_PHRASE_ENTRY_WORDS words; the longest that
 * fits counts.  They are written as people write them: the index folds them as
 * the tokenizer folds what is said.
 *
 * The index of each table is made once in a process and never changes.
 */
#ifndef VOICEAGENT_PHRASE_LANGUAGE_H
#define VOICEAGENT_PHRASE_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VA_PHRASE_ENTRY_WORDS 6
/* As many languages as there is room for. */
#define VA_LANGUAGES_MAX 8
#define VA_LANGUAGE_OUTCOMES 8

typedef enum VaWordClass
{
	VA_WORD_OTHER = 0,	   /* in no table */
	VA_WORD_FILLER,		   /* uh, please: says nothing */
	VA_WORD_OF,			   /* of, de: between a day and its month */
	VA_WORD_THE,		   /* an article: may stand before a day */
	VA_WORD_ON,			   /* on, el, am: a day follows; 1: a cardinal may be that day ("el 20"); 2: this ("ce") */
	VA_WORD_AT,			   /* at, a las, um: an hour follows */
	VA_WORD_ABOUT,		   /* around: an hour follows, or so */
	VA_WORD_SHARP,		   /* sharp, en punto */
	VA_WORD_ISH,		   /* three-ish */
	VA_WORD_OCLOCK,		   /* o'clock, Uhr */
	VA_WORD_HALF_DAY,	   /* am (value 0), pm (12), after an hour */
	VA_WORD_PART,		   /* a part of the day, VaDayPart */
	VA_WORD_MORNING,	   /* "morgen", "mañana": tomorrow, or after a day the morning */
	VA_WORD_TODAY_PART,	   /* tonight; plus 16: last night */
	VA_WORD_DAY,		   /* today (0), tomorrow (1), yesterday (-1) */
	VA_WORD_WEEKDAY,	   /* 1 (Monday) to 7 */
	VA_WORD_WEEKDAY_SHORT, /* sun, sat: a weekday only with a capital letter or beside a time */
	VA_WORD_MONTH,		   /* 1 to 12 */
	VA_WORD_MONTH_WEAK,	   /* may, march: a month only beside a day, or after "in" */
	VA_WORD_NUMBER,		   /* a cardinal */
	VA_WORD_ARTICLE,	   /* a, una: one, before a unit */
	VA_WORD_MULTIPLE,	   /* hundred, thousand */
	VA_WORD_ORDINAL,
	VA_WORD_UNIT, /* VaTimeUnit */
	VA_WORD_THIS,
	VA_WORD_NEXT, /* both readings; value 1: the coming one only; 2: the one after the next; 3: the other one; 4: the
					day after what was said; 5: the one after that */
	VA_WORD_LAST,
	VA_WORD_IN,		  /* in, dans: a span follows, or a month; within: 1; d'ici: 2, within before the end of a period */
	VA_WORD_AGO,	  /* after or before a span */
	VA_WORD_FROM_NOW, /* after a span */
	VA_WORD_SPAN,	  /* half an hour: minutes; half a year: months, below nought */
	VA_WORD_AND_HALF, /* "two hours and a half", "two and a half hours" */
	VA_WORD_FRACTION, /* half past, Viertel vor, halb: minutes, added to the hour that follows */
	VA_WORD_MINUTES,  /* y media, et quart: minutes, added to the hour before */
	VA_WORD_PAST,	  /* ten past three: 1; ten to four: -1 */
	VA_WORD_PLUS,	  /* three and ten: 1; "menos", "moins": -1 */
	VA_WORD_NOON,	  /* a time of day by name: minutes after midnight; before noon, of either half */
	VA_WORD_HOLIDAY,  /* VaHoliday */
	VA_WORD_ZONE,	  /* an index into va_phrase_zones */
	VA_WORD_ZONE_WEAK, /* a zone only after an hour: Eastern */
	VA_WORD_FROM,
	VA_WORD_TO,
	VA_WORD_BETWEEN,
	VA_WORD_AND,
	VA_WORD_OR,
	VA_WORD_BEFORE,
	VA_WORD_AFTER,
	VA_WORD_NOT_BEFORE,
	VA_WORD_UNTIL,
	VA_WORD_ONWARD, /* after a time: from it on */
	VA_WORD_NOT,
	VA_WORD_WITHDRAW, /* no, wait, rather: what follows counts instead of what was said */
	VA_WORD_BUT,
	VA_WORD_EXCEPT,
	VA_WORD_STAGE, /* early (0), mid (1), late (2), the end of (2); plus 4 of a month that the word has, 8 of a year */
	VA_WORD_NOW,
	VA_WORD_COUNTED,  /* people, euros, street: a number before it is no time */
	VA_WORD_COUNTING, /* floor, street: a number after it is no time; 1: no weekday or month either, as of names */
	VA_WORD_WEEK_OF,
	VA_WORD_LATER,	   /* after a weekday, so many days later: "en huit", "en ocho" */
	VA_WORD_DAY_SHIFT, /* the day after (1), the eve of (-1) */
	VA_WORD_CITY,	   /* a place, whose clock is meant beside VA_WORD_ZONE_TIME */
	VA_WORD_ZONE_TIME, /* "Dubai time": 1, "hora de Madrid": 0 */
	VA_WORD_FITS,	   /* works, would be fine: a number before it may be an hour */
	VA_WORD_ANY_DAY,   /* any day, whichever day: an hour has no day then */
	VA_WORD_YEAR,	   /* "the year", "Jahr": a number follows; "the new year": 1, "heuer": 2 */
	VA_WORD_SAME,	   /* the same time: the hour that was said */
	VA_WORD_UNCLEAR,   /* "unless", "every other": makes a time ambiguous */
	VA_WORD_FEW,	   /* a few: read only where an approximate time is enough (VaScan.vague) */
	VA_WORD_FOR,	   /* "away for two weeks": "in", where an approximate time is enough */
	VA_WORD_SEASON,	   /* 1 (spring) to 4, after "this"; plus 8: alone, it is another word ("été") */
	VA_WORD_FAR,	   /* VaFarWord: a time with an unknown end */
	VA_WORD_CLASSES
} VaWordClass;

/* The value of VA_WORD_NOT that ends with an article: "à la place du". */
#define VA_NOT_THE 17
/* The values of VA_WORD_NEXT of the week before that, and the one after it. */
#define VA_NEXT_WEEK_BEFORE 7
#define VA_NEXT_WEEK_AFTER 8
/* The value of VA_WORD_IN that "for" is where about is enough. */
#define VA_IN_FOR (-1)

/* Where no callback is asked for, they say nothing. */
typedef enum VaFarWord
{
	VA_FAR_PERIOD = 0,	/* vacation, spring: a person must tell when it is over */
	VA_FAR_ANOTHER_DAY, /* another day: not today */
	VA_FAR_NEW_YEAR,	/* "in the new year" */
	VA_FAR_SOME_DAY,	/* some day, one of these days */
	VA_FAR_WHEN			/* when, as soon as: something else happens first */
} VaFarWord;

typedef enum VaDayPart
{
	VA_PART_NONE = 0,
	VA_PART_MORNING,
	VA_PART_NOON,
	VA_PART_AFTERNOON,
	VA_PART_EVENING,
	VA_PART_NIGHT
} VaDayPart;

typedef enum VaTimeUnit
{
	VA_UNIT_NONE = 0,
	VA_UNIT_SECOND,
	VA_UNIT_MINUTE,
	VA_UNIT_HOUR,
	VA_UNIT_DAY,
	VA_UNIT_WEEK,
	VA_UNIT_FORTNIGHT,
	VA_UNIT_WEEKEND,
	VA_UNIT_MONTH,
	VA_UNIT_YEAR
} VaTimeUnit;

typedef struct VaPhraseEntry
{
	VaWordClass class;
	int32_t value;
	const char *phrases; /* one or several, with | between them */
} VaPhraseEntry;

/* Added to a VaDayPart: of every day. */
#define VA_PART_PLURAL 16
/* A day or a holiday with a part of it: "anoche". */
#define VA_WITH_PART(part, value) ((part) *100000 + (value))

/* Traits of a language beyond its words. */
#define VA_LANGUAGE_COMPOUNDS 1		 /* words are written together */
#define VA_LANGUAGE_HOUR_MINUTES 2	 /* "three thirty" */
#define VA_LANGUAGE_HOUR_UNIT 4		 /* "trois heures" is a time of day, unless "in" stands before it */
#define VA_LANGUAGE_MONTH_FIRST 8	 /* 02/03 may be in February */
#define VA_LANGUAGE_POINT_DATES 16	 /* 20.3. is a date, 20. an ordinal */
#define VA_LANGUAGE_WEEK_IS_EIGHT 32 /* "in acht Tagen" is a week, fifteen days are two */
#define VA_LANGUAGE_UNIT_FIRST 64	 /* "dreiundzwanzig" */
#define VA_LANGUAGE_SCORES 128		 /* "quatre-vingt-dix", "soixante-dix" */
#define VA_LANGUAGE_AND_UNIT 256	 /* "treinta y cinco" */
#define VA_LANGUAGE_BACK_THEN 512	 /* "away until Friday": back on Friday */

typedef struct VaPhraseTable
{
	const char *code; /* en */
	unsigned traits;
	const VaPhraseEntry *entries;
	size_t count;
} VaPhraseTable;

typedef struct VaPhraseLanguage VaPhraseLanguage;

/* The language of a tag ("en", "en-US", "de_CH"); NULL: no table has it. */
extern const VaPhraseLanguage *va_phrase_language(const char *tag);
/* The code of the nth language, for lists of languages; NULL after the last. */
extern const char *va_phrase_language_code(size_t n);
extern unsigned va_phrase_traits(const VaPhraseLanguage *language);
/* A phrase that two entries of the table give two meanings, or for which the index has no room; NULL: all is well. */
extern const char *va_phrase_fault(const VaPhraseLanguage *language);

typedef struct VaWordMeaning
{
	VaWordClass class; /* VA_WORD_OTHER: unknown */
	int32_t value;
	size_t words; /* that the entry takes */
} VaWordMeaning;

/* The longest entry that the words begin with, of which there are at least one. */
extern VaWordMeaning va_phrase_meaning(const VaPhraseLanguage *language, const char *const *words, size_t count);
/* The length of the longest entry that letters begin with, among the parts of compound words, or 0. */
extern size_t va_phrase_prefix(const VaPhraseLanguage *language, const char *letters, size_t len);

/*
 * The parts of a language other than words of times, words of values and patterns.
 * Lists may be NULL and have | before, between and after their words, which are
 * folded.  Texts are as people write them.
 */
typedef struct VaLanguage
{
	const char *code;	  /* en; NULL after the last: holds in all languages */
	const char *common;	  /* words by which the language is known; no other language's, in small letters with accents */
	const char *to_model; /* words that no person says to a business, | between them */
	/* Words about the person itself: */
	const char *me;
	const char *these;		/* of the person, where no other is named */
	const char *my;			/* before somebody or something of the person */
	const char *reached;	/* after these: the person itself is reached by them */
	const char *labels;		/* before what somebody is to be put down as */
	const char *me_endings; /* of verbs: "llámenme" */
	/* A talk in one line: */
	const char *outcomes[VA_LANGUAGE_OUTCOMES]; /* by VaOutcome */
	const char *spoken_of;						/* an appointment that is not certain */
	const char *uncertain;						/* after all else that is not certain */
	const char *colon;							/* before a time; of an appointment that is certain: before_booked */
	const char *before_booked;
	const char *weekdays[7];
	const char *months[12];
	const char *date;	   /* weekday, day, month */
	const char *first_day; /* in place of the day 1; NULL: as any other */
	const char *year;	   /* after it, where it is another one */
	const char *clock;
} VaLanguage;

/* All languages, with an end. */
extern const VaLanguage va_languages[];
/* The language of a tag; NULL: no table has it. */
extern const VaLanguage *va_language(const char *tag);
extern bool va_lists_word(const char *list, const char *word);

/* The tables of all languages, in the same order, with a NULL after them. */
extern const VaPhraseTable *const va_times[];
/* Zones and what is written alike everywhere; a part of each language. */
extern const VaPhraseTable va_times_common;
/* IANA names; a VA_WORD_ZONE's value is an index. */
extern const char *const va_phrase_zones[];

#endif /* VOICEAGENT_PHRASE_LANGUAGE_H */
