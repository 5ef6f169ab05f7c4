/*-------------------------------------------------------------------------
 * client_document.h
 *		What a program says about itself at the address that is its client_id
 *		(client ID metadata documents), fetched before its request is answered.
 *
 * The process web calls all of it from its turn.
 */
#ifndef VOICEAGENT_CONSOLE_CLIENT_DOCUMENT_H
#define VOICEAGENT_CONSOLE_CLIENT_DOCUMENT_H

#include "postgres.h"

#include "caller.h"
#include "runtime/worker.h"

/* The longest document. */
#define VA_CLIENT_DOCUMENT_MAX 10240

extern void va_client_documents_open(VaWorker *worker);
extern void va_client_documents_close(void);

/*
 * https alone, no address of our own network, no redirect, five seconds.  Where there is none, the document is ''; it is
 * given with the request in the turn in which that is known.
 */
extern void va_client_document(VaHttpdRequest *request, const VaCaller *caller, const char *url,
	void (*found)(VaHttpdRequest *request, const char *document));

extern void va_client_documents_turn(void);

#endif /* VOICEAGENT_CONSOLE_CLIENT_DOCUMENT_H */
