/*
 * drivers.c
 *		What the drivers cost beside what they are made of: building a request
 *		beside jansson's dump of what it says, reading its reply beside
 *		jansson's parse of the same bytes, verifying a webhook beside the bare
 *		cryptography over the same bytes.
 *
 *		drivers ROUNDS [CARRIER]: lines "RESULT DRIVERS side nanoseconds", each side in
 *		turn, so that a busy machine disturbs all alike.
 */
#include "pure/providers/common/provider.h"
#include "pure/text/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <sodium.h>

#define NOW 1700000000
#define SLICE_NS 20e6

static VaArena arena; /* of what lasts */
static volatile unsigned sink;

static double
nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec * 1e9 + (double) now.tv_nsec;
}

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "drivers: %s: %s\n", what, why == NULL ? "-" : why);
	exit(1);
}

/* ---- one carrier ---- */

typedef struct Carrier
{
	const char *name;
	const char *account; /* JSON of the order's carrier */
	const char *reply;	 /* to a call that was placed */
	int status;

	const VaDriver *driver;
	VaCallOrder order;
	VaCallMemo memo;
	VaArena memory;
	json_t *tree; /* what the request says */
	VaHttpResponse response;
} Carrier;

#define CALL                                                                                                 \
	"\"account_sid\":\"AC00000000000000000000000000000001\",\"annotation\":null,\"answered_by\":null,\"api_version\":\"2010-04-01\"," \
	"\"caller_name\":null,\"date_created\":\"Tue, 31 Aug 2010 20:36:28 +0000\",\"date_updated\":null,\"direction\":\"outbound-api\"," \
	"\"duration\":null,\"end_time\":null,\"forwarded_from\":null,\"from\":\"+14155550101\",\"from_formatted\":\"(415) 555-0101\"," \
	"\"group_sid\":null,\"parent_call_sid\":null,\"phone_number_sid\":\"PN00000000000000000000000000000001\",\"price\":null,"   \
	"\"price_unit\":\"USD\",\"queue_time\":\"0\",\"sid\":\"CA00000000000000000000000000000001\",\"start_time\":null,\"status\":\"queued\"," \
	"\"subresource_uris\":{\"recordings\":\"/2010-04-01/Accounts/AC1/Calls/CA1/Recordings.json\",\"events\":\"/2010-04-01/Accounts/AC1/Calls/CA1/Events.json\"}," \
	"\"to\":\"+14155550100\",\"to_formatted\":\"(415) 555-0100\",\"trunk_sid\":null,\"uri\":\"/2010-04-01/Accounts/AC1/Calls/CA1.json\""

