/*-------------------------------------------------------------------------
 * payments.h
 *		Payment vendors: one struct of pure functions a vendor, bytes in,
 *		structs out.
 *
 * A driver builds the request that makes an order, asks about it, takes the
 * money of one that the buyer has approved, or gives some back; and reads what
 * came back as a report: how the payment stands, in JSON, the same for every
 * vendor (sql/86_payment/30_settle.sql).  It does the same for plans, from a
 * VaPlanOrder to a report of facts (sql/89_plan/60_vendors.sql).  Amounts are
 * integers of the unit in which the vendor counts.  Of a webhook it says
 * whether the vendor signed it, and what it is about; nothing else in it counts.
 *
 * No backend header, no clock, no state.  Results live in the caller's arena.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_PAYMENTS_H
#define VOICEAGENT_PURE_PAYMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "pure/auth/signature.h"
#include "pure/providers/common/provider.h"
#include "pure/text/json.h"

typedef enum VaPaymentTask
{
	VA_PAYMENT_CREATE,
	VA_PAYMENT_LOOK,
	VA_PAYMENT_CAPTURE, /* takes the money of an order that is approved */
	VA_PAYMENT_REFUND,
	VA_PAYMENT_DISPUTE /* asks how the disputes about it stand */
} VaPaymentTask;

#define VA_PAYMENT_TASKS 5

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
	const char *idempotency_key; /* CREATE, CAPTURE, REFUND */
	bool keeps;					 /* CREATE: the vendor keeps how the buyer pays, for later */
	bool of_plan;				 /* it pays a period of a plan: vendor_ref is the payment's own number */
	const char *method_ref;		 /* CREATE: what is charged, without the buyer; NULL: the buyer pays */
	const char *customer_ref;	 /* CREATE: whose that is, at Stripe */
} VaPaymentOrder;

/* What a vendor is asked about plans and payment methods; the words of sql's payment_requests. */
typedef enum VaPlanTask
{
	VA_PLAN_PRODUCT, /* PRODUCT, COUPON and PRICE make what contracts need, once for all tenants */
	VA_PLAN_COUPON,
	VA_PLAN_PRICE,
	VA_PLAN_CREATE, /* the page where the buyer approves the contract */
	VA_PLAN_CHANGE,
	VA_PLAN_CANCEL,	  /* at the end of the time that is paid; undo: no longer */
	VA_PLAN_WITHDRAW, /* ends it at once, or closes its page */
	VA_PLAN_LOOK,	  /* how the contract stands */
	VA_PLAN_PAYMENTS, /* which payments there were */
	VA_PLAN_DETACH	  /* forgets a payment method */
} VaPlanTask;

#define VA_PLAN_TASKS 10

typedef struct VaPlanOrder
{
	const char *base_url; /* these three as in VaPaymentOrder */
	const char *key;
	const char *idempotency_key;
	VaPlanTask task;
	const char *reference; /* ours, of the contract */
	const char *name;	   /* of the plan */
	const char *currency;
	int64_t amount;			/* of a period, tax included */
	int64_t reduced;		/* of one with the coupon */
	int64_t decimals;		/* of both, and of what the vendor names */
	int64_t months;			/* of a period: 1 or 12 */
	int64_t trial_days;		/* 0: no trial */
	int64_t coupon_percent; /* 0: no coupon */
	int64_t coupon_periods; /* 0: it holds for all */
	const char *coupon_name;
	const char *product; /* the vendor's numbers of what was made, of the contract, its page, and what it sells */
	const char *coupon;
	const char *price;
	const char *subscription;
	const char *page;
	const char *item;
	const char *method;
	int64_t upgrade; /* CHANGE: 1: to a plan that costs more, at once */
	int64_t undo;	 /* CANCEL: 1: it goes on after all */
	const char *return_url;
	int64_t expires_at; /* of the page; this and the next two in seconds since 1970 */
	int64_t since;		/* PAYMENTS: from when, and until when */
	int64_t until;
} VaPlanOrder;

