/*-------------------------------------------------------------------------
 * payments.h
 *		Payment vendors: one struct of pure functions a vendor, bytes in,
 *		structs out.
 *
 * A driver builds the request that makes an order, asks about it, takes the
 * money of one that the buyer has approved, or gives some back; and reads what
 * came back as a report: how the payment stands, in JSON, the same for every
 * vendor (sql/86_payment/30_settle.sql).  Amounts are integers of the unit in
 * which the vendor counts.  What is asked about plans and payment methods is
 * put together by SQL (sql/89_plan/65_requests.sql): here it gets the vendor's
 * form, key and version, and comes back as it is.
 *
 * No backend header, no clock, no state.  Results live in the caller's arena.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_PAYMENTS_H
#define VOICEAGENT_PURE_PAYMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "pure/providers/common/provider.h"
#include "pure/text/json.h"

typedef enum VaPaymentTask
{
	VA_PAYMENT_CREATE,
	VA_PAYMENT_LOOK,
	VA_PAYMENT_CAPTURE, /* takes the money of an order that is approved */
	VA_PAYMENT_REFUND,
	VA_PAYMENT_DISPUTE, /* asks how the disputes about it stand */
	VA_PAYMENT_ASK		/* method, path and body say what */
} VaPaymentTask;

#define VA_PAYMENT_TASKS 6

typedef struct VaPaymentOrder
{
	const char *base_url; /* NULL: the vendor's own */
	const char *key;	  /* Stripe's secret key, or PayPal's token */
	VaPaymentTask task;
	const char *reference;		 /* ours, which comes back */
	const char *name;			 /* what is bought, for the buyer */
	const char *currency;		 /* three capital letters */
	int64_t amount;				 /* of the order; REFUND: what is given back */
	int decimals;				 /* of the vendor's amounts */
	int64_t expires_at;			 /* seconds since 1970 */
	const char *return_url;		 /* CREATE */
	const char *vendor_ref;		 /* the order there; NULL until it is made */
	const char *payment_ref;	 /* the payment there; REFUND, DISPUTE */
	const char *idempotency_key; /* CREATE, CAPTURE, REFUND, and an ASK that posts */
	bool keeps;					 /* CREATE: the vendor keeps how the buyer pays, for later */
	bool by_payment;			 /* vendor_ref is the payment's own number: no page of the vendor's made it */
	const char *method_ref;		 /* CREATE: what is charged, without the buyer; NULL: the buyer pays */
	const char *customer_ref;	 /* CREATE: whose that is, at Stripe */
	const char *method;			 /* ASK: GET, POST, DELETE */
	const char *path;			 /* ASK: with its query */
	const char *body;			 /* ASK: an object in JSON; NULL: none */
} VaPaymentOrder;

typedef enum VaPaymentKind
{
	VA_PAYMENT_REPORT,		/* report says how it stands */
	VA_PAYMENT_DONE,		/* the refund is on its way: look */
	VA_PAYMENT_AGAIN,		/* nobody knows, or later: the same request again */
	VA_PAYMENT_BAD_ACCOUNT, /* the vendor does not know the platform's key */
	VA_PAYMENT_REFUSED		/* for what it says: again would be in vain */
} VaPaymentKind;

typedef struct VaPaymentReply
{
	VaPaymentKind kind;
	const char *report;	 /* JSON; NULL unless REPORT; of an ASK {"status": 200, "body": {...}} */
	const char *message; /* the vendor's words, or ours; NULL: none */
} VaPaymentReply;

typedef struct VaPaymentDriver
{
	const char *name; /* "stripe" */
	bool wants_token; /* key is a token that the account's id and secret get: va_payment_token_...() */
	bool (*build)(const VaPaymentOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
	void (*read)(const VaPaymentOrder *order, const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply);
} VaPaymentDriver;

/* NULL: there is none of this name. */
extern const VaPaymentDriver *va_payment_driver(const char *name);
/* "create", "look", ...; false: it is none. */
extern bool va_payment_task(const char *name, VaPaymentTask *task);
/* "report", "done", ...: the words of VaPaymentKind. */
extern const char *va_payment_kind_name(VaPaymentKind kind);

/* PayPal's token: how it is asked for, and what comes; NULL: none came, reply says why. */
extern bool va_payment_token_build(const char *base_url, const char *client_id, const char *secret, VaArena *arena,
	VaHttpRequest *request, const char **why);
extern const char *va_payment_token_read(
	const VaHttpResponse *response, VaArena *arena, int64_t *valid_s, VaPaymentReply *reply);

/*
 * Whether Stripe signed this body: its header Stripe-Signature, the endpoint's
 * secret, and now in seconds.  Older or younger than 300 seconds is refused.
 */
extern bool va_payment_stripe_signed(
	const char *header, const char *secret, const void *body, size_t len, int64_t now, const char **why);

/* What a webhook of PayPal has in its headers. */
typedef struct VaPaypalSignature
{
	const char *id;
	const char *time;
	const char *algorithm;
	const char *value; /* base64 */
} VaPaypalSignature;

/*
 * Whether PayPal signed this body for the webhook of this id, by the first
 * certificate of pem, which va_payment_paypal_certificate_good() has judged.
 */
extern bool va_payment_paypal_signed(const VaPaypalSignature *signature, const char *webhook_id, const char *pem,
	const void *body, size_t len, VaArena *arena, const char **why);
/* Whether certificates may be fetched from there: a host of paypal.com, or below base_url, if there is one. */
extern bool va_payment_paypal_certificate_url(const char *url, const char *base_url);
/* Whether it is PayPal's, good now, and leads to an authority that this system trusts. */
extern bool va_payment_paypal_certificate_good(const char *pem, size_t len, int64_t now, const char **why);

/*
 * The order that an event of a vendor is about, by our own reference in it;
 * NULL: it names none.  What else the event says is not believed.
 */
extern const char *va_payment_event_reference(const char *vendor, const void *body, size_t len, VaArena *arena);

/* "10.50" with so many decimals as 1050; false: it is no such amount. */
extern bool va_payment_units(const char *text, int decimals, int64_t *units);

#endif /* VOICEAGENT_PURE_PAYMENTS_H */
