/*-------------------------------------------------------------------------
 * vonage_token.c
 *		Vonage's signed webhooks: a token (JWT, HS256) in the Authorization
 *		header, whose claims hold the body's hash.
 *
 * The hash of a GET, whose body is empty, covers the query as JSON.  That of
 * a POST covers the body and not the query: what our own URLs bring back
 * there (the attempt, what an event is about) is a hint that anybody who has
 * seen a signed body could change within five minutes.  So a reference must
 * never move an event to a call that the carrier knows by another id.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "vonage_internal.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "pure/text/form.h"

#define TOKEN_MAX 4096
#define BASE64URL sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define ISSUER "Vonage"
#define USUAL_HEADER "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" /* {"alg":"HS256","typ":"JWT"} */

typedef struct Token
{
	const char *signed_text; /* header and claims */
	size_t signed_len;
	const char *claims;
	size_t claims_len;
	const char *signature;
	size_t signature_len;
} Token;

bool
vonage_is_get(const VaSignedMessage *message)
{
	return message->method != NULL && strcasecmp(message->method, "GET") == 0;
}

const char *
vonage_query_json(const VaSignedMessage *message, VaArena *arena)
{
	size_t len = message->query == NULL ? 0 : strlen(message->query);
	VaBuffer buffer = { 0 };
	VaForm form;
	const char *why;

	if (!va_form_read(message->query, len, false, arena, &form, &why))
		return NULL;
	va_buffer_add(&buffer, "{", 1);
	for (int i = 0; i < form.count; i++)
	{
		if (i > 0)
			va_buffer_add(&buffer, ",", 1);
		va_buffer_json_string(&buffer, form.fields[i].name, form.fields[i].name_len);
		va_buffer_add(&buffer, ":", 1);
		va_buffer_json_string(&buffer, form.fields[i].value, form.fields[i].value_len);
	}
	va_buffer_add(&buffer, "}", 1);
	return va_buffer_finish(&buffer, arena);
}

/* The three parts; false without a token. */
static bool
find_token(const VaSignedMessage *message, Token *token, const char **why)
{
	const char *text = va_header_find(message->headers, message->nheaders, "authorization");
	const char *dot1;
	const char *dot2;

	if (text == NULL || strncasecmp(text, "Bearer ", 7) != 0)
		return va_refuse(why, "the webhook is not signed");
	text += 7;
	dot1 = strchr(text, '.');
	dot2 = dot1 == NULL ? NULL : strchr(dot1 + 1, '.');
	if (dot2 == NULL || strlen(text) > TOKEN_MAX)
		return va_refuse(why, "the webhook's token is not one of three parts");
	token->signed_text = text;
	token->signed_len = (size_t) (dot2 - text);
	token->claims = dot1 + 1;
	token->claims_len = (size_t) (dot2 - dot1 - 1);
	token->signature = dot2 + 1;
	token->signature_len = strlen(dot2 + 1);
	return true;
}

/* The characters' values from '-' to 'z', and 1 more; 0: none. */
static const unsigned char base64url_values[] = { 63, 0, 0, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 0, 0, 0, 0, 0, 0, 0,
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 0, 0, 0, 0, 64, 0,
	27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52 };

/*
 * Header and claims are no secret, so they need no decoder in constant time,
 * which costs as much as the signature's hash.  out holds len bytes.  Bits
 * left over must be zero: a text has one spelling.
 */
static bool
decode_part(const char *text, size_t len, unsigned char *out, size_t *used)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
	{
		unsigned at = (unsigned) (unsigned char) text[i] - '-';
		unsigned value = at < sizeof(base64url_values) ? base64url_values[at] : 0;

		if (value == 0)
			return false;
		bits = bits << 6 | (value - 1);
		held += 6;
		if (held >= 8)
		{
			held -= 8;
			out[n++] = (unsigned char) (bits >> held);
		}
	}
	*used = n;
	return held < 6 && (bits & ((1u << held) - 1)) == 0;
}

/* A part that is a JSON object in base64url; NULL if it is not. json_decref() it. */
static json_t *
part_object(const char *text, size_t len)
{
	char bytes[TOKEN_MAX];
	size_t used;
	json_t *json;

	if (len > sizeof(bytes) || !decode_part(text, len, (unsigned char *) bytes, &used))
		return NULL;
	json = json_loadb(bytes, used, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(json))
		return json;
	json_decref(json);
	return NULL;
}

