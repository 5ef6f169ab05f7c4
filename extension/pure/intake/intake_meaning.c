/*-------------------------------------------------------------------------
 * intake_meaning.c
 *		Whose each field of a request is, and what a person says of calls and
 *		texts.  See intake.h.
 *-------------------------------------------------------------------------
 */
#include "intake.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A field as it stands in its path. */
typedef struct Seen
{
	const char *rest; /* the path behind what holds the contact */
	size_t level;	  /* bytes of the path up to the object that holds it */
	const char *name; /* of the contact's own; NULL: somebody else's, or nothing of ours */
} Seen;

typedef struct Reader
{
	const VaIntakeField *fields;
	int count;
	VaArena *arena;
	Seen seen[VA_INTAKE_FIELDS_MAX];
	int phone; /* the place of a number of the contact; -1: none yet */
	VaIntakeMeaning *meaning;
} Reader;

/* ---- whose it is ---- */

static bool
is_index(const char *segment, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isdigit((unsigned char) segment[i]))
			return false;
	return len > 0;
}

typedef enum Kind
{
	KIND_NONE,
	KIND_NUMBER,
	KIND_NAME,
	KIND_OTHER /* and each further field its own */
} Kind;

static int
kind_of(const char *name)
{
	int field = va_lead_field_by_name(name);

	if (field == VA_LEAD_PHONE || (field >= VA_LEAD_PHONE2 && field <= VA_LEAD_PHONE5))
		return KIND_NUMBER;
	if (field == VA_LEAD_FIRST_NAME || field == VA_LEAD_LAST_NAME || field == VA_LEAD_NAME)
		return KIND_NAME;
	return field < 0 ? KIND_NONE : KIND_OTHER + field;
}

/* "phones" is called as "phone". */
static const char *
as_one(Reader *reader, const char *name)
{
	size_t len = strlen(name);

	if (va_lead_field_by_name(name) < 0 && len > 2 && name[len - 1] == 's')
	{
		char *one = va_arena_strndup(reader->arena, name, len - 1);

		if (one != NULL && va_lead_field_by_name(one) >= 0)
			return one;
	}
	return name;
}

/* The next place from this on that stands in the same object; count: none. */
static int
next_beside(const Reader *reader, int place, int from, char word[VA_INTAKE_WORD_MAX])
{
	const char *path = reader->fields[place].path;
	const char *last = strrchr(path, '.');
	size_t parent = last == NULL ? 0 : (size_t) (last - path) + 1;

	for (; from < reader->count; from++)
	{
		const char *other = reader->fields[from].path;

		if (from == place || strncmp(other, path, parent) != 0 || strchr(other + parent, '.') != NULL)
			continue;
		va_intake_word(other + parent, strlen(other + parent), word);
		break;
	}
	return from;
}

/* Does what stands beside it say that this is no telephone? */
static bool
is_fax(const Reader *reader, int place)
{
	static const char *const fax[] = { "fax", NULL };
	static const char *const kinds[] = { "type", "label", "kind", NULL };
	char word[VA_INTAKE_WORD_MAX];

	for (int i = 0; (i = next_beside(reader, place, i, word)) < reader->count; i++)
	{
		if (!va_intake_is(word, kinds))
			continue;
		va_intake_word(reader->fields[i].value, strlen(reader->fields[i].value), word);
		if (va_intake_holds(word, fax))
			return true;
	}
	return false;
}

/*
 * The name of what stands in an object that is itself a field of the contact:
 * phone.full is phone, phone.mobile a mobile phone, name.first a first name.
 */
static const char *
inner_name(Reader *reader, int place, const char *field, const char *member)
{
	static const char *const plain_values[] = { "value", "values", "answer", "stringvalue", NULL };
	static const char *const values[] = { "value", "values", "answer", "stringvalue", "number", "full", "e164",
		"international", "raw", "primary", "main", "default", NULL };
	char word[VA_INTAKE_WORD_MAX];
	int kind = kind_of(field);
	const char *both = va_arena_printf(reader->arena, "%s %s", member, field);

	va_intake_word(member, strlen(member), word);
	if (both == NULL ||
		(kind == KIND_NUMBER && (strpbrk(reader->fields[place].value, "0123456789") == NULL || is_fax(reader, place))))
		return NULL;
	if (va_intake_is(word, kind == KIND_NONE ? plain_values : values) ||
		(kind == KIND_OTHER + VA_LEAD_COMPANY && strcmp(word, "name") == 0) ||
		(kind == KIND_OTHER + VA_LEAD_EMAIL && strcmp(word, "address") == 0))
		return field;
	if (va_lead_field_by_name(both) >= 0)
		return both;
	return kind != KIND_NONE && kind_of(member) == kind ? member : NULL;
}

