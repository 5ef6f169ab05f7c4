/*-------------------------------------------------------------------------
 * console.h
 *		Shared by the files of the processes web, api and deferred.
 */
#ifndef VOICEAGENT_CONSOLE_H
#define VOICEAGENT_CONSOLE_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "http/server.h"
#include "link.h"
#include "runtime/worker.h"

/*
 * caller.c: whose request it is: the bearer token is verified here, by the keys of voiceagent.jwt_secret_file, as
 * PostgREST does; what its claims may do is judged in the database (pre_request()).
 */
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

/* The header of an answer whose token may be a cookie: it goes to no page of another site (rpc.c, web.c). */
#define VA_OWN_PAGE "own"

/* The door for programs to which a member has granted access; an API key is shown at the one below it. */
#define VA_MCP "/mcp"
#define VA_MCP_KEY "/mcp/key"

/*
 * The caller, palloc'd; false with the denial.  A key that is not proved yet
 * counts for its network: else each invented one had turns of its own.
 */
extern bool va_find_caller(const VaHttpdRequest *request, VaCaller *caller, VaDenial *denial);

/* A request with a key has been served: the tenant that it proved, 0 = it is not valid. */
extern void va_note_key(int64 key, int64 tenant);

/* The header by which a page has a token's session (len 0: no more) when it is loaded anew, palloc'd. */
extern char *va_session_cookie(const VaHttpdRequest *request, const char *token, int len);

/*
 * The header of a cookie NAME=VALUE of this path, palloc'd; rest: its other
 * attributes.  Where the browser speaks TLS its name says that it is of this
 * host alone, and it is sent to no other.
 */
extern char *va_cookie(const VaHttpdRequest *request, const char *pair, const char *path, const char *rest);
#define VA_HOST_ALONE "__Host-"

/* The body of an error as PostgREST writes it, palloc'd. */
extern char *va_denial_body(const char *code, const char *message, const char *details, const char *hint);

/* Answers with a denial. */
extern void va_deny(VaHttpdRequest *request, const VaDenial *denial);

/*
 * door.c: requests that wait for a process api, and the links to these.  Tenants take turns.  A tenant that used more
 * than one second of the last ten queues behind those that used less, and leaves them a process: slow tenants delay no
 * other, however many they are.  All strangers, who have proved no tenant, weigh as one tenant, and have one process
 * at most.  Among them networks take turns, which count as above, and logins go beside the rest.  An API key has its
 * tenant's turns once it has been proved.  The process web calls all of it from its turn; nothing here runs a
 * statement.
 */

/* Requests of one tenant, or of one network of strangers, that wait: one more is answered with 429. */
#define VA_DOOR_WAITING_OF_ONE 100
/* Requests of all tenants that wait, and of all strangers: for one more the one of whom most wait gives up its newest (503). */
#define VA_DOOR_WAITING 1500
#define VA_DOOR_STRANGERS 500
/* More of the processes is much to use.  A tenth of the time that passes is forgiven. */
#define VA_DOOR_MUCH_US 1000000
/* ... of one network of strangers, in which many people may log in, each for a tenth of a second. */
#define VA_DOOR_MUCH_OF_NETWORK_US 3000000
/* No more than so much is remembered. */
#define VA_DOOR_REMEMBERED_US 5000000
/* So long a request waits behind all others at most. */
#define VA_DOOR_BEHIND_MS 1000
/* A request that has waited so long is answered with 503. */
#define VA_DOOR_WAIT_MS 20000

typedef struct VaDoorAsk
{
	const char *kind;
	VaHttpdRequest *request;
	const VaCaller *caller;
	const char *subject; /* the function, or the cursor */
	/* Called in the turn in which the answer is there; NULL: no process could give one. */
	void (*answered)(VaHttpdRequest *request, const VaField *answer);
	const char *body;	/* JSON in place of the request's own; NULL: its own */
	bool behind_others; /* has its turn when nothing else waits, or after VA_DOOR_BEHIND_MS */
} VaDoorAsk;

extern void va_door_open(VaWorker *worker);
extern void va_door_close(void);

/* Takes a request in; false with the denial, and the request is the caller's still. */
extern bool va_door_ask(const VaDoorAsk *ask, VaDenial *denial);

/* Gives out what was answered, and hands on what waits; when it has to look again. */
extern TimestampTz va_door_turn(void);

/*
 * rpc.c: executes a request of the API as its caller, in a transaction of its own, and words the answer as PostgREST
 * does.  The session is that of voiceagent_api, which may do nothing but become a visitor or a member.  A role may
 * call whatever it may EXECUTE in schema voiceagent.  A request with "Prefer: respond-async" whose function may take
 * long is kept for a process `deferred` and answered 202 (sql/96_console/70_deferred.sql).  Where the caller is
 * another than the last one's tenant, what a session keeps is dropped first.
 */

