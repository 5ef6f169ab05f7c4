/*
 * test_vonage_signatures.c
 *		Vonage's signed webhooks: whose they are, and which are believed.
 */
#include "drivers.h"

#include <sodium.h>

#define SECRET "vonage_signature_secret_32_chars"
#define BODY "{\"conversation_uuid\":\"CON-f972836a-550f-45fa-956c-12a2ab5b7d22\",\"status\":\"completed\",\"uuid\":\"aaaaaaaa-bbbb-cccc-dddd-0123456789ab\"}"
#define TOKEN                                                                                                \
	"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."                                                                  \
	"eyJpYXQiOjE3MDAwMDAwMDAsImlzcyI6IlZvbmFnZSIsInBheWxvYWRfaGFzaCI6Ijg5NjRmYTZkOTdjNTNhZDI0MjkxNDljZWVlNjY1ZTM1" \
	"ZDdmNmU0ODUxNjViM2FmNjkwYmZmODUwNTlmZDliNmYiLCJhcGlfa2V5IjoiYWJjZDEyMzQiLCJhcHBsaWNhdGlvbl9pZCI6ImFhYWFhYWFh" \
	"LWJiYmItY2NjYy1kZGRkLTAxMjM0NTY3ODlhYiJ9."                                                              \
	"t-fXfnpuuC3pDA2yshvYM-4MvC9Uv1_mC_VaRB1P0ns"

static const VaDriver *vonage;

static bool
verified(const char *secret, const char *authorization, const char *body, int64_t now)
{
	VaHeader headers[] = { { "Authorization", authorization } };
	VaSignedMessage message = { .headers = headers, .nheaders = 1, .body = body, .body_len = strlen(body), .query = "attempt=x" };
	VaWebhookAuth auth = { .kind = VA_AUTH_VENDOR, .secret_len = strlen(secret) };

	memcpy(auth.secret, secret, strlen(secret));
	return vonage->verify(&auth, &message, now, &why);
}