static void
look_at(Reader *reader, int place)
{
	const char *path = reader->fields[place].path;
	const char *at = path;
	const char *dot;
	Seen *seen = &reader->seen[place];
	char *field;
	const char *member = NULL;
	int members = 0;

	for (; (dot = strchr(at, '.')) != NULL; at = dot + 1)
	{
		VaIntakeHolder holder = va_intake_holder(at, (size_t) (dot - at));

		/* "1.3" is the name of a field. */
		if (holder == VA_INTAKE_OTHER && (!is_index(at, (size_t) (dot - at)) || is_index(dot + 1, strlen(dot + 1))))
			break;
		if (holder != VA_INTAKE_FIELDS)
			seen->level = (size_t) (dot - path);
	}
	seen->rest = at = va_intake_name(at);
	field = va_arena_strndup(reader->arena, at, strcspn(at, "."));
	for (dot = strchr(at, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
		if (!is_index(dot + 1, strcspn(dot + 1, ".")))
		{
			member = dot + 1;
			members++;
		}
	if (field == NULL || members > 1)
		return;
	seen->name = as_one(reader, field);
	if (member != NULL)
		seen->name = inner_name(
			reader, place, seen->name, va_arena_strndup(reader->arena, member, strcspn(member, ".")));
	/* In a list of what is no field of ours the first has the name, the others keep their places. */
	else if (at[strlen(field)] != '\0' && strcmp(at + strlen(field), ".0") != 0 && kind_of(seen->name) == KIND_NONE)
		seen->name = NULL;
}

/* ---- one number, or a refusal to guess ---- */

static bool
same_number(const char *a, const char *b)
{
	char digits[2][32];
	const char *texts[2] = { a, b };
	size_t len[2] = { 0, 0 };

	for (int i = 0; i < 2; i++)
		for (const char *c = texts[i]; *c != '\0' && len[i] < sizeof(digits[i]); c++)
			if (isdigit((unsigned char) *c))
				digits[i][len[i]++] = *c;
	if (len[0] < 7 || len[1] < 7)
		return len[0] == len[1] && memcmp(digits[0], digits[1], len[0]) == 0;
	return len[0] >= len[1] ? memcmp(digits[0] + len[0] - len[1], digits[1], len[1]) == 0
							: memcmp(digits[1] + len[1] - len[0], digits[0], len[0]) == 0;
}

static bool
at_level_of(const Reader *reader, int a, int b)
{
	return reader->seen[a].level == reader->seen[b].level &&
		   strncmp(reader->fields[a].path, reader->fields[b].path, reader->seen[a].level) == 0;
}

static bool
is_called(const Reader *reader, int place, const char *header)
{
	const char *name = reader->seen[place].name;

	return name != NULL && va_csv_find_column(&name, 1, header) == 0;
}

/* Is it a number of the contact, with so many digits at least? */
static bool
is_number(const Reader *reader, int place, const char *mapped, int least)
{
	const char *name = reader->seen[place].name;
	int digits = 0;

	for (const char *c = reader->fields[place].value; *c != '\0'; c++)
		digits += isdigit((unsigned char) *c) != 0;
	return name != NULL && digits >= least &&
		   (kind_of(name) == KIND_NUMBER || (mapped != NULL && is_called(reader, place, mapped)));
}

/* Numbers of the contact stand in one object; where another has one as well, only the same. */
static bool
find_number(Reader *reader, const char *mapped, const char **why)
{
	/* "number": 12 is hardly one, but nothing better may be there. */
	for (int least = 7; least > 0 && reader->phone < 0; least -= 6)
		for (int i = 0; i < reader->count; i++)
			if (is_number(reader, i, mapped, least) &&
				(reader->phone < 0 || reader->seen[i].level > reader->seen[reader->phone].level))
				reader->phone = i;
	for (int i = 0; i < reader->count && reader->phone >= 0; i++)
	{
		bool same = false;

		if (!is_number(reader, i, mapped, 7) || at_level_of(reader, i, reader->phone))
			continue;
		for (int k = 0; k < reader->count && !same; k++)
			same = is_number(reader, k, mapped, 7) && at_level_of(reader, k, reader->phone) &&
				   same_number(reader->fields[i].value, reader->fields[k].value);
		if (!same)
			return va_refuse(
				why, va_arena_printf(reader->arena, "two fields are the number of the lead: \"%.100s\" and \"%.100s\"",
						 reader->fields[reader->phone].path, reader->fields[i].path));
		reader->seen[i].name = NULL;
	}
	return true;
}

/* ---- columns ---- */

/* By its whole path, else by its name, best beside the number. */
static int
place_of(const Reader *reader, const char *header)
{
	int found = -1;

	for (int i = 0; i < reader->count; i++)
		if (strcmp(reader->fields[i].path, header) == 0)
			return i;
	for (int i = 0; i < reader->count; i++)
		if (is_called(reader, i, header) &&
			(found < 0 || (reader->phone >= 0 && at_level_of(reader, i, reader->phone) &&
							  !at_level_of(reader, found, reader->phone))))
			found = i;
	return found;
}

static void
guess_columns(Reader *reader, int column[VA_LEAD_FIELDS])
{
	static const VaLeadField names[] = { VA_LEAD_FIRST_NAME, VA_LEAD_LAST_NAME, VA_LEAD_NAME };
	const char *headers[VA_INTAKE_FIELDS_MAX];
	bool named = false;

	/* First what stands beside the number; a form around it has a name as well. */
	for (int turn = 0; turn < 2; turn++)
	{
		int open[VA_LEAD_FIELDS];

		for (int i = 0; i < reader->count; i++)
			headers[i] = reader->seen[i].name != NULL &&
								 (turn > 0 || reader->phone < 0 || at_level_of(reader, i, reader->phone))
							 ? reader->seen[i].name
							 : "";
		memcpy(open, column, sizeof(open));
		va_csv_map_columns(headers, reader->count, column);
		for (int i = 0; i < 3; i++)
			named = named || column[names[i]] >= 0;
		for (int field = 0; field < VA_LEAD_FIELDS && turn == 0; field++)
			if (column[field] < 0 && open[field] == VA_CSV_UNMAPPED &&
				!(named && (field == VA_LEAD_NAME || field == VA_LEAD_FIRST_NAME || field == VA_LEAD_LAST_NAME)))
				column[field] = VA_CSV_UNMAPPED;
	}
}

/* ---- what the person says of calls and texts ---- */

#define CALLS 1
#define TEXTS 2
#define OTHERS 4

static int
ways_of(const char *text, size_t len)
{
	static const char *const texts[] = { "sms", "mms", "rcs", "messag", NULL };
	static const char *const others[] = { "mail", "fax", "post", "newsletter", "whatsapp", "cookie", "privacy", "terms",
		"facebook", "google", "instagram", "push", "linkedin", NULL };
	static const char *const wholes[] = { "fb", "gmb", "web", NULL };
	char word[VA_INTAKE_WORD_MAX];
	int ways = 0;
	char *at;

	va_intake_word(text, len, word);
	at = strstr(word, "text");
	if ((va_intake_holds(word, texts) && strcmp(word, "message") != 0) ||
		(at != NULL && !(at - word >= 3 && strncmp(at - 3, "con", 3) == 0)))
		ways |= TEXTS;
	at = strstr(word, "call");
	if ((at != NULL && at[4] != 'y') || strstr(word, "dial") != NULL ||
		((at = strstr(word, "voice")) != NULL && !(at - word >= 2 && strncmp(at - 2, "in", 2) == 0)) ||
		(ways == 0 && strstr(word, "phone") != NULL))
		ways |= CALLS;
	if (va_intake_holds(word, others) || va_intake_is(word, wholes))
		ways |= OTHERS;
	return ways;
}

static bool
is_event(const char *rest)
{
	static const char *const names[] = { "type", "event", "action", "eventtype", "eventname", "trigger", "topic",
		"operation", "triggertype", "webhookevent", "subscriptiontype", NULL };
	static const char *const heads[] = { "meta", "event", "webhook", "hook", "header", "headers", NULL };
	const char *dot = strchr(rest, '.');
	char word[VA_INTAKE_WORD_MAX];

	if (dot != NULL)
	{
		va_intake_word(rest, (size_t) (dot - rest), word);
		if (!va_intake_is(word, heads))
			return false;
		rest = dot + 1;
	}
	va_intake_word(rest, strlen(rest), word);
	return strchr(rest, '.') == NULL && va_intake_is(word, names);
}

/* What stands under these is somebody else's, whatever it is. */
static bool
is_of_another(const char *rest)
{
	static const char *const others[] = { "user", "owner", "agent", "rep", "assign", "location", "company", "account",
		"organi", "referr", "emergency", "manager", "employee", "staff", "sender", "author", "creator", NULL };
	const char *dot;
	char word[VA_INTAKE_WORD_MAX];

	for (; (dot = strchr(rest, '.')) != NULL; rest = dot + 1)
	{
		va_intake_word(rest, (size_t) (dot - rest), word);
		if (va_intake_holds(word, others))
			return true;
	}
	return false;
}

/* A field that speaks of being called or written to. */
typedef struct Saying
{
	char last[VA_INTAKE_WORD_MAX]; /* the last segment that is no place in a list */
	bool in_list;				   /* it is an element itself */
	bool refuses_itself;
	bool refuses;
	bool consents;
	bool may_consent; /* where it names a way */
	int ways;
} Saying;

static const char *const consent_parts[] = { "consent", "optin", "optedin", "permission", "einwilligung", "authoriz",
	"tcpa", "iagree", NULL };
static const char *const may_consent_parts[] = { "subscri", "preference", "accept", "agree", NULL };
static const char *const naming_ways[] = { "channel", "channels", "type", "medium", "method", "kind", "way", NULL };

static void
read_saying(const Reader *reader, int place, Saying *saying)
{
	char beside[VA_INTAKE_WORD_MAX];

	memset(saying, 0, sizeof(*saying));
	for (const char *rest = reader->seen[place].rest;; rest++)
	{
		size_t len = strcspn(rest, ".");
		char word[VA_INTAKE_WORD_MAX];
		bool refuses;

		saying->in_list = is_index(rest, len);
		va_intake_word(rest, len, word);
		refuses = va_csv_refuses(word);
		if (!saying->in_list)
		{
			strcpy(saying->last, word);
			saying->refuses_itself = refuses;
			saying->refuses |= refuses;
			saying->consents |= va_intake_holds(word, consent_parts);
			saying->may_consent |= va_intake_holds(word, may_consent_parts);
			saying->ways |= ways_of(rest, len);
		}
		rest += len;
		if (*rest == '\0')
			break;
	}
	for (int i = 0; saying->ways == 0 && strchr(reader->seen[place].rest, '.') != NULL &&
					(i = next_beside(reader, place, i, beside)) < reader->count;
		 i++)
		if (va_intake_is(beside, naming_ways))
			saying->ways = ways_of(reader->fields[i].value, strlen(reader->fields[i].value));
	saying->consents |= saying->may_consent && (saying->ways & (CALLS | TEXTS)) != 0;
}

static bool
is_no_refusal(const char *value)
{
	static const char *const words[] = { "inactive", "disabled", "subscribed", "allowed", "null", NULL };
	char word[VA_INTAKE_WORD_MAX];

	va_intake_word(value, strlen(value), word);
	return word[0] == '\0' || va_lead_is_no(value, strlen(value)) || va_intake_is(word, words);
}

static const char *const deciding[] = { "status", "value", "active", "enabled", "state", "flag", "answer", "on",
	"checked", "granted", "given", "all", "any", NULL };

/* Does something beside it in its object decide, or name the way? */
static bool
is_decided(const Reader *reader, int place, bool *says_no)
{
	char word[VA_INTAKE_WORD_MAX];
	bool found = false;

	for (int i = 0; (i = next_beside(reader, place, i, word)) < reader->count; i++)
	{
		const char *value = reader->fields[i].value;

		found |= va_intake_is(word, deciding) || va_intake_is(word, naming_ways) || ways_of(word, strlen(word)) != 0;
		*says_no |= (va_intake_is(word, deciding) && is_no_refusal(value)) ||
					(strcmp(word, "reason") == 0 && strcmp(value, "0") == 0);
	}
	return found;
}

/*
 * The ways that a field refuses; 0: none.  What is no plain no may be any way
 * of saying it, but what only describes a refusal that is decided beside it
 * says nothing.
 */
static int
refused_ways(const Reader *reader, int place, const Saying *saying)
{
	const char *value = reader->fields[place].value;
	bool says_no = false;
	bool decided = saying->refuses && !saying->refuses_itself && is_decided(reader, place, &says_no);
	int named = ways_of(value, strlen(value));
	int ways = saying->ways;

	if (is_no_refusal(value))
		return 0;
	if (!saying->refuses)
	{
		static const char *const states[] = { "status", "disposition", "subscription", "stage", "tags", "tag", NULL };

		/* A status that says so. */
		if (strlen(value) > 60 || !va_intake_is(saying->last, states) || !va_csv_refuses(value))
			return 0;
		ways = named;
	}
	else if (!saying->refuses_itself && va_intake_is(saying->last, naming_ways))
		ways = says_no ? OTHERS : named != 0 ? named : ways;
	else if (saying->in_list && named != 0)
		ways = named;
	else if (!saying->refuses_itself && !va_intake_is(saying->last, deciding) &&
			 ways_of(saying->last, strlen(saying->last)) == 0 && decided)
		return 0;
	return ways == 0 ? CALLS | TEXTS : ways & (CALLS | TEXTS);
}

static bool
describes(const char *last, bool is_long)
{
	static const char *const ends[] = { "text", "message", "words", "at", "date", "time", "timestamp", "source", "from",
		"url", "link", "wording", "version", "ip", "id", "language", "level", "reason", "note", "notes", "comment",
		"label", NULL };

	for (const char *const *end = ends + (is_long ? 0 : 3); *end != NULL; end++)
	{
		size_t len = strlen(last);
		size_t n = strlen(*end);

		if (len >= n && strcmp(last + len - n, *end) == 0)
			return true;
	}
	return false;
}

static void
hear(VaIntakeAnswer *answer, VaIntakeAnswer said)
{
	if (said > *answer)
		*answer = said;
}

/* A box for calls, for texts, or for both; exact: it is the one by a name of ours, or of the mapping. */
static void
hear_consent(Reader *reader, int place, const Saying *saying, bool exact)
{
	static const char *const no_words[] = { "unchecked", "declined", "denied", "rejected", "disagree", "idonotagree",
		"notsubscribed", "unsubscribed", "disabled", "inactive", "never", NULL };
	static const char *const yes_words[] = { "subscribed", "optedin", "confirmed", "active", "enabled", NULL };
	VaIntakeMeaning *meaning = reader->meaning;
	const char *value = reader->fields[place].value;
	int ways = saying->ways;
	bool is_long = strlen(value) > 20;
	VaIntakeAnswer said = VA_INTAKE_UNCLEAR;
	char word[VA_INTAKE_WORD_MAX];

	va_intake_word(value, strlen(value), word);
	if (va_lead_is_yes(value, strlen(value)) || va_intake_is(word, yes_words))
		said = VA_INTAKE_YES;
	else if (va_lead_is_no(value, strlen(value)) || va_intake_is(word, no_words))
		said = VA_INTAKE_NO;
	if (!exact &&
		(ways == OTHERS || (said == VA_INTAKE_UNCLEAR && (word[0] == '\0' || describes(saying->last, is_long)))))
		return;
	if (!exact && va_intake_is(saying->last, naming_ways))
		return;
	if (exact && (ways & CALLS) == 0)
		ways = 0;
	/* A yes to something else is none to be called. */
	if (said == VA_INTAKE_YES && ways == 0 && !exact)
		said = VA_INTAKE_SILENT;
	if (said != VA_INTAKE_YES && said != VA_INTAKE_NO && word[0] != '\0')
		meaning->unread = reader->fields[place].path;
	else
		meaning->names[place] = NULL;
	if (ways & CALLS)
		hear(&meaning->calls, said);
	if (ways & TEXTS)
		hear(&meaning->texts, said);
	if ((ways & (CALLS | TEXTS)) == 0)
		hear(&meaning->others, said);
}

static void
hear_person(Reader *reader, int stop, int consent)
{
	VaIntakeMeaning *meaning = reader->meaning;

	for (int i = 0; i < reader->count; i++)
	{
		bool exact = i == consent || (consent == VA_CSV_UNMAPPED && reader->seen[i].name != NULL &&
										 va_lead_field_by_name(reader->seen[i].name) == VA_LEAD_CONSENT);
		Saying saying;
		int ways;

		read_saying(reader, i, &saying);
		if (i == stop)
			saying.refuses = saying.refuses_itself = true, saying.ways = CALLS | TEXTS;
		else if (is_of_another(reader->seen[i].rest))
			continue;
		ways = stop == -1 ? 0 : refused_ways(reader, i, &saying);
		if (saying.refuses_itself && ways == 0 && is_no_refusal(reader->fields[i].value))
			meaning->names[i] = NULL;
		if ((ways & CALLS) != 0 && (meaning->column[VA_LEAD_DO_NOT_CALL] < 0))
			meaning->column[VA_LEAD_DO_NOT_CALL] = i;
		if ((ways & TEXTS) != 0)
			meaning->text_stop = reader->fields[i].path;
		if (!saying.refuses && (exact || (saying.consents && consent != -1 && !is_event(reader->seen[i].rest))))
			hear_consent(reader, i, &saying, exact);
	}
	if (meaning->text_stop != NULL)
		hear(&meaning->texts, VA_INTAKE_NO);
}

/* ---- events ---- */

/* A word of the value that says that somebody goes: ContactDelete, invitee.canceled. */
static bool
takes_away(const char *value)
{
	static const char *const ends[] = { "delete", "deleted", "deletion", "remove", "removed", "cancel", "canceled",
		"cancelled", "unsubscribe", "unsubscribed", "archive", "archived", "destroy", "destroyed", "trashed", NULL };

	if (strlen(value) > 80 || strchr(value, ' ') != NULL)
		return false;
	while (*value != '\0')
	{
		size_t len = 1;
		char word[VA_INTAKE_WORD_MAX];

		while (isalpha((unsigned char) value[len]) &&
			   !(isupper((unsigned char) value[len]) && islower((unsigned char) value[len - 1])))
			len++;
		va_intake_word(value, len, word);
		for (const char *const *end = ends; *end != NULL; end++)
			if (strlen(word) >= strlen(*end) && strcmp(word + strlen(word) - strlen(*end), *end) == 0)
				return true;
		value += len;
	}
	return false;
}

/* ---- all of it ---- */

/* What the mapping says; the places that it gives to consent and refusal stay with their readers. */
static void
map_fields(Reader *reader, VaIntakeMapped *mapping, int mapped)
{
	int *column = reader->meaning->column;

	for (int field = 0; field < VA_LEAD_FIELDS; field++)
		column[field] = VA_CSV_UNMAPPED;
	for (int i = 0; i < mapped; i++)
	{
		int field = va_lead_field_by_name(mapping[i].key);

		mapping[i].place = mapping[i].header == NULL ? -1 : place_of(reader, mapping[i].header);
		/* What this request lacks is not asked of it. */
		if (field >= 0 && (mapping[i].place >= 0 || mapping[i].header == NULL))
			column[field] = mapping[i].place;
	}
}

/* The first number is the lead's. */
static void
put_number_first(int column[VA_LEAD_FIELDS])
{
	for (int n = 2; n <= VA_LEAD_NUMBERS && column[VA_LEAD_PHONE] < 0; n++)
	{
		column[VA_LEAD_PHONE] = column[VA_LEAD_NUMBER_FIELD(n)];
		column[VA_LEAD_NUMBER_FIELD(n)] = -1;
	}
}

bool
va_intake_understand(const VaIntakeField *fields, int count, VaIntakeMapped *mapping, int mapped, VaArena *arena,
	VaIntakeMeaning *meaning, const char **why)
{
	Reader reader = { .fields = fields, .count = count, .arena = arena, .phone = -1, .meaning = meaning };
	const char *number = NULL;
	int stop;
	int consent;

	memset(meaning, 0, sizeof(*meaning));
	for (int i = 0; i < count; i++)
		look_at(&reader, i);
	for (int i = 0; i < mapped; i++)
		if (mapping[i].header != NULL && va_lead_field_by_name(mapping[i].key) == VA_LEAD_PHONE)
			number = mapping[i].header;
	/* A whole path needs no guess. */
	for (int i = 0; i < count && number != NULL; i++)
		if (strcmp(fields[i].path, number) == 0 && strchr(number, '.') != NULL)
			reader.phone = i;
	if (reader.phone < 0 && !find_number(&reader, number, why))
		return false;
	map_fields(&reader, mapping, mapped);
	stop = meaning->column[VA_LEAD_DO_NOT_CALL];
	consent = meaning->column[VA_LEAD_CONSENT];
	meaning->column[VA_LEAD_DO_NOT_CALL] = meaning->column[VA_LEAD_CONSENT] = -1;
	guess_columns(&reader, meaning->column);
	put_number_first(meaning->column);
	for (int i = 0; i < count; i++)
	{
		meaning->names[i] = reader.seen[i].name != NULL ? reader.seen[i].name : fields[i].path;
		for (int k = 0; k < i; k++)
			if (meaning->names[k] != NULL && strcmp(meaning->names[k], meaning->names[i]) == 0)
				meaning->names[i] = fields[i].path;
		if (meaning->event == NULL && is_event(reader.seen[i].rest) && takes_away(fields[i].value))
			meaning->event = fields[i].value;
	}
	hear_person(&reader, stop, consent);
	return !arena->oom || va_refuse(why, "out of memory");
}
