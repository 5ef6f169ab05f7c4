/*-------------------------------------------------------------------------
 * times_words.h
 *		Values that the tables of all languages share: holidays and zones.
 */
#ifndef VOICEAGENT_PHRASE_TIMES_WORDS_H
#define VOICEAGENT_PHRASE_TIMES_WORDS_H

#include "pure/phrases/words/language.h"

/* A fixed day: month * 100 + day. */
#define VA_HOLIDAY_FIXED(month, day) ((month) *100 + (day))
/* So many days after Easter Sunday, or before. */
#define VA_HOLIDAY_EASTER(days) (2000 + (days))
/* The nth weekday of a month (n = 5: the last). */
#define VA_HOLIDAY_NTH(n, weekday, month) (3000 + (n) *1000 + (weekday) *100 + (month))
/* So many days after the fourth Sunday before Christmas, and the Monday before 25 May (Victoria Day). */
#define VA_HOLIDAY_ADVENT(days) (9000 + (days))
#define VA_HOLIDAY_VICTORIA 9500
/* The Friday after Thanksgiving. */
#define VA_HOLIDAY_BLACK_FRIDAY 9501
/* The Monday after that. */
#define VA_HOLIDAY_CYBER_MONDAY 9505
/* The last Sunday of May, or the one after it if that is Pentecost (Mothers' Day in France). */
#define VA_HOLIDAY_MOTHERS_FR 9502
/* The Monday after the third Sunday of September, and the Thursday after its first (Switzerland). */
#define VA_HOLIDAY_SWISS_FAST 9503
#define VA_HOLIDAY_GENEVA_FAST 9504

enum
{
	VA_ZONE_UTC,
	VA_ZONE_LONDON,
	VA_ZONE_CENTRAL_EUROPE,
	VA_ZONE_MADRID,
	VA_ZONE_PARIS,
	VA_ZONE_ATLANTIC,
	VA_ZONE_EASTERN,
	VA_ZONE_CENTRAL,
	VA_ZONE_MOUNTAIN,
	VA_ZONE_PACIFIC,
	VA_ZONE_HAWAII,
	VA_ZONE_SYDNEY,
	VA_ZONE_AUCKLAND,
	VA_ZONE_MEXICO,
	VA_ZONE_BUENOS_AIRES,
	VA_ZONE_BOGOTA,
	VA_ZONE_LIMA,
	VA_ZONE_SANTIAGO,
	VA_ZONE_CANARY,
	VA_ZONE_VIENNA,
	VA_ZONE_ZURICH,
	VA_ZONE_MONTREAL,
	VA_ZONE_TOKYO,
	VA_ZONE_DUBLIN,
	VA_ZONE_LISBON,
	VA_ZONE_SINGAPORE,
	VA_ZONE_DUBAI,
	VA_ZONE_HONG_KONG,
	VA_ZONE_INDIA,
	VA_ZONE_MOSCOW,
	VA_ZONE_ISTANBUL,
	VA_ZONE_ROME,
	VA_ZONE_AMSTERDAM,
	VA_ZONE_BRUSSELS,
	VA_ZONE_ATHENS,
	VA_ZONE_PHOENIX,
	VA_ZONE_SAO_PAULO,
	VA_ZONE_CARACAS,
	VA_ZONE_SHANGHAI,
	VA_ZONE_MONTEVIDEO,
	VA_ZONE_GUADELOUPE,
	VA_ZONE_MARTINIQUE,
	VA_ZONE_REUNION,
	VA_ZONE_CASABLANCA,
	VA_ZONE_DAKAR,
	VA_ZONE_WARSAW,
	VA_ZONE_PRAGUE,
	VA_ZONE_VANCOUVER,
	VA_ZONE_PUERTO_RICO,
	VA_ZONE_LUXEMBOURG,
	VA_ZONES
};

#endif /* VOICEAGENT_PHRASE_TIMES_WORDS_H */
