/*-------------------------------------------------------------------------
 * pack.c
 *		Compresses a value before it is stored.
 *
 * PostgreSQL compresses a row's values only when the row has more than two
 * kilobytes; the webhooks and conversations that we write once and hardly
 * ever read again have one or two, and pack to half of that.
 */
#include "postgres.h"

#include "access/toast_internals.h"
#include "fmgr.h"

#include "compat.h"
#include "pack.h"

PG_FUNCTION_INFO_V1(va_sql_pack);

/* Below this, nothing is to be won. */
#define PACK_MIN 200

/*
 * pack_text(text), pack_jsonb(jsonb): the same value, compressed in place by
 * lz4.  A server without lz4 keeps it as it is: pglz would cost more than all
 * else that is done with a webhook.
 */
Datum
va_sql_pack(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(va_pack(PG_GETARG_DATUM(0)));
}

Datum
va_pack(Datum value)
{
	struct varlena *plain = PG_DETOAST_DATUM(value);

#ifdef USE_LZ4
	if (VARSIZE(plain) >= PACK_MIN)
	{
		Datum packed = toast_compress_datum(PointerGetDatum(plain), TOAST_LZ4_COMPRESSION);

		if (DatumGetPointer(packed) != NULL)
			return packed;
	}
#endif
	return PointerGetDatum(plain);
}
