/*-------------------------------------------------------------------------
 * tools.h
 *		Tools of an assistant while it talks.
 */
#ifndef VOICEAGENT_TOOLS_H
#define VOICEAGENT_TOOLS_H

/* A JSON array of {"name", "description", "parameters" (a JSON Schema)}; static. */
extern const char *va_tools_json(void);

#endif /* VOICEAGENT_TOOLS_H */
