/*-------------------------------------------------------------------------
 * form.h
 *		Bodies and queries of the type application/x-www-form-urlencoded, and
 *		bodies of multipart/form-data.
 *
 * Read as browsers and the vendors' own libraries do: pieces between "&",
 * empty ones left out, a name without "=" has an empty value, "+" is a blank,
 * a "%" that begins no byte is itself.  Names may repeat and keep their order.
 * Invalid UTF-8 becomes U+FFFD.
 */
#ifndef VOICEAGENT_PURE_FORM_H
#define VOICEAGENT_PURE_FORM_H

#include "pure/memory.h"

#define VA_FORM_FIELDS_MAX 256

typedef struct VaFormField
{
	const char *name; /* both end with a NUL that is not counted */
	const char *value;
	size_t name_len;
	size_t value_len;
} VaFormField;

typedef struct VaForm
{
	int count;
	VaFormField *fields;
} VaForm;

/*
 * nuls: a NUL stays, for signatures; else it becomes U+FFFD, so that the texts
 * can be used as such.  False: too many fields, or no memory; *why is static.
 */
extern bool va_form_read(const void *body, size_t len, bool nuls, VaArena *arena, VaForm *form, const char **why);

/* A body of multipart/form-data, whose boundary is the first line; what the last one does not end is left out.  NULs as without nuls. */
extern bool va_form_read_parts(const void *body, size_t len, VaArena *arena, VaForm *form, const char **why);

/* The value of the first field of that name when it is not empty, else NULL. */
extern const char *va_form_value(const VaForm *form, const char *name);

/* By name, and values of one name by value; in the order of JavaScript's sort(), which is that of UTF-16. */
extern void va_form_sort(VaForm *form);

/* All names and values together, for who writes them behind each other. */
extern size_t va_form_size(const VaForm *form);
/* Name, what is between (if it is no NUL), and value; gives where the next goes. */
extern char *va_form_write(char *to, const VaFormField *field, char between);

#endif /* VOICEAGENT_PURE_FORM_H */
