/*-------------------------------------------------------------------------
 * entrance.c
 *		Whose socket is it?
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "core/statement.h"
#include "core/voiceagent.h"
#include "media/call/line.h"
#include "owner.h"
#include "runtime/transaction.h"

/* Sockets of all tenants that wait for the start of their stream. */
#define WAITING_MAX 128
/* Strangers that are judged in a turn; the next one judges the others. */
#define JUDGED_MAX 64
/* Beyond it all are forgotten, and found anew. */
#define TOKENS_MAX 10000

static VaStatement tokens_statement = {
	"SELECT r.token, r.provider, r.tenant_id FROM voiceagent_private.endpoint_routes r WHERE r.token = ANY ($1)", 1,
	{ TEXTARRAYOID }, NULL
};

typedef struct KnownToken
{
	char token[VA_TOKEN_MAX]; /* hash key */
	const VaDialect *dialect;
	int64 owner;
} KnownToken;

static HTAB *tokens = NULL;
static int64 refused[VA_REFUSED_REASONS];

void
va_entrance_refuse(VaRefused why)
{
	refused[why]++;
}

const char *
va_entrance_refused(const VaSocketServer *server)
{
	return psprintf("{\"strangers\": " INT64_FORMAT ", \"path\": " INT64_FORMAT ", \"token\": " INT64_FORMAT
					", \"waiting\": " INT64_FORMAT ", \"call\": " INT64_FORMAT ", \"late\": " INT64_FORMAT
					", \"fast\": " INT64_FORMAT "}",
		server == NULL ? 0 : va_socket_server_crowded_out(server), refused[VA_REFUSED_PATH], refused[VA_REFUSED_TOKEN],
		refused[VA_REFUSED_WAITING], refused[VA_REFUSED_SESSION], refused[VA_REFUSED_LATE], refused[VA_REFUSED_FAST]);
}

/* Whose an address is; 0: it is not known here. */
static int64
owner_of(const VaAddress *address)
{
	const KnownToken *known = tokens == NULL ? NULL : hash_search(tokens, address->token, HASH_FIND, NULL);

	return known != NULL && known->dialect == address->dialect ? known->owner : 0;
}

int64_t
va_entrance_judge(const char *path, const char *query)
{
	VaAddress address;
	int64 owner;

	if (!va_address_read(&address, path, query))
	{
		refused[VA_REFUSED_PATH]++;
		return -1;
	}
	owner = owner_of(&address);
	/* One that was never armed may be by now. */
	if (owner == 0 || owner == VA_NEVER_ARMED)
		return 0;
	if (va_share_take(VA_SHARE_WAITING, owner, WAITING_MAX))
		return owner;
	refused[VA_REFUSED_WAITING]++;
	return -1;
}

void
va_entrance_left(int64_t owner)
{
	va_share_give(VA_SHARE_WAITING, owner);
}

static void
know_tokens(int n)
{
	KnownToken *found[JUDGED_MAX];
	int64 tenants[JUDGED_MAX];
	int nfound = 0;
	HASHCTL info = { .keysize = VA_TOKEN_MAX, .entrysize = sizeof(KnownToken), .hcxt = TopMemoryContext };

	if (tokens != NULL && hash_get_num_entries(tokens) + n > TOKENS_MAX)
	{
		hash_destroy(tokens);
		tokens = NULL;
	}
	if (tokens == NULL)
		tokens = hash_create("tokens of sockets", 256, &info, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	for (int i = 0; i < n; i++)
	{
		const char *token = va_column_text(i, "token");
		const VaDialect *dialect = va_dialect(va_column_text(i, "provider"));
		KnownToken *known;

		if (strlen(token) >= VA_TOKEN_MAX || dialect == NULL)
			continue;
		known = hash_search(tokens, token, HASH_ENTER, NULL);
		known->dialect = dialect;
		known->owner = VA_NEVER_ARMED;
		tenants[nfound] = va_column_int(i, "tenant_id", 0);
		found[nfound++] = known;
	}
	for (int i = 0; i < nfound; i++)
		found[i]->owner = va_media_owner(tenants[i]);
	va_set_tenant(0);
}

static void
judge(VaMediaCall *call, int64_t unix_ms)
{
	call->owner = owner_of(&call->address);
	call->proven = call->owner != 0 && va_share_take(VA_SHARE_WAITING, call->owner, WAITING_MAX);
	if (call->proven)
	{
		va_socket_proven(call->socket);
		return;
	}
	va_entrance_refuse(call->owner == 0 ? VA_REFUSED_TOKEN : VA_REFUSED_WAITING);
	call->refusal_kept = true; /* it has reached no call */
	va_call_end(call, "no account has this address, or its tenant's sockets are too many");
}

void
va_entrance_turn(VaMediaCall *calls, int64_t unix_ms)
{
	VaMediaCall *judged[JUDGED_MAX];
	Datum names[JUDGED_MAX];
	Datum values[1];
	int n = 0;

	for (VaMediaCall *call = calls; call != NULL && n < JUDGED_MAX; call = call->next)
		if (!call->proven && call->talk.state != VA_TALK_OVER)
		{
			names[n] = CStringGetTextDatum(call->address.token);
			judged[n++] = call;
		}
	if (n == 0)
		return;
	values[0] = PointerGetDatum(construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT));
	va_begin("look whose sockets these are");
	know_tokens((int) va_execute(&tokens_statement, values, NULL));
	va_commit();
	for (int i = 0; i < n; i++)
		judge(judged[i], unix_ms);
}
