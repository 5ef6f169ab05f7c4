/*
 * test_signature.c
 *		HMAC schemes and secret headers: the vendor's vector, every way to be
 *		wrong, and that what is signed here is accepted here.
 */
#include "pure/auth/signature.h"

#include "tap.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#define NOW INT64_C(1700000000)
#define BODY "{\"message\":{\"type\":\"status-update\",\"status\":\"ended\"}}"
#define MAC "258ca715fcc29bc0a5c74f3ef11bff220ccc0b1e7cae052a1ad3f60052638319"

static const char *why;

static bool
verify(const VaWebhookAuth *auth, const char *signature, const char *timestamp, const char *body, int64_t now)
{
	VaHeader headers[3] = { { "Host", "x" } };
	int n = 1;
	VaSignedMessage message = { .headers = headers, .body = body, .body_len = strlen(body), .url = "https://h.example/w" };

	if (signature != NULL)
		headers[n++] = (VaHeader){ "X-Signature", signature };
	if (timestamp != NULL)
		headers[n++] = (VaHeader){ "X-TIMESTAMP", timestamp };
	message.nheaders = n;
	return va_webhook_verify(auth, &message, now, &why);
}

static bool
read_scheme(const char *json, VaWebhookAuth *auth)
{
	return va_webhook_auth_read(json, strlen(json), NULL, auth, &why);
}

static void
test_hmac(void)
{
	VaWebhookAuth auth;
	char upper[sizeof(MAC)] = MAC;
	char flipped[sizeof(MAC)] = MAC;

	va_webhook_auth_hmac(&auth, "vapi_hmac_secret", strlen("vapi_hmac_secret"));
	ok(verify(&auth, MAC, "1700000000", BODY, NOW), "the vendor's vector");
	for (char *c = upper; *c != '\0'; c++)
		if (*c >= 'a')
			*c -= 32;
	ok(verify(&auth, upper, "1700000000", BODY, NOW), "hex in upper case");
	ok(verify(&auth, MAC, "1700000000", BODY, NOW + 300), "at the end of the tolerance");
	ok(verify(&auth, MAC, "1700000000", BODY, NOW - 300), "from a clock that is ahead");
	ok(!verify(&auth, MAC, "1700000000", BODY, NOW + 301), "stale");
	is_str(why, "the timestamp is outside the tolerance", "stale says so");
	ok(!verify(&auth, MAC, "1700000000", BODY, NOW - 301), "from the future");
	ok(!verify(&auth, MAC, "1700000001", BODY, NOW), "another timestamp");
	ok(!verify(&auth, MAC, "1700000000000", BODY, NOW), "milliseconds are another payload");
	is_str(why, "the signature does not match", "but fresh");
	ok(!verify(&auth, MAC, "1700000000", BODY " ", NOW), "one more byte");
	ok(!verify(&auth, NULL, "1700000000", BODY, NOW), "no signature");
	ok(!verify(&auth, MAC, NULL, BODY, NOW), "no timestamp");
	ok(!verify(&auth, "", "1700000000", BODY, NOW), "an empty signature");
	ok(!verify(&auth, MAC "00", "1700000000", BODY, NOW), "a longer signature");
	ok(!verify(&auth, "zz", "1700000000", BODY, NOW), "not hex");
	for (size_t i = 0; i < strlen(MAC); i++)
	{
		flipped[i] = MAC[i] == '0' ? '1' : '0';
		if (verify(&auth, flipped, "1700000000", BODY, NOW))
			ok(false, "digit %zu flipped is refused", i);
		flipped[i] = MAC[i];
	}
	flipped[10] = '\0';
	ok(!verify(&auth, flipped, "1700000000", BODY, NOW), "a prefix of the signature");
	ok(!verify(&auth, MAC, "-1700000000", BODY, NOW), "a negative timestamp");
	ok(!verify(&auth, MAC, "99999999999999999999", BODY, NOW), "a huge timestamp");
	va_webhook_auth_hmac(&auth, "", 0);
	ok(!verify(&auth, MAC, "1700000000", BODY, NOW), "an empty secret verifies nothing");
}

