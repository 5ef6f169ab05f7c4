/*-------------------------------------------------------------------------
 * pattern.c
 *		Regular expressions that a backend compiles once.
 *
 * PostgreSQL keeps the 32 expressions used last.  Reading when somebody wants
 * to be called again takes some two hundred, so there each use is a compilation
 * anew, which costs a hundred times what the match does.  These functions are
 * PostgreSQL's own regular expressions, flags i and g, with a cache that holds
 * all of ours: matches() is ~, captures() regexp_match(), replaced()
 * regexp_replace() and parts() regexp_split_to_array().
 *
 * The patterns are constants of the install script, never a tenant's words: no
 * user may call these functions, so nobody fills the cache.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/ilist.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "regex/regex.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "compat.h"
#include "errors.h"

/* Beyond these the one that was used longest ago goes. */
#define MAX_PATTERNS 512
/* The whole and nine groups: what a replacement may refer to. */
#define MAX_GROUPS 10

/* Two patterns may have one key; the text decides. */
typedef struct PatternKey
{
	uint32 hash;
	uint32 length;
	int flags;
	Oid collation;
} PatternKey;

/* Lives in a context of its own, which is also that of its compiled form from 16 on. */
typedef struct Pattern
{
	dlist_node used;
	PatternKey key;
	MemoryContext context;
	MemoryContextCallback release;
	char *text;
	regex_t re;
} Pattern;

typedef struct PatternEntry
{
	PatternKey key;
	Pattern *pattern;
} PatternEntry;

/* A text to look in, as the expressions want it. */
typedef struct Subject
{
	pg_wchar *wide;
	int length;
} Subject;

typedef struct Flags
{
	int compile;
	bool global;
} Flags;

static MemoryContext cache_context;
static HTAB *patterns;
/* The one that was used last comes first. */
static dlist_head by_use = DLIST_STATIC_INIT(by_use);
static int64 compiled;

PG_FUNCTION_INFO_V1(va_sql_matches);
PG_FUNCTION_INFO_V1(va_sql_captures);
PG_FUNCTION_INFO_V1(va_sql_replaced);
PG_FUNCTION_INFO_V1(va_sql_parts);
PG_FUNCTION_INFO_V1(va_sql_pattern_cache);

static Flags
read_flags(const text *flags)
{
	Flags result = { REG_ADVANCED, false };
	const char *letters = VARDATA_ANY(flags);

	for (size_t i = 0; i < VARSIZE_ANY_EXHDR(flags); i++)
	{
		if (letters[i] == 'i')
			result.compile |= REG_ICASE;
		else if (letters[i] == 'g')
			result.global = true;
		else
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							   errmsg("invalid flags \"%s\" of a pattern", va_shown(text_to_cstring(flags))),
							   errdetail("Known are i (ignore case) and g (each match).")));
	}
	return result;
}

static Subject
widen(const char *data, int length)
{
	Subject result;

	result.wide = palloc((length + 1) * sizeof(pg_wchar));
	result.length = pg_mb2wchar_with_len(data, result.wide, length);
	return result;
}

/* REG_CANCEL, on 15, means that an interrupt is pending. */
VA_NORETURN static void
raise_failure(const regex_t *re, int failure)
{
	char message[100];

	CHECK_FOR_INTERRUPTS();
	pg_regerror(failure, re, message, sizeof(message));
	ereport(ERROR, (errcode(ERRCODE_INVALID_REGULAR_EXPRESSION), errmsg("regular expression failed: %s", message)));
}

/* 15 compiles into memory of malloc(), which no context frees. */
static void
release_pattern(void *arg)
{
	pg_regfree(&((Pattern *) arg)->re);
}

static Pattern *
compile_pattern(const PatternKey *key, const char *source)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "voiceagent pattern", ALLOCSET_SMALL_SIZES);
	MemoryContext before = CurrentMemoryContext;
	Subject wide = widen(source, key->length);
	Pattern *pattern;
	int failure;

	/* From 16 on an interrupt leaves from within: the context goes with the caller's then. */
	MemoryContextSwitchTo(context);
	pattern = palloc0(sizeof(Pattern));
	pattern->key = *key;
	pattern->context = context;
	pattern->text = pnstrdup(source, key->length);
	failure = pg_regcomp(&pattern->re, wide.wide, wide.length, key->flags, key->collation);
	MemoryContextSwitchTo(before);
	if (failure != REG_OKAY)
		raise_failure(&pattern->re, failure);
	pattern->release.func = release_pattern;
	pattern->release.arg = pattern;
	MemoryContextRegisterResetCallback(context, &pattern->release);
	pfree(wide.wide);
	compiled++;
	return pattern;
}

