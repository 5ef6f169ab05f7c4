/*
 * Which number of a pool calls whom.
 */
#include "tap.h"
#include "pure/phone/caller_pool.h"

static VaNearness
near(const char *a, const char *ra, const char *b, const char *rb)
{
	VaCallPlace x = {1, a, ra}, y = {1, b, rb};

	return va_nearness(&x, &y);
}

int
main(void)
{
	VaCallPlace calls[] = {
		{1, "+33142685301", "FR"}, {1, "+13055550101", "US-FL"}, {2, "+12125550101", "US-NY"},
		{1, "+12135550101", "US-CA"}, {1, "+12125550102", "US-NY"}, {3, "+12125550103", "US-NY"}};
	VaCallerNumber callers[] = {
		{7, {1, "+12125550001", "US-NY"}, false}, {7, {2, "+12125550001", "US-NY"}, false},
		{8, {1, "+14155550001", "US-CA"}, false}, {9, {1, "+442079460001", "GB"}, false},
		{5, {2, "+33142680001", "FR"}, false}};
	int64_t numbers[6];

	ok(near("+12125550101", "", "+12125550001", "") == VA_NEAR_AREA, "the same area code");
	ok(near("+12125550101", "US-NY", "+13475550001", "US-NY") == VA_NEAR_REGION, "the same state");
	ok(near("+18675550101", "CA-NT|CA-NU|CA-YT", "+19995550001", "CA-ON|CA-NU") == VA_NEAR_REGION, "one of several provinces");
	ok(near("+18675550101", "CA-NT|CA-NU", "+19995550001", "CA-N|CA-NUT") == VA_NEAR_COUNTRY, "no beginning of a name is a name");
	ok(near("+12125550101", "US-NY", "+14165550001", "CA-ON") == VA_NEAR_ANYWHERE, "one calling code, two countries");
	ok(near("+12125550101", "", "+14165550001", "CA-ON") == VA_NEAR_COUNTRY, "where the country is not known, the calling code");
	ok(near("+442079460101", "GB", "+442071230001", "GB") == VA_NEAR_AREA, "London");
	ok(near("+442079460101", "GB", "+441214960001", "GB") == VA_NEAR_COUNTRY, "a country without states is none itself");
	ok(near("+35312345678", "IE", "+3531999999", "IE") == VA_NEAR_COUNTRY, "a calling code of three digits");
	ok(near("+35312345678", "IE", "+3531234999", "IE") == VA_NEAR_AREA, "and two more");
	ok(near("", "", "", "") == VA_NEAR_ANYWHERE && near("+", "", "+1", "|") == VA_NEAR_ANYWHERE &&
		   near("+1212", "", "+1212", "") == VA_NEAR_COUNTRY, "what is no number");
	ok(near("x", "US-NY", "y", "|US-NY|") == VA_NEAR_REGION, "empty names");

	ok(va_assign_callers(calls, 6, callers, 5, numbers) == 3, "three of six get a number");
	/* Number 7 stands in both pools: the first in its area takes it. */
	ok(numbers[2] == 7 && numbers[4] != 7, "a number calls one");
	ok(numbers[3] == 8, "the nearest goes to its neighbour, not to who comes first");
	ok(numbers[0] == 9 && numbers[1] == 0 && numbers[4] == 0, "the rest in their order");
	ok(numbers[5] == 0, "a campaign without callers");
	ok(va_assign_callers(calls, 6, callers, 0, numbers) == 0 && numbers[2] == 0, "no callers");
	ok(va_assign_callers(calls, 0, callers, 5, numbers) == 0, "no calls");
	return done_testing();
}
