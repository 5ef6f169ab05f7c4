/*-------------------------------------------------------------------------
 * documents.h
 *		Invoices as PDF.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_DOCUMENTS_H
#define VOICEAGENT_DOCUMENTS_H

/* Outside of a transaction: makes the next one that is wanted; false: there is none. */
extern bool va_make_document(void);

#endif /* VOICEAGENT_DOCUMENTS_H */
