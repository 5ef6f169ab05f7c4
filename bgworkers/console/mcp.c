/*-------------------------------------------------------------------------
 * mcp.c
 *		A message of the Model Context Protocol (contract in console.h).
 *
 * Locks are those that a tool takes, until the end of the request.
 */
#include "postgres.h"

#include <sodium.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/json.h"
#include "utils/memutils.h"

#include "console.h"
#include "core/arena.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "pure/text/json.h"
#include "tenancy/identity.h"

#define NEWEST "2026-07-28"
#define NEWEST_OF_SESSIONS "2025-11-25"
#define SUPPORTED "[\"" NEWEST "\",\"" NEWEST_OF_SESSIONS "\",\"2025-06-18\",\"2025-03-26\"]"
#define META "io.modelcontextprotocol/"
#define ENCODED "=?base64?"
#define ENCODED_END "?="
#define SERVER_INFO "{\"name\":\"voiceagent\",\"version\":\"" VOICEAGENT_VERSION "\"}"
#define INSTRUCTIONS                                                                                                  \
	"\"instructions\":\"Calls, campaigns, leads and numbers of one workspace of voiceagent. Each tool explains what " \
	"it "                                                                                                             \
	"refuses or omits.\""

/* Errors of JSON-RPC, and those that the protocol adds. */
typedef enum RpcError
{
	PARSE_ERROR = -32700,
	INVALID_REQUEST = -32600,
	METHOD_NOT_FOUND = -32601,
	INVALID_PARAMS = -32602,
	SERVER_ERROR = -32000,
	HEADER_MISMATCH = -32020,
	UNSUPPORTED_VERSION = -32022
} RpcError;

/* The headers that the protocol looks at; NULL: it was not sent. */
typedef struct Headers
{
	const char *version;
	const char *method;
	const char *name;
} Headers;

/* The message under way; its texts are in the context of the answer. */
static struct
{
	MemoryContext context;
	const char *id;		   /* JSON; NULL: it wants no answer, or is not read yet */
	const char *method;	   /* NULL: it is an answer */
	const char *version;   /* that it says it is of, or asks for; NULL: none */
	const char *name;	   /* of a tool */
	const char *arguments; /* JSON */
	const char *cursor;
	const char *address; /* of the console, at VA_MCP; NULL: there a key is shown */
	bool stateless;		 /* of NEWEST */
	bool capable;		 /* it says what its client can do */
	bool at_work;		 /* what fails now is the tool */
} message;

static VaStatement address_statement = { "SELECT voiceagent_private.oauth_address() AS address", 0, { 0 }, NULL };
static VaStatement connection_statement = { "SELECT voiceagent_private.open_connection() AS open", 0, { 0 }, NULL };
static VaStatement begin_statement = { "SELECT voiceagent.begin_request()", 0, { 0 }, NULL };
static VaStatement tools_statement = { "SELECT voiceagent_private.mcp_tools($1, $2)::text AS answer", 2,
	{ NAMEOID, TEXTOID }, NULL };
static VaStatement query_statement = { "SELECT q.* FROM voiceagent_private.mcp_query($1, $2::json) AS q", 2,
	{ TEXTOID, TEXTOID }, NULL };
static VaStatement result_statement = { "SELECT voiceagent_private.mcp_result($1, $2::json, $3)::text AS answer", 3,
	{ TEXTOID, TEXTOID, INT4OID }, NULL };

/* ----- answers ----- */

/* In the context of the answer. */
static const char *
keep_text(const char *text)
{
	return text != NULL ? MemoryContextStrdup(message.context, text) : NULL;
}

static void
finish(StringInfo json, int status, VaRpcAnswer *answer)
{
	answer->status = status;
	answer->type = "application/json";
	answer->body = json->data;
	answer->len = json->len;
}

static StringInfo
begin_answer(void)
{
	MemoryContext before = MemoryContextSwitchTo(message.context);
	StringInfo json = makeStringInfo();

	(void) MemoryContextSwitchTo(before);
	appendStringInfo(json, "{\"jsonrpc\":\"2.0\",\"id\":%s,", message.id != NULL ? message.id : "null");
	return json;
}

