/*-------------------------------------------------------------------------
 * mac.h
 *		Hashes, HMACs, and bytes as hex and base64.
 */
#ifndef VOICEAGENT_PURE_MAC_H
#define VOICEAGENT_PURE_MAC_H

#include <stdbool.h>
#include <stddef.h>

#define VA_HMAC_MAX_LEN 64
#define VA_HMAC_BLOCK_MAX 128
#define VA_SHA256_LEN 32

typedef enum VaHmacAlgorithm
{
	VA_HMAC_SHA1, /* only where a carrier knows no better */
	VA_HMAC_SHA256,
	VA_HMAC_SHA512
} VaHmacAlgorithm;

/* out has VA_HMAC_MAX_LEN bytes; gives the MAC's length (20, 32 or 64). */
extern size_t va_hmac(
	VaHmacAlgorithm algorithm, const void *key, size_t key_len, const void *data, size_t len, unsigned char *out);

/* The same of what comes in pieces; a process makes one MAC, or hash, at a time.  va_mac_finish() wipes it. */
typedef struct VaMac
{
	VaHmacAlgorithm algorithm;
	unsigned char pad[VA_HMAC_BLOCK_MAX];
	bool good; /* everything so far */
} VaMac;

extern void va_mac_start(VaMac *mac, VaHmacAlgorithm algorithm, const void *key, size_t key_len);
extern void va_mac_add(VaMac *mac, const void *data, size_t len);
extern size_t va_mac_finish(VaMac *mac, unsigned char *out);

/* out has VA_SHA256_LEN bytes. */
extern void va_sha256(const void *data, size_t len, unsigned char *out);

/* Constant time in the content; a different length is false at once. */
extern bool va_equal_constant_time(const void *a, size_t a_len, const void *b, size_t b_len);

/* Encoders give the text's length; out holds 2n+1, 4*ceil(n/3)+1. */
extern size_t va_hex_encode(const void *data, size_t len, char *out);
extern size_t va_base64_encode(const void *data, size_t len, char *out);
/* Strict decoders: the whole text must be valid, upper or lower case hex; false otherwise or when out is too
 * small. */
extern bool va_hex_decode(const char *text, size_t len, unsigned char *out, size_t out_size, size_t *out_len);
extern bool va_base64_decode(const char *text, size_t len, unsigned char *out, size_t out_size, size_t *out_len);
/* The alphabet of RFC 4648, 5, without padding; nothing is no text of it. */
extern bool va_base64url_decode(const char *text, size_t len, unsigned char *out, size_t out_size, size_t *out_len);

#endif /* VOICEAGENT_PURE_MAC_H */
