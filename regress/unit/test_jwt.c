/*
 * test_jwt.c
 *		Tokens: known vectors, round trips, and every way to be refused.
 */
#include "pure/jwt.h"

#include "pure/signature.h"
#include "tap.h"

#include <sodium.h>

#define NOW INT64_C(1700000000)
#define KEY ((const unsigned char *) "0123456789abcdef0123456789abcdef")
#define KEY_LEN 32

static const char *why;
static VaJwtClaims claims;

static bool
verify(const char *token, int64_t now)
{
	return va_jwt_verify_hs256(token, strlen(token), KEY, KEY_LEN, now, &claims, &why);
}

/* A token with any header and claims, signed rightly. */
static char *
forge(const char *header, const char *body)
{
	static char token[8192];
	unsigned char mac[VA_HMAC_MAX_LEN];
	size_t used;

	sodium_bin2base64(token, sizeof(token), (const unsigned char *) header, strlen(header),
					  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	used = strlen(token);
	token[used++] = '.';
	sodium_bin2base64(token + used, sizeof(token) - used, (const unsigned char *) body, strlen(body),
					  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	used += strlen(token + used);
	va_hmac(VA_HMAC_SHA256, KEY, KEY_LEN, token, used, mac);
	token[used++] = '.';
	sodium_bin2base64(token + used, sizeof(token) - used, mac, 32, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return token;
}

static void
refused(const char *header, const char *body, const char *reason)
{
	ok(!verify(forge(header, body), NOW), "refused: %s", reason);
	is_str(why, reason, "for that reason");
	ok(!claims.has_tenant && claims.tenant_id == 0 && claims.role[0] == '\0', "and no claim leaks");
}

static void
test_vectors(void)
{
	/* A vendor's: signed by another library with a key of 32 bytes. */
	static const char token[] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
								"eyJpYXQiOjE3MDAwMDAwMDAsImlzcyI6IlZvbmFnZSIsInBheWxvYWRfaGFzaCI6Ijg5NjRmYTZk"
								"OTdjNTNhZDI0MjkxNDljZWVlNjY1ZTM1ZDdmNmU0ODUxNjViM2FmNjkwYmZmODUwNTlmZDliNmYi"
								"LCJhcGlfa2V5IjoiYWJjZDEyMzQiLCJhcHBsaWNhdGlvbl9pZCI6ImFhYWFhYWFhLWJiYmItY2Nj"
								"Yy1kZGRkLTAxMjM0NTY3ODlhYiJ9.t-fXfnpuuC3pDA2yshvYM-4MvC9Uv1_mC_VaRB1P0ns";
	const unsigned char *key = (const unsigned char *) "vonage_signature_secret_32_chars";

	ok(va_jwt_verify_hs256(token, strlen(token), key, 32, NOW, &claims, &why), "a vendor's token");
	is_int(claims.iat, NOW, "its iat");
	ok(!claims.has_tenant && !claims.has_exp, "no other claim");
	ok(!va_jwt_verify_hs256(token, strlen(token), KEY, KEY_LEN, NOW, &claims, &why), "with another key");
	ok(!va_jwt_verify_hs256(token, strlen(token), key, 31, NOW, &claims, &why), "with a short key");
	is_str(why, "the signing key is too short", "says so");
	ok(!va_jwt_verify_hs256(token, strlen(token), key, 32, NOW - 61, &claims, &why), "issued in the future");
	ok(va_jwt_verify_hs256(token, strlen(token), key, 32, NOW - 60, &claims, &why), "within the leeway");
}

static void
test_round_trip(void)
{
	VaJwtClaims in = { .has_tenant = true,
					   .tenant_id = INT64_C(9007199254740993),
					   .role = "voiceagent_user",
					   .sub = "7",
					   .jti = "j",
					   .has_exp = true,
					   .exp = NOW + 60,
					   .iat = NOW };
	char *token = va_jwt_sign_hs256(&in, KEY, KEY_LEN, &why);
	bool all = true;

	ok(token != NULL && verify(token, NOW), "what is signed verifies");
	is_int(claims.tenant_id, in.tenant_id, "tenant, exact beyond 2^53");
	is_str(claims.role, in.role, "role");
	is_str(claims.sub, in.sub, "sub");
	is_str(claims.jti, in.jti, "jti");
	is_int(claims.exp, in.exp, "exp");
	ok(claims.has_exp && claims.has_tenant, "present");
	ok(verify(token, NOW + 59), "until its last second");
	ok(!verify(token, NOW + 60), "and not after");
	is_str(why, "the token has expired", "says so");
	for (size_t i = 0; i < strlen(token); i++)
	{
		char c = token[i];

		token[i] = c == 'A' ? 'B' : 'A';
		all = all && !verify(token, NOW);
		token[i] = c;
	}
	ok(all, "no single character can change");
	for (size_t i = 0; i < strlen(token); i++)
		all = all && !va_jwt_verify_hs256(token, i, KEY, KEY_LEN, NOW, &claims, &why);
	ok(all, "no prefix is a token");
	free(token);
	ok(va_jwt_sign_hs256(&in, KEY, 8, &why) == NULL, "no signing with a short key");
	strcpy(in.sub, "\xff\xfe");
	ok(va_jwt_sign_hs256(&in, KEY, KEY_LEN, &why) == NULL, "no signing of broken text");
}

static void
test_refused(void)
{
	static const char *const hs256 = "{\"alg\":\"HS256\"}";
	char huge[VA_JWT_MAX_LEN + 2];

	ok(verify(forge(hs256, "{\"tenant_id\":\"42\"}"), NOW) && claims.tenant_id == 42, "a tenant in digits");
	refused("{\"alg\":\"none\"}", "{\"tenant_id\":1}", "the token's algorithm is not HS256");
	refused("{\"alg\":\"hs256\"}", "{\"tenant_id\":1}", "the token's algorithm is not HS256");
	refused("{\"alg\":\"HS512\"}", "{\"tenant_id\":1}", "the token's algorithm is not HS256");
	refused("{}", "{\"tenant_id\":1}", "the token's algorithm is not HS256");
	refused("{\"alg\":\"HS256\",\"crit\":[\"b64\"]}", "{\"tenant_id\":1}",
			"the token has critical extensions that are not known");
	refused("{\"alg\":\"HS256\",\"alg\":\"HS256\"}", "{}", "the token's header is not a JSON object");
	refused("[]", "{}", "the token's header is not a JSON object");
	refused(hs256, "[]", "the token's claims are not a JSON object");
	refused(hs256, "{\"tenant_id\":1,\"tenant_id\":2}", "the token's claims are not a JSON object");
	refused(hs256, "{\"role\":\"a\\u0000b\",\"tenant_id\":1}", "the token's claims are not a JSON object");
	refused(hs256, "{\"role\":\"x\",\"tenant_id\":-1}", "the token's tenant_id is not a positive integer");
	refused(hs256, "{\"role\":\"x\",\"tenant_id\":1.5}", "the token's tenant_id is not a positive integer");
	refused(hs256, "{\"tenant_id\":\"1 \"}", "the token's tenant_id is not a positive integer");
	refused(hs256, "{\"tenant_id\":[1]}", "the token's tenant_id is not a positive integer");
	refused(hs256, "{\"exp\":\"soon\"}", "a time in the token is not a number of seconds");
	refused(hs256, "{\"exp\":1e300}", "a time in the token is not a number of seconds");
	refused(hs256, "{\"exp\":0}", "the token has expired");
	refused(hs256, "{\"nbf\":1700000061}", "the token is not valid yet");
	refused(hs256, "{\"role\":5}", "the token's role is not a text of less than 64 bytes");
	ok(!verify("", NOW) && !verify(".", NOW) && !verify("..", NOW) && !verify("a.b.c.d", NOW),
	   "not three parts");
	memset(huge, 'a', sizeof(huge));
	ok(!va_jwt_verify_hs256(huge, sizeof(huge), KEY, KEY_LEN, NOW, &claims, &why), "too long");
	is_str(why, "the token is too long", "says so");
}

int
main(void)
{
	test_vectors();
	test_round_trip();
	test_refused();
	return done_testing();
}
