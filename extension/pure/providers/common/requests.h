/*-------------------------------------------------------------------------
 * requests.h
 *		Building requests: what the drivers have in common.
 *
 * A request is begun with its method and URL, then its credentials, then its
 * body.  Results live in the arena; false with *why as in provider.h.
 */
#ifndef VOICEAGENT_PURE_REQUESTS_H
#define VOICEAGENT_PURE_REQUESTS_H

#include "provider.h"
#include "pure/net/url.h"

#define VA_CALL_ID_MAX 128 /* bytes of a carrier's id of a call, a number, a recording */

/*
 * method, and the account's base_url (NULL: `own`, the carrier's) with path
 * behind it; a path is what the caller has encoded already, query and all.
 */
extern bool va_request_start(VaHttpRequest *request, VaArena *arena, const char *method, const char *base_url,
	const char *own, const char *path, const char **why);
/* method and a URL that came from an answer, query and all: it may lead to any host, so it gets no key. */
extern bool va_request_elsewhere(
	VaHttpRequest *request, VaArena *arena, const char *method, const char *url, const char **why);
/* Authorization.  A NULL or unprintable secret is an account that cannot be used. */
extern bool va_request_bearer(VaHttpRequest *request, VaArena *arena, const char *token, const char **why);
extern bool va_request_basic(
	VaHttpRequest *request, VaArena *arena, const char *user, const char *password, const char **why);
extern bool va_request_header(
	VaHttpRequest *request, VaArena *arena, const char *name, const char *value, const char **why);
extern bool va_request_json(VaHttpRequest *request, VaArena *arena, const json_t *body, const char **why);
/* ... whose reference is taken, of a request that was begun, or not. */
extern bool va_request_body(bool begun, VaHttpRequest *request, VaArena *arena, json_t *body, const char **why);
/* application/x-www-form-urlencoded; a field whose value is NULL is left out. */
extern bool va_request_form(VaHttpRequest *request, VaArena *arena, const VaNamedText *fields, int n, const char **why);

/* Everything but unreserved characters as %XX. */
extern const char *va_escaped(VaArena *arena, const char *text);
/* url with name=value in its query (the value is encoded here); NULL value: url itself. */
extern const char *va_url_with(VaArena *arena, const char *url, const char *name, const char *value);
/* A plus and 7 to 15 digits, the first no 0. */
extern bool va_is_e164(const char *number);
/* An E.164 number without its plus. */
extern const char *va_without_plus(const char *number);
/* An E.164 number from what carriers write: digits alone get their plus; anything else as it is; NULL stays. */
extern const char *va_with_plus(VaArena *arena, const char *number);
/* 1..VA_CALL_ID_MAX printable characters without blanks, and no name of a directory. */
extern bool va_id_valid(const char *id);
/* before, an id in it and after; NULL with *why: the id is not valid, which is `wrong`. */
extern const char *va_id_path(
	VaArena *arena, const char *before, const char *id, const char *after, const char *wrong, const char **why);
/* ... a call's id. */
extern const char *va_call_path(
	VaArena *arena, const char *before, const char *call_id, const char *after, const char **why);
/* The text behind own in a page that the carrier has named, or NULL with *why. */
extern const char *va_page_behind(const char *own, const char *page, const char **why);
/* A header's value that cannot smuggle another header. */
extern bool va_printable(const char *text);
/* A decimal integer in the arena. */
extern const char *va_integer_text(VaArena *arena, int64_t value);
/*
 * Sets order->answer, for a dial at a carrier that holds no conversation, from
 * the rest of the order: a socket that talks, where the account names one,
 * after what the law wants said; else the assistant's first message with the
 * lead's values filled in, and that is all.  Its texts are the order's or lie in the arena, which knows
 * when memory is out.
 */
extern void va_plan_answer(VaCallOrder *order, VaArena *arena);
/*
 * The plan of an answered call for a carrier that holds no conversation:
 * order->answer; a SAY without a text says the assistant's first message
 * with the lead's values filled in.
 */
extern bool va_call_answer(const VaCallOrder *order, VaArena *arena, VaAnswer *answer, const char **why);
/*
 * text with each term of the setting pronunciations (settings: an assistant's,
 * as JSON text; NULL = none) by what is to be said for it, where it stands as a
 * word of its own; the longest term wins, and what is said is not looked at
 * again.  In the arena, or text itself.
 */
#define VA_PRONUNCIATIONS_MAX 200 /* of one assistant; further ones are passed over */
extern const char *va_pronounce(VaArena *arena, const char *text, const char *settings);
/* Can this text be sent?  Otherwise false with *why. */
extern bool va_text_order_good(const VaProviderRequest *order, const char **why);
/* Where a carrier tells what came of it. */
extern const char *va_text_report_url(const VaProviderRequest *order, VaArena *arena);
/* Two capital letters, ISO 3166, from what an order names; NULL is US.  NULL with *why. */
extern const char *va_country(VaArena *arena, const char *country, const char **why);
/* The number that calls: the order's, or the account's; NULL: neither. */
extern const char *va_from_number(const VaCallOrder *order);
/* Can a call be placed, to an extension of these characters (or else: what it must be)?  Otherwise false with *why. */
extern bool va_call_order_good(const VaCallOrder *order, const char *characters, const char *or_else, const char **why);
/* Does a URL that was parsed lead to the account's own host, or over TLS to the carrier's domain, who may know its key? */
extern bool va_url_is_theirs(const VaProviderAccount *carrier, const VaUrl *url, const char *domain);
/* Between low and high. */
extern int va_clamp(int value, int low, int high);

#endif /* VOICEAGENT_PURE_REQUESTS_H */