static Carrier carriers[] = {
	{ .name = "vapi",
	  .account = "{\"credentials\":{\"api_key\":\"key\"},\"settings\":{\"phone_number_id\":\"5f2e8f0a-54d1-45e7-8b6a-6ad5b8a3a4c1\"}}",
	  .status = 201,
	  .reply = "{\"id\":\"7420f27a-30fd-4f49-a995-5549ae7cc00d\",\"assistantOverrides\":{\"metadata\":{\"attempt\":\"va-7-42\"},\"variableValues\":"
			   "{\"first_name\":\"Ann\"}},\"createdAt\":\"2026-01-02T03:04:05.678Z\",\"updatedAt\":\"2026-01-02T03:04:05.678Z\",\"type\":\"outboundPhoneCall\","
			   "\"cost\":0,\"monitor\":{\"listenUrl\":\"wss://phone-call-websocket.vapi.ai/7420f27a/listen\",\"controlUrl\":\"https://phone-call-websocket.vapi.ai/"
			   "7420f27a/control\"},\"transport\":{\"provider\":\"twilio\",\"conversationType\":\"voice\"},\"phoneCallProvider\":\"twilio\",\"phoneCallTransport\":"
			   "\"pstn\",\"status\":\"queued\",\"orgId\":\"eb166faa-7145-46ef-8044-589b47ae3b56\",\"phoneNumberId\":\"5f2e8f0a-54d1-45e7-8b6a-6ad5b8a3a4c1\","
			   "\"customer\":{\"number\":\"+14155550100\",\"name\":\"Ann\"},\"assistant\":{\"name\":\"Anna\",\"firstMessage\":\"Hello\",\"model\":{\"provider\":"
			   "\"openai\",\"model\":\"gpt-4.1\",\"messages\":[{\"role\":\"system\",\"content\":\"You are Anna and you call about an appointment.\"}]}}}" },
	{ .name = "twilio",
	  .account = "{\"credentials\":{\"account_sid\":\"AC00000000000000000000000000000001\",\"auth_token\":\"12345678901234567890123456789012\"},\"settings\":{}}",
	  .status = 201,
	  .reply = "{" CALL "}" },
	{ .name = "plivo",
	  .account = "{\"credentials\":{\"auth_id\":\"MAXXXXXXXXXXXXXXXXXX\",\"auth_token\":\"token\"},\"settings\":{}}",
	  .status = 201,
	  .reply = "{\"api_id\":\"97ceeb52-58b6-11e1-86da-77300b68f8bb\",\"message\":\"call fired\",\"request_uuid\":\"9834029e-58b6-11e1-b8b7-a5bd0e4e126f\"}" },
	{ .name = "vonage",
	  .account = NULL, /* with a key that is made here */
	  .status = 201,
	  .reply = "{\"uuid\":\"aaaaaaaa-bbbb-cccc-dddd-0123456789ab\",\"status\":\"started\",\"direction\":\"outbound\",\"conversation_uuid\":"
			   "\"CON-aaaaaaaa-bbbb-cccc-dddd-0123456789ab\"}" },
	{ .name = "telnyx",
	  .account = "{\"credentials\":{\"api_key\":\"KEY123\"},\"settings\":{\"connection_id\":\"7267\"}}",
	  .status = 200,
	  .reply = "{\"data\":{\"call_control_id\":\"v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZFISt1Yw2axZ_IiE4pqg\",\"call_leg_id\":\"2dc6fc34-f9e0-11ea-b68e-"
			   "02420a0f7768\",\"call_session_id\":\"2dc1b3c8-f9e0-11ea-bc5a-02420a0f7768\",\"client_state\":\"aGF2ZSBhIG5pY2UgZGF5ID1d\",\"is_alive\":false,"
			   "\"record_type\":\"call\"}}" },
	{ .name = "exotel",
	  .account = "{\"credentials\":{\"api_key\":\"key\",\"api_token\":\"token\"},\"settings\":{\"account_sid\":\"acme1\",\"stream_url\":\"wss://bot.example.com/s\"}}",
	  .status = 200,
	  .reply = "{\"Call\":{\"Sid\":\"a1b2c3d4e5f6\",\"Status\":\"in-progress\",\"From\":\"+919876543210\",\"PhoneNumberSid\":\"08040001234\",\"Direction\":"
			   "\"outbound-api\",\"DateCreated\":\"2025-06-01 10:00:00\",\"RecordingUrl\":null}}" },
	{ .name = "asterisk",
	  .account = "{\"base_url\":\"https://pbx.example.com/ari\",\"credentials\":{\"username\":\"u\",\"password\":\"p\"},\"settings\":{\"app\":\"voiceagent\","
				 "\"endpoint\":\"PJSIP/{number}@trunk\",\"trunk\":\"trunk\"}}",
	  .status = 200,
	  .reply = "{\"id\":\"va-7-42\",\"name\":\"PJSIP/trunk-00000001\",\"state\":\"Down\",\"caller\":{\"name\":\"\",\"number\":\"\"},\"connected\":{\"name\":\"\","
			   "\"number\":\"\"},\"accountcode\":\"\",\"dialplan\":{\"context\":\"default\",\"exten\":\"s\",\"priority\":1,\"app_name\":\"AppDial2\",\"app_data\":"
			   "\"(Outgoing Line)\"},\"creationtime\":\"2026-01-02T03:04:05.678+0000\",\"language\":\"en\",\"protocol_id\":\"x\"}" },
};

