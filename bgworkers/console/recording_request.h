/*-------------------------------------------------------------------------
 * recording_request.h
 *		How a recording is asked for at its carrier.
 *
 * Between the processes api and web it is lines: 1 or 0 (whether the server may
 * be in our own network), the address, and headers, which may have the account's
 * credentials.  These never reach a page; who has sent it wipes it.
 */
#ifndef VOICEAGENT_CONSOLE_RECORDING_REQUEST_H
#define VOICEAGENT_CONSOLE_RECORDING_REQUEST_H

#include "postgres.h"

typedef struct VaRecording
{
	int64 tenant;				  /* the current one */
	int64 account;				  /* 0 = none that is known */
	const char *provider_call_id; /* or NULL */
	const char *url;			  /* as the carrier told it */
	bool private_host;
} VaRecording;

/*
 * The lines, in the current context and in a transaction.  The account's credentials are in them only where its driver says
 * that the address is the carrier's.  Raises PT409 where the recording cannot be asked for.
 */
extern char *va_recording_request(const VaRecording *recording);

#endif /* VOICEAGENT_CONSOLE_RECORDING_REQUEST_H */
