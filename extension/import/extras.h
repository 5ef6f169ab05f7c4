/*-------------------------------------------------------------------------
 * extras.h
 *		What a row says beyond its lead: further numbers, and consent.
 *
 * Open with the store (import->extras stays NULL when the file has no such
 * columns, and then va_import_withdraw_ambiguous() alone may be called, for nothing), read with each row,
 * write with each chunk, close.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_EXTRAS_H
#define VOICEAGENT_IMPORT_EXTRAS_H

#include "numbers.h"
#include "run.h"

extern void va_import_open_extras(VaImport *import);
extern void va_import_close_extras(VaImport *import);

/*
 * Keeps, with the candidate, its further numbers and the consent that the row
 * tells of.  own_*: zones and region of the row's own, not of its number;
 * first_column: the lead's number is that of the first column, for which the
 * consent was given.
 */
extern void va_import_add_extras(VaImport *import, const VaCsvRow *row, VaCandidate *candidate, const VaNumber *numbers,
	int count, bool own_zones, bool own_region, bool first_column);

/*
 * A row that says no ends the consent of both numbers that an ambiguous one
 * may be: it is not for us to guess whose.  candidate: the row's, or NULL of one
 * that was rejected.  Nothing for a row that says something else.
 */
extern void va_import_withdraw_ambiguous(
	VaImport *import, const VaCsvRow *row, VaCandidate *candidate, const char *country);

/*
 * Writes those of the candidates that became leads; with a warning for a
 * number that is listed, if any list that counts at import has entries.
 */
extern void va_import_write_extras(VaImport *import, bool lists_exist);

/*
 * Gives the leads that candidates update those of their numbers that they
 * lack; with the same warning, and one for a number that has no place left.
 */
extern void va_import_update_extras(VaImport *import, bool lists_exist);

/*
 * What the rows say of the consent of leads that are there: no withdraws it,
 * whatever else becomes of the row, with a warning where one was withdrawn;
 * yes, of a row that updates its lead, records it.  After the chunk's leads
 * are written.  leads_existed: some were there before this call.
 */
extern void va_import_take_consents(VaImport *import, bool leads_existed);

/* Does the row tell of consent in words that can be understood?  Then its columns are no context. */
extern bool va_import_has_consent(VaImport *import, const VaCsvRow *row);

#endif /* VOICEAGENT_IMPORT_EXTRAS_H */
