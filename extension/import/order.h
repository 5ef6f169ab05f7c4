/*-------------------------------------------------------------------------
 * order.h
 *		The place of new leads in lead_list().
 *
 * Open after the other tables, write after the leads, close.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_ORDER_H
#define VOICEAGENT_IMPORT_ORDER_H

#include "run.h"

extern void va_import_open_order(VaImport *import);
extern void va_import_close_order(VaImport *import);

/* These n leads are new: nobody has called them. */
extern void va_import_write_order(VaImport *import, const Datum *lead_ids, int n);

#endif /* VOICEAGENT_IMPORT_ORDER_H */
