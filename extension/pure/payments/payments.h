/*-------------------------------------------------------------------------
 * payments.h
 *		Payment vendors: one struct of pure functions per vendor; bytes in,
 *		structs out.
 *
 * A driver is a table of steps: for each task, the request, and how its answer
 * is read into a report, JSON that is the same for every vendor.  A report about
 * an order has the state of its payment (sql/86_payment/30_settle.sql), one about
 * a plan has facts (VaPlanFact; sql/89_plan/60_vendors.sql).  Amounts are integers
 * in the unit that the vendor uses.  From a webhook a driver reads only whether
 * the vendor signed it, and the order or contract that it is about.
 *
 * No backend header, no clock, no state.  Results live in the caller's arena.
 */
#ifndef VOICEAGENT_PURE_PAYMENTS_H
#define VOICEAGENT_PURE_PAYMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "pure/auth/signature.h"
#include "pure/providers/common/provider.h"
#include "pure/text/json.h"

/* About an order: CREATE to DISPUTE; about a plan or a payment method: the others. */
typedef enum VaPaymentTask
{
	VA_PAYMENT_CREATE,
	VA_PAYMENT_LOOK,
	VA_PAYMENT_CAPTURE, /* takes the money of an approved order */
	VA_PAYMENT_REFUND,
	VA_PAYMENT_DISPUTE, /* asks for the state of its disputes */
	VA_PLAN_PRODUCT,	/* PRODUCT, COUPON and PRICE serve the contracts of all tenants */
	VA_PLAN_COUPON,
	VA_PLAN_PRICE,
	VA_PLAN_CREATE, /* creates the page where the buyer approves the contract */
	VA_PLAN_CHANGE,
	VA_PLAN_CANCEL,	  /* at the end of the paid time; with undo: takes that back */
	VA_PLAN_WITHDRAW, /* ends the contract at once, or closes its page */
	VA_PLAN_LOOK,	  /* asks for the state of the contract */
	VA_PLAN_PAYMENTS, /* lists its payments */
	VA_PLAN_DETACH	  /* forgets a payment method */
} VaPaymentTask;

#define VA_PAYMENT_TASKS 15

/* A request in our own words.  SQL names the members from reference on in JSON. */
typedef struct VaPaymentOrder
{
	const char *base_url; /* NULL: the vendor's own */
	const char *key;	  /* the account's secret key, or its token */
	const char *idempotency_key;
	VaPaymentTask task;
	const char *reference; /* our reference of the order or contract; the vendor returns it */
	const char *name;	   /* of the goods or the plan, shown to the buyer */
	const char *currency;  /* three capital letters */
	int64_t amount;		   /* of the order, or of a period, tax included; REFUND: to give back */
	int64_t decimals;	   /* of the vendor's amounts */
	const char *return_url;
	int64_t expires_at;		  /* of the page; this, since and until are seconds since 1970 */
	const char *vendor_ref;	  /* the order there; NULL until it is made */
	const char *payment_ref;  /* the payment there; REFUND, DISPUTE */
	const char *method_ref;	  /* CREATE: charged without the buyer; NULL: the buyer pays */
	const char *customer_ref; /* CREATE: the owner of method_ref, if the vendor has customers */
	bool keeps;				  /* CREATE: the vendor keeps the payment method for later */
	bool of_plan;			  /* pays a period of a plan: vendor_ref is the number of the payment */
	/* of plans alone */
	int64_t reduced;		/* of a period with the coupon */
	int64_t months;			/* of a period: 1 or 12 */
	int64_t trial_days;		/* 0: no trial */
	int64_t coupon_percent; /* 0: no coupon */
	int64_t coupon_periods; /* 0: for all periods */
	const char *coupon_name;
	const char *product; /* this and the next five are the vendor's numbers */
	const char *coupon;
	const char *price;
	const char *subscription;
	const char *page;
	const char *item;
	bool upgrade;  /* CHANGE: to a plan that costs more, at once */
	bool undo;	   /* CANCEL: the contract goes on after all */
	int64_t since; /* PAYMENTS: since and until limit the list */
	int64_t until;
} VaPaymentOrder;

/* A fact about a contract, from the vendor's answer. */
typedef struct VaPlanFact
{
	const char *kind; /* paid, upgraded (an extra charge within a period), failed, canceled, resumed, closed */
	int64_t at;		  /* times are seconds since 1970; 0: the time of the request */
	int64_t starts_at;
	int64_t ends_at; /* 0: unknown; starts_at is then some time in the period */
	bool trial;		 /* the period is a trial */
	const char *currency;
	int64_t amount; /* the full price; -1: unreadable */
	int64_t paid;	/* with the discount taken off; -1: same as amount */
	int64_t tax;	/* added by the vendor; -1: unknown */
	const char *invoice;
	const char *payment; /* the vendor's number of the payment */
	const char *message;
} VaPlanFact;

typedef enum VaPaymentKind
{
	VA_PAYMENT_REPORT,		/* report has the state */
	VA_PAYMENT_DONE,		/* the refund is under way: look again */
	VA_PAYMENT_AGAIN,		/* unknown, or too early: send the same request again */
	VA_PAYMENT_BAD_ACCOUNT, /* the vendor does not know the platform's key */
	VA_PAYMENT_REFUSED		/* message says why; do not send it again */
} VaPaymentKind;

