/*
 * test_answer_mask.c
 *		A secret is blotted out of an answer in every form that servers give it.
 */
#include "pure/auth/answer_mask.h"

#include "tap.h"

#include <stdlib.h>

#define KEY "KEY01/ab+c=\"d\nnext"

static void
masks(VaAnswerMask *mask, const char *text, const char *wanted, const char *name)
{
	char *copy = strdup(text);

	copy[va_mask_apply(mask, copy, strlen(copy))] = '\0';
	is_str(copy, wanted, "%s", name);
	free(copy);
}

static void
test_forms(void)
{
	VaAnswerMask *mask = va_mask_make();

	ok(!va_mask_needed(mask), "nothing to blot out");
	ok(va_mask_secret(mask, NULL) && va_mask_secret(mask, "short") && !va_mask_needed(mask), "what is short is no secret");
	ok(va_mask_secret(mask, KEY) && va_mask_needed(mask), "a secret");
	masks(mask, "a" KEY "b" KEY, "a****b****", "as it is");
	masks(mask, "{\"e\": \"KEY01\\/ab+c=\\\"d\\nnext\"}", "{\"e\": \"****\"}", "in JSON");
	masks(mask, "\\u004bEY01/ab\\u002Bc=\\u0022d\\nnext!", "****!" , "in JSON of another hand");
	masks(mask, "?k=KEY01%2Fab%2bc%3D%22d%0Anext&", "?k=****&", "in a URL");
	masks(mask, "S0VZMDEvYWIrYz0iZApuZXh0", "****", "in base64");
	masks(mask, "KEY01/ab+c=\"d\nnex", "KEY01/ab+c=\"d\nnex", "a part of it is not it");
	masks(mask, "\\KEY01/ab+c=\"d\nnext", "****", "a backslash before it goes, too");
	va_mask_free(mask);
}

static void
test_headers(void)
{
	VaAnswerMask *mask = va_mask_make();

	ok(va_mask_header(mask, "Content-Type: application/json") && va_mask_header(mask, "Idempotency-Key: 123456789") &&
		!va_mask_needed(mask), "headers without a secret");
	ok(va_mask_header(mask, "Authorization: Bearer abc.def.ghi") && va_mask_header(mask, "x-api-key:sk-other-1") &&
		va_mask_header(mask, "authorization: Basic QUMxMjM0NTY6aHVudGVyMg=="), "headers with one");
	masks(mask, "Bearer abc.def.ghi, sk-other-1", "Bearer ****, ****", "are known");
	masks(mask, "AC123456 hunter2 QUMxMjM0NTY6aHVudGVyMg==", "AC123456 **** ****", "also the password, not the name");
	va_mask_free(mask);
	ok(va_mask_is_secret("api_key") && va_mask_is_secret("auth_token") && va_mask_is_secret("private_key") && va_mask_is_secret("password"), "what is secret");
	ok(!va_mask_is_secret("account_sid") && !va_mask_is_secret("auth_id") && !va_mask_is_secret("public_key") && !va_mask_is_secret("username"), "... and what is not");
}

static void
test_controls(void)
{
	char text[] = "a\x01" "b\\u0007c\\u000ad\\\\u0007e\r\n\t\x7f";

	va_mask_controls(text, sizeof(text) - 1);
	is_str(text, "a b      c\\u000ad\\\\u0007e\r\n\t ", "control characters become blanks");
}

int
main(void)
{
	test_forms();
	test_headers();
	test_controls();
	return done_testing();
}