static void
test_bearer(void)
{
	VaWebhookAuth auth;
	VaHeader header = { "x-vapi-secret", "s3cret" };
	VaSignedMessage message = { .headers = &header, .nheaders = 1, .body = BODY, .body_len = strlen(BODY) };

	va_webhook_auth_bearer(&auth, "X-Vapi-Secret", "s3cret", 6);
	ok(va_webhook_verify(&auth, &message, NOW, &why), "the legacy secret header");
	header.value = "s3creT";
	ok(!va_webhook_verify(&auth, &message, NOW, &why), "another secret");
	header.value = "s3cret ";
	ok(!va_webhook_verify(&auth, &message, NOW, &why), "a longer secret");
	header.value = "";
	ok(!va_webhook_verify(&auth, &message, NOW, &why), "an empty secret");

	va_webhook_auth_bearer(&auth, NULL, "tok", 3);
	header = (VaHeader){ "authorization", "Bearer tok" };
	ok(va_webhook_verify(&auth, &message, NOW, &why), "a bearer token");
	header.value = "tok";
	ok(!va_webhook_verify(&auth, &message, NOW, &why), "without Bearer");
	header.name = "other";
	ok(!va_webhook_verify(&auth, &message, NOW, &why), "no such header");
}

static void
test_schemes(void)
{
	VaWebhookAuth auth;
	VaArena arena = { 0 };
	static const char *const good[] = {
		"{\"type\":\"hmac\",\"secretKey\":\"k\"}",
		"{\"type\":\"hmac\",\"secretKey\":\"k\",\"algorithm\":\"sha512\",\"signatureEncoding\":\"base64\","
		"\"signaturePrefix\":\"v1=\"}",
		"{\"type\":\"hmac\",\"secretKey\":\"a2V5\",\"secretIsBase64\":true,\"payloadFormat\":\"{method} "
		"{url}|{body}|{timestamp}\"}",
		"{\"type\":\"hmac\",\"secretKey\":\"k\",\"includeTimestamp\":false,\"payloadFormat\":\"{body}\"}",
		"{\"type\":\"bearer\",\"token\":\"t\"}",
		"{\"type\":\"bearer\",\"token\":\"t\",\"headerName\":\"X-Vapi-Secret\",\"bearerPrefixEnabled\":"
		"false}",
	};
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"{\"type\":\"oauth2\"}",
		"{\"type\":\"hmac\"}",
		"{\"type\":\"hmac\",\"secretKey\":5}",
		"{\"type\":\"hmac\",\"secretKey\":\"k\",\"algorithm\":\"sha1\"}",
		"{\"type\":\"hmac\",\"secretKey\":\"k\",\"signatureEncoding\":\"hex64\"}",
		"{\"type\":\"hmac\",\"secretKey\":\"k\",\"toleranceSeconds\":0}",
		"{\"type\":\"hmac\",\"secretKey\":\"k\",\"payloadFormat\":\"{timestamp}\"}",
		"{\"type\":\"hmac\",\"secretKey\":\"k\",\"payloadFormat\":\"{body}\"}",
		"{\"type\":\"hmac\",\"secretKey\":\"k\",\"payloadFormat\":\"{timestamp}{body}{nonce}\"}",
		"{\"type\":\"hmac\",\"secretKey\":\"?\",\"secretIsBase64\":true}",
		"{\"type\":\"bearer\"}",
		"{\"type\":\"bearer\",\"token\":\"t\",\"headerName\":7}",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
	{
		VaSignedMessage message = { .body = BODY, .body_len = strlen(BODY), .url = "https://h.example/w" };
		VaHeader headers[2];
		int n;

		ok(read_scheme(good[i], &auth), "scheme %zu is read", i);
		n = va_webhook_sign(&auth, &arena, &message, NOW, headers);
		message.headers = headers;
		message.nheaders = n;
		ok(n > 0 && va_webhook_verify(&auth, &message, NOW, &why), "and signs what it verifies");
		message.body_len--;
		ok(auth.kind == VA_AUTH_BEARER || !va_webhook_verify(&auth, &message, NOW, &why),
		   "but not other bytes");
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!read_scheme(bad[i], &auth) && why != NULL && auth.secret_len == 0, "bad scheme %zu: %s", i, why);
	va_arena_free(&arena);
}