typedef struct VaPaymentReply
{
	VaPaymentKind kind;
	const char *report;	 /* JSON; NULL unless REPORT */
	const char *message; /* the vendor's words, or ours; may be NULL */
} VaPaymentReply;

/* The subject of an event: an order or a contract, by our reference, or a subscription.  Either may be NULL. */
typedef struct VaPaymentHint
{
	const char *reference;
	const char *subscription;
} VaPaymentHint;

/* The keys that verify a vendor's webhooks. */
typedef struct VaPaymentKeys
{
	const char *secret;		 /* shared with the vendor; NULL if there is no secret */
	const char *webhook_id;	 /* the vendor's number of the webhook; NULL if unknown */
	const char *base_url;	 /* NULL: the vendor's own */
	const char *certificate; /* PEM, from the address that the webhook names; NULL until it is fetched */
	int64_t now;			 /* seconds since 1970 */
} VaPaymentKeys;

typedef enum VaPaymentVerdict
{
	VA_PAYMENT_SIGNED,
	VA_PAYMENT_UNSIGNED,
	VA_PAYMENT_NO_CERTIFICATE /* fetch it first */
} VaPaymentVerdict;

/* How a vendor does a task. */
typedef struct VaPaymentStep
{
	const char *method; /* of the request; NULL: the vendor does no such task */
	const char *path;	/* {vendor_ref} and the like stand for the vendor's numbers in the order */
	/* Fills the body of a POST, of the vendor's own kind; NULL: it is empty. */
	void (*fill)(const VaPaymentOrder *order, void *body, VaArena *arena);
	/* Reads an answer into an empty report; NULL: a success says enough. */
	void (*read)(const VaPaymentOrder *order, const json_t *answer, json_t *report, VaArena *arena);
} VaPaymentStep;

typedef struct VaPaymentDriver
{
	const char *name;	  /* "stripe" */
	const char *base_url; /* of its API */
	const VaPaymentStep *(*step)(const VaPaymentOrder *order);
	/* Completes a request that has its URL and its key: headers, and the body. */
	bool (*complete)(const VaPaymentOrder *order, const VaPaymentStep *step, VaArena *arena, VaHttpRequest *request,
		const char **why);
	const char *(*words)(const json_t *answer); /* the reason of a refusal */
	/* The meaning of a refusal, if its status alone does not say it; NULL: it does. */
	void (*refused)(const VaPaymentOrder *order, int status, const json_t *answer, json_t *report, VaArena *arena,
		VaPaymentReply *reply);
	VaPaymentHint (*hint)(const json_t *event); /* the result lives as long as the event */
	/* reads headers, body and body_len of the message */
	VaPaymentVerdict (*verify)(
		const VaSignedMessage *message, const VaPaymentKeys *keys, VaArena *arena, const char **why);

	/* NULL unless the account's id and secret get a token that is the key.  For a NULL token, reply says why. */
	bool (*token_build)(const char *base_url, const char *client_id, const char *secret, VaArena *arena,
		VaHttpRequest *request, const char **why);
	const char *(*token_read)(const VaHttpResponse *response, VaArena *arena, int64_t *valid_s, VaPaymentReply *reply);

	/* The header of a webhook that has the address of a certificate; NULL if the vendor uses no certificate. */
	const char *certificate_header;
	/* Whether certificates may be fetched from url: a host of the vendor, or below base_url, if that is set. */
	bool (*certificate_url_good)(const char *url, const char *base_url);
	/* Whether pem belongs to the vendor, is valid now, and leads to an authority that this system trusts. */
	bool (*certificate_good)(const char *pem, size_t len, int64_t now, const char **why);
} VaPaymentDriver;

/* Defines a driver, with its declaration: no header names vendors. */
#define VA_PAYMENT_DRIVER(vendor)                     \
	extern const VaPaymentDriver va_payment_##vendor; \
	const VaPaymentDriver va_payment_##vendor

/* Returns NULL if no driver has this name. */
extern const VaPaymentDriver *va_payment_driver(const char *name);
/* "report", "done", ...: the words of VaPaymentKind. */
extern const char *va_payment_kind_name(VaPaymentKind kind);

/* Reads a task ("create", "plan_create") and its JSON.  Returns false if no such task exists. */
extern bool va_payment_order(
	const char *task, const char *json, VaArena *arena, VaPaymentOrder *order, const char **why);
/* Builds the request of an order that has its task, account and keys. */
extern bool va_payment_build(const VaPaymentDriver *driver, const VaPaymentOrder *order, VaArena *arena,
	VaHttpRequest *request, const char **why);
extern void va_payment_read(const VaPaymentDriver *driver, const VaPaymentOrder *order, const VaHttpResponse *response,
	VaArena *arena, VaPaymentReply *reply);

/* The subject of an event in the body of a webhook. */
extern VaPaymentHint va_payment_hint(const VaPaymentDriver *driver, const void *body, size_t len, VaArena *arena);

/* Reads "10.50" as 1050, with 2 decimals.  Returns false if text is not such an amount. */
extern bool va_payment_units(const char *text, int decimals, int64_t *units);

#endif /* VOICEAGENT_PURE_PAYMENTS_H */
