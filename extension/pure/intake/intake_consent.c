/*-------------------------------------------------------------------------
 * intake_consent.c
 *		A person's wish on calls and texts in the fields of a request.  See
 *		intake.h.
 */
#include "intake_internal.h"

#include <string.h>

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
	char word[VA_CSV_WORD_MAX];
	int ways = 0;
	char *at;

	(void) va_csv_reduce(text, len, word);
	at = strstr(word, "text");
	if ((va_csv_has_part(word, texts) && strcmp(word, "message") != 0) ||
		(at != NULL && !(at - word >= 3 && strncmp(at - 3, "con", 3) == 0)))
		ways |= TEXTS;
	at = strstr(word, "call");
	if ((at != NULL && at[4] != 'y') || strstr(word, "dial") != NULL ||
		((at = strstr(word, "voice")) != NULL && !(at - word >= 2 && strncmp(at - 2, "in", 2) == 0)) ||
		(ways == 0 && strstr(word, "phone") != NULL))
		ways |= CALLS;
	if (va_csv_has_part(word, others) || va_intake_is(word, wholes))
		ways |= OTHERS;
	return ways;
}

/* Values under these belong to somebody else. */
static bool
is_of_another(const char *rest)
{
	static const char *const others[] = { "user", "owner", "agent", "rep", "assign", "location", "company", "account",
		"organi", "referr", "emergency", "manager", "employee", "staff", "sender", "author", "creator", NULL };
	const char *dot;
	char word[VA_CSV_WORD_MAX];

	for (; (dot = strchr(rest, '.')) != NULL; rest = dot + 1)
	{
		(void) va_csv_reduce(rest, (size_t) (dot - rest), word);
		if (va_csv_has_part(word, others))
			return true;
	}
	return false;
}

/* A field that speaks of being called or written to. */
typedef struct Saying
{
	char last[VA_CSV_WORD_MAX]; /* the last segment that is no place in a list */
	bool in_list;				/* it is an element itself */
	bool refuses_itself;
	bool refuses;
	bool consents;
	bool may_consent; /* where it names a way */
	bool may_deny;
	int ways;
} Saying;

static const char *const consent_parts[] = { "consent", "optin", "optedin", "permission", "einwilligung", "authoriz",
	"tcpa", "iagree", NULL };
static const char *const may_consent_parts[] = { "subscri", "preference", "accept", "agree", NULL };
/* Only a no to these says anything. */
static const char *const may_deny_parts[] = { "allow", "okto", "okayto", "can", "may", "contact", "receiv", "market",
	"want", "wish", "permit", NULL };
static const char *const naming_ways[] = { "channel", "channels", "type", "medium", "method", "kind", "way", NULL };

static void
read_saying(const VaIntakeReader *reader, int place, Saying *saying)
{
	char beside[VA_CSV_WORD_MAX];

	memset(saying, 0, sizeof(*saying));
	for (const char *rest = reader->seen[place].rest;; rest++)
	{
		size_t len = strcspn(rest, ".");
		char word[VA_CSV_WORD_MAX];
		bool refuses;

		saying->in_list = va_intake_is_index(rest, len);
		(void) va_csv_reduce(rest, len, word);
		refuses = va_csv_refuses(word);
		if (!saying->in_list)
		{
			strcpy(saying->last, word);
			saying->refuses_itself = refuses;
			saying->refuses |= refuses;
			saying->consents |= va_csv_has_part(word, consent_parts);
			saying->may_consent |= va_csv_has_part(word, may_consent_parts);
			saying->may_deny |= va_csv_has_part(word, may_deny_parts);
			saying->ways |= ways_of(rest, len);
		}
		rest += len;
		if (*rest == '\0')
			break;
	}
	for (int i = 0; saying->ways == 0 && strchr(reader->seen[place].rest, '.') != NULL &&
					(i = va_intake_beside(reader, place, i, beside)) < reader->count;
		 i++)
		if (va_intake_is(beside, naming_ways))
			saying->ways = ways_of(reader->fields[i].value, strlen(reader->fields[i].value));
	/* A number's field, or another of ours, is no wish on calls. */
	if (reader->seen[place].name == NULL || va_lead_field_by_name(reader->seen[place].name) < 0)
		saying->may_consent |= saying->may_deny &&
							   va_lead_is_no(reader->fields[place].value, strlen(reader->fields[place].value));
	saying->consents |= saying->may_consent && (saying->ways & (CALLS | TEXTS)) != 0;
}

static bool
is_no_refusal(const char *value)
{
	static const char *const words[] = { "inactive", "disabled", "subscribed", "allowed", "null", NULL };
	char word[VA_CSV_WORD_MAX];

	(void) va_csv_reduce(value, strlen(value), word);
	return word[0] == '\0' || va_lead_is_no(value, strlen(value)) || va_intake_is(word, words);
}

static const char *const deciding[] = { "status", "value", "active", "enabled", "state", "flag", "answer", "on",
	"checked", "granted", "given", "all", "any", NULL };

/* Does something beside it in its object decide, or name the way? */
static bool
is_decided(const VaIntakeReader *reader, int place, bool *says_no)
{
	char word[VA_CSV_WORD_MAX];
	bool found = false;

	for (int i = 0; (i = va_intake_beside(reader, place, i, word)) < reader->count; i++)
	{
		const char *value = reader->fields[i].value;

		found |= va_intake_is(word, deciding) || va_intake_is(word, naming_ways) || ways_of(word, strlen(word)) != 0;
		*says_no |= (va_intake_is(word, deciding) && is_no_refusal(value)) ||
					(strcmp(word, "reason") == 0 && strcmp(value, "0") == 0);
	}
	return found;
}

/*
 * The ways that a field refuses; 0: none.  Any value but a plain no may be a
 * way of saying it, but a mere description of a refusal decided beside it
 * says nothing.
 */
static int
refused_ways(const VaIntakeReader *reader, int place, const Saying *saying)
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
hear_consent(VaIntakeReader *reader, int place, const Saying *saying, bool exact)
{
	static const char *const no_words[] = { "unchecked", "declined", "denied", "rejected", "disagree", "idonotagree",
		"notsubscribed", "unsubscribed", "disabled", "inactive", "never", NULL };
	static const char *const yes_words[] = { "subscribed", "optedin", "confirmed", "active", "enabled", NULL };
	VaIntakeMeaning *meaning = reader->meaning;
	const char *value = reader->fields[place].value;
	int ways = saying->ways;
	bool is_long = strlen(value) > 20;
	VaIntakeAnswer said = VA_INTAKE_UNCLEAR;
	char word[VA_CSV_WORD_MAX];

	(void) va_csv_reduce(value, strlen(value), word);
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

void
va_intake_hear(VaIntakeReader *reader, int stop, int consent)
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
		if (!saying.refuses && (exact || (saying.consents && consent != -1 && !reader->seen[i].event)))
			hear_consent(reader, i, &saying, exact);
	}
	if (meaning->text_stop != NULL)
		hear(&meaning->texts, VA_INTAKE_NO);
}
