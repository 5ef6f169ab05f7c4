/*
 * test_jwt.c
 *		Tokens: known vectors, round trips, and every way to be refused.
 */
#include "pure/auth/jwt.h"

#include "pure/auth/signature.h"
#include "tap.h"

#include <sodium.h>
#include <stdlib.h>

#define NOW INT64_C(1700000000)
#define KEY ((const unsigned char *) "0123456789abcdef0123456789abcdef")
#define KEY_LEN 32
#define HERE "voiceagent:7000000000000000001:16384"
#define ELSEWHERE "voiceagent:7000000000000000001:16385"

static const char *why;
static VaJwtClaims claims;

/* Under one HS256 secret, as a file with nothing else gives it. */
static bool
verify_under(const char *token, size_t len, const unsigned char *secret, size_t secret_len, int64_t now)
{
	VaJwtKeys keys = { .n = 1 };

	return va_jwt_key_hs256(&keys.key[0], secret, secret_len) && va_jwt_verify(token, len, &keys, now, NULL, &claims, &why);
}

static bool
verify(const char *token, int64_t now)
{
	return verify_under(token, strlen(token), KEY, KEY_LEN, now);
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

	ok(verify_under(token, strlen(token), key, 32, NOW), "a vendor's token");
	is_int(claims.iat, NOW, "its iat");
	ok(!claims.has_tenant && !claims.has_exp, "no other claim");
	ok(!verify(token, NOW), "with another key");
	ok(!verify_under(token, strlen(token), key, 31, NOW), "with a short key");
	ok(!verify_under(token, strlen(token), key, 32, NOW - 61), "issued in the future");
	ok(verify_under(token, strlen(token), key, 32, NOW - 60), "within the leeway");
}

static void
test_round_trip(void)
{
	VaJwtClaims in = { .has_tenant = true,
					   .tenant_id = INT64_C(9007199254740993),
					   .member_id = 3,
					   .session_version = 5,
					   .role = "voiceagent_user",
					   .sub = "7",
					   .jti = "j",
					   .has_exp = true,
					   .exp = NOW + 60,
					   .iat = NOW };
	VaJwtKey key;
	char *token;
	bool all = true;

	ok(va_jwt_key_hs256(&key, KEY, KEY_LEN), "a secret is a key");
	token = va_jwt_sign(&in, &key, &why);

	ok(token != NULL && verify(token, NOW), "what is signed verifies");
	is_int(claims.tenant_id, in.tenant_id, "tenant, exact beyond 2^53");
	is_int(claims.session_version, in.session_version, "session_version");
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
		all = all && !verify_under(token, i, KEY, KEY_LEN, NOW);
	ok(all, "no prefix is a token");
	free(token);
	strcpy(in.sub, "\xff\xfe");
	ok(va_jwt_sign(&in, &key, &why) == NULL, "no signing of broken text");
	key.can_sign = false;
	strcpy(in.sub, "x");
	ok(va_jwt_sign(&in, &key, &why) == NULL, "no signing with a key that is not for it");
	ok(!va_jwt_key_hs256(&key, KEY, 31), "no key of 31 bytes");
}

static void
test_refused(void)
{
	static const char *const hs256 = "{\"alg\":\"HS256\"}";
	char huge[VA_JWT_MAX_LEN + 2];

	ok(verify(forge(hs256, "{\"tenant_id\":\"42\"}"), NOW) && claims.tenant_id == 42, "a tenant in digits");
	refused("{\"alg\":\"none\"}", "{\"tenant_id\":1}", "the token's algorithm is neither HS256 nor EdDSA");
	refused("{\"alg\":\"hs256\"}", "{\"tenant_id\":1}", "the token's algorithm is neither HS256 nor EdDSA");
	refused("{\"alg\":\"HS512\"}", "{\"tenant_id\":1}", "the token's algorithm is neither HS256 nor EdDSA");
	refused("{}", "{\"tenant_id\":1}", "the token's algorithm is neither HS256 nor EdDSA");
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
	refused(hs256, "{\"sub\":7}", "the token's subject is not a text of less than 128 bytes");
	refused(hs256, "{\"jti\":\"0123456789012345678901234567890123456789012345678901234567890123\"}",
			"the token's jti is not a text of less than 64 bytes");
	refused(hs256, "{\"member_id\":0}", "the token's member_id is not a positive integer");
	refused(hs256, "{\"member_id\":\"x\"}", "the token's member_id is not a positive integer");
	refused(hs256, "{\"session_version\":-1}", "the token's session_version is not a positive integer");
	refused(hs256, "{\"member_role\":[]}", "the token's member_role is not a text of less than 32 bytes");
	refused("{\"alg\":\"HS256\",\"kid\":1}", "{}", "the token's kid is not a text of less than 64 bytes");
	ok(!verify("", NOW) && !verify(".", NOW) && !verify("..", NOW) && !verify("a.b.c.d", NOW),
	   "not three parts");
	memset(huge, 'a', sizeof(huge));
	ok(!verify_under(huge, sizeof(huge), KEY, KEY_LEN, NOW), "too long");
	is_str(why, "the token is too long", "says so");
}