/* data is JSON, or NULL.  Always false. */
static bool
refuse(VaRpcAnswer *answer, int status, RpcError code, const char *why, const char *data)
{
	StringInfo json = begin_answer();

	appendStringInfo(json, "\"error\":{\"code\":%d,\"message\":", (int) code);
	escape_json(json, why);
	if (data != NULL)
		appendStringInfo(json, ",\"data\":%s", data);
	appendStringInfoString(json, "}}");
	finish(json, status, answer);
	return false;
}

/* result is an object. */
static void
reply(VaRpcAnswer *answer, const char *result)
{
	StringInfo json = begin_answer();

	appendStringInfoString(json, "\"result\":{");
	if (message.stateless)
		appendStringInfo(json, "\"resultType\":\"complete\",\"_meta\":{\"" META "serverInfo\":" SERVER_INFO "}%s",
			result[1] != '}' ? "," : "");
	appendStringInfo(json, "%s}", result + 1);
	finish(json, 200, answer);
}

static void
append_sentence(StringInfo text, const char *words)
{
	if (words == NULL || words[0] == '\0')
		return;
	appendStringInfo(text, "%s%c%s%s", text->len > 0 ? " " : "", pg_toupper((unsigned char) words[0]), words + 1,
		strchr(".!?", words[strlen(words) - 1]) != NULL ? "" : ".");
}

/* A tool's answer in words alone; data is JSON, or NULL. */
static void
reply_words(VaRpcAnswer *answer, bool failed, const char *words, const char *data)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoString(&json, "{\"content\":[{\"type\":\"text\",\"text\":");
	escape_json(&json, words);
	appendStringInfo(&json, "}],\"isError\":%s", failed ? "true" : "false");
	if (data != NULL)
		appendStringInfo(&json, ",\"structuredContent\":%s", data);
	appendStringInfoChar(&json, '}');
	reply(answer, json.data);
}

void
va_mcp_word_error(const ErrorData *error, const char *sqlstate, int status, VaRpcAnswer *answer)
{
	bool late = error->sqlerrcode == ERRCODE_QUERY_CANCELED;
	const char *hint = late ? "Ask for less, for fewer days or for one campaign." : error->hint;
	const char *words = late ? "this took longer than five seconds, and nothing was done" : error->message;
	StringInfoData text;

	/* It may have failed before the message was looked at. */
	if (message.context == NULL)
		message.context = CurrentMemoryContext;
	initStringInfo(&text);
	append_sentence(&text, words);
	append_sentence(&text, error->detail);
	append_sentence(&text, hint);
	if (status == 401)
		answer->header =
			message.address == NULL
				? "WWW-Authenticate: Bearer"
				: keep_text(psprintf(
					  "WWW-Authenticate: Bearer error=\"invalid_token\", resource_metadata=\"%s" VA_OAUTH_RESOURCE "\"",
					  message.address));
	if (message.at_work)
		reply_words(answer, true, text.data, va_denial_body(sqlstate, words, error->detail, hint));
	else if (status == 422)
		(void) refuse(answer, message.stateless ? 400 : 200, INVALID_PARAMS, text.data, NULL);
	else
		(void) refuse(answer, status, SERVER_ERROR, text.data, NULL);
	memset(&message, 0, sizeof(message));
}

/* ----- what was sent ----- */

static const char *
keep_json(const json_t *value)
{
	return keep_text(va_json_text(va_arena_here(), value));
}

/* Brackets outside of strings; what is no JSON is the parser's to refuse. */
bool
va_mcp_is_deep(const VaField *body)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < body->len; i++)
	{
		char c = body->bytes[i];

		if (quoted)
		{
			i += c == '\\';
			quoted = c != '"';
		}
		else if (c == '"')
			quoted = true;
		else if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		if (depth > VA_MCP_DEPTH_MAX)
			return true;
	}
	return false;
}

static void
read_headers(const VaField *ask, Headers *headers)
{
	const char *why;
	json_t *json = va_json_load(va_arena_here(), ask[VA_ASK_HEADERS].bytes, ask[VA_ASK_HEADERS].len, &why);

	headers->version = keep_text(va_json_string(json, "mcp-protocol-version"));
	headers->method = keep_text(va_json_string(json, "mcp-method"));
	headers->name = keep_text(va_json_string(json, "mcp-name"));
	json_decref(json);
}