static const char order_text[] =
	"{\"to_number\":\"+14155550100\",\"from_number\":\"+14155550101\",\"attempt_ref\":\"va-7-42-0a1b2c3d\",\"server_url\":"
	"\"https://hooks.example.com/webhooks/T0ken0123456789abcdef\",\"assistant\":{\"name\":\"Anna\",\"first_message\":\"Hello, this is Anna.\","
	"\"system_prompt\":\"You are Anna and you call about an appointment.\",\"voice\":\"11labs/burt\",\"model\":\"gpt-4.1\",\"language\":\"en-US\"},"
	"\"variables\":{\"first_name\":\"Ann\",\"last_name\":\"Lee\",\"city\":\"Boston\"},\"customer_name\":\"Ann Lee\",\"ring_timeout_s\":25,\"max_duration_s\":600,"
	"\"answer\":{\"kind\":\"stream\",\"stream_url\":\"wss://bot.example.com/socket\"},\"carrier\":%s}";

static void
add_fields(json_t *tree, const char *text)
{
	VaForm form;
	const char *why;

	if (!va_form_read(text, strlen(text), false, &arena, &form, &why))
		fail("the form", why);
	for (int i = 0; i < form.count; i++)
		json_object_set_new(tree, form.fields[i].name, json_string(form.fields[i].value));
}

/* What jansson would dump of the same: the body, and what is said in a form or in the URL's query as members of an object. */
static json_t *
request_tree(const VaHttpRequest *request)
{
	const char *query = strchr(request->url, '?');
	bool is_json = request->body != NULL && request->body[0] == '{';
	json_t *tree = is_json ? json_loads(request->body, 0, NULL) : va_json_new_object();

	if (request->body != NULL && !is_json)
		add_fields(tree, request->body);
	if (query != NULL)
		add_fields(tree, query + 1);
	return tree;
}

static const char *
private_key(void)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	BIO *out = BIO_new(BIO_s_mem());
	const char *copy;
	char *pem;
	long len;

	PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
	len = BIO_get_mem_data(out, &pem);
	copy = va_arena_strndup(&arena, pem, (size_t) len);
	BIO_free(out);
	EVP_PKEY_free(key);
	return copy;
}

static void
build(Carrier *carrier)
{
	VaArena one = { 0 };
	VaHttpRequest request;
	const char *why = NULL;

	if (!carrier->driver->build_call(&carrier->order, &one, &request, &why))
		fail(carrier->name, why);
	sink += (unsigned) request.body_len;
	va_arena_free(&one);
}

static void
dump(Carrier *carrier)
{
	char *text = json_dumps(carrier->tree, JSON_COMPACT);

	sink += (unsigned) text[0];
	free(text);
}

static void
read_reply(Carrier *carrier)
{
	VaArena one = { 0 };
	VaDialOutcome outcome;

	carrier->driver->read_call_response(&carrier->response, &one, &outcome);
	if (outcome.kind != VA_DIAL_ACCEPTED)
		fail(carrier->name, outcome.message);
	sink += (unsigned) outcome.provider_call_id[0];
	va_arena_free(&one);
}

static void
parse(Carrier *carrier)
{
	json_t *json = json_loadb(carrier->reply, carrier->response.body_len, 0, NULL);

	sink += (unsigned) json_object_size(json);
	json_decref(json);
}

static bool
prepare(Carrier *carrier)
{
	const char *account = carrier->account;
	const char *text;
	const char *why;
	VaHttpRequest request;

	carrier->driver = va_driver(carrier->name);
	if (carrier->driver == NULL)
		return false;
	if (account == NULL)
	{
		json_t *json = json_pack("{s:{s:s,s:s},s:{}}", "credentials", "application_id", "aaaaaaaa-bbbb-cccc-dddd-0123456789ab",
								 "private_key", private_key(), "settings");

		account = va_json_text(&arena, json);
		json_decref(json);
	}
	text = va_arena_printf(&arena, order_text, account);
	if (!va_call_order_read(text, strlen(text), &arena, &carrier->order, &why))
		fail(carrier->name, why);
	((VaProviderAccount *) carrier->order.carrier)->now = NOW;
	((VaProviderAccount *) carrier->order.carrier)->nonce = "0123456789abcdef0123456789abcdef";
	carrier->memo.arena = &carrier->memory;
	if (!carrier->driver->build_call(&carrier->order, &arena, &request, &why))
		fail(carrier->name, why);
	carrier->tree = request_tree(&request);
	/* As the dialer does it. */
	carrier->order.memo = &carrier->memo;
	carrier->response = (VaHttpResponse){ .status = carrier->status, .sent = true, .body = carrier->reply, .body_len = strlen(carrier->reply), .now = NOW };
	return true;
}

