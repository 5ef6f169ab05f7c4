/*-------------------------------------------------------------------------
 * answer_mask.c
 *		An answer says none of the secrets that its request carried (contract in
 *		answer_mask.h).
 *
 * Rather than to list how a secret can be written, the text is read unit by
 * unit, and each byte of the secret may stand there in any of its forms.
 */
#include "answer_mask.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mac.h"

/* Shorter than any secret. */
#define MASKED "****"
#define SECRETS_MAX 64

struct VaAnswerMask
{
	char *secrets[SECRETS_MAX];
	int n;
};

/* ----- what is secret ----- */

VaAnswerMask *
va_mask_make(void)
{
	return calloc(1, sizeof(VaAnswerMask));
}

static void
wipe(char *text)
{
	volatile char *p = text;

	while (p != NULL && *p != '\0')
		*p++ = '\0';
	free(text);
}

void
va_mask_free(VaAnswerMask *mask)
{
	for (int i = 0; mask != NULL && i < mask->n; i++)
		wipe(mask->secrets[i]);
	free(mask);
}

/* The longest first: a shorter one that is a part of it would leave its rest. */
static bool
add(VaAnswerMask *mask, const char *secret, size_t length)
{
	int at = mask->n;

	if (length < VA_MASK_SECRET_MIN || mask->n == SECRETS_MAX)
		return true;
	for (int i = 0; i < mask->n; i++)
		if (strlen(mask->secrets[i]) == length && memcmp(mask->secrets[i], secret, length) == 0)
			return true;
	while (at > 0 && strlen(mask->secrets[at - 1]) < length)
	{
		mask->secrets[at] = mask->secrets[at - 1];
		at--;
	}
	mask->secrets[at] = strndup(secret, length);
	if (mask->secrets[at] == NULL)
	{
		memmove(&mask->secrets[at], &mask->secrets[at + 1], sizeof(char *) * (size_t) (mask->n - at));
		return false;
	}
	mask->n++;
	return true;
}

static bool
add_base64(VaAnswerMask *mask, const char *secret, size_t length)
{
	char *text = malloc(length / 3 * 4 + 8);
	size_t n;
	bool added;

	if (text == NULL)
		return false;
	n = va_base64_encode(secret, length, text);
	text[n] = '\0';
	while (n > 0 && text[n - 1] == '=')
		text[--n] = '\0';
	added = add(mask, text, n);
	for (size_t i = 0; i < n; i++)
		text[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
	added = add(mask, text, n) && added;
	wipe(text);
	return added;
}

bool
va_mask_secret(VaAnswerMask *mask, const char *secret)
{
	size_t length = secret != NULL ? strlen(secret) : 0;

	while (length > 0 && (unsigned char) secret[length - 1] <= ' ')
		length--;
	if (length < VA_MASK_SECRET_MIN)
		return true;
	return add(mask, secret, length) && add_base64(mask, secret, length);
}

/* "user:password" in base64: the name may be an id that the answer is about. */
static bool
add_basic(VaAnswerMask *mask, const char *token)
{
	size_t length = strlen(token);
	unsigned char *plain = calloc(1, length + 1);
	size_t n = 0;
	char *colon;
	bool added = plain != NULL;

	if (plain != NULL && va_base64_decode(token, length, plain, length, &n))
	{
		plain[n] = '\0';
		colon = memchr(plain, ':', n);
		added = colon == NULL || va_mask_secret(mask, colon + 1);
	}
	wipe((char *) plain);
	return added;
}

bool
va_mask_is_secret(const char *name)
{
	static const char *const parts[] = { "key", "secret", "token", "password", "auth" };

	if (strcasestr(name, "public") != NULL || strcasestr(name, "idempotency") != NULL ||
		(strlen(name) > 3 && strcasecmp(name + strlen(name) - 3, "_id") == 0))
		return false;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcasestr(name, parts[i]) != NULL)
			return true;
	return false;
}