/* A token with these parts, signed with the secret. */
static const char *
signed_token(const char *header, const char *claims)
{
	char *parts[3];
	unsigned char mac[VA_HMAC_MAX_LEN];
	const char *texts[] = { header, claims };
	const char *text;
	size_t len;

	for (int i = 0; i < 2; i++)
	{
		size_t size = sodium_base64_encoded_len(strlen(texts[i]), sodium_base64_VARIANT_URLSAFE_NO_PADDING);

		parts[i] = va_arena_alloc(&arena, size);
		sodium_bin2base64(parts[i], size, (const unsigned char *) texts[i], strlen(texts[i]), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	}
	text = va_arena_printf(&arena, "%s.%s", parts[0], parts[1]);
	len = va_hmac(VA_HMAC_SHA256, SECRET, strlen(SECRET), text, strlen(text), mac);
	parts[2] = va_arena_alloc(&arena, 100);
	sodium_bin2base64(parts[2], 100, mac, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return va_arena_printf(&arena, "Bearer %s.%s", text, parts[2]);
}

#define HS256 "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define HASH "8964fa6d97c53ad2429149ceee665e35d7f6e485165b3af690bff85059fd9b6f"

static void
test_signatures(void)
{
	static const char *const good = "Bearer " TOKEN;
	char changed[sizeof("Bearer " TOKEN)];
	char body[sizeof(BODY)];
	int accepted = 0;

	ok(verified(SECRET, good, BODY, 1700000000), "the worked example");
	ok(verified(SECRET, "bearer " TOKEN, BODY, 1700000300), "five minutes later");
	ok(!verified(SECRET, good, BODY, 1700000301), "stale: %s", why);
	ok(!verified(SECRET, good, BODY, 1699999699), "from the future: %s", why);
	ok(!verified("another secret", good, BODY, 1700000000), "another secret: %s", why);
	ok(!verified("", good, BODY, 1700000000), "none: %s", why);
	ok(!verified(SECRET, NULL, BODY, 1700000000), "not signed: %s", why);
	ok(!verified(SECRET, "Basic x", BODY, 1700000000), "otherwise: %s", why);
	ok(!verified(SECRET, "Bearer a.b", BODY, 1700000000), "two parts: %s", why);
	ok(!verified(SECRET, good, "{}", 1700000000), "another body: %s", why);
	for (size_t bit = 0; bit < (sizeof(BODY) - 1) * 8; bit++)
	{
		memcpy(body, BODY, sizeof(BODY));
		body[bit / 8] = (char) (body[bit / 8] ^ (1 << bit % 8));
		if (body[bit / 8] != '\0')
			accepted += verified(SECRET, good, body, 1700000000);
	}
	/* The last character of base64 holds bits that mean nothing; here they must be zero. */
	for (size_t bit = 7 * 8; bit < (sizeof(changed) - 1) * 8; bit++)
	{
		memcpy(changed, good, sizeof(changed));
		changed[bit / 8] = (char) (changed[bit / 8] ^ (1 << bit % 8));
		if (changed[bit / 8] != '\0')
			accepted += verified(SECRET, changed, BODY, 1700000000);
	}
	is_int(accepted, 0, "one bit changed anywhere is refused");

	ok(verified(SECRET, signed_token(HS256, "{\"iat\":1700000000,\"iss\":\"Vonage\",\"payload_hash\":\"" HASH "\"}"), BODY, 1700000000), "one of our own making");
	ok(!verified(SECRET, signed_token("{\"alg\":\"none\"}", "{\"iat\":1700000000,\"iss\":\"Vonage\",\"payload_hash\":\"" HASH "\"}"), BODY, 1700000000), "no algorithm: %s", why);
	ok(!verified(SECRET, signed_token("{\"alg\":\"HS512\"}", "{\"iat\":1700000000,\"iss\":\"Vonage\",\"payload_hash\":\"" HASH "\"}"), BODY, 1700000000), "another one: %s", why);
	ok(!verified(SECRET, signed_token("{\"alg\":\"HS256\",\"crit\":[\"x\"]}", "{\"iat\":1700000000,\"iss\":\"Vonage\",\"payload_hash\":\"" HASH "\"}"), BODY, 1700000000), "critical: %s", why);
	ok(!verified(SECRET, signed_token(HS256, "{\"iat\":1700000000,\"iss\":\"Vontage\",\"payload_hash\":\"" HASH "\"}"), BODY, 1700000000), "another issuer: %s", why);
	ok(!verified(SECRET, signed_token(HS256, "{\"iat\":1700000000,\"iss\":\"Vonage\"}"), BODY, 1700000000), "no hash: %s", why);
	ok(!verified(SECRET, signed_token(HS256, "{\"iat\":1700000000,\"iss\":\"Vonage\",\"payload_hash\":\"89\"}"), BODY, 1700000000), "half a hash: %s", why);
	ok(!verified(SECRET, signed_token(HS256, "{\"iss\":\"Vonage\",\"payload_hash\":\"" HASH "\"}"), BODY, 1700000000), "no time: %s", why);
	ok(!verified(SECRET, signed_token(HS256, "{\"iat\":\"1700000000\",\"iss\":\"Vonage\",\"payload_hash\":\"" HASH "\"}"), BODY, 1700000000), "a text for a time: %s", why);
	ok(!verified(SECRET, signed_token(HS256, "{\"iat\":1700000000,\"exp\":1700000000,\"iss\":\"Vonage\",\"payload_hash\":\"" HASH "\"}"), BODY, 1700000000), "expired: %s", why);
	ok(!verified(SECRET, signed_token(HS256, "[1]"), BODY, 1700000000), "no claims: %s", why);
	ok(!verified(SECRET, signed_token(HS256, "{\"iat\":1e400,\"iss\":\"Vonage\"}"), BODY, 1700000000), "no number: %s", why);
}

/* Claims as Vonage writes them are read without jansson: a blank before them has it read them, and it must say the same. */
static void
test_claims(void)
{
	static const char usual[] = "{\"iat\":1700000000,\"exp\":1700000001,\"jti\":\"1\",\"iss\":\"Vonage\",\"payload_hash\":\"" HASH "\",\"api_key\":\"k\"}";
	static const char *const others[] = {
		"{\"iat\":1700000000,\"iss\":\"Vonage\",\"payload_hash\":\"" HASH "\",\"scope\":{\"a\":[1,2]}}",
		"{\"iat\":1700000000.0,\"iss\":\"Vona\\u0067e\",\"payload_hash\":\"" HASH "\"}",
		"{\n \"iat\": 17e8,\n \"iss\": \"Vonage\",\n \"payload_hash\": \"" HASH "\"\n}\n",
	};
	static const char bytes[] = "{}[]\",:\\0 1e-.x\x01\x7f\x80";
	const char *text;
	int differ = 0;
	int accepted = 0;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		ok(verified(SECRET, signed_token(HS256, others[i]), BODY, 1700000000), "claims written otherwise, %zu: %s", i, why);
	for (size_t at = 0; at < sizeof(usual); at++)
		for (int more = -1; more <= 1; more++) /* one byte taken out, changed, put in */
			for (size_t b = 0; b < (more < 0 ? 1 : sizeof(bytes) - 1); b++)
			{
				bool ours;

				if (more < 1 && usual[at] == '\0')
					continue;
				text = va_arena_printf(&arena, "%.*s%.*s%s", (int) at, usual, more < 0 ? 0 : 1, bytes + b, usual + at + (more < 1));
				ours = verified(SECRET, signed_token(HS256, text), BODY, 1700000000);
				accepted += ours;
				differ += ours != verified(SECRET, signed_token(HS256, va_arena_printf(&arena, " %s", text)), BODY, 1700000000);
			}
	is_int(differ, 0, "read with and without jansson");
	ok(accepted > 100, "%d of them are good", accepted);
	ok(!verified(SECRET, signed_token(HS256, "{\"iss\":\"x\",\"iat\":1700000000,\"iss\":\"Vonage\",\"payload_hash\":\"" HASH "\"}"), BODY, 1700000000), "a claim twice: %s", why);
	ok(!verified(SECRET, signed_token(HS256, "{\"iat\":01700000000,\"iss\":\"Vonage\",\"payload_hash\":\"" HASH "\"}"), BODY, 1700000000), "a zero before a number: %s", why);
	ok(!verified(SECRET, signed_token(HS256, "{\"iat\":1700000000,\"iss\":\"Vonage\",\"payload_hash\":\"\"}"), BODY, 1700000000), "an empty hash: %s", why);
}

/* A question by GET is signed over its query, as JSON. */
static void
test_get(void)
{
	static const char query[] = "to=14155550101&from=442079460000&name=J%C3%BCrgen+%22x%22";
	static const char json[] = "{\"to\":\"14155550101\",\"from\":\"442079460000\",\"name\":\"J\xc3\xbcrgen \\\"x\\\"\"}";
	unsigned char hash[32];
	char hex[65];
	VaHeader header = { "authorization", NULL };
	VaSignedMessage message = { .headers = &header, .nheaders = 1, .method = "GET", .body = "", .query = query };
	VaWebhookAuth auth = { .kind = VA_AUTH_VENDOR, .secret = SECRET, .secret_len = strlen(SECRET) };

	crypto_hash_sha256(hash, (const unsigned char *) json, strlen(json));
	va_hex_encode(hash, sizeof(hash), hex);
	header.value = signed_token(HS256, va_arena_printf(&arena, "{\"iat\":1700000000,\"iss\":\"Vonage\",\"payload_hash\":\"%s\"}", hex));
	ok(vonage->verify(&auth, &message, 1700000000, &why), "a signed GET");
	message.query = "to=14155550101&from=442079460001&name=J%C3%BCrgen+%22x%22";
	ok(!vonage->verify(&auth, &message, 1700000000, &why), "another query: %s", why);
	message.query = query;
	message.method = "POST";
	ok(!vonage->verify(&auth, &message, 1700000000, &why), "a POST is its body: %s", why);
}

/* Whose account it is stands in the token. */
static void
test_whose(void)
{
	VaHeader header = { "authorization", "Bearer " TOKEN };
	VaSignedMessage message = { .headers = &header, .nheaders = 1, .body = BODY, .body_len = strlen(BODY) };
	VaEvents events;

	ok(vonage->read_webhook(&message, &arena, &events, &why), "read");
	is_str(events.items[0].account_ref, "abcd1234", "the account");
	is_str(vonage->account_name, "api_key", "is compared with its key");
	header.value = "Bearer x.y.z";
	ok(vonage->read_webhook(&message, &arena, &events, &why) && events.items[0].account_ref == NULL, "not told");
}

int
main(void)
{
	if (sodium_init() < 0)
		return 1;
	vonage = va_driver("vonage");
	test_signatures();
	test_claims();
	test_get();
	test_whose();
	va_arena_free(&arena);
	return done_testing();
}