/* A fact about a contract, which the vendor names when it is asked. */
typedef struct VaPlanFact
{
	const char *kind; /* paid, upgraded (a part of a period more), failed, canceled, resumed, closed */
	int64_t at;		  /* seconds since 1970, as the others; 0: when it was asked */
	int64_t starts_at;
	int64_t ends_at; /* 0: only starts_at is known, a time in the period */
	bool trial;		 /* the period is a trial */
	const char *currency;
	int64_t amount; /* the full price; -1: none that can be read */
	int64_t paid;	/* what was paid, less a discount; -1: amount is what was paid */
	int64_t tax;	/* that the vendor added; -1: it does not say */
	const char *invoice;
	const char *payment; /* the payment's number there */
	const char *message;
} VaPlanFact;

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
	const char *report;	 /* JSON; NULL unless REPORT */
	const char *message; /* the vendor's words, or ours; NULL: none */
} VaPaymentReply;

/* What an event is about: an order or a contract of ours, by our reference, or a subscription; NULL: none. */
typedef struct VaPaymentHint
{
	const char *reference;
	const char *subscription;
} VaPaymentHint;

/* What a vendor's webhooks are judged by. */
typedef struct VaPaymentKeys
{
	const char *secret;		 /* that we share with the vendor; NULL: none */
	const char *webhook_id;	 /* the vendor's number of the webhook; NULL: not known */
	const char *base_url;	 /* NULL: the vendor's own */
	const char *certificate; /* PEM, at the address that the webhook names; NULL: it is not here yet */
	int64_t now;			 /* seconds since 1970 */
} VaPaymentKeys;

typedef enum VaPaymentVerdict
{
	VA_PAYMENT_SIGNED,
	VA_PAYMENT_UNSIGNED,
	VA_PAYMENT_NO_CERTIFICATE /* it is to be fetched first */
} VaPaymentVerdict;

typedef struct VaPaymentDriver
{
	const char *name; /* "stripe" */
	bool (*build)(const VaPaymentOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
	void (*read)(const VaPaymentOrder *order, const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply);
	bool (*plan_build)(const VaPlanOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
	void (*plan_read)(const VaPlanOrder *order, const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply);
	VaPaymentHint (*hint)(const json_t *event); /* lives as long as the event */
	/* headers, body and body_len of the message count */
	VaPaymentVerdict (*verify)(
		const VaSignedMessage *message, const VaPaymentKeys *keys, VaArena *arena, const char **why);

	/* A vendor whose key is a token that the account's id and secret get; else NULL.  A NULL token: reply says why. */
	bool (*token_build)(const char *base_url, const char *client_id, const char *secret, VaArena *arena,
		VaHttpRequest *request, const char **why);
	const char *(*token_read)(const VaHttpResponse *response, VaArena *arena, int64_t *valid_s, VaPaymentReply *reply);

	/* Where webhooks name the address of a certificate: the header that has it; else NULL. */
	const char *certificate_header;
	/* Whether certificates may be fetched from there: a host of the vendor's, or below base_url, if there is one. */
	bool (*certificate_url_good)(const char *url, const char *base_url);
	/* Whether it is the vendor's, good now, and leads to an authority that this system trusts. */
	bool (*certificate_good)(const char *pem, size_t len, int64_t now, const char **why);
} VaPaymentDriver;

/* Defines a driver: the declaration goes before it, as no header names vendors. */
#define VA_PAYMENT_DRIVER(vendor)                     \
	extern const VaPaymentDriver va_payment_##vendor; \
	const VaPaymentDriver va_payment_##vendor

/* NULL: there is none of this name. */
extern const VaPaymentDriver *va_payment_driver(const char *name);
/* "create", "look", ...; false: it is none. */
extern bool va_payment_task(const char *name, VaPaymentTask *task);
/* "report", "done", ...: the words of VaPaymentKind. */
extern const char *va_payment_kind_name(VaPaymentKind kind);

/* A task of this name, with what JSON says of it by the names of VaPlanOrder's members; false: there is none. */
extern bool va_plan_order(const char *task, const char *json, VaArena *arena, VaPlanOrder *order, const char **why);

/* What an event of the vendor's is about. */
extern VaPaymentHint va_payment_hint(const VaPaymentDriver *driver, const void *body, size_t len, VaArena *arena);

/* "10.50" with so many decimals as 1050; false: it is no such amount. */
extern bool va_payment_units(const char *text, int decimals, int64_t *units);

#endif /* VOICEAGENT_PURE_PAYMENTS_H */