/* ---- claims ---- */

enum
{
	CLAIM_ISSUER,
	CLAIM_ISSUED,
	CLAIM_EXPIRES,
	CLAIM_HASH,
	CLAIM_ACCOUNT,
	CLAIM_ID,
	CLAIM_APPLICATION,
	NCLAIMS
};

static const char *const claim_names[NCLAIMS] = { "iss", "iat", "exp", "payload_hash", "api_key", "jti",
	"application_id" };

typedef struct Claim
{
	bool given;
	const char *text; /* NULL: none, or an empty one */
	double number;	  /* NAN: none */
} Claim;

typedef struct Claims
{
	Claim claim[NCLAIMS];
	char bytes[TOKEN_MAX + 1]; /* texts lie here, or in the tree */
	json_t *tree;
} Claims;

/* A text without escapes, which then ends with a NUL; *at is behind its quote. */
static char *
usual_text(char **at)
{
	char *start = *at + 1;
	char *end = start;

	if (**at != '"')
		return NULL;
	while (*end >= ' ' && *end <= '~' && *end != '"' && *end != '\\')
		end++;
	if (*end != '"')
		return NULL;
	*end = '\0';
	*at = end + 1;
	return start;
}

/* "name":"text" or "name":digits */
static bool
usual_claim(char **at, Claim *claims)
{
	const char *name = usual_text(at);
	size_t digits;
	int i = 0;

	if (name == NULL || *(*at)++ != ':')
		return false;
	while (i < NCLAIMS && strcmp(name, claim_names[i]) != 0)
		i++;
	if (i == NCLAIMS || claims[i].given)
		return false;
	claims[i].given = true;
	if (**at == '"')
	{
		claims[i].text = usual_text(at);
		return claims[i].text != NULL && claims[i].text[0] != '\0';
	}
	digits = strspn(*at, "0123456789");
	claims[i].number = 0;
	for (size_t d = 0; d < digits; d++)
		claims[i].number = claims[i].number * 10 + (*(*at)++ - '0');
	/* Whole numbers that a double holds, and that JSON writes so. */
	return digits > 0 && digits <= 15 && ((*at)[-(int) digits] != '0' || digits == 1);
}

/*
 * The claims as Vonage writes them: nothing but those above, once each, as
 * texts without escapes and whole numbers, without blanks.  jansson takes
 * longer to read them than the signature and the body's hash take together;
 * whatever looks otherwise is left to it.
 */
static bool
read_usual(Claims *claims)
{
	char *at = claims->bytes;

	if (*at != '{')
		return false;
	do
	{
		at++;
		if (!usual_claim(&at, claims->claim))
			return false;
	} while (*at == ',');
	return at[0] == '}' && at[1] == '\0';
}

static void
clear_claims(Claims *claims)
{
	for (int i = 0; i < NCLAIMS; i++)
		claims->claim[i] = (Claim){ .number = NAN };
}

/* False when they are no JSON object.  json_decref() the tree, which is NULL or what texts lie in. */
static bool
read_claims(const Token *token, Claims *claims)
{
	size_t used;

	claims->tree = NULL;
	clear_claims(claims);
	if (!decode_part(token->claims, token->claims_len, (unsigned char *) claims->bytes, &used))
		return false;
	claims->bytes[used] = '\0';
	if (strlen(claims->bytes) == used && read_usual(claims))
		return true;
	clear_claims(claims);
	claims->tree = part_object(token->claims, token->claims_len);
	for (int i = 0; i < NCLAIMS; i++)
	{
		Claim *claim = &claims->claim[i];

		claim->given = json_object_get(claims->tree, claim_names[i]) != NULL;
		claim->text = va_json_string(claims->tree, claim_names[i]);
		(void) va_json_number(claims->tree, claim_names[i], &claim->number);
	}
	return claims->tree != NULL;
}

/* ---- verification ---- */