static void
test_encodings(void)
{
	unsigned char mac[VA_HMAC_MAX_LEN];
	unsigned char out[8];
	char text[VA_HMAC_MAX_LEN * 2 + 1];
	size_t len;

	/* RFC 4231, test case 2 */
	len = va_hmac(VA_HMAC_SHA512, "Jefe", 4, "what do ya want for nothing?", 28, mac);
	va_hex_encode(mac, len, text);
	is_str(text,
		   "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdc"
		   "aeab1a34d4a6b4b636e070a38bce737",
		   "HMAC-SHA512");
	is_int(va_base64_encode("foobar!", 7, text), 12, "base64's length");
	is_str(text, "Zm9vYmFyIQ==", "base64");
	ok(va_base64_decode("Zm9vYmFyIQ==", 12, out, sizeof(out), &len) && len == 7, "and back");
	ok(!va_base64_decode("Zm9vYmFyIQ", 10, out, sizeof(out), &len), "without padding");
	ok(!va_base64_decode("Zm9vYmFyIQ==x", 13, out, sizeof(out), &len), "with a tail");
	ok(!va_base64_decode("Zm9vYmF\xAF", 8, out, sizeof(out), &len), "a slash with one more bit");
	ok(va_hex_decode("00fF", 4, out, sizeof(out), &len) && len == 2 && out[1] == 255, "hex");
	ok(!va_hex_decode("00f", 3, out, sizeof(out), &len), "odd hex");
	ok(!va_hex_decode("001122334455667788", 18, out, sizeof(out), &len), "hex for a larger buffer");
	ok(va_equal_constant_time("", 0, "", 0), "empty is equal");
	ok(!va_equal_constant_time("a", 1, "ab", 2), "lengths differ");
}

/* Keys shorter and longer than a block of each hash, and texts around it, beside OpenSSL's own. */
static void
test_hmac_beside_openssl(void)
{
	const EVP_MD *hashes[] = { [VA_HMAC_SHA1] = EVP_sha1(), [VA_HMAC_SHA256] = EVP_sha256(), [VA_HMAC_SHA512] = EVP_sha512() };
	unsigned char bytes[300];
	unsigned char ours[VA_HMAC_MAX_LEN];
	unsigned char theirs[EVP_MAX_MD_SIZE];
	unsigned int their_len;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char) (i * 131 + 7);
	for (int algorithm = VA_HMAC_SHA1; algorithm <= VA_HMAC_SHA512; algorithm++)
	{
		int differ = 0;

		for (int key_len = 0; key_len <= 140; key_len++)
			for (size_t len = 0; len <= sizeof(bytes); len += 1 + len / 7)
			{
				size_t our_len = va_hmac(algorithm, bytes, (size_t) key_len, bytes, len, ours);

				HMAC(hashes[algorithm], bytes, key_len, bytes, len, theirs, &their_len);
				differ += our_len != their_len || memcmp(ours, theirs, our_len) != 0;
			}
		is_int(differ, 0, "HMAC %d is OpenSSL's", algorithm);
	}
	va_sha256("abc", 3, ours);
	SHA256((const unsigned char *) "abc", 3, theirs);
	ok(memcmp(ours, theirs, VA_SHA256_LEN) == 0, "and so is SHA-256");
	va_sha256(NULL, 0, ours);
	SHA256((const unsigned char *) "", 0, theirs);
	ok(memcmp(ours, theirs, VA_SHA256_LEN) == 0, "of nothing, too");
}

int
main(void)
{
	test_hmac();
	test_hmac_beside_openssl();
	test_bearer();
	test_schemes();
	test_encodings();
	return done_testing();
}
