/*-------------------------------------------------------------------------
 * xml.h
 *		Writing XML: small documents for carriers, always well-formed.
 *
 * Whatever text is given becomes text: markup is escaped, what XML 1.0 cannot
 * hold (controls, what is not UTF-8) becomes U+FFFD.  Names of elements and
 * attributes are the caller's own constants.  We read no XML.
 */
#ifndef VOICEAGENT_PURE_XML_H
#define VOICEAGENT_PURE_XML_H

#include "pure/memory.h"

#define VA_XML_DEPTH_MAX 8

/* Zero-initialised is empty; writes its declaration with the first element. */
typedef struct VaXml
{
	VaBuffer buffer;
	const char *open[VA_XML_DEPTH_MAX];
	int depth;
	bool in_tag; /* the latest start tag still takes attributes */
	bool misused;
} VaXml;

extern void va_xml_open(VaXml *xml, const char *element);
/* An attribute of the element just opened; a NULL value is left out. */
extern void va_xml_attribute(VaXml *xml, const char *name, const char *value);
extern void va_xml_text(VaXml *xml, const char *text);
extern void va_xml_close(VaXml *xml);
/* An element that holds a text only; a NULL text is an empty element. */
extern void va_xml_element(VaXml *xml, const char *element, const char *text);
/* Closes what is open; the document in the arena, or NULL: no memory, or misused.  xml is empty again. */
extern const char *va_xml_finish(VaXml *xml, VaArena *arena);
/* The same with a reason in *why; not good: what was to be written could not be, and *why says so already. */
extern const char *va_xml_document(VaXml *xml, VaArena *arena, bool good, const char **why);

#endif /* VOICEAGENT_PURE_XML_H */
