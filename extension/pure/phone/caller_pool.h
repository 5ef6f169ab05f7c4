/*-------------------------------------------------------------------------
 * caller_pool.h
 *		Which of a pool's numbers calls whom.
 *
 * Nothing here allocates or keeps state.
 */
#ifndef VOICEAGENT_CALLER_POOL_H
#define VOICEAGENT_CALLER_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A place: texts that end in NUL. */
typedef struct VaCallPlace
{
	int64_t campaign;
	const char *phone;	/* E.164 */
	const char *region; /* ISO 3166-2 (several joined by |) or 3166-1; "" = not known */
} VaCallPlace;

typedef struct VaCallerNumber
{
	int64_t number; /* > 0; the same number may stand here for several campaigns */
	VaCallPlace place;
	bool taken; /* set here */
} VaCallerNumber;

/* How near a caller is to whom it calls; greater is nearer. */
typedef enum VaNearness
{
	VA_NEAR_ANYWHERE,
	VA_NEAR_COUNTRY,
	VA_NEAR_REGION,
	VA_NEAR_AREA
} VaNearness;

extern VaNearness va_nearness(const VaCallPlace *a, const VaCallPlace *b);

/*
 * The nearest caller of its campaign for each call, or 0: every number at most
 * once.  Who has one in his own area gets it before anybody else takes it; among
 * equals calls and callers go in their order.  Returns how many calls got one.
 */
extern size_t va_assign_callers(
	const VaCallPlace *calls, size_t ncalls, VaCallerNumber *callers, size_t ncallers, int64_t *numbers);

#endif /* VOICEAGENT_CALLER_POOL_H */