static void
read_params(const json_t *params)
{
	const json_t *meta = va_json_object(params, "_meta");
	const char *version = va_json_string(meta, META "protocolVersion");
	const json_t *arguments = json_object_get(params, "arguments");

	message.stateless = version != NULL;
	message.capable = va_json_object(meta, META "clientCapabilities") != NULL;
	message.version = keep_text(version != NULL ? version : va_json_string(params, "protocolVersion"));
	message.name = keep_text(va_json_string(params, "name"));
	message.cursor = keep_text(va_json_string(params, "cursor"));
	message.arguments = arguments == NULL || json_is_null(arguments) ? "{}"
						: json_is_object(arguments)					 ? keep_json(arguments)
																	 : NULL;
}

static bool
read_id(const json_t *id)
{
	StringInfoData text;

	initStringInfo(&text);
	if (json_is_string(id))
		escape_json(&text, json_string_value(id));
	else if (json_is_integer(id))
		appendStringInfo(&text, "%lld", (long long) json_integer_value(id));
	else
		return false;
	message.id = keep_text(text.data);
	return true;
}

static bool
read_object(const json_t *json, VaRpcAnswer *answer)
{
	const json_t *id = json_object_get(json, "id");
	const json_t *params = json_object_get(json, "params");
	const char *version = va_json_string(json, "jsonrpc");

	if (json_is_array(json))
		return refuse(answer, 400, INVALID_REQUEST, "A request has one message: batches are not taken.", NULL);
	if (!json_is_object(json) || version == NULL || strcmp(version, "2.0") != 0)
		return refuse(answer, 400, INVALID_REQUEST, "This is no message of JSON-RPC 2.0.", NULL);
	if (id != NULL && !read_id(id))
		return refuse(answer, 400, INVALID_REQUEST, "An id is a string or a whole number.", NULL);
	message.method = keep_text(va_json_string(json, "method"));
	if (message.method == NULL && json_object_get(json, "result") == NULL && json_object_get(json, "error") == NULL)
		return refuse(answer, 400, INVALID_REQUEST, "The message names no method.", NULL);
	if (params != NULL && !json_is_object(params))
		return refuse(answer, 400, INVALID_REQUEST, "The params of a message are an object.", NULL);
	read_params(params);
	return true;
}

static bool
read_message(const VaField *body, VaRpcAnswer *answer)
{
	const char *why = "";
	json_t *json;
	bool good;

	if (va_mcp_is_deep(body))
		return refuse(
			answer, 400, PARSE_ERROR, psprintf("The message is nested deeper than %d levels.", VA_MCP_DEPTH_MAX), NULL);
	json = va_json_load(va_arena_here(), body->bytes, body->len, &why);
	if (json == NULL)
		return refuse(answer, 400, PARSE_ERROR, psprintf("The message is no JSON: %s", why), NULL);
	good = read_object(json, answer);
	json_decref(json);
	return good;
}

/* ----- the revisions ----- */

static bool
is_of_sessions(const char *version)
{
	static const char *const known[] = { NEWEST_OF_SESSIONS, "2025-06-18", "2025-03-26" };

	for (int i = 0; version != NULL && i < (int) lengthof(known); i++)
		if (strcmp(version, known[i]) == 0)
			return true;
	return false;
}

static bool
refuse_version(const char *version, VaRpcAnswer *answer)
{
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfoString(&data, "{\"supported\":" SUPPORTED ",\"requested\":");
	escape_json(&data, version);
	appendStringInfoChar(&data, '}');
	return refuse(answer, 400, UNSUPPORTED_VERSION, "This revision of the protocol is not spoken here.", data.data);
}

