/*-------------------------------------------------------------------------
 * documents.c
 *		Invoices as PDF (contract in exporter.h).
 *
 * One is claimed in a commit of its own, whose tries count: a text that ends
 * the process does so three times and no more.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/statement.h"
#include "exporter.h"
#include "runtime/worker.h"
#include "tenancy/log_redaction.h"

static VaStatement claim_statement = { "SELECT c.tenant_id, c.invoice_id, c.title, c.body, c.font, c.issued_at "
									   "FROM voiceagent_private.claim_document() AS c",
	0, { 0 }, NULL };
static VaStatement record_statement = { "SELECT voiceagent_private.record_document($1, $2, $3, $4, $5)", 5,
	{ INT8OID, INT8OID, BYTEAOID, TEXTOID, TEXTOID }, NULL };

typedef struct Document
{
	MemoryContext context; /* its texts outlive a transaction */
	int64 tenant_id;
	int64 invoice_id;
	VaPdfForm form;
	StringInfoData pdf;
	StringInfoData lacks;
	const char *problem;
} Document;

static char *
kept(const Document *document, char *text)
{
	return MemoryContextStrdup(document->context, pg_server_to_any(text, (int) strlen(text), PG_UTF8));
}

static void
claim(void *arg)
{
	Document *document = arg;

	if (va_execute(&claim_statement, NULL, NULL) == 0)
		return;
	document->tenant_id = va_column_int(0, "tenant_id", 0);
	document->invoice_id = va_column_int(0, "invoice_id", 0);
	document->form.title = kept(document, va_column_text(0, "title"));
	document->form.body = kept(document, va_column_text(0, "body"));
	document->form.font = kept(document, va_column_text(0, "font"));
	document->form.made_at = va_column_time(0, "issued_at");
}

static void
make(void *arg)
{
	Document *document = arg;

	document->problem = va_pdf_make(&document->form, &document->pdf, &document->lacks);
}

static void
record(void *arg)
{
	Document *document = arg;
	char *lacks = pg_any_to_server(document->lacks.data, document->lacks.len, PG_UTF8);
	bool good = document->problem == NULL;
	Datum values[5] = { Int64GetDatum(document->tenant_id), Int64GetDatum(document->invoice_id), 0,
		CStringGetTextDatum(lacks), 0 };
	char nulls[] = { ' ', ' ', good ? ' ' : 'n', lacks[0] != '\0' ? ' ' : 'n', good ? 'n' : ' ', '\0' };

	if (good)
		values[2] = PointerGetDatum(cstring_to_text_with_len(document->pdf.data, document->pdf.len));
	else
		values[4] = CStringGetTextDatum(document->problem);
	va_set_tenant(document->tenant_id);
	va_execute(&record_statement, values, nulls);
}

/* A unit of its own; false: what failed is in the log, and the claim's lease has it tried again. */
static bool
in_transaction(const char *what, void (*unit)(void *), Document *document)
{
	char sqlstate[6];
	char *message;
	bool done;

	va_begin(what);
	done = va_try(unit, document, sqlstate, &message);
	if (!va_try_commit(sqlstate, &message))
		done = false;
	if (!done)
		ereport(LOG, (errmsg("could not %s: %s: %s", what, sqlstate, va_mask_caught(message, sqlstate))));
	return done;
}

static void
finish(Document *document)
{
	char sqlstate[6];
	char *message;
	MemoryContext before = MemoryContextSwitchTo(document->context);

	initStringInfo(&document->pdf);
	initStringInfo(&document->lacks);
	(void) MemoryContextSwitchTo(before);
	if (!va_try_outside(make, document, sqlstate, &message))
		document->problem = message;
	if (document->problem != NULL)
		document->problem = MemoryContextStrdup(document->context, document->problem);
	(void) in_transaction("record an invoice's document", record, document);
}

bool
va_make_document(void)
{
	Document document = { .context = AllocSetContextCreate(
							  TopMemoryContext, "voiceagent document", ALLOCSET_DEFAULT_SIZES) };
	bool found = in_transaction("claim an invoice", claim, &document) && document.tenant_id != 0;

	if (found)
		finish(&document);
	MemoryContextDelete(document.context);
	return found;
}
