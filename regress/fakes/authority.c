/*
 * An authority of our own, by LD_PRELOAD: every transfer of libcurl trusts the certificates in the file VA_AUTHORITY
 * names, and no others.  (libcurl's own file is fixed when it is built; it does not read SSL_CERT_FILE.)  A transfer
 * that is told of a file after that goes by what it was told.
 */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdlib.h>

static void
trust(CURL *easy)
{
	const char *file = getenv("VA_AUTHORITY");

	if (easy != NULL && file != NULL)
		(void) curl_easy_setopt(easy, CURLOPT_CAINFO, file);
}

CURL *
curl_easy_init(void)
{
	CURL *(*real)(void) = (CURL * (*) (void) ) dlsym(RTLD_NEXT, "curl_easy_init");
	CURL *easy = real();

	trust(easy);
	return easy;
}

void
curl_easy_reset(CURL *easy)
{
	void (*real)(CURL *) = (void (*)(CURL *)) dlsym(RTLD_NEXT, "curl_easy_reset");

	real(easy);
	trust(easy);
}
