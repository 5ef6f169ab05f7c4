/*-------------------------------------------------------------------------
 * account.h
 *		A worker's view of a provider account, to talk to it.
 *
 * The secrets are in this process' memory only from the load, for one batch of
 * requests, to va_account_wipe().
 */
#ifndef VOICEAGENT_ACCOUNT_H
#define VOICEAGENT_ACCOUNT_H

#include "postgres.h"

#include "pure/providers/common/provider.h"
#include "worker.h"

typedef struct VaOpenAccount
{
	int64 tenant_id;
	const VaDriver *driver;
	bool sandbox;
	VaProviderAccount carrier; /* with its credentials */
	int weight;				   /* of its tenant's requests beside those of others; 0 = 1 */
	char *webhook_headers;	   /* JSON object with the webhooks' secret; may be NULL */
	bool private_host;		   /* the platform allows base_url to lie in our own network */
	int64 endpoint_id;		   /* 0 = it has none */
	char *webhook_url; /* where its webhooks arrive; NULL = the gateway is not up yet (sandbox), or has no public URL */
	char *problem;	   /* its secrets cannot be opened: why; nothing can be sent then */
} VaOpenAccount;

/*
 * The account of the current tenant, in the current memory context. Inside a
 * transaction. Raises when it is gone; a secret that cannot be opened fails
 * this account and no other.
 */
extern VaOpenAccount *va_account_load(int64 tenant_id, int64 provider_account_id);

/*
 * Hand a request of the driver to the worker's HTTP client; done is called
 * later, from the loop. begin_within_ms: how long it may wait for its turn (0 =
 * for ever); a request that waits longer ends with a result that says so;
 * nothing was sent. False: it was not accepted, err says why, done will not be
 * called.
 */
extern bool va_account_send(VaWorker *worker, const VaOpenAccount *account, const VaHttpRequest *request,
	int begin_within_ms, VaHttpDone done, void *ctx, char *err, size_t errlen);

/* A request as the client takes it, in memory of the arena, which is to be wiped; and the client's result as drivers read it. */
extern void va_http_call(const VaHttpRequest *request, VaArena *arena, VaHttpClientRequest *call);
extern void va_http_response(const VaHttpResult *result, VaHttpResponse *response);

/* ... with what the account asks for, in memory of the arena, which is to be wiped. */
extern void va_account_request(
	const VaOpenAccount *account, const VaHttpRequest *request, VaArena *arena, VaHttpClientRequest *call);

/*
 * The client's result as the drivers read it, with the settings that the account had when it was asked (they
 * stay the result's memory).
 */
extern void va_account_response(const VaHttpResult *result, VaHttpResponse *response);

/* Wipes the secrets. */
extern void va_account_wipe(VaOpenAccount *account);

#endif /* VOICEAGENT_ACCOUNT_H */
