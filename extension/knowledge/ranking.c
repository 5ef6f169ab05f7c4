/*-------------------------------------------------------------------------
 * ranking.c
 *		SQL face of best_passages(): sums of weights, and the largest of them;
 *		and of key_score(), the sum for one listing.
 *
 * No state and no locks.  A document's sums lie in an array by passage, whose
 * length is the largest passage that a place names; that is bounded by what
 * a tenant may have.  Interrupts are looked for once a place.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

#include "core/compat.h"

PG_FUNCTION_INFO_V1(va_sql_best_passages);
PG_FUNCTION_INFO_V1(va_sql_key_score);

#define MOST 1000
#define PASSAGES_MAX 10000000
/* Scores are compared in these parts, so that the order of summands decides no tie. */
#define PARTS 10000.0

typedef struct Place
{
	int64 document_id;
	double says;
	int n;
	const int32 *passages;
	const float4 *weights;
} Place;

typedef struct Passage
{
	int64 document_id;
	int32 passage;
	int64 score;
} Passage;

typedef struct Ranking
{
	Passage *best; /* the best first */
	int n;
	int most;
} Ranking;

/* The numbers of an array without NULLs, of one dimension. */
static const void *
numbers(Datum datum, Oid type, int *n)
{
	ArrayType *array = DatumGetArrayTypeP(datum);

	*n = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
	if (ARR_NDIM(array) > 1 || ARR_HASNULL(array) || ARR_ELEMTYPE(array) != type)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("a place has numbers, and no NULL")));
	return ARR_DATA_PTR(array);
}

static Place
read_place(Datum datum, TupleDesc *desc)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(datum);
	HeapTupleData tuple = { .t_len = HeapTupleHeaderGetDatumLength(header), .t_data = header };
	Datum values[4];
	bool nulls[4];
	Place place;
	int n;

	if (*desc == NULL)
		*desc = lookup_rowtype_tupdesc_copy(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	heap_deform_tuple(&tuple, *desc, values, nulls);
	if (nulls[0] || nulls[1] || nulls[2] || nulls[3])
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a place has numbers, and no NULL")));
	place.document_id = DatumGetInt64(values[0]);
	place.says = DatumGetFloat8(values[1]);
	place.passages = numbers(values[2], INT4OID, &place.n);
	place.weights = numbers(values[3], FLOAT4OID, &n);
	if (n != place.n)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("each passage of a place has its weight")));
	return place;
}

static bool
is_before(const Passage *one, const Passage *other)
{
	if (one->score != other->score)
		return one->score > other->score;
	if (one->document_id != other->document_id)
		return one->document_id < other->document_id;
	return one->passage < other->passage;
}

static void
rank(Ranking *ranking, const Passage *passage)
{
	int at = ranking->n;

	if (ranking->n == ranking->most && !is_before(passage, &ranking->best[ranking->n - 1]))
		return;
	if (ranking->n < ranking->most)
		ranking->n++;
	else
		at--;
	while (at > 0 && is_before(passage, &ranking->best[at - 1]))
	{
		ranking->best[at] = ranking->best[at - 1];
		at--;
	}
	ranking->best[at] = *passage;
}

/* The places of one document. */
static void
rank_document(Ranking *ranking, const Place *places, int nplaces)
{
	int32 last = 0;
	double *sums;

	for (int i = 0; i < nplaces; i++)
		for (int j = 0; j < places[i].n; j++)
		{
			if (places[i].passages[j] < 1 || places[i].passages[j] > PASSAGES_MAX)
				ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("there is no such passage")));
			last = Max(last, places[i].passages[j]);
		}
	sums = palloc0(sizeof(double) * ((Size) last + 1));
	for (int i = 0; i < nplaces; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < places[i].n; j++)
			sums[places[i].passages[j]] += places[i].says * places[i].weights[j];
	}
	for (int32 passage = 1; passage <= last; passage++)
		if (sums[passage] > 0)
		{
			Passage found = { .document_id = places[0].document_id,
				.passage = passage,
				.score = (int64) rint(Min(sums[passage], 1e12) * PARTS) };

			rank(ranking, &found);
		}
	pfree(sums);
}

/* (places, in the order of their documents; max_passages) -> rows of document_id, passage, score */
Datum
va_sql_best_passages(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
	Ranking ranking = { .most = Min(Max(PG_GETARG_INT32(1), 1), MOST) };
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	TupleDesc desc = NULL;
	Datum *elements;
	bool *nulls;
	Place *places;
	int n;

	InitMaterializedSRF(fcinfo, 0);
	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_DOUBLE, &elements, &nulls, &n);
	places = palloc(sizeof(Place) * (Size) Max(n, 1));
	ranking.best = palloc(sizeof(Passage) * (Size) ranking.most);
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a place has numbers, and no NULL")));
		places[i] = read_place(elements[i], &desc);
	}
	for (int i = 0, first = 0; i < n; i++)
		if (i + 1 == n || places[i + 1].document_id != places[first].document_id)
		{
			rank_document(&ranking, &places[first], i + 1 - first);
			first = i + 1;
		}
	for (int i = 0; i < ranking.n; i++)
	{
		Datum values[3] = { Int64GetDatum(ranking.best[i].document_id), Int32GetDatum(ranking.best[i].passage),
			Float8GetDatum((double) ranking.best[i].score / PARTS) };
		bool none[3] = { false, false, false };

		tuplestore_putvalues(result->setResult, result->setDesc, values, none);
	}
	return (Datum) 0;
}

static bool
has_key(const int64 *keys, int n, int64 key)
{
	int low = 0;

	while (low < n)
	{
		int middle = low + (n - low) / 2;

		if (keys[middle] == key)
			return true;
		if (keys[middle] < key)
			low = middle + 1;
		else
			n = middle;
	}
	return false;
}

/* (keys in ascending order, asked, weights of these) -> the sum of the weights of those that are among the keys */
Datum
va_sql_key_score(PG_FUNCTION_ARGS)
{
	int n;
	int asked_n;
	int weights_n;
	const int64 *keys = numbers(PG_GETARG_DATUM(0), INT8OID, &n);
	const int64 *asked = numbers(PG_GETARG_DATUM(1), INT8OID, &asked_n);
	const float8 *weights = numbers(PG_GETARG_DATUM(2), FLOAT8OID, &weights_n);
	float8 score = 0;

	for (int i = 0; i < Min(asked_n, weights_n); i++)
		if (has_key(keys, n, asked[i]))
			score += weights[i];
	PG_RETURN_FLOAT8(score);
}