bool
va_mask_header(VaAnswerMask *mask, const char *line)
{
	const char *colon = strchr(line, ':');
	char name[64];
	const char *value;
	const char *blank;

	if (colon == NULL || (size_t) (colon - line) >= sizeof(name))
		return true;
	memcpy(name, line, (size_t) (colon - line));
	name[colon - line] = '\0';
	if (!va_mask_is_secret(name))
		return true;
	value = colon + 1 + strspn(colon + 1, " \t");
	blank = strcasestr(name, "authorization") != NULL ? strchr(value, ' ') : NULL;
	if (blank == NULL)
		return va_mask_secret(mask, value);
	blank += strspn(blank, " ");
	return va_mask_secret(mask, blank) && (strncasecmp(value, "basic ", 6) != 0 || add_basic(mask, blank));
}

bool
va_mask_needed(const VaAnswerMask *mask)
{
	return mask != NULL && mask->n > 0;
}

/* ----- where it stands ----- */

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int
hex_byte(const char *p)
{
	int high = hex_digit(p[0]);
	int low = hex_digit(p[1]);

	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* The byte that an escape at p means, and the escape's length; -1: there is none. */
static int
read_escape(const char *p, size_t left, size_t *length)
{
	static const char letters[] = "nrtbf";
	static const char meant[] = "\n\r\t\b\f";
	const char *letter;

	if (left >= 3 && p[0] == '%')
	{
		*length = 3;
		return hex_byte(p + 1);
	}
	if (left < 2 || p[0] != '\\')
		return -1;
	if (p[1] == 'u')
	{
		*length = 6;
		return left >= 6 && p[2] == '0' && p[3] == '0' ? hex_byte(p + 4) : -1;
	}
	*length = 2;
	letter = p[1] != '\0' ? strchr(letters, p[1]) : NULL;
	return letter != NULL ? (unsigned char) meant[letter - letters] : (unsigned char) p[1];
}

/* How many bytes of the text are the secret; 0: none. */
static size_t
match(const char *text, size_t left, const char *secret)
{
	size_t used = 0;

	for (; *secret != '\0'; secret++)
	{
		size_t length = 1;

		if (used == left)
			return 0;
		if (read_escape(text + used, left - used, &length) != (unsigned char) *secret)
		{
			if (text[used] != *secret)
				return 0;
			length = 1;
		}
		used += length;
	}
	return used;
}

/* A backslash that would then escape the mask goes with it. */
static size_t
open_backslash(const char *text, size_t at)
{
	size_t n = 0;

	while (n < at && text[at - 1 - n] == '\\')
		n++;
	return n % 2;
}

static size_t
mask_one(const char *secret, char *text, size_t length)
{
	size_t out = 0;

	for (size_t at = 0; at < length;)
	{
		size_t found = match(text + at, length - at, secret);

		if (found == 0)
		{
			text[out++] = text[at++];
			continue;
		}
		out -= open_backslash(text, out);
		memcpy(text + out, MASKED, sizeof(MASKED) - 1);
		out += sizeof(MASKED) - 1;
		at += found;
	}
	return out;
}

size_t
va_mask_apply(const VaAnswerMask *mask, char *text, size_t length)
{
	for (int i = 0; mask != NULL && i < mask->n; i++)
		length = mask_one(mask->secrets[i], text, length);
	return length;
}

void
va_mask_controls(char *text, size_t length)
{
	for (size_t at = 0; at < length; at++)
	{
		unsigned char c = (unsigned char) text[at];
		size_t escape = 1;
		int meant = c == '\\' ? read_escape(text + at, length - at, &escape) : c;

		if (c == '\\' && escape != 6)
			at++;
		else if (meant >= 0 && (meant < 0x20 || meant == 0x7f) && meant != '\t' && meant != '\n' && meant != '\r')
		{
			memset(text + at, ' ', escape);
			at += escape - 1;
		}
	}
}