/* The header as they all have it needs no reading. */
static bool
header_good(const Token *token, const char **why)
{
	size_t len = (size_t) (token->claims - token->signed_text - 1);
	json_t *header;
	const char *algorithm;
	bool good;

	if (len == strlen(USUAL_HEADER) && memcmp(token->signed_text, USUAL_HEADER, len) == 0)
		return true;
	header = part_object(token->signed_text, len);
	algorithm = va_json_string(header, "alg");
	good = algorithm != NULL && strcmp(algorithm, "HS256") == 0 && json_object_get(header, "crit") == NULL;

	if (!good)
		*why = "the webhook's token is not of the algorithm HS256";
	json_decref(header);
	return good;
}

/* As text: a signature has one spelling. */
static bool
signature_good(const VaWebhookAuth *auth, const Token *token, const char **why)
{
	unsigned char mac[VA_HMAC_MAX_LEN];
	char text[sodium_base64_ENCODED_LEN(VA_HMAC_MAX_LEN, BASE64URL)];
	size_t len;
	bool good;

	if (auth->secret_len == 0)
		return va_refuse(why, "the endpoint has no signature secret");
	len = va_hmac(VA_HMAC_SHA256, auth->secret, auth->secret_len, token->signed_text, token->signed_len, mac);
	sodium_bin2base64(text, sizeof(text), mac, len, BASE64URL);
	good = va_equal_constant_time(text, strlen(text), token->signature, token->signature_len);
	sodium_memzero(mac, sizeof(mac));
	sodium_memzero(text, sizeof(text));
	if (!good)
		*why = "the signature does not match";
	return good;
}

static bool
hash_good(const VaSignedMessage *message, const char *claimed, const char **why)
{
	unsigned char hash[VA_SHA256_LEN];
	unsigned char sent[VA_SHA256_LEN];
	size_t sent_len = 0;
	VaArena arena = { 0 };
	const void *bytes = message->body;
	size_t len = message->body_len;
	bool good = false;

	if (vonage_is_get(message) && len == 0)
	{
		bytes = vonage_query_json(message, &arena);
		len = bytes == NULL ? 0 : strlen(bytes);
	}
	va_sha256(bytes, len, hash);
	if (claimed == NULL || !va_hex_decode(claimed, strlen(claimed), sent, sizeof(sent), &sent_len))
		*why = "the webhook's token holds no hash of its body";
	else if (!va_equal_constant_time(hash, sizeof(hash), sent, sent_len))
		*why = "the webhook's body is not the one that was signed";
	else
		good = true;
	va_arena_free(&arena);
	return good;
}

static bool
claims_good(const Claims *claims, const VaSignedMessage *message, int64_t now, const char **why)
{
	const Claim *claim = claims->claim;
	double age = (double) now - claim[CLAIM_ISSUED].number;

	if (claim[CLAIM_ISSUER].text == NULL || strcmp(claim[CLAIM_ISSUER].text, ISSUER) != 0)
		*why = "the webhook's token is not from Vonage";
	else if (isnan(age))
		*why = "the webhook's token does not say when it was made";
	else if (!(age >= -VA_SIGNATURE_TOLERANCE && age <= VA_SIGNATURE_TOLERANCE))
		*why = "the timestamp is outside the tolerance";
	else if (claim[CLAIM_EXPIRES].given && !(claim[CLAIM_EXPIRES].number > (double) now))
		*why = "the webhook's token has expired";
	else
		return hash_good(message, claim[CLAIM_HASH].text, why);
	return false;
}

bool
vonage_verify(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why)
{
	Token token;
	Claims claims;
	bool good;

	*why = NULL;
	/* Claims are read only when the signature holds. */
	if (!find_token(message, &token, why) || !header_good(&token, why) || !signature_good(auth, &token, why))
		return false;
	*why = "the webhook's claims are not a JSON object";
	good = read_claims(&token, &claims) && claims_good(&claims, message, now, why);
	json_decref(claims.tree);
	return good;
}

const char *
vonage_token_account(const VaSignedMessage *message, VaArena *arena)
{
	const char *why;
	const char *account = NULL;
	Claims claims;
	Token token;

	if (!find_token(message, &token, &why))
		return NULL;
	/* jansson takes \u0000 and what follows for the value: such a text is none. */
	if (read_claims(&token, &claims) && va_printable(claims.claim[CLAIM_ACCOUNT].text))
		account = va_arena_strdup(arena, claims.claim[CLAIM_ACCOUNT].text);
	json_decref(claims.tree);
	return account;
}