/* A name that is no plain ASCII comes in base64. */
static bool
header_says(const char *header, const char *value)
{
	size_t len = header != NULL ? strlen(header) : 0;
	size_t begins = strlen(ENCODED);
	size_t ends = strlen(ENCODED_END);
	size_t written = 0;
	char *plain;

	if (header == NULL || value == NULL)
		return false;
	if (len < begins + ends || strncmp(header, ENCODED, begins) != 0 || strcmp(header + len - ends, ENCODED_END) != 0)
		return strcmp(header, value) == 0;
	plain = palloc0(len);
	return sodium_base642bin((unsigned char *) plain, len - 1, header + begins, len - begins - ends, NULL, &written,
			   NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
		   written == strlen(value) && memcmp(plain, value, written) == 0;
}

/* A stateless message repeats its headers in its body. */
static bool
check_stateless(const Headers *headers, VaRpcAnswer *answer)
{
	if (!message.stateless)
		return refuse(answer, 400, INVALID_PARAMS, "params._meta does not name the revision of the protocol.", NULL);
	if (!header_says(headers->version, message.version))
		return refuse(
			answer, 400, HEADER_MISMATCH, "The header MCP-Protocol-Version is not what the message says.", NULL);
	if (strcmp(message.version, NEWEST) != 0)
		return refuse_version(message.version, answer);
	if (!message.capable)
		return refuse(answer, 400, INVALID_PARAMS, "params._meta does not say what the client can do.", NULL);
	if (!header_says(headers->method, message.method))
		return refuse(answer, 400, HEADER_MISMATCH, "The header Mcp-Method is not what the message says.", NULL);
	if (strcmp(message.method, "tools/call") == 0 && !header_says(headers->name, message.name))
		return refuse(answer, 400, HEADER_MISMATCH, "The header Mcp-Name is not what the message says.", NULL);
	return true;
}

static bool
check_version(const Headers *headers, VaRpcAnswer *answer)
{
	bool newest = headers->version != NULL && strcmp(headers->version, NEWEST) == 0;

	if (message.method != NULL && message.id != NULL && (message.stateless || newest))
		return check_stateless(headers, answer);
	if (headers->version != NULL && !newest && !is_of_sessions(headers->version))
		return refuse_version(headers->version, answer);
	return true;
}

/* ----- the methods ----- */

static void
list_tools(const char *role, VaRpcAnswer *answer)
{
	NameData name;
	Datum values[2] = { NameGetDatum(&name), message.cursor != NULL ? CStringGetTextDatum(message.cursor) : (Datum) 0 };

	namestrcpy(&name, role);
	va_execute(&tools_statement, values, message.cursor != NULL ? NULL : " n");
	reply(answer, va_column_text(0, "answer"));
}

/* body is JSON, or empty. */
static void
reply_result(const char *body, int most, VaRpcAnswer *answer)
{
	Datum values[3] = { CStringGetTextDatum(message.name), CStringGetTextDatum(body[0] != '\0' ? body : "null"),
		Int32GetDatum(most) };

	va_become("none");
	va_execute(&result_statement, values, NULL);
	reply(answer, va_column_text(0, "answer"));
}

/* The function's own request, as it would be sent to /rpc. */
static void
call_function(const VaField *ask, const char *role, bool later, int most, VaRpcAnswer *answer)
{
	const char *path = psprintf("/rpc/%s", message.name);
	VaRpcAnswer own = *answer;
	VaField call[VA_ASK_FIELDS];

	memcpy(call, ask, sizeof(call));
	call[VA_ASK_FUNCTION] = (VaField){ message.name, strlen(message.name) };
	call[VA_ASK_PATH] = (VaField){ path, strlen(path) };
	call[VA_ASK_BODY] = (VaField){ message.arguments, strlen(message.arguments) };
	call[VA_ASK_TYPE] = call[VA_ASK_ACCEPT] = (VaField){ "application/json", strlen("application/json") };
	if (later && va_defer(call, message.context, &own))
	{
		reply_words(answer, false,
			psprintf("The tool %s takes a while. Ask the tool deferred_request for its answer in some seconds, by this "
					 "number.",
				message.name),
			own.body);
		return;
	}
	va_become(role);
	own.status = 0;
	va_run_proved(call, message.context, &own);
	if (own.status == 404)
		reply_words(answer, true,
			psprintf("The tool %s does not take these arguments, or needs others: its inputSchema says which.",
				message.name),
			NULL);
	else
		reply_result(own.body, most, answer);
}

static void
read_view(const char *query, const char *role, int most, VaRpcAnswer *answer)
{
	VaRpcAnswer own = *answer;

	va_become(role);
	if (SPI_execute(query, true, 0) != SPI_OK_SELECT)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("the tool is no query")));
	va_take_answer(message.context, &own);
	reply_result(own.body, most, answer);
}