/* ----- keys by name, and Ed25519 ----- */

#define X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" /* RFC 8037, appendix A */
#define D "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
#define K "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY" /* KEY */

static VaJwtKeys keys;
static char problem[200];

static bool
read_keys(const char *text)
{
	return va_jwt_read_keys((const unsigned char *) text, strlen(text), &keys, problem, sizeof(problem));
}

static void
no_keys(const char *text, const char *reason)
{
	static const VaJwtKeys none;

	ok(!read_keys(text), "refused: %s", reason);
	is_str(problem, reason, "for that reason");
	ok(memcmp(&keys, &none, sizeof(none)) == 0, "and nothing is left of it");
}

static bool
holds(const char *token)
{
	return va_jwt_verify(token, strlen(token), &keys, NOW, NULL, &claims, &why);
}

static char *
signed_for(int64_t tenant, const VaJwtKey *key)
{
	VaJwtClaims in = { .has_tenant = true, .tenant_id = tenant, .has_exp = true, .exp = NOW + 60 };

	return va_jwt_sign(&in, key, &why);
}

static void
test_rfc8037(void)
{
	static const char token[] = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
								"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvp"
								"Ar_MuM0KAg";
	char other[sizeof(token)];

	ok(read_keys("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X "\"}]}"), "the public key of RFC 8037");
	ok(va_jwt_signing_key(&keys) == NULL, "cannot sign");
	/* Its payload is a sentence, so the claims are the first thing that can be wrong. */
	ok(!holds(token), "the token of RFC 8037");
	is_str(why, "the token's claims are not a JSON object", "has the signature of its key");
	strcpy(other, token);
	other[sizeof("eyJhbGciOiJFZERTQSJ9.")] ^= 1;
	ok(!holds(other), "with another payload");
	is_str(why, "the token's signature does not match", "it has not");
	ok(read_keys("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X "\",\"d\":\"" D "\"}]}"),
	   "and its private half");
	ok(va_jwt_signing_key(&keys) == &keys.key[0], "which signs");
}

static void
test_kid(void)
{
	VaJwtKeys old;
	char *plain;
	char *ed;
	char *hs;

	ok(read_keys(K "and some more") && keys.n == 1 && keys.key[0].len == sizeof(K "and some more") - 1,
	   "a file with a secret is one key");
	plain = signed_for(7, &keys.key[0]);
	ok(read_keys("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"new\",\"x\":\"" X "\",\"d\":\"" D
				 "\"},{\"kty\":\"oct\",\"kid\":\"old\",\"k\":\"" K "\"}]}"),
	   "a new key before the old");
	old = keys;
	is_str(va_jwt_signing_key(&keys)->kid, "new", "the first signs");
	ed = signed_for(7, &keys.key[0]);
	hs = signed_for(7, &keys.key[1]);
	ok(strncmp(ed, "eyJhbGciOiJFZERTQSIsImtpZCI6Im5ldyIsInR5cCI6IkpXVCJ9.", 53) == 0, "its tokens name it");
	ok(holds(ed) && claims.tenant_id == 7, "a token of the new key");
	ok(holds(hs) && claims.tenant_id == 7, "and one of the old");
	ok(!holds(plain), "but none of a third");
	is_str(why, "the token's signature does not match", "says so");
	ok(holds(forge("{\"alg\":\"HS256\"}", "{\"tenant_id\":3}")) && claims.tenant_id == 3, "without a kid: by any key");

	keys.n = 1;
	ok(!holds(hs), "retired");
	is_str(why, "the token's key is not known (any more)", "says so");
	keys = old;
	keys.key[0] = old.key[1];
	keys.n = 1;
	ok(!holds(ed), "the other way round");
	keys.key[0].kid[0] = '\0';
	ok(holds(hs), "a key without a kid takes a token with one");
	free(plain);
	free(ed);
	free(hs);
}

