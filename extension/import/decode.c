/*-------------------------------------------------------------------------
 * decode.c
 *		The encoding of a file, found from its bytes or set by its owner.
 *		No locks, no table is read.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "core/compat.h"
#include "core/errors.h"
#include "core/voiceagent.h"
#include "run.h"

PG_FUNCTION_INFO_V1(va_sql_encoding_name);

/*
 * The state of an encoding between two pieces: its name, with GIVEN when the
 * caller said so; OPEN when nothing but ASCII has come; NULL before the start.
 */
#define ENCODING_OPEN "?"
#define ENCODING_GIVEN '!'

void
va_import_take_encoding(VaImport *import, const char *state)
{
	import->encoding = VA_ENCODING_MORE;
	if (state == NULL)
		return;
	import->encoding_given = strchr(state, ENCODING_GIVEN) != NULL;
	import->encoding = strcmp(state, ENCODING_OPEN) == 0 ? VA_ENCODING_OPEN : va_encoding_by_name(state);
	if (import->encoding == VA_ENCODING_NONE)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("an import was given an unknown encoding")));
}

Datum
va_import_encoding_state(VaImport *import)
{
	if (import->encoding == VA_ENCODING_OPEN)
		return CStringGetTextDatum(ENCODING_OPEN);
	return CStringGetTextDatum(psprintf("%s%s", va_encoding_name(import->encoding), import->encoding_given ? "!" : ""));
}

bool
va_import_decode(VaImport *import, const char **data, size_t *len, bool last, const char **pending, size_t *pending_len)
{
	char *out;
	size_t used;
	size_t n;

	*pending = *data + *len;
	*pending_len = 0;
	if (import->encoding == VA_ENCODING_MORE)
		import->encoding = va_encoding_sniff(*data, *len, last);
	if (import->encoding == VA_ENCODING_MORE)
	{
		*pending = *data;
		*pending_len = *len;
		*len = 0;
		return false;
	}
	if (import->encoding == VA_ENCODING_UTF32)
		ereport(ERROR,
			(errcode(VA_ERRCODE_INVALID), errmsg("the file is in UTF-32"), errhint("Save it as \"CSV UTF-8\".")));
	if (import->encoding != VA_ENCODING_UTF16LE && import->encoding != VA_ENCODING_UTF16BE)
		return true;
	out = MemoryContextAllocHuge(import->run, VA_UTF16_ROOM(*len));
	n = va_utf16_to_utf8(import->encoding, *data, *len, last, out, &used);
	*pending = *data + used;
	*pending_len = *len - used;
	*data = out;
	*len = n;
	return true;
}

/* encoding_name(encoding): as it is shown; NULL if there is none such. */
Datum
va_sql_encoding_name(PG_FUNCTION_ARGS)
{
	VA_RETURN_TEXT(va_encoding_name(va_encoding_by_name(text_to_cstring(PG_GETARG_TEXT_PP(0)))));
}