/* The longest time that a request runs; then it is cancelled (57014). */
#define VA_RPC_TIMEOUT_MS 5000
/* The same for a request that is answered later; on deferred_2 it is the one above. */
#define VA_RPC_DEFERRED_MS 120000
/* ... and how long it may wait for a lock of its own tenant: the process is needed by others (55P03). */
#define VA_RPC_DEFERRED_LOCK "10s"
/* The longest answer; a longer one is an error (54000). */
#define VA_RPC_ANSWER_MAX (8 * 1024 * 1024)

typedef struct VaRpcAnswer
{
	int status;		  /* 0: nothing new, of events */
	const char *type; /* '' = there is no body */
	const char *body; /* palloc'd in the current context */
	size_t len;
	const char *header;	 /* a line that goes with it; '' = none */
	int64 tenant;		 /* that pre_request() proved; 0 = none */
	bool secret;		 /* the body is wiped when it has been sent */
	const char *quiet;	 /* of events: VA_TELL_QUIET */
	const char *refused; /* ... and VA_TELL_REFUSED */
} VaRpcAnswer;

/* Raises nothing but what ends the process. */
extern void va_rpc_serve(const VaField *ask, VaRpcAnswer *answer);

/*
 * Serves a request that has waited in deferred_requests, and keeps its answer
 * there: in the same transaction where it succeeds, so that it is done once.  It
 * is cancelled after so many ms.
 */
extern void va_rpc_serve_deferred(const VaField *ask, int64 tenant, int64 request, int ms);
/* Keeps an answer of ours to it, in a transaction of its own. */
extern void va_rpc_end_deferred(int64 tenant, int64 request, int status, const char *body);

/* execute.c: a function that a request calls, in the transaction of the request. */

/* Until the transaction ends; "none" is the session's own, voiceagent_api. */
extern void va_become(const char *role);

/*
 * Whether the page that asks may speak to us (admits_page()); own: whether it is
 * ours.  The transaction goes on as the session's own role.
 */
extern bool va_admits_page(const VaField *ask, bool own);

/* Proves the tenant by what the request shows, and counts the request among the tenant's. */
extern void va_pre_request(VaRpcAnswer *answer);

/* The column "answer" of the one row is the body, in that context; one that is too long raises 54000. */
extern void va_take_answer(MemoryContext context, VaRpcAnswer *answer);

/* Keeps the request for a process deferred (202) where its function may take long; false: it is to be executed now. */
extern bool va_defer(const VaField *ask, MemoryContext context, VaRpcAnswer *answer);

/* The call of a request whose caller is yet to be proved; of one that was. */
extern void va_run_call(const VaField *ask, MemoryContext context, bool deferred, VaRpcAnswer *answer);
extern void va_run_proved(const VaField *ask, MemoryContext context, VaRpcAnswer *answer);

/*
 * client_document.c: what is fetched before a request is answered: what a program says about itself at the address
 * that is its client_id (client ID metadata documents), and the steps of a login at a provider.  The process web calls
 * all of it from its turn.
 */

/* The longest document of a program; of a provider, which names all its keys. */
#define VA_CLIENT_DOCUMENT_MAX 10240
#define VA_DOCUMENT_MAX (64 * 1024)

typedef struct VaDocumentAsk
{
	const char *url;
	const char *provider; /* the path of the tenant whose provider is asked, below VA_SIGN_ON; NULL: a program is */
	const char *form;	  /* that is posted there; NULL: a GET */
	const char *authorization; /* a header; NULL: none */
	bool private_host;		   /* the platform allows this host of our own network */
	size_t longest;
	const char *carry; /* comes back with the document; "" = nothing */
	void (*found)(VaHttpdRequest *request, const char *document, const char *carry);
} VaDocumentAsk;

extern void va_client_documents_open(VaWorker *worker);
extern void va_client_documents_close(void);

/*
 * https alone and no address of our own network, where that is not allowed; no redirect, five seconds.  Where there is
 * none, the document is ''; it is given with the request in the turn in which that is known.
 */
extern void va_client_document(VaHttpdRequest *request, const VaCaller *caller, const VaDocumentAsk *ask);

/* Is there a place for a step at this provider?  The mark that there is none. */
extern bool va_document_is_free(const VaCaller *caller, const char *provider);
extern void va_deny_document(VaHttpdRequest *request);

extern void va_client_documents_turn(void);

/*
 * downloads.c: GET /exports/LINK/NAME: the file of an export, to whoever has the signed link (export_link()), whole or
 * a range of it.
 */
#define VA_DOWNLOADS "/exports/"

/* Asks a process api where the link leads; it is answered when that is known. */
extern void va_download(VaHttpdRequest *request, const VaCaller *caller);

/* Answers with an open file, whole or the range that is asked for; it is closed in any case. */
extern void va_send_file(VaHttpdRequest *request, int file, uint64 size, const char *type, const char *disposition);

/*
 * mcp.c: a message of the Model Context Protocol, executed as its caller: the revisions 2025-03-26 to 2025-11-25,
 * which begin with "initialize", and 2026-07-28, each message of which says all about itself.  It runs in the
 * transaction of a request (rpc.c), and keeps no session.  A message that is none is answered as an error of JSON-RPC;
 * what a tool of ours refuses is the tool's answer, in a sentence.
 */