static void
forget_pattern(Pattern *pattern)
{
	hash_search(patterns, &pattern->key, HASH_REMOVE, NULL);
	dlist_delete(&pattern->used);
	MemoryContextDelete(pattern->context);
}

static void
make_cache(void)
{
	HASHCTL control = { .keysize = sizeof(PatternKey), .entrysize = sizeof(PatternEntry) };

	cache_context = AllocSetContextCreate(TopMemoryContext, "voiceagent patterns", ALLOCSET_SMALL_SIZES);
	control.hcxt = cache_context;
	patterns = hash_create("voiceagent patterns", MAX_PATTERNS, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static Pattern *
find_pattern(const text *source, int flags, Oid collation)
{
	PatternKey key;
	PatternEntry *entry;
	Pattern *pattern;
	const char *data = VARDATA_ANY(source);

	if (patterns == NULL)
		make_cache();
	memset(&key, 0, sizeof(key));
	key.length = VARSIZE_ANY_EXHDR(source);
	key.hash = hash_bytes((const unsigned char *) data, key.length);
	key.flags = flags;
	key.collation = collation;
	entry = hash_search(patterns, &key, HASH_FIND, NULL);
	if (entry != NULL && memcmp(entry->pattern->text, data, key.length) == 0)
	{
		dlist_move_head(&by_use, &entry->pattern->used);
		return entry->pattern;
	}
	if (entry != NULL)
		forget_pattern(entry->pattern);
	pattern = compile_pattern(&key, data);
	if (hash_get_num_entries(patterns) >= MAX_PATTERNS)
		forget_pattern(dlist_tail_element(Pattern, used, &by_use));
	entry = hash_search(patterns, &key, HASH_ENTER, NULL);
	/* Nothing from here on raises: an entry always has its pattern. */
	entry->pattern = pattern;
	MemoryContextSetParent(pattern->context, cache_context);
	dlist_push_head(&by_use, &pattern->used);
	return pattern;
}

/* Whether there is a match at or behind the place "from", and where. */
static bool
find_match(Pattern *pattern, const Subject *subject, int from, int groups, regmatch_t *match)
{
	int found = pg_regexec(&pattern->re, subject->wide, subject->length, from, NULL, groups, match, 0);

	if (found != REG_OKAY && found != REG_NOMATCH)
		raise_failure(&pattern->re, found);
	return found == REG_OKAY;
}

static void
append_wide(StringInfo out, const Subject *subject, int from, int to)
{
	if (to <= from)
		return;
	enlargeStringInfo(out, (to - from) * pg_database_encoding_max_length() + 1);
	out->len += pg_wchar2mb_with_len(subject->wide + from, out->data + out->len, to - from);
}

static text *
wide_text(const Subject *subject, int from, int to)
{
	StringInfoData out;

	initStringInfo(&out);
	append_wide(&out, subject, from, to);
	return cstring_to_text_with_len(out.data, out.len);
}

Datum
va_sql_matches(PG_FUNCTION_ARGS)
{
	text *said = PG_GETARG_TEXT_PP(0);
	Flags flags = read_flags(PG_GETARG_TEXT_PP(2));
	Pattern *pattern = find_pattern(PG_GETARG_TEXT_PP(1), flags.compile | REG_NOSUB, PG_GET_COLLATION());
	Subject subject = widen(VARDATA_ANY(said), VARSIZE_ANY_EXHDR(said));
	bool found = find_match(pattern, &subject, 0, 0, NULL);

	pfree(subject.wide);
	PG_RETURN_BOOL(found);
}

Datum
va_sql_captures(PG_FUNCTION_ARGS)
{
	text *said = PG_GETARG_TEXT_PP(0);
	Flags flags = read_flags(PG_GETARG_TEXT_PP(2));
	Pattern *pattern = find_pattern(PG_GETARG_TEXT_PP(1), flags.compile, PG_GET_COLLATION());
	Subject subject = widen(VARDATA_ANY(said), VARSIZE_ANY_EXHDR(said));
	/* Without groups the whole is the only one. */
	int groups = pattern->re.re_nsub > 0 ? pattern->re.re_nsub : 1;
	int first = pattern->re.re_nsub > 0 ? 1 : 0;
	regmatch_t *match = palloc((groups + 1) * sizeof(regmatch_t));
	Datum *values = palloc(groups * sizeof(Datum));
	bool *nulls = palloc(groups * sizeof(bool));
	int lower = 1;

	if (!find_match(pattern, &subject, 0, groups + first, match))
		PG_RETURN_NULL();
	for (int i = 0; i < groups; i++)
	{
		regmatch_t *group = &match[i + first];

		nulls[i] = group->rm_so < 0 || group->rm_eo < 0;
		values[i] = nulls[i] ? (Datum) 0 : PointerGetDatum(wide_text(&subject, group->rm_so, group->rm_eo));
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(values, nulls, 1, &groups, &lower, TEXTOID, -1, false, TYPALIGN_INT));
}

/* \1 to \9 and \& stand for what was found, \\ for itself; any other backslash is one. */
static void
append_replacement(StringInfo out, const text *replacement, const Subject *subject, const regmatch_t *match)
{
	const char *p = VARDATA_ANY(replacement);
	const char *end = p + VARSIZE_ANY_EXHDR(replacement);

	while (p < end)
	{
		int group = -1;

		if (*p != '\\' || p + 1 == end)
		{
			appendStringInfoCharMacro(out, *p++);
			continue;
		}
		if (p[1] >= '1' && p[1] <= '9')
			group = p[1] - '0';
		else if (p[1] == '&')
			group = 0;
		else
		{
			appendStringInfoCharMacro(out, '\\');
			p += p[1] == '\\' ? 2 : 1;
			continue;
		}
		p += 2;
		if (match[group].rm_so >= 0)
			append_wide(out, subject, match[group].rm_so, match[group].rm_eo);
	}
}

Datum
va_sql_replaced(PG_FUNCTION_ARGS)
{
	text *said = PG_GETARG_TEXT_PP(0);
	text *replacement = PG_GETARG_TEXT_PP(2);
	Flags flags = read_flags(PG_GETARG_TEXT_PP(3));
	/* Finding groups is work of its own, for a replacement that names some. */
	bool names = memchr(VARDATA_ANY(replacement), '\\', VARSIZE_ANY_EXHDR(replacement)) != NULL;
	int groups = names ? MAX_GROUPS : 1;
	Pattern *pattern = find_pattern(PG_GETARG_TEXT_PP(1), flags.compile | (names ? 0 : REG_NOSUB), PG_GET_COLLATION());
	Subject subject = widen(VARDATA_ANY(said), VARSIZE_ANY_EXHDR(said));
	regmatch_t match[MAX_GROUPS];
	StringInfoData out;
	int copied = 0;
	int from = 0;

	if (!find_match(pattern, &subject, 0, groups, match))
		PG_RETURN_TEXT_P(said);
	initStringInfo(&out);
	do
	{
		CHECK_FOR_INTERRUPTS();
		append_wide(&out, &subject, copied, match[0].rm_so);
		append_replacement(&out, replacement, &subject, match);
		copied = match[0].rm_eo;
		/* Behind an empty match the search goes on one letter later. */
		from = match[0].rm_so == match[0].rm_eo ? copied + 1 : copied;
	} while (flags.global && from <= subject.length && find_match(pattern, &subject, from, groups, match));
	append_wide(&out, &subject, copied, subject.length);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

Datum
va_sql_parts(PG_FUNCTION_ARGS)
{
	text *said = PG_GETARG_TEXT_PP(0);
	Flags flags = read_flags(PG_GETARG_TEXT_PP(2));
	Pattern *pattern = find_pattern(PG_GETARG_TEXT_PP(1), flags.compile | REG_NOSUB, PG_GET_COLLATION());
	Subject subject = widen(VARDATA_ANY(said), VARSIZE_ANY_EXHDR(said));
	ArrayBuildState *parts = initArrayResult(TEXTOID, CurrentMemoryContext, false);
	regmatch_t match[1];
	int copied = 0;
	int from = 0;

	while (from <= subject.length && find_match(pattern, &subject, from, 1, match))
	{
		CHECK_FOR_INTERRUPTS();
		/* An empty match parts nothing at an end of the text, nor right behind another one. */
		if (match[0].rm_so < subject.length && match[0].rm_eo > copied)
		{
			parts = accumArrayResult(parts, PointerGetDatum(wide_text(&subject, copied, match[0].rm_so)), false,
				TEXTOID, CurrentMemoryContext);
			copied = match[0].rm_eo;
		}
		from = match[0].rm_so == match[0].rm_eo ? match[0].rm_eo + 1 : match[0].rm_eo;
	}
	parts = accumArrayResult(
		parts, PointerGetDatum(wide_text(&subject, copied, subject.length)), false, TEXTOID, CurrentMemoryContext);
	PG_RETURN_DATUM(makeArrayResult(parts, CurrentMemoryContext));
}

/* How many this backend has compiled so far, and how many it holds. */
Datum
va_sql_pattern_cache(PG_FUNCTION_ARGS)
{
	TupleDesc desc;
	Datum values[2];
	bool nulls[2] = { false, false };

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = Int64GetDatum(compiled);
	values[1] = Int32GetDatum(patterns == NULL ? 0 : hash_get_num_entries(patterns));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
