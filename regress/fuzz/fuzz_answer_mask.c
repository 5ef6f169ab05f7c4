/*
 * fuzz_answer_mask.c
 *		Any secret and any answer: the secret is gone.
 */
#include "pure/auth/answer_mask.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says how long the secret is; the rest is the answer, with the secret once more behind it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	VaAnswerMask *mask;
	char secret[256] = { 0 };
	char *answer;
	size_t n;
	size_t length;

	if (size < 1 || size < (size_t) data[0] + 1)
		return 0;
	memcpy(secret, data + 1, data[0]);
	n = strlen(secret);
	answer = malloc(size + n + 1);
	memcpy(answer, data + 1, size - 1);
	memcpy(answer + size - 1, secret, n);
	mask = va_mask_make();
	if (!va_mask_secret(mask, secret) || !va_mask_header(mask, secret))
		abort();
	length = va_mask_apply(mask, answer, size - 1 + n);
	if (n >= VA_MASK_SECRET_MIN && (unsigned char) secret[n - 1] > ' ' && strstr(secret, "****") == NULL &&
		memmem(answer, length, secret, n) != NULL)
		abort();
	va_mask_controls(answer, length);
	va_mask_free(mask);
	free(answer);
	return 0;
}
