/*-------------------------------------------------------------------------
 * address.c
 *		Where a carrier opens the socket of a call: whose account, which call.
 */
#include "address.h"

#include <string.h>

static bool
copy_word(char *to, size_t size, const char *from, size_t len)
{
	if (len == 0 || len >= size)
		return false;
	memcpy(to, from, len);
	to[len] = '\0';
	return true;
}

/* What a query says of a name; "": nothing that fits. */
static void
read_parameter(const char *query, const char *name, char *value, size_t size)
{
	size_t len = strlen(name);

	value[0] = '\0';
	for (const char *at = query; at != NULL && value[0] == '\0'; at = strchr(at, '&'))
	{
		at += at[0] == '&';
		if (strncmp(at, name, len) == 0 && at[len] == '=')
			(void) copy_word(value, size, at + len + 1, strcspn(at + len + 1, "&"));
	}
}

/* /voice/stream/CALL?token=TOKEN&carrier=DIALECT */
static bool
read_stream_path(VaAddress *address, const char *rest, const char *query)
{
	char dialect[20];

	read_parameter(query, "carrier", dialect, sizeof(dialect));
	read_parameter(query, "token", address->token, sizeof(address->token));
	address->dialect = va_dialect(dialect);
	if (address->dialect == NULL || address->token[0] == '\0' || strchr(rest, '/') != NULL)
		return false;
	return copy_word(address->reference, sizeof(address->reference), rest, strlen(rest));
}

/* /media/DIALECT/TOKEN/CALL, where the call is our reference of it, or the carrier's id of one that comes in; Exotel's query has it, too. */
bool
va_address_read(VaAddress *address, const char *path, const char *query)
{
	static const char prefix[] = "/media/";
	static const char stream[] = "/voice/stream/";
	char dialect[20];
	const char *at = path;
	size_t len;

	if (strncmp(at, stream, strlen(stream)) == 0)
		return read_stream_path(address, at + strlen(stream), query);
	if (strncmp(at, prefix, strlen(prefix)) != 0)
		return false;
	at += strlen(prefix);
	len = strcspn(at, "/");
	if (!copy_word(dialect, sizeof(dialect), at, len) || at[len] != '/')
		return false;
	address->dialect = va_dialect(dialect);
	if (address->dialect == NULL)
		return false;
	at += len + 1;
	len = strcspn(at, "/");
	if (!copy_word(address->token, sizeof(address->token), at, len))
		return false;
	at += len;
	if (at[0] == '/')
		return strchr(at + 1, '/') == NULL &&
			   copy_word(address->reference, sizeof(address->reference), at + 1, strlen(at + 1));
	read_parameter(query, "attempt", address->reference, sizeof(address->reference));
	return true;
}
