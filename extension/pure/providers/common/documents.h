/*-------------------------------------------------------------------------
 * documents.h
 *		Documents in XML that tell a call what to do: what the drivers that
 *		speak so have in common.  Their elements differ in little but names.
 */
#ifndef VOICEAGENT_PURE_DOCUMENTS_H
#define VOICEAGENT_PURE_DOCUMENTS_H

#include "pure/text/xml.h"
#include "provider.h"

/* The answer's words, if it has any; element is what the carrier calls speaking. */
extern void va_document_speak(VaXml *xml, const char *element, const VaAnswer *answer);
/* How a carrier listens for one key while it speaks. */
typedef struct VaListening
{
	const char *element;		   /* around what is said */
	const char *wait;			   /* its attribute: seconds after that */
	const char *action;			   /* its attribute: where the key goes */
	const VaNamedText *attributes; /* the rest; ends with a name of NULL */
} VaListening;

/*
 * Opens the element that listens; the key pressed comes to the answer's
 * status_url, with "as" as the mark. false: why it cannot be.
 */
extern bool va_document_open_listening(
	VaXml *xml, const VaListening *listening, const VaAnswer *answer, VaArena *arena, const char **why);
/* VA_ANSWER_SAY and VA_ANSWER_PLAY as a whole; false: why they cannot be. */
extern bool va_document_say(VaXml *xml, const char *element, const VaListening *listening, const VaAnswer *answer,
	VaArena *arena, const char **why);
extern bool va_document_play(VaXml *xml, const char *element, const VaAnswer *answer, const char **why);
/* Opens the element that forwards, with its limits; false: why it cannot be forwarded. */
extern bool va_document_open_dial(
	VaXml *xml, const VaAnswer *answer, const char *caller_id, VaArena *arena, const char **why);
/* How a carrier's document says what an answer is to do. */
typedef struct VaDocumentParts
{
	const char *speak;
	bool (*words)(VaXml *xml, const VaAnswer *answer, VaArena *arena, const char **why); /* SAY, PLAY */
	bool (*stream)(VaXml *xml, const VaAnswer *answer, VaArena *arena, const char **why);
	bool (*dial)(VaXml *xml, const VaAnswer *answer, VaArena *arena, const char **why);
	const char *reject;		 /* the element of a call that is not taken */
	const char *rejected[2]; /* its attribute, or none */
} VaDocumentParts;

/* A whole answer; false: why it cannot be. */
extern bool va_document_answer(
	VaXml *xml, const VaDocumentParts *parts, const VaAnswer *answer, VaArena *arena, const char **why);
/* The document's body, NULL where there is none: then false. */
extern bool va_document_end(VaDocument *document, const char *body);
/*
 * Has the carrier come back when the call's socket has gone, if the answer says so: at once, and after that when the
 * process that talks has had time to begin again.  wait: the element that waits.
 */
extern void va_document_return(VaXml *xml, const char *wait, const VaAnswer *answer, VaArena *arena);

#endif /* VOICEAGENT_PURE_DOCUMENTS_H */
