/*-------------------------------------------------------------------------
 * socket_waiting.c
 *		Asking a carrier with a socket what goes on there (contract in
 *		sockets.h).
 *
 * A question whose owner has dropped it is freed by the answer.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "core/arena.h"
#include "sockets.h"
#include "runtime/worker.h"

struct VaWaitingLookup
{
	TimestampTz asked_at;
	VaHttpResult *result;
	bool over;
	bool forgotten;
};

static void
free_question(VaWaitingLookup *question)
{
	if (question->result != NULL)
		va_http_result_free(question->result);
	free(question);
}

static void
question_done(void *ctx, VaHttpResult *result)
{
	VaWaitingLookup *question = ctx;

	question->result = result;
	question->over = true;
	if (question->forgotten)
		free_question(question);
}

VaWaitingLookup *
va_waiting_ask(VaWorker *worker, const VaOpenAccount *account, char *err, size_t errlen)
{
	VaWaitingLookup *question = calloc(1, sizeof(VaWaitingLookup));
	VaLookupOrder order = { .carrier = &account->carrier };
	VaArena *arena = va_arena_here();
	VaHttpRequest request = { 0 };
	const char *why = account->problem;
	bool sent = false;

	if (question == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	question->asked_at = GetCurrentTimestamp();
	if (why == NULL && account->driver->build_list(&order, arena, &request, &why))
		sent = va_account_send(worker, account, &request, 0, question_done, question, err, errlen);
	else
		strlcpy(err, why != NULL ? why : "the request could not be built", errlen);
	va_arena_free(arena);
	if (sent)
		return question;
	free(question);
	return NULL;
}

TimestampTz
va_waiting_asked_at(const VaWaitingLookup *question)
{
	return question->asked_at;
}

bool
va_waiting_is_over(const VaWaitingLookup *question)
{
	return question->over;
}

bool
va_waiting_read(
	const VaWaitingLookup *question, const VaOpenAccount *account, VaArena *arena, VaWaiting *waiting, const char **why)
{
	VaHttpResponse response;

	*why = "it was not answered";
	if (question->result == NULL)
		return false;
	va_account_response(question->result, &response);
	if (response.status == 0)
		return va_refuse(why, va_arena_strdup(arena, response.error != NULL ? response.error : "it was not answered"));
	return account->driver->read_waiting(&account->carrier, &response, arena, waiting, why);
}

void
va_waiting_forget(VaWaitingLookup *question)
{
	if (question->over)
		free_question(question);
	else
		question->forgotten = true;
}