/* ---- one webhook ---- */

typedef struct Webhook
{
	const char *name;
	VaWebhookAuth auth;
	VaSignedMessage message;
	VaHeader headers[3];
	const char *signed_text; /* what the bare cryptography goes over */
	void (*bare)(struct Webhook *webhook);
} Webhook;

static const char report_body[] =
	"{\"message\":{\"type\":\"end-of-call-report\",\"timestamp\":1700000000000,\"endedReason\":\"customer-ended-call\",\"call\":{\"id\":\"c1\"},\"artifact\":"
	"{\"transcript\":\"AI: Hello, this is Anna. May I speak to Ann?\\nUser: Speaking.\\nAI: I call about your appointment on Monday at ten.\\nUser: Yes, that "
	"is still fine for me.\\nAI: Wonderful, then we see you on Monday. Goodbye.\\nUser: Goodbye.\\n\"},\"analysis\":{\"summary\":\"Ann confirmed the appointment "
	"on Monday at ten.\",\"successEvaluation\":\"true\"},\"cost\":0.0934,\"startedAt\":\"2026-01-02T03:04:15.000Z\",\"endedAt\":\"2026-01-02T03:05:05.000Z\"}}";
static const char form_body[] =
	"ApiVersion=2010-04-01&AccountSid=AC00000000000000000000000000000001&Called=%2B14155550100&Caller=%2B14155550101&CallSid="
	"CA00000000000000000000000000000001&CallStatus=completed&CallDuration=42&Duration=1&Direction=outbound-api&From=%2B14155550101&To=%2B14155550100&"
	"Timestamp=Tue%2C+14+Nov+2023+22%3A13%3A20+%2B0000&CallbackSource=call-progress-events&SequenceNumber=3&SipResponseCode=200&CallerCountry=US&"
	"CalledCountry=US&FromCity=SAN+FRANCISCO&ToCity=SAN+FRANCISCO&FromState=CA&ToState=CA";
static const char hook_url[] = "https://hooks.example.com/webhooks/T0ken0123456789abcdef?attempt=va-7-42-0a1b2c3d";

/* As anybody writes it who has OpenSSL, the text to be signed, and nothing to find out before. */
static void
bare_hmac(Webhook *webhook, const EVP_MD *hash)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned int len;

	HMAC(hash, webhook->auth.secret, (int) webhook->auth.secret_len, (const unsigned char *) webhook->signed_text, strlen(webhook->signed_text), mac, &len);
	sink += mac[0];
}

static void
bare_sha1(Webhook *webhook)
{
	bare_hmac(webhook, EVP_sha1());
}

static void
bare_sha256(Webhook *webhook)
{
	bare_hmac(webhook, EVP_sha256());
}

static void
bare_token(Webhook *webhook)
{
	unsigned char hash[32];

	bare_sha256(webhook);
	SHA256(webhook->message.body, webhook->message.body_len, hash);
	sink += hash[0];
}

static unsigned char ed_public[32], ed_secret[64], ed_signature[64];

static void
bare_ed25519(Webhook *webhook)
{
	sink += (unsigned) crypto_sign_verify_detached(ed_signature, (const unsigned char *) webhook->signed_text, strlen(webhook->signed_text), ed_public);
}

static void
verify(Webhook *webhook, const VaDriver *driver)
{
	const char *why = NULL;

	if (!driver->verify(&webhook->auth, &webhook->message, NOW, &why))
		fail(webhook->name, why);
}

static const char *
base64(const void *bytes, size_t len)
{
	char *out = va_arena_alloc(&arena, len * 2 + 8);

	out[va_base64_encode(bytes, len, out)] = '\0';
	return out;
}

