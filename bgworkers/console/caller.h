/*-------------------------------------------------------------------------
 * caller.h
 *		Whose request it is: the bearer token is verified here, by the keys of
 *		voiceagent.jwt_secret_file, as PostgREST does; what its claims may do is
 *		judged in the database (pre_request()).
 */
#ifndef VOICEAGENT_CONSOLE_CALLER_H
#define VOICEAGENT_CONSOLE_CALLER_H

#include "postgres.h"

#include "http/server.h"

typedef struct VaCaller
{
	char *role;	   /* for SET LOCAL ROLE */
	char *claims;  /* JSON */
	char *headers; /* JSON: names in lower case, and x-voiceagent-peer */
	int64 whose;   /* whom its requests are counted for: the tenant, else (negative) a stranger's network */
	int64 session; /* whose session it may share: the tenant, else (negative) an API key or an address */
	int64 key;	   /* hash of an API key, negative; 0 = it brings none, or a token beside it */
	int64 tenant;  /* that a token for this database names; 0 = none */
	int64 expires; /* seconds since 1970, of a token; 0 = it has no end */
	/* Only where there is a token: */
	int64 token;		  /* hash of its bytes, negative */
	int64 rights;		  /* hash of what it says that its bearer may do, negative */
	int64 member;		  /* 0 = the tenant as a whole */
	int64 member_session; /* the member's, that it is of */
} VaCaller;

/* Why a request is refused, as PostgREST says it. */
typedef struct VaDenial
{
	int status;
	const char *code;
	const char *message;
	const char *details; /* or NULL */
	const char *hint;	 /* or NULL */
} VaDenial;

/* Where a page that was loaded anew exchanges its cookie for a token; no other path is sent the cookie. */
#define VA_RENEW "/rpc/renew"
#define VA_SESSION "va_session="

/* The door for programs to which a member has granted access; an API key is shown at the one below it. */
#define VA_MCP "/mcp"
#define VA_MCP_KEY "/mcp/key"

/*
 * The caller, palloc'd; false with the denial.  A key that nobody has proved yet
 * counts for its network: else each invented one had turns of its own.
 */
extern bool va_find_caller(const VaHttpdRequest *request, VaCaller *caller, VaDenial *denial);

/* A request with a key has been served: the tenant that it proved, 0 = it is not valid. */
extern void va_note_key(int64 key, int64 tenant);

/* The header by which a page has a token's session (len 0: no more) when it is loaded anew, palloc'd. */
extern char *va_session_cookie(const VaHttpdRequest *request, const char *token, int len);

/* What a cookie's header ends with: where the browser speaks TLS it sends it to nobody else. */
extern const char *va_cookie_end(const VaHttpdRequest *request);

/* The body of an error as PostgREST writes it, palloc'd. */
extern char *va_denial_body(const char *code, const char *message, const char *details, const char *hint);

/* Answers with a denial. */
extern void va_deny(VaHttpdRequest *request, const VaDenial *denial);

#endif /* VOICEAGENT_CONSOLE_CALLER_H */