/* The longest message, and how deep its values may be nested. */
#define VA_MCP_MESSAGE_MAX (256 * 1024)
#define VA_MCP_DEPTH_MAX 32

extern bool va_mcp_is_deep(const VaField *json);

extern void va_mcp_run(const VaField *ask, MemoryContext context, VaRpcAnswer *answer);

/* The answer to the message under way, which the error has ended; status: as it would be for /rpc. */
extern void va_mcp_word_error(const ErrorData *error, const char *sqlstate, int status, VaRpcAnswer *answer);

/*
 * oauth.c: programs that a member lets in: OAuth 2.1 with what it builds on (RFC 7591, 7636, 8414, 8707, 9207, 9728);
 * and the other way round, members that log in at their tenant's provider.  All of it is judged by oauth_answer() and
 * sign_on_answer() (sql/96_console/87_oauth.sql, 88_sign_on.sql); here a query, a form or JSON becomes what these
 * take.
 */
#define VA_OAUTH "/oauth/"
#define VA_OAUTH_AUTHORIZE "/oauth/authorize"
#define VA_OAUTH_RESOURCE "/.well-known/oauth-protected-resource/mcp"
#define VA_OAUTH_SERVER "/.well-known/oauth-authorization-server"

/* The longest body of a request. */
#define VA_OAUTH_BODY_MAX (16 * 1024)

/* Behind it a tenant's number, and, where its provider sends browsers back to, /back. */
#define VA_SIGN_ON "/sign-on/"

extern void va_oauth_run(const VaField *ask, MemoryContext context, VaRpcAnswer *answer);
/* A step: JSON, with the secret of the tenant at its provider where that is asked. */
extern void va_sign_on_run(const VaField *ask, MemoryContext context, VaRpcAnswer *answer);

/*
 * recording_request.c: how a recording is asked for at its carrier.  Between the processes api and web it is lines: 1
 * or 0 (whether the server may be in our own network), the address, and headers, which may have the account's
 * credentials.  These never reach a page; who has sent it wipes it.
 */
typedef struct VaRecording
{
	int64 tenant;				  /* the current one */
	int64 account;				  /* 0 = none that is known */
	const char *provider_call_id; /* or NULL */
	const char *url;			  /* as the carrier gave it */
	bool private_host;
} VaRecording;

/*
 * The lines, in the current context and in a transaction.  The account's credentials are in them only where its driver says
 * that the address is the carrier's.  Raises PT409 where the recording cannot be asked for.
 */
extern char *va_recording_request(const VaRecording *recording);

/*
 * recordings.c: GET /recordings/LINK: the recording of a call, to whoever has the signed link (recording_link()),
 * whole or a range of it.  It is fetched from where the carrier keeps it, whole, and kept for some minutes in a file
 * without a name, so that a player that asks for its parts has them.  The carrier's address, and the account's
 * credentials with which it is asked, are sent to no client.  The process web calls all of it from its turn.
 */
#define VA_RECORDINGS "/recordings/"
/* The longest recording. */
#define VA_RECORDING_MAX (32 * 1024 * 1024)

/* Asks a process api where the link leads; it is answered when the recording is there. */
extern void va_recording(VaHttpdRequest *request, const VaCaller *caller);

extern void va_recordings_open(VaWorker *worker);
extern void va_recordings_close(void);

/* Gives out what has come, and forgets what is old; when it has to look again. */
extern TimestampTz va_recordings_turn(void);

/*
 * sign_on.c: a member logs in at its tenant's identity provider.  A process api says step by step what is to be
 * fetched of the provider, and where the browser goes (oauth.c); the session is a cookie, as after a login. The
 * process web calls it.
 */

/* A GET of a path below VA_SIGN_ON. */
extern void va_sign_on(VaHttpdRequest *request);

/*
 * static_files.c: the files of the console's page, as `make install` put them below the server's share directory.
 * They are read once, when the process starts and at each reload: a request names one of them or none, and never
 * reaches the file system.
 */

/* Reads them (again).  Files that cannot be read are logged and left out. */
extern void va_static_load(void);

/* Answers a GET or HEAD of a path; false: there is no such file. */
extern bool va_static_answer(VaHttpdRequest *request);

/* The use of a shared resource: microseconds, of which a tenth of the time that passes is forgiven. */
typedef struct VaUsed
{
	int64 us;
	TimestampTz at;
} VaUsed;

static inline int64
va_used(const VaUsed *used, TimestampTz now)
{
	return Max(used->us - (now - used->at) / 10, 0);
}

/* No more than most is remembered. */
static inline void
va_use(VaUsed *used, int64 us, int64 most, TimestampTz now)
{
	used->us = Min(va_used(used, now) + us, most);
	used->at = now;
}

#endif /* VOICEAGENT_CONSOLE_H */