static const char *
base64url(const void *bytes, size_t len)
{
	char *out = va_arena_alloc(&arena, len * 2 + 8);

	return sodium_bin2base64(out, len * 2 + 8, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void
set_secret(Webhook *webhook, const char *secret)
{
	webhook->auth.kind = VA_AUTH_VENDOR;
	webhook->auth.tolerance_s = VA_SIGNATURE_TOLERANCE;
	webhook->auth.secret_len = strlen(secret);
	memcpy(webhook->auth.secret, secret, webhook->auth.secret_len);
}

static void
set_message(Webhook *webhook, const char *body, int nheaders)
{
	webhook->message = (VaSignedMessage){ .method = "POST", .url = hook_url, .query = strchr(hook_url, '?') + 1, .headers = webhook->headers,
										  .nheaders = nheaders, .body = body, .body_len = strlen(body) };
}

/* Name and value of each field, by name, behind the URL. */
static const char *
form_signed(const char *start, const char *between)
{
	VaForm form;
	VaBuffer buffer = { 0 };
	const char *why;

	va_form_read(form_body, strlen(form_body), true, &arena, &form, &why);
	va_form_sort(&form);
	va_buffer_printf(&buffer, "%s%s", start, between);
	for (int i = 0; i < form.count; i++)
		va_buffer_printf(&buffer, "%s%s", form.fields[i].name, form.fields[i].value);
	return va_buffer_finish(&buffer, &arena);
}

static void
prepare_twilio(Webhook *webhook)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned int len;

	set_secret(webhook, "12345678901234567890123456789012");
	webhook->signed_text = form_signed(hook_url, "");
	HMAC(EVP_sha1(), webhook->auth.secret, 32, (const unsigned char *) webhook->signed_text, strlen(webhook->signed_text), mac, &len);
	webhook->headers[0] = (VaHeader){ "content-type", "application/x-www-form-urlencoded" };
	webhook->headers[1] = (VaHeader){ "x-twilio-signature", base64(mac, len) };
	set_message(webhook, form_body, 2);
	webhook->bare = bare_sha1;
}

static void
prepare_plivo(Webhook *webhook)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned int len;

	set_secret(webhook, "MzE4NjY5YjQwNTUxYWFlOTNmMGQz");
	webhook->signed_text = va_arena_printf(&arena, "%s.12345678901234567890", form_signed(hook_url, "."));
	HMAC(EVP_sha256(), webhook->auth.secret, (int) webhook->auth.secret_len, (const unsigned char *) webhook->signed_text, strlen(webhook->signed_text), mac, &len);
	webhook->headers[0] = (VaHeader){ "content-type", "application/x-www-form-urlencoded" };
	webhook->headers[1] = (VaHeader){ "x-plivo-signature-v3", base64(mac, len) };
	webhook->headers[2] = (VaHeader){ "x-plivo-signature-v3-nonce", "12345678901234567890" };
	set_message(webhook, form_body, 3);
	webhook->bare = bare_sha256;
}

static void
prepare_vapi(Webhook *webhook)
{
	static const char secret[] = "vapi_hmac_secret";
	unsigned char mac[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1];
	unsigned int len;

	va_webhook_auth_hmac(&webhook->auth, secret, sizeof(secret) - 1);
	webhook->signed_text = va_arena_printf(&arena, "%d.%s", NOW, report_body);
	HMAC(EVP_sha256(), secret, sizeof(secret) - 1, (const unsigned char *) webhook->signed_text, strlen(webhook->signed_text), mac, &len);
	hex[va_hex_encode(mac, len, hex)] = '\0';
	webhook->headers[0] = (VaHeader){ "x-timestamp", va_arena_printf(&arena, "%d", NOW) };
	webhook->headers[1] = (VaHeader){ "x-signature", va_arena_strdup(&arena, hex) };
	set_message(webhook, report_body, 2);
	webhook->bare = bare_sha256;
}

static void
prepare_vonage(Webhook *webhook)
{
	static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned char hash[32];
	char hex[65];
	const char *claims;
	unsigned int len;

	set_secret(webhook, "vonage_signature_secret_32_chars");
	crypto_hash_sha256(hash, (const unsigned char *) report_body, strlen(report_body));
	hex[va_hex_encode(hash, sizeof(hash), hex)] = '\0';
	claims = va_arena_printf(&arena, "{\"iat\":%d,\"iss\":\"Vonage\",\"payload_hash\":\"%s\",\"api_key\":\"abcd1234\",\"application_id\":\"aaaaaaaa-bbbb-cccc-dddd-"
							 "0123456789ab\"}", NOW, hex);
	webhook->signed_text = va_arena_printf(&arena, "%s.%s", base64url(header, strlen(header)), base64url(claims, strlen(claims)));
	HMAC(EVP_sha256(), webhook->auth.secret, (int) webhook->auth.secret_len, (const unsigned char *) webhook->signed_text, strlen(webhook->signed_text), mac, &len);
	webhook->headers[0] = (VaHeader){ "authorization", va_arena_printf(&arena, "Bearer %s.%s", webhook->signed_text, base64url(mac, len)) };
	set_message(webhook, report_body, 1);
	webhook->bare = bare_token;
}

