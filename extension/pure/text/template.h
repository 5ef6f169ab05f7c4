/*-------------------------------------------------------------------------
 * template.h
 *		{{ variable }} in prompts: which ones, and filling them.
 *
 * A variable is {{ name }} or {{ name | default: "text" }}; a name begins
 * with a letter or underscore and goes on with letters, digits, _ - and .
 * up to 63 characters.  Braces that are no such thing are plain text.  A
 * value is inserted as it is and never read as a template again.
 *
 * A name is first looked for as it is written, dots included, as a column of
 * a file may be called.  Where nothing is called so, each dot goes one level
 * down: into the member of an object, or, by a number from 0, into an array.
 * Where still nothing is found, a name without dots stands for what is called
 * the same but for case, blanks, - and _: {{roof_age}} for a column "Roof Age".
 *
 * The voice provider's own variables (now, date, time, year, month, day,
 * customer.*, transport.*) are not listed and not missing, unless a value is
 * given.  Variables of every dial (va_template_is_dialled()) are not listed
 * either; free times and what is known are not missing.
 */
#ifndef VOICEAGENT_PURE_TEMPLATE_H
#define VOICEAGENT_PURE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "json.h"

#define VA_TEMPLATE_NAME_MAX 63
/* Levels of a nested variable: {{a.b.c}} has three. */
#define VA_TEMPLATE_MAX_DEPTH 8
#define VA_TEMPLATE_MAX_VARIABLES 1000
/* Places of variables in one text, the same one again included. */
#define VA_TEMPLATE_MAX_TAGS 2000
/* Bytes of a filled text: one that a person hears is shorter than a prompt. */
#define VA_TEMPLATE_MAX_FILLED (1024 * 1024)
#define VA_TEMPLATE_MAX_SPOKEN (64 * 1024)

typedef struct VaTemplateNames
{
	int count;
	char **names; /* distinct, in the order of first use */
} VaTemplateNames;

/* One level of a nested variable. */
typedef struct VaTemplateStep
{
	const char *name; /* not terminated */
	size_t len;
	long index; /* as the place in an array; -1: it is none */
} VaTemplateStep;

/*
 * The levels of a name with dots into steps (VA_TEMPLATE_MAX_DEPTH of them);
 * gives how many there are, or 0 if it leads nowhere: it has no dot, an empty
 * level, or more than VA_TEMPLATE_MAX_DEPTH.
 */
extern int va_template_path(const char *name, size_t len, VaTemplateStep *steps);

/* Can {{ }} hold this name? */
extern bool va_template_is_name(const char *name, size_t len);

/* Are the names the same but for the case of ASCII letters, blanks, - and _? */
extern bool va_template_same_name(const char *a, size_t a_len, const char *b, size_t b_len);

/* The value of a name: as it is written, else level by level, else a name alike; NULL when there is no such thing. */
extern const json_t *va_template_value(const json_t *variables, const char *name);

/* The relevant part of a name, into folded, which has room for all of it; its length. */
extern size_t va_template_fold(const char *name, size_t len, char *folded);

/*
 * Is this a variable whose value every dial gives by itself: the date and the
 * time where the lead is (local_date, local_weekday, local_time, utc_offset,
 * timezone), a free time of the call's calendar (slot_1, slot_2, slot_3), or
 * what is known of the lead (memory)?  The last two may be nothing.
 */
extern bool va_template_is_dialled(const char *name, size_t len);

/*
 * The variables that need a value: those with a default are listed only when
 * with_defaults.  False when memory is out, there are more than
 * VA_TEMPLATE_MAX_VARIABLES or VA_TEMPLATE_MAX_TAGS, or one has more than
 * VA_TEMPLATE_MAX_DEPTH levels; *why says which.
 */
extern bool va_template_variables(
	VaArena *arena, const char *text, size_t len, bool with_defaults, VaTemplateNames *out, const char **why);

/*
 * The filled text in the arena; variables is a JSON object (a string, number
 * or boolean is a value; a string of blanks, null, an object or an array
 * counts as missing, and so does what would lie below a scalar).  A missing variable without a default becomes nothing
 * and is put in missing (which may be NULL).  NULL, and *why, beyond a limit:
 * whether the next piece fits is asked before any room is made for it.
 */
extern char *va_template_fill(
	VaArena *arena, const char *text, size_t len, const json_t *variables, VaTemplateNames *missing, const char **why);

/*
 * For what is spoken at once: variables as the text of a JSON object (one that
 * is none has no members), what is missing becomes nothing, and so does what
 * a voice provider would fill in, since none does.  NULL stays NULL; NULL, and
 * *why, beyond VA_TEMPLATE_MAX_SPOKEN.
 */
extern const char *va_template_spoken(VaArena *arena, const char *text, const char *variables, const char **why);

#endif /* VOICEAGENT_PURE_TEMPLATE_H */
