/*-------------------------------------------------------------------------
 * certificate.c
 *		Certificates of those that sign what they send (contract in
 *		certificate.h).
 */
#include "certificate.h"

#include <string.h>
#include <strings.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#define PEM_MAX 65536
#define CHAIN_MAX 8
#define NAME_MAX_LEN 256

static BIO *
reader_of(const char *pem, size_t len)
{
	return pem != NULL && len > 0 && len <= PEM_MAX ? BIO_new_mem_buf(pem, (int) len) : NULL;
}

/* Without it OpenSSL would ask the terminal. */
static int
no_passphrase(char *buffer, int size, int writing, void *data)
{
	return -1;
}

static X509 *
next_certificate(BIO *reader)
{
	X509 *certificate = reader != NULL ? PEM_read_bio_X509(reader, NULL, no_passphrase, NULL) : NULL;

	ERR_clear_error();
	return certificate;
}

static bool
is_below(X509 *certificate, const char *suffix)
{
	char name[NAME_MAX_LEN];
	int len = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof(name));
	size_t suffix_len = strlen(suffix);

	/* A name with a NUL in it is shorter than its length. */
	return len > (int) suffix_len && strlen(name) == (size_t) len && strcasecmp(name + len - suffix_len, suffix) == 0;
}

static const char *
judge_chain(X509 *leaf, STACK_OF(X509) * others, int64_t now)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	const char *why = "out of memory";

	if (store != NULL && context != NULL && X509_STORE_set_default_paths(store) == 1 &&
		X509_STORE_CTX_init(context, store, leaf, others) == 1)
	{
		X509_STORE_CTX_set_time(context, 0, (time_t) now);
		why = X509_verify_cert(context) == 1 ? NULL : X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));
	}
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	ERR_clear_error();
	return why;
}

bool
va_certificate_trusted(const char *pem, size_t len, const char *suffix, int64_t now, const char **why)
{
	BIO *reader = reader_of(pem, len);
	X509 *leaf = next_certificate(reader);
	STACK_OF(X509) *others = sk_X509_new_null();
	X509 *other = NULL;

	*why = NULL;
	while (
		leaf != NULL && others != NULL && sk_X509_num(others) < CHAIN_MAX && (other = next_certificate(reader)) != NULL)
	{
		if (sk_X509_push(others, other) == 0)
			X509_free(other);
	}
	if (leaf == NULL)
		*why = "there is no certificate in it";
	else if (!is_below(leaf, suffix))
		*why = "the certificate is of another name";
	else
		*why = judge_chain(leaf, others, now);
	sk_X509_pop_free(others, X509_free);
	X509_free(leaf);
	BIO_free(reader);
	return *why == NULL;
}

bool
va_certificate_signed(
	const char *pem, size_t len, const char *text, const unsigned char *signature, size_t signature_len)
{
	BIO *reader = reader_of(pem, len);
	X509 *leaf = next_certificate(reader);
	EVP_PKEY *key = leaf != NULL ? X509_get0_pubkey(leaf) : NULL;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = key != NULL && context != NULL && EVP_PKEY_base_id(key) == EVP_PKEY_RSA &&
				EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
				EVP_DigestVerify(context, signature, signature_len, (const unsigned char *) text, strlen(text)) == 1;

	EVP_MD_CTX_free(context);
	X509_free(leaf);
	BIO_free(reader);
	ERR_clear_error();
	return good;
}
