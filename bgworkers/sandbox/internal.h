/*-------------------------------------------------------------------------
 * internal.h
 *		What the parts of the carrier share: sandbox/engine.c (time, webhooks)
 *		and sandbox/requests.c (its API). No other file includes it.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_SANDBOX_INTERNAL_H
#define VOICEAGENT_SANDBOX_INTERNAL_H

#include "engine.h"

#define VA_SANDBOX_BUCKETS 8192 /* a power of two */
#define VA_SANDBOX_MEMORIES 1024
#define VA_SANDBOX_LIVE_MAX 20000
#define VA_SANDBOX_GATEWAY_MAX 80 /* http://[an IPv6 address]:port */

/* What a number that counts its calls remembers; lost numbers begin again. */
typedef struct Memory
{
	int64_t tenant_id;
	char number[16];
	int dials;
	bool refused;
} Memory;

struct VaSandbox
{
	uv_loop_t *loop;
	VaHttp *http;
	VaSandboxHooks hooks;
	int own_port;
	bool has_gateway;
	char gateway[VA_SANDBOX_GATEWAY_MAX]; /* its URL; "" = it does not listen */
	bool mute;
	VaSandboxCall *buckets[VA_SANDBOX_BUCKETS];
	VaSandboxCall *finished;
	VaSandboxCounts counts;
	Memory memories[VA_SANDBOX_MEMORIES];
	int next_memory;
};

/* sandbox/recording.c */
/* Is it the path of a recording?  Then the ask is about that. */
extern bool va_sandbox_read_recording(const char *path, VaSandboxAsk *ask);
extern void va_sandbox_answer_recording(VaSandbox *sandbox, VaSandboxAsk *ask, VaSandboxCall *call);

/* sandbox/model_endpoint.c */
/* Is the language model asked?  Then it has been answered. */
extern bool va_sandbox_read_model(VaSandboxAsk *ask);

/* sandbox/engine.c */
extern VaSandboxCall *va_sandbox_find(const VaSandbox *sandbox, const char *id);
extern int64_t va_sandbox_now(const VaSandbox *sandbox);

#endif /* VOICEAGENT_SANDBOX_INTERNAL_H */
