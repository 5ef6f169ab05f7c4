/*-------------------------------------------------------------------------
 * certificate.h
 *		Certificates of those that sign what they send (X.509, RSA).
 */
#ifndef VOICEAGENT_PURE_CERTIFICATE_H
#define VOICEAGENT_PURE_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whether pem has a certificate, and behind it those that lead from it to an
 * authority that this system trusts, all of them good now (seconds since 1970),
 * and the first is of a name below suffix (".example.com"); *why is a static
 * text.
 */
extern bool va_certificate_trusted(const char *pem, size_t len, const char *suffix, int64_t now, const char **why);

/* Whether the key of the first certificate of pem signed this text (RSA, PKCS #1 1.5, SHA-256). */
extern bool va_certificate_signed(
	const char *pem, size_t len, const char *text, const unsigned char *signature, size_t signature_len);

#endif /* VOICEAGENT_PURE_CERTIFICATE_H */
