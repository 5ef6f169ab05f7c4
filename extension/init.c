/*-------------------------------------------------------------------------
 * init.c
 *		Entry point of the library: settings, shared memory, hooks, launcher.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "acting.h"
#include "clock.h"
#include "fmgr.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	va_acting_init();
	va_clock_init();
}