static void
call_tool(const VaField *ask, const char *role, VaRpcAnswer *answer)
{
	Datum values[2];
	const char *query;
	bool later;
	int most;

	if (message.name == NULL || message.arguments == NULL)
	{
		(void) refuse(answer, 200, INVALID_PARAMS, "A call names a tool, and its arguments are an object.", NULL);
		return;
	}
	values[0] = CStringGetTextDatum(message.name);
	values[1] = CStringGetTextDatum(message.arguments);
	message.at_work = true;
	va_execute(&query_statement, values, NULL);
	query = keep_text(va_column_text(0, "query"));
	later = va_column_bool(0, "later");
	most = (int) va_column_int(0, "most", 0);
	if (!va_column_bool(0, "there"))
		(void) refuse(answer, 200, INVALID_PARAMS, psprintf("There is no tool \"%s\".", message.name), NULL);
	else if (query != NULL)
		read_view(query, role, most, answer);
	else
		call_function(ask, role, later, most, answer);
}

static void
do_method(const VaField *ask, const char *role, VaRpcAnswer *answer)
{
	const char *method = message.method;
	const char *version = is_of_sessions(message.version) ? message.version : NEWEST_OF_SESSIONS;

	if (method == NULL || message.id == NULL)
	{
		/* An answer, or what wants none: there is nothing that it could be about. */
		answer->status = 202;
		answer->type = "";
	}
	else if (strcmp(method, "tools/list") == 0)
		list_tools(role, answer);
	else if (strcmp(method, "tools/call") == 0)
		call_tool(ask, role, answer);
	else if (strcmp(method, "server/discover") == 0 && message.stateless)
		reply(answer, "{\"supportedVersions\":" SUPPORTED ",\"capabilities\":{\"tools\":{}},\"ttlMs\":3600000,"
					  "\"cacheScope\":\"private\"," INSTRUCTIONS "}");
	else if (strcmp(method, "initialize") == 0 && !message.stateless)
		reply(answer, psprintf("{\"protocolVersion\":\"%s\",\"capabilities\":{\"tools\":{}},\"serverInfo\":" SERVER_INFO
							   "," INSTRUCTIONS "}",
						  version));
	else if (strcmp(method, "ping") == 0 && !message.stateless)
		reply(answer, "{}");
	else
		(void) refuse(answer, message.stateless ? 404 : 200, METHOD_NOT_FOUND,
			psprintf("There is no method \"%s\" here.", method), NULL);
}

#define NO_PROOF MAKE_SQLSTATE('P', 'T', '4', '0', '1')

static void
prove_key(const VaField *ask, VaRpcAnswer *answer)
{
	va_become(ask[VA_ASK_ROLE].bytes);
	va_pre_request(answer);
	if (answer->tenant == 0)
		ereport(ERROR, (errcode(NO_PROOF), errmsg("no API key was shown"),
						   errhint("Send it as \"Authorization: Bearer va1_...\", or as X-API-Key.")));
}

/* A program to which a member has granted access: it is as if the member had come itself. */
static void
prove_connection(VaRpcAnswer *answer)
{
	va_execute(&address_statement, NULL, NULL);
	message.address = keep_text(va_column_text(0, "address"));
	if (message.address == NULL)
		ereport(
			ERROR, (errcode(MAKE_SQLSTATE('P', 'T', '4', '0', '4')), errmsg("programs are let in by API keys alone"),
					   errhint("They are shown at " VA_MCP_KEY ". The platform sets mail_links for more.")));
	va_execute(&connection_statement, NULL, NULL);
	if (!va_column_bool(0, "open"))
		ereport(ERROR, (errcode(NO_PROOF), errmsg("no access token was shown, or it is not valid any more")));
	va_become(VA_ROLE_USER);
	va_execute(&begin_statement, NULL, NULL);
	answer->tenant = va_tenant_or_none();
}

void
va_mcp_run(const VaField *ask, MemoryContext context, VaRpcAnswer *answer)
{
	Headers headers;
	char *role;

	memset(&message, 0, sizeof(message));
	message.context = context;
	read_headers(ask, &headers);
	va_become("none");
	if (!va_admits_page(ask, false))
	{
		(void) refuse(answer, 403, SERVER_ERROR, "Pages of this origin are not let in.", NULL);
		memset(&message, 0, sizeof(message));
		return;
	}
	if (strcmp(ask[VA_ASK_PATH].bytes, VA_MCP) == 0)
		prove_connection(answer);
	else
		prove_key(ask, answer);
	role = pstrdup(GetConfigOption("role", false, false));
	va_become("none");
	if (read_message(&ask[VA_ASK_BODY], answer) && check_version(&headers, answer))
		do_method(ask, role, answer);
	memset(&message, 0, sizeof(message));
}
