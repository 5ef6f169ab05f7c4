/*-------------------------------------------------------------------------
 * documents.h
 *		Documents in XML that tell a call what to do: what the dialects that
 *		speak so have in common.  Their elements differ in little but names.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_DOCUMENTS_H
#define VOICEAGENT_PURE_DOCUMENTS_H

#include "../xml.h"
#include "provider.h"

/* The answer's words, if it has any; element is what the carrier calls speaking. */
extern void va_document_speak(VaXml *xml, const char *element, const VaAnswer *answer);
/* VA_ANSWER_SAY and VA_ANSWER_PLAY as a whole; false: why they cannot be. */
extern bool va_document_say(VaXml *xml, const char *element, const VaAnswer *answer, const char **why);
extern bool va_document_play(VaXml *xml, const char *element, const VaAnswer *answer, const char **why);
/* Opens the element that forwards, with its limits; false: why it cannot be forwarded. */
extern bool va_document_open_dial(VaXml *xml, const VaAnswer *answer, const char *caller_id, VaArena *arena,
								  const char **why);

#endif /* VOICEAGENT_PURE_DOCUMENTS_H */
