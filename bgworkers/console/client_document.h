/*-------------------------------------------------------------------------
 * client_document.h
 *		What is fetched before a request is answered: what a program says about
 *		itself at the address that is its client_id (client ID metadata
 *		documents), and the steps of a login at a provider.
 *
 * The process web calls all of it from its turn.
 */
#ifndef VOICEAGENT_CONSOLE_CLIENT_DOCUMENT_H
#define VOICEAGENT_CONSOLE_CLIENT_DOCUMENT_H

#include "postgres.h"

#include "caller.h"
#include "runtime/worker.h"

/* The longest document of a program; of a provider, which names all its keys. */
#define VA_CLIENT_DOCUMENT_MAX 10240
#define VA_DOCUMENT_MAX (64 * 1024)

typedef struct VaDocumentAsk
{
	const char *url;
	const char *form;		   /* that is posted there; NULL: a GET */
	const char *authorization; /* a header; NULL: none */
	bool private_host;		   /* the platform allows this host of our own network */
	size_t longest;
	const char *carry; /* comes back with the document; "" = nothing */
	void (*found)(VaHttpdRequest *request, const char *document, const char *carry);
} VaDocumentAsk;

extern void va_client_documents_open(VaWorker *worker);
extern void va_client_documents_close(void);

/*
 * https alone and no address of our own network, where that is not allowed; no redirect, five seconds.  Where there is
 * none, the document is ''; it is given with the request in the turn in which that is known.
 */
extern void va_client_document(VaHttpdRequest *request, const VaCaller *caller, const VaDocumentAsk *ask);

extern void va_client_documents_turn(void);

#endif /* VOICEAGENT_CONSOLE_CLIENT_DOCUMENT_H */
