/*-------------------------------------------------------------------------
 * socket_watch.c
 *		Accounts whose socket no process listens on (contract in dialer.h).
 *
 * The process of the sockets may come up meanwhile, and open one. It publishes
 * that it listens before it records that a socket is open. So if a transaction
 * here holds the account's row and still finds no listener, that record comes
 * later, and waits for this transaction.
 */
#include "postgres.h"

#include "dialer.h"
#include "tenancy/log_redaction.h"
#include "pure/providers/common/provider.h"
#include "core/statement.h"
#include "runtime/worker.h"

#define PROVIDERS_MAX 64

static VaStatement accounts_statement = {
	"SELECT tenant_id, provider_account_id FROM voiceagent_private.socket_accounts($1)", 1, { TEXTARRAYOID }, NULL
};
static VaStatement closed_statement = { "SELECT voiceagent_private.socket_closed($1, 'nobody listens')", 1, { INT8OID },
	NULL };

typedef struct Unheard
{
	int64 tenant_id;
	int64 provider_account_id;
} Unheard;

Datum
va_socket_providers(void)
{
	const char *names[PROVIDERS_MAX];
	int n = 0;

	for (int i = 0; va_driver_at(i) != NULL && n < PROVIDERS_MAX; i++)
		if (va_driver_at(i)->socket_url != NULL)
			names[n++] = va_driver_at(i)->name;
	return va_array_of_text(names, n);
}

static Unheard *
list_accounts(int *n)
{
	Datum values[1] = { va_socket_providers() };
	Unheard *accounts;

	va_begin("look for accounts that nobody listens to");
	*n = (int) va_execute(&accounts_statement, values, NULL);
	accounts = MemoryContextAlloc(va_this_worker()->scratch, sizeof(Unheard) * Max(*n, 1));
	for (int i = 0; i < *n; i++)
	{
		accounts[i].tenant_id = va_column_int(i, "tenant_id", 0);
		accounts[i].provider_account_id = va_column_int(i, "provider_account_id", 0);
	}
	va_commit();
	return accounts;
}

static void
note_closed(void *arg)
{
	Unheard *account = arg;
	Datum values[1] = { Int64GetDatum(account->provider_account_id) };

	va_set_tenant(account->tenant_id);
	va_execute(&closed_statement, values, NULL);
}

/* False: its row is locked. */
static bool
silence(Unheard *account)
{
	char sqlstate[6];
	char *message;
	bool done;

	va_begin("note that a carrier cannot be heard");
	done = va_try(note_closed, account, sqlstate, &message);
	if (va_sockets_listen())
	{
		va_abort();
		return true;
	}
	va_commit();
	if (!done)
		ereport(LOG, (errmsg("could not note that provider account " INT64_FORMAT " cannot be heard: %s: %s",
						 account->provider_account_id, sqlstate, va_mask_caught(message, sqlstate))));
	return done;
}

void
va_silence_unheard(void)
{
	static bool silenced = false;
	Unheard *accounts;
	int n;
	bool done = true;

	if (va_sockets_listen())
		silenced = false;
	else if (!silenced)
	{
		accounts = list_accounts(&n);
		for (int i = 0; i < n && !va_sockets_listen(); i++)
			done = silence(&accounts[i]) && done;
		silenced = done;
	}
}