/* The bytes of a public key are no secret: whoever signs with them as with one gets nowhere. */
static void
test_confusion(void)
{
	VaJwtKeys public_only;
	VaJwtKey confused;
	char *token;

	ok(read_keys("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"a\",\"x\":\"" X "\"}]}"), "a public key");
	public_only = keys;
	ok(va_jwt_key_hs256(&confused, keys.key[0].public_key, VA_JWT_PUBLIC_LEN), "its bytes as a secret");
	strcpy(confused.kid, "a");
	token = signed_for(1, &confused);
	ok(!holds(token), "HS256 with a public key");
	is_str(why, "the token's algorithm is not that of its key", "is refused");
	free(token);
	confused.kid[0] = '\0';
	token = signed_for(1, &confused);
	ok(!holds(token), "and without a kid");
	free(token);
	ok(!holds("eyJhbGciOiJub25lIn0.eyJ0ZW5hbnRfaWQiOjF9."), "alg none");
	is_str(why, "the token's algorithm is neither HS256 nor EdDSA", "is refused");
	ok(read_keys("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"" K "\"}]}"), "a secret");
	/* {"alg":"EdDSA","kid":"a"} over the right MAC. */
	ok(!holds(forge("{\"alg\":\"EdDSA\",\"kid\":\"a\"}", "{\"tenant_id\":1}")), "a MAC as an Ed25519 signature");
	is_str(why, "the token's algorithm is not that of its key", "is refused");
	keys = public_only;
	memset(keys.key[0].public_key, 0, VA_JWT_PUBLIC_LEN);
	ok(!holds("eyJhbGciOiJFZERTQSJ9.e30."
			  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
	   "a key of low order proves nothing");
}

static void
test_tenants_key(void)
{
	VaJwtClaims staff = { .has_tenant = true, .tenant_id = 42, .has_exp = true, .exp = NOW + 60, .sub = "staff 4 (owner)" };
	char *token;

	ok(read_keys("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"crm\",\"tenant_id\":42,\"k\":\"" K "\"}]}"), "a tenant's own key");
	ok(va_jwt_signing_key(&keys) == NULL, "we do not sign with it");
	keys.key[0].can_sign = true;
	token = signed_for(42, &keys.key[0]);
	ok(holds(token), "it speaks for its tenant");
	free(token);
	token = signed_for(43, &keys.key[0]);
	ok(!holds(token) && !claims.has_tenant, "and for no other");
	is_str(why, "the token's key is another tenant's", "says so");
	free(token);
	token = va_jwt_sign(&staff, &keys.key[0], &why);
	ok(!holds(token), "nor in the name of the platform's staff");
	free(token);
}

/* Tenants of two databases have the same numbers: a token is for one of them. */
static void
test_audience(void)
{
	VaJwtClaims in = { .has_tenant = true, .tenant_id = 1, .has_exp = true, .exp = NOW + 60, .aud = HERE };
	static const char for_other[] = "{\"tenant_id\":1,\"aud\":\"" ELSEWHERE "\"}";
	static const char for_none[] = "{\"tenant_id\":1,\"aud\":\"authenticated\"}";
	static const struct
	{
		const char *body;
		const char *ours;	/* why it is refused under a key that signs */
		const char *others; /* and under one that verifies only; NULL = it is not */
	} test[] = {
		{"{\"aud\":\"" HERE "\"}", NULL, NULL},
		{"{\"aud\":[\"x\",\"" ELSEWHERE "\",\"" HERE "\"]}", NULL, NULL},
		{"{}", "the token does not say for which database it is (aud)", NULL},
		{"{\"aud\":[]}", "the token does not say for which database it is (aud)", NULL},
		{"{\"aud\":\"authenticated\"}", "the token does not say for which database it is (aud)", NULL},
		{"{\"aud\":[\"x\",\"" ELSEWHERE "\"]}", "the token is for another database", "the token is for another database"},
		{"{\"aud\":\"" ELSEWHERE "\"}", "the token is for another database", "the token is for another database"},
		{"{\"aud\":\"" HERE "0\"}", "the token is for another database", "the token is for another database"},
		{"{\"aud\":[7]}", "the token's aud is neither a text nor a list of texts", "the token's aud is neither a text nor a list of texts"},
		{"{\"aud\":{}}", "the token's aud is neither a text nor a list of texts", "the token's aud is neither a text nor a list of texts"},
	};
	char *token;

	memset(&keys, 0, sizeof(keys));
	keys.n = 1;
	ok(va_jwt_key_hs256(&keys.key[0], KEY, KEY_LEN), "a secret");
	token = va_jwt_sign(&in, &keys.key[0], &why);
	ok(va_jwt_verify(token, strlen(token), &keys, NOW, HERE, &claims, &why), "a token is good in its database");
	is_str(claims.aud, HERE, "which it names");
	ok(!va_jwt_verify(token, strlen(token), &keys, NOW, ELSEWHERE, &claims, &why) && !claims.has_tenant,
	   "and in no other");
	free(token);
	for (size_t i = 0; i < sizeof(test) / sizeof(test[0]); i++)
	{
		token = forge("{\"alg\":\"HS256\"}", test[i].body);
		keys.key[0].can_sign = true;
		ok(va_jwt_verify(token, strlen(token), &keys, NOW, HERE, &claims, &why) == (test[i].ours == NULL), "%s under a key that signs", test[i].body);
		is_str(why == NULL ? "good" : why, test[i].ours == NULL ? "good" : test[i].ours, "for that reason");
		keys.key[0].can_sign = false;
		ok(va_jwt_verify(token, strlen(token), &keys, NOW, HERE, &claims, &why) == (test[i].others == NULL), "... under one that only verifies");
		is_str(why == NULL ? "good" : why, test[i].others == NULL ? "good" : test[i].others, "for that reason");
	}
	ok(!va_jwt_read_claims(for_other, strlen(for_other), HERE, &claims, &why) && !claims.has_tenant, "claims of a token for another database");
	ok(va_jwt_read_claims(for_none, strlen(for_none), HERE, &claims, &why), "claims of another issuer's for something else");

	ok(read_keys("{\"keys\":[{\"kty\":\"oct\",\"aud\":\"" ELSEWHERE "\",\"k\":\"" K "\"}]}"), "a key of another database's");
	ok(va_jwt_signing_key(&keys) == NULL && va_jwt_has_bound_key(&keys), "is bound, and we do not sign with it");
	keys.key[0].can_sign = true;
	token = va_jwt_sign(&in, &keys.key[0], &why);
	ok(!va_jwt_verify(token, strlen(token), &keys, NOW, HERE, &claims, &why), "whatever its tokens say");
	is_str(why, "the token's key is another database's", "says so");
	free(token);
}

/* The token that a proxy has looked at stands in the request's headers. */
static void
test_bearer(void)
{
	static const char *const none[] = {"", "{}", "[]", "{\"authorization\":7}", "{\"authorization\":\"Basic eDp5\"}",
		"{\"authorization\":\"Bearer a\",\"authorization\":\"Bearer b\"}"};
	static const char one[] = "{\"accept\":\"*\",\"authorization\":\"bearer  a.b.c\"}";
	char token[VA_JWT_MAX_LEN + 1];
	char big[VA_JWT_MAX_LEN + 100];

	ok(va_jwt_read_bearer(one, strlen(one), token), "a bearer's token");
	is_str(token, "a.b.c", "is read");
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		ok(!va_jwt_read_bearer(none[i], strlen(none[i]), token), "none in %s", none[i]);
	snprintf(big, sizeof(big), "{\"authorization\":\"Bearer %0*d\"}", VA_JWT_MAX_LEN + 1, 1);
	ok(!va_jwt_read_bearer(big, strlen(big), token), "none that is too long");
}

static void
test_key_files(void)
{
	no_keys("", "The secret has 0 bytes; it must have 32 to 1024.");
	no_keys("31 bytes are not enough for it\n\n", "The secret has 31 bytes; it must have 32 to 1024.");
	no_keys("{", "It begins with a brace, but is not JSON.");
	no_keys("{}", "It begins with a brace, but is not a JWK set: an object with \"keys\".");
	no_keys("{\"keys\":[]}", "It begins with a brace, but is not a JWK set: an object with \"keys\".");
	no_keys("{\"keys\":[1]}", "Key 1 is not an object.");
	no_keys("{\"keys\":[{\"kty\":\"RSA\"}]}", "Key 1 is neither \"oct\" (HS256) nor \"OKP\" (Ed25519).");
	no_keys("{\"keys\":[{\"kty\":\"oct\",\"k\":\"" K "\"},{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}]}",
			"Key 2 has a secret of 5 bytes; at least 32 are needed.");
	no_keys("{\"keys\":[{\"kty\":\"oct\"}]}", "Key 1 has a secret of 0 bytes; at least 32 are needed.");
	no_keys("{\"keys\":[{\"kty\":\"oct\",\"k\":\"" K "=\"}]}", "Key 1 has a \"k\" that is not base64url of at most 1024 bytes.");
	no_keys("{\"keys\":[{\"kty\":\"oct\",\"alg\":\"HS512\",\"k\":\"" K "\"}]}",
			"Key 1 has another \"alg\" than HS256, which is what \"oct\" keys are for.");
	no_keys("{\"keys\":[{\"kty\":\"oct\",\"use\":\"enc\",\"k\":\"" K "\"}]}", "Key 1 is not for signatures.");
	no_keys("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X "\"}]}", "Key 1 is no Ed25519 key for EdDSA.");
	no_keys("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}]}", "Key 1 has no \"x\" of 32 bytes in base64url.");
	no_keys("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X "\",\"d\":\"" X "\"}]}",
			"The halves \"x\" and \"d\" of key 1 do not belong together.");
	no_keys("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"" K "\"},{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"" K "\"}]}",
			"Keys 1 and 2 have the same \"kid\".");
	no_keys("{\"keys\":[{\"kty\":\"oct\",\"kid\":5,\"k\":\"" K "\"}]}", "Key 1 has a \"kid\" that is not a text of 1 to 63 bytes.");
	no_keys("{\"keys\":[{\"kty\":\"oct\",\"aud\":[],\"k\":\"" K "\"}]}", "Key 1 has an \"aud\" that is not a text of 1 to 63 bytes.");
	no_keys("{\"keys\":[{\"kty\":\"oct\",\"tenant_id\":0,\"k\":\"" K "\"}]}",
			"Key 1 has a \"tenant_id\" that is not a positive integer.");
	ok(read_keys("{\"keys\":[{\"kty\":\"oct\",\"k\":\"" K "\",\"key_ops\":[\"verify\"]}]}") && !keys.key[0].can_sign,
	   "key_ops without sign: it verifies only");
	ok(read_keys(K "\r\n") && keys.key[0].len == sizeof(K) - 1, "one newline at the end is no part of the secret");
}

/* A trusted proxy has looked at signature and times already. */
static void
test_claims_alone(void)
{
	static const char good[] = "{\"tenant_id\":5,\"role\":\"x\",\"exp\":1}";
	static const char bad[] = "{\"tenant_id\":5,\"role\":7}";

	ok(va_jwt_read_claims(good, strlen(good), HERE, &claims, &why) && claims.tenant_id == 5, "claims without a token, expired or not");
	ok(!va_jwt_read_claims(bad, strlen(bad), HERE, &claims, &why) && claims.tenant_id == 0, "... are read as strictly, and none leaks");
	is_str(why, "the token's role is not a text of less than 64 bytes", "... for the same reasons");
}

int
main(void)
{
	test_claims_alone();
	test_audience();
	test_bearer();
	test_vectors();
	test_round_trip();
	test_refused();
	test_rfc8037();
	test_kid();
	test_confusion();
	test_tenants_key();
	test_key_files();
	return done_testing();
}
