/*-------------------------------------------------------------------------
 * account.h
 *		What a worker must know of a provider account to talk to it.
 *
 * Accounts are read when first needed and forgotten at every reload and when
 * told so; the secret lies in this process's memory only while a request is
 * being built.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_ACCOUNT_H
#define VOICEAGENT_ACCOUNT_H

#include "postgres.h"

#include "pure/providers/provider.h"

typedef struct VaAccount
{
	const VaDialect *dialect;
	bool		sandbox;
	char	   *base_url;		/* NULL = the vendor's own */
	char	   *api_key;
	char	   *phone_number_id;	/* may be NULL */
	char	   *voicemail_detection;	/* may be NULL */
	char	   *credential_id;	/* the vendor's credential that signs webhooks; may be NULL */
	char	   *webhook_headers;	/* JSON object with the webhooks' secret; may be NULL */
	bool		private_host;	/* the platform allows base_url to lie in our own network */
	int64		endpoint_id;	/* 0 = it has none */
	char	   *webhook_url;	/* where its webhooks arrive; NULL = the gateway is not up yet */
} VaAccount;

/*
 * The account of the acting tenant, in the current memory context.  Inside a
 * transaction.  Raises when it is gone or its secret cannot be opened.
 */
extern VaAccount *va_account_load(int64 tenant_id, int64 provider_account_id);

/* Wipes the secret. */
extern void va_account_wipe(VaAccount *account);

#endif							/* VOICEAGENT_ACCOUNT_H */
