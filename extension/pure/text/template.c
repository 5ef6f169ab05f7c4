/*-------------------------------------------------------------------------
 * template.c
 *		{{ variable }}: listing and filling.
 *
 * Pure: no backend, no locks, no global state.  One pass, no recursion: a
 * lead's own data cannot become a template.
 */
#include "template.h"

#include <string.h>

/* One {{ ... }} found in a text. */
typedef struct Tag
{
	size_t start; /* of "{{" */
	size_t end;	  /* after "}}" */
	char name[VA_TEMPLATE_NAME_MAX + 1];
	const char *fallback; /* the default's text, not terminated */
	size_t fallback_len;
} Tag;

static bool
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_name_part(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool
va_template_is_name(const char *name, size_t len)
{
	if (len == 0 || len > VA_TEMPLATE_NAME_MAX || !is_name_start(name[0]))
		return false;
	for (size_t i = 1; i < len; i++)
		if (!is_name_part(name[i]))
			return false;
	return true;
}

static size_t
skip_blanks(const char *text, size_t len, size_t at)
{
	while (at < len && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r'))
		at++;
	return at;
}

/* "| default: 'text'" at at; gives the place after it, or 0. */
static size_t
parse_default(const char *text, size_t len, size_t at, Tag *tag)
{
	char quote;
	const char *close;

	at = skip_blanks(text, len, at + 1);
	if (len - at < 8 || memcmp(text + at, "default", 7) != 0)
		return 0;
	at = skip_blanks(text, len, at + 7);
	if (at >= len || text[at] != ':')
		return 0;
	at = skip_blanks(text, len, at + 1);
	if (at >= len || (text[at] != '"' && text[at] != '\''))
		return 0;
	quote = text[at++];
	close = memchr(text + at, quote, len - at);
	if (close == NULL)
		return 0;
	tag->fallback = text + at;
	tag->fallback_len = (size_t) (close - (text + at));
	return (size_t) (close - text) + 1;
}

/* The tag that begins at at, where "{{" stands; false when it is plain text. */
static bool
parse_tag(const char *text, size_t len, size_t at, Tag *tag)
{
	size_t name;

	tag->start = at;
	tag->fallback = NULL;
	tag->fallback_len = 0;
	at = skip_blanks(text, len, at + 2);
	name = at;
	if (at >= len || !is_name_start(text[at]))
		return false;
	while (at < len && is_name_part(text[at]))
		at++;
	if (at - name > VA_TEMPLATE_NAME_MAX)
		return false;
	memcpy(tag->name, text + name, at - name);
	tag->name[at - name] = '\0';
	at = skip_blanks(text, len, at);
	if (at < len && text[at] == '|')
	{
		at = parse_default(text, len, at, tag);
		if (at == 0)
			return false;
		at = skip_blanks(text, len, at);
	}
	if (at + 1 >= len || text[at] != '}' || text[at + 1] != '}')
		return false;
	tag->end = at + 2;
	return true;
}

/* The next tag from *at on, which moves to where the search may go on. */
static bool
next_tag(const char *text, size_t len, size_t *at, Tag *tag)
{
	while (*at + 1 < len)
	{
		const char *brace = memchr(text + *at, '{', len - 1 - *at);

		if (brace == NULL)
			break;
		*at = (size_t) (brace - text);
		if (text[*at + 1] == '{' && parse_tag(text, len, *at, tag))
		{
			*at = tag->end;
			return true;
		}
		(*at)++;
	}
	*at = len;
	return false;
}

/* Variables that the voice provider fills in. */
static bool
is_builtin(const char *name)
{
	static const char *const names[] = { "now", "date", "time", "year", "month", "day" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return strncmp(name, "customer.", 9) == 0 || strncmp(name, "transport.", 10) == 0;
}

/* What every dial gives; from MAY_BE_NOTHING on where there is any: nothing may be free, or known of the lead. */
static const char *const dialled[] = { "local_date", "local_weekday", "local_time", "utc_offset", "timezone", "slot_1",
	"slot_2", "slot_3", "memory" };
#define N_DIALLED (sizeof(dialled) / sizeof(dialled[0]))
#define MAY_BE_NOTHING 5

static bool
is_dialled_from(size_t first, const char *name, size_t len)
{
	for (size_t i = first; i < N_DIALLED; i++)
		if (va_template_same_name(dialled[i], strlen(dialled[i]), name, len))
			return true;
	return false;
}

bool
va_template_is_dialled(const char *name, size_t len)
{
	return is_dialled_from(0, name, len);
}

/* The place in an array that a level of a name stands for: digits without a leading zero, fewer than ten; or -1. */
static long
array_index(const char *name, size_t len)
{
	long index = 0;

	if (len == 0 || len > 9 || (name[0] == '0' && len > 1))
		return -1;
	for (size_t i = 0; i < len; i++)
	{
		if (name[i] < '0' || name[i] > '9')
			return -1;
		index = index * 10 + (name[i] - '0');
	}
	return index;
}

/* How many levels a name has. */
static int
count_levels(const char *name, size_t len)
{
	int levels = 1;

	for (size_t i = 0; i < len; i++)
		levels += name[i] == '.';
	return levels;
}

int
va_template_path(const char *name, size_t len, VaTemplateStep *steps)
{
	const char *end = name + len;
	int levels = count_levels(name, len);

	if (levels == 1 || levels > VA_TEMPLATE_MAX_DEPTH)
		return 0;
	for (int i = 0; i < levels; i++)
	{
		const char *dot = memchr(name, '.', (size_t) (end - name));

		steps[i].name = name;
		steps[i].len = (size_t) ((dot != NULL ? dot : end) - name);
		steps[i].index = array_index(name, steps[i].len);
		if (steps[i].len == 0)
			return 0;
		name += steps[i].len + 1;
	}
	return levels;
}

static bool
add_name(VaArena *arena, VaTemplateNames *out, const char *name)
{
	for (int i = 0; i < out->count; i++)
		if (strcmp(out->names[i], name) == 0)
			return true;
	if (out->names == NULL)
		out->names = va_arena_alloc(arena, sizeof(char *) * VA_TEMPLATE_MAX_VARIABLES);
	if (out->names == NULL || out->count == VA_TEMPLATE_MAX_VARIABLES)
		return false;
	out->names[out->count] = va_arena_strdup(arena, name);
	if (out->names[out->count] == NULL)
		return false;
	out->count++;
	return true;
}

static const char too_many_tags[] = "the text has more than 2000 places of variables";
static const char too_many_variables[] = "the text has more than 1000 variables";
static const char too_deep[] = "a variable of the text has more than 8 levels";
static const char no_memory[] = "out of memory";

bool
va_template_variables(
	VaArena *arena, const char *text, size_t len, bool with_defaults, VaTemplateNames *out, const char **why)
{
	size_t at = 0;
	int tags = 0;
	Tag tag;

	memset(out, 0, sizeof(*out));
	while (next_tag(text, len, &at, &tag))
	{
		*why = too_many_tags;
		if (++tags > VA_TEMPLATE_MAX_TAGS)
			return false;
		if (is_builtin(tag.name) || va_template_is_dialled(tag.name, strlen(tag.name)))
			continue;
		*why = too_deep;
		if (count_levels(tag.name, strlen(tag.name)) > VA_TEMPLATE_MAX_DEPTH)
			return false;
		*why = arena->oom ? no_memory : too_many_variables;
		if (tag.fallback != NULL && !with_defaults)
			continue;
		if (!add_name(arena, out, tag.name))
			return false;
	}
	return true;
}

static bool
is_blank(const char *text, size_t len)
{
	return skip_blanks(text, len, 0) == len;
}

/* A text that is made, and how long it may become. */
typedef struct Filling
{
	VaBuffer text;
	size_t limit;
	const char *why; /* it became too long, or had too many tags */
	VaTemplateNames *missing;
} Filling;

static void
add(Filling *out, const char *text, size_t len)
{
	if (out->why != NULL)
		return;
	if (len > out->limit - out->text.used)
		out->why = out->limit == VA_TEMPLATE_MAX_FILLED ? "the text with its variables is longer than 1048576 bytes"
														: "the text with its variables is longer than 65536 bytes";
	else
		va_buffer_add(&out->text, text, len);
}

/* The next letter of a name that counts, in lower case; -1 at its end. */
static int
next_letter(const char *name, size_t len, size_t *at)
{
	while (*at < len && (name[*at] == ' ' || name[*at] == '-' || name[*at] == '_'))
		(*at)++;
	if (*at == len)
		return -1;
	return name[*at] >= 'A' && name[*at] <= 'Z' ? (unsigned char) name[(*at)++] | 0x20 : (unsigned char) name[(*at)++];
}

size_t
va_template_fold(const char *name, size_t len, char *folded)
{
	size_t at = 0;
	size_t n = 0;
	int letter;

	while ((letter = next_letter(name, len, &at)) >= 0)
		folded[n++] = (char) letter;
	return n;
}

bool
va_template_same_name(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t i = 0;
	size_t k = 0;
	int letter;

	while ((letter = next_letter(a, a_len, &i)) == next_letter(b, b_len, &k))
		if (letter < 0)
			return true;
	return false;
}

static bool
is_value(const json_t *value)
{
	if (json_is_string(value))
		return !is_blank(json_string_value(value), json_string_length(value));
	return json_is_number(value) || json_is_boolean(value);
}

/* The first value among several that are called alike. */
static const json_t *
find_alike(const json_t *variables, const char *name)
{
	void *member = json_object_iter((json_t *) variables);

	for (; member != NULL; member = json_object_iter_next((json_t *) variables, member))
	{
		const char *key = json_object_iter_key(member);

		if (va_template_same_name(key, strlen(key), name, strlen(name)) && is_value(json_object_iter_value(member)))
			return json_object_iter_value(member);
	}
	return NULL;
}

const json_t *
va_template_value(const json_t *variables, const char *name)
{
	const json_t *value = json_object_get(variables, name);
	VaTemplateStep steps[VA_TEMPLATE_MAX_DEPTH];
	char level[VA_TEMPLATE_NAME_MAX + 1];
	int levels;

	if (value != NULL)
		return value;
	levels = va_template_path(name, strlen(name), steps);
	if (levels == 0)
		return find_alike(variables, name);
	value = variables;
	for (int i = 0; i < levels && value != NULL; i++)
	{
		memcpy(level, steps[i].name, steps[i].len);
		level[steps[i].len] = '\0';
		/* Each of them gives NULL for what is not of its kind. */
		if (json_is_array(value))
			value = steps[i].index < 0 ? NULL : json_array_get(value, (size_t) steps[i].index);
		else
			value = json_object_get(value, level);
	}
	return value;
}

/* Append the value of a name; false when it has none. */
static bool
append_value(Filling *out, VaArena *arena, const json_t *variables, const char *name)
{
	const json_t *value = va_template_value(variables, name);
	const char *text;

	switch (is_value(value) ? json_typeof(value) : JSON_NULL)
	{
		case JSON_STRING:
			add(out, json_string_value(value), json_string_length(value));
			return true;
		case JSON_INTEGER:
		case JSON_REAL:
		case JSON_TRUE:
		case JSON_FALSE:
			text = json_is_real(value) ? va_decimal_text(arena, json_real_value(value)) : NULL;
			if (text == NULL)
				text = va_json_text(arena, value);
			if (text == NULL)
				return false;
			add(out, text, strlen(text));
			return true;
		default:
			return false;
	}
}

/* The value of a tag; is_spoken: nothing is filled in after us. */
static void
fill_tag(Filling *out, VaArena *arena, const char *text, const Tag *tag, const json_t *variables, bool is_spoken)
{
	if (append_value(out, arena, variables, tag->name))
		return;
	if (tag->fallback != NULL)
		add(out, tag->fallback, tag->fallback_len);
	else if (is_builtin(tag->name) && !is_spoken)
		add(out, text + tag->start, tag->end - tag->start);
	else if (out->missing != NULL && !is_dialled_from(MAY_BE_NOTHING, tag->name, strlen(tag->name)) &&
			 !add_name(arena, out->missing, tag->name))
		out->why = too_many_variables;
}

static void
drop_last(Filling *out)
{
	out->text.text[--out->text.used] = '\0';
}

static bool
ends_with(const Filling *out, const char *any)
{
	return out->text.used > 0 && strchr(any, out->text.text[out->text.used - 1]) != NULL;
}

/*
 * Nothing was said in a tag's place: "Hello , this is Nova" becomes "Hello, this is Nova", and "Hi, !" becomes "Hi!".
 * Gives where the text goes on.
 */
static size_t
close_gap(Filling *out, const char *text, size_t len, size_t at)
{
	bool stands_alone;

	if (at == len || strchr(" ,.;:!?", text[at]) == NULL)
		return at;
	while (ends_with(out, " "))
		drop_last(out);
	stands_alone = out->text.used == 0 || ends_with(out, ".!?:\n");
	/* A comma behind the name goes with it where a sentence begins, one before it where a sentence ends. */
	if (stands_alone && text[at] == ',')
		at++;
	else if (text[at] != ' ' && ends_with(out, ","))
		drop_last(out);
	if (out->text.used == 0)
		while (at < len && text[at] == ' ')
			at++;
	return at;
}

static char *
fill(VaArena *arena, const char *text, size_t len, const json_t *variables, bool is_spoken, VaTemplateNames *missing,
	const char **why)
{
	Filling out = { .limit = is_spoken ? VA_TEMPLATE_MAX_SPOKEN : VA_TEMPLATE_MAX_FILLED, .missing = missing };
	size_t at = 0;
	size_t done = 0;
	int tags = 0;
	Tag tag;
	char *filled;

	if (missing != NULL)
		memset(missing, 0, sizeof(*missing));
	while (out.why == NULL && next_tag(text, len, &at, &tag))
	{
		size_t before;

		add(&out, text + done, tag.start - done);
		done = tag.end;
		before = out.text.used;
		if (++tags > VA_TEMPLATE_MAX_TAGS)
			out.why = too_many_tags;
		else
			fill_tag(&out, arena, text, &tag, variables, is_spoken);
		if (is_spoken && out.why == NULL && !out.text.failed && out.text.used == before)
			done = at = close_gap(&out, text, len, done);
	}
	add(&out, text + done, len - done);
	filled = va_buffer_finish(&out.text, arena);
	*why = out.why != NULL ? out.why : no_memory;
	return out.why != NULL ? NULL : filled;
}

char *
va_template_fill(
	VaArena *arena, const char *text, size_t len, const json_t *variables, VaTemplateNames *missing, const char **why)
{
	return fill(arena, text, len, variables, false, missing, why);
}

const char *
va_template_spoken(VaArena *arena, const char *text, const char *variables, const char **why)
{
	const char *invalid;
	const char *filled;
	json_t *json;

	if (text == NULL || (strstr(text, "{{") == NULL && strlen(text) <= VA_TEMPLATE_MAX_SPOKEN))
		return text;
	json = variables == NULL ? NULL : va_json_load(arena, variables, strlen(variables), &invalid);
	filled = fill(arena, text, strlen(text), json, true, NULL, why);
	json_decref(json);
	return filled;
}