static void
prepare_telnyx(Webhook *webhook)
{
	crypto_sign_keypair(ed_public, ed_secret);
	set_secret(webhook, base64(ed_public, sizeof(ed_public)));
	webhook->signed_text = va_arena_printf(&arena, "%d|%s", NOW, report_body);
	crypto_sign_detached(ed_signature, NULL, (const unsigned char *) webhook->signed_text, strlen(webhook->signed_text), ed_secret);
	webhook->headers[0] = (VaHeader){ "telnyx-timestamp", va_arena_printf(&arena, "%d", NOW) };
	webhook->headers[1] = (VaHeader){ "telnyx-signature-ed25519", base64(ed_signature, sizeof(ed_signature)) };
	set_message(webhook, report_body, 2);
	webhook->bare = bare_ed25519;
}

/* ---- measuring ---- */

typedef void (*Step)(void *of, const void *with);

static void step_build(void *of, const void *with) { build(of); }
static void step_dump(void *of, const void *with) { dump(of); }
static void step_read(void *of, const void *with) { read_reply(of); }
static void step_parse(void *of, const void *with) { parse(of); }
static void step_verify(void *of, const void *with) { verify(of, with); }
static void step_bare(void *of, const void *with) { ((Webhook *) of)->bare(of); }

static void
measure(const char *name, const char *side, Step step, void *of, const void *with)
{
	double began = nanoseconds();
	double now;
	long n = 0;

	do
	{
		for (int i = 0; i < 10; i++)
			step(of, with);
		n += 10;
		now = nanoseconds();
	} while (now - began < SLICE_NS);
	printf("RESULT\tDRIVERS\t%s %s\t%.0f\n", name, side, (now - began) / (double) n);
}

int
main(int argc, char **argv)
{
	static Webhook webhooks[] = { { .name = "vapi" }, { .name = "twilio" }, { .name = "plivo" }, { .name = "vonage" }, { .name = "telnyx" } };
	static void (*const prepares[])(Webhook *) = { prepare_vapi, prepare_twilio, prepare_plivo, prepare_vonage, prepare_telnyx };
	int rounds = argc > 1 ? atoi(argv[1]) : 5;
	const char *only = argc > 2 ? argv[2] : NULL;

	if (sodium_init() < 0)
		return 1;
	for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++)
	{
		if ((only != NULL && strcmp(only, carriers[i].name) != 0) || !prepare(&carriers[i]))
			continue;
		for (int round = -1; round < rounds; round++)
		{
			if (round < 0) /* warm */
			{
				build(&carriers[i]);
				read_reply(&carriers[i]);
				continue;
			}
			measure(carriers[i].name, "build", step_build, &carriers[i], NULL);
			measure(carriers[i].name, "dump", step_dump, &carriers[i], NULL);
			measure(carriers[i].name, "read", step_read, &carriers[i], NULL);
			measure(carriers[i].name, "parse", step_parse, &carriers[i], NULL);
		}
		json_decref(carriers[i].tree);
		va_arena_free(&carriers[i].memory);
	}
	for (size_t i = 0; i < sizeof(webhooks) / sizeof(webhooks[0]); i++)
	{
		const VaDriver *driver = va_driver(webhooks[i].name);

		if (driver == NULL || (only != NULL && strcmp(only, driver->name) != 0))
			continue;
		prepares[i](&webhooks[i]);
		for (int round = 0; round < rounds; round++)
		{
			measure(webhooks[i].name, "verify", step_verify, &webhooks[i], driver);
			measure(webhooks[i].name, "bare", step_bare, &webhooks[i], NULL);
		}
	}
	va_arena_free(&arena);
	return 0;
}
