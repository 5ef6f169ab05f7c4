/*-------------------------------------------------------------------------
 * kept_speech.c
 *		Sentences whose sound is kept: a list, what was used last at its head.
 */
#include "kept_speech.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

static VaKeptSound *kept = NULL;

void
va_kept_key(VaKeptKey *key, int64_t tenant_id, const char *const *parts, int nparts)
{
	crypto_generichash_state state;

	memset(key, 0, sizeof(*key));
	key->tenant_id = tenant_id;
	crypto_generichash_init(&state, NULL, 0, sizeof(key->hash));
	for (int i = 0; i < nparts; i++)
	{
		/* The NUL, too: no two parts run into each other. */
		const char *part = parts[i] != NULL ? parts[i] : "";

		crypto_generichash_update(&state, (const unsigned char *) part, strlen(part) + 1);
	}
	crypto_generichash_final(&state, key->hash, sizeof(key->hash));
}

static bool
same_key(const VaKeptKey *a, const VaKeptKey *b)
{
	return a->tenant_id == b->tenant_id && memcmp(a->hash, b->hash, sizeof(a->hash)) == 0;
}

static VaKeptSound *
find(const VaKeptKey *key)
{
	for (VaKeptSound **at = &kept; *at != NULL; at = &(*at)->next)
	{
		VaKeptSound *found = *at;

		if (!same_key(&found->key, key))
			continue;
		*at = found->next;
		found->next = kept;
		kept = found;
		return found;
	}
	return NULL;
}

VaKeptSound *
va_kept_hold(const VaKeptKey *key)
{
	VaKeptSound *found = find(key);

	if (found != NULL)
		found->holders++;
	return found;
}

void
va_kept_release(VaKeptSound *sound)
{
	if (sound != NULL && --sound->holders == 0)
		free(sound);
}

/* The head that fits into both shares stays. */
static void
shed(int64_t tenant_id)
{
	size_t all = 0;
	size_t of_tenant = 0;
	VaKeptSound **at = &kept;

	while (*at != NULL)
	{
		VaKeptSound *one = *at;
		bool own = one->key.tenant_id == tenant_id;

		if (all + one->n <= VA_KEPT_SAMPLES_ALL && (!own || of_tenant + one->n <= VA_KEPT_SAMPLES_TENANT))
		{
			all += one->n;
			of_tenant += own ? one->n : 0;
			at = &one->next;
			continue;
		}
		*at = one->next;
		va_kept_release(one);
	}
}

void
va_kept_add(const VaKeptKey *key, const int16_t *samples, size_t n)
{
	VaKeptSound *added;

	if (n == 0 || n > VA_KEPT_SAMPLES_TENANT || find(key) != NULL)
		return;
	added = malloc(sizeof(*added) + n * sizeof(*samples));
	if (added == NULL)
		return;
	added->key = *key;
	added->holders = 1;
	added->n = n;
	memcpy(added->samples, samples, n * sizeof(*samples));
	added->next = kept;
	kept = added;
	shed(key->tenant_id);
}

void
va_kept_forget_all(void)
{
	VaKeptSound *next;

	for (VaKeptSound *one = kept; one != NULL; one = next)
	{
		next = one->next;
		va_kept_release(one);
	}
	kept = NULL;
}
