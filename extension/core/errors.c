/*-------------------------------------------------------------------------
 * errors.c
 *		Shared by the messages of errors.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "errors.h"

/* Enough to see what it is. */
#define SHOWN_BYTES 60

char *
va_shown(const char *value)
{
	size_t len = strnlen(value, SHOWN_BYTES + 1);

	if (len <= SHOWN_BYTES)
		return pstrdup(value);
	return psprintf("%.*s...", pg_mbcliplen(value, (int) len, SHOWN_BYTES - 3), value);
}
