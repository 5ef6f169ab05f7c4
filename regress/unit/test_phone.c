/*-------------------------------------------------------------------------
 * test_phone.c
 *		Telephone numbers: reading, plans, zones, states.
 *-------------------------------------------------------------------------
 */
#include "tap.h"

#include "../fakes/phone_words.h"

#include "phone_numbers.inc"

typedef struct PlanExample
{
	const char *region;
	int			code;
	const char *type;
	const char *number;
} PlanExample;

#include "pure/phone/phone_data/examples.inc"

#define lengthof(array) (sizeof(array) / sizeof((array)[0]))

/* As the oracle writes it: "+14155550123 x12 US mobile" or the kind of refusal. */
static const char *
describe_as(VaPhoneVerdict (*parse)(const char *, size_t, const char *, VaPhone *), const char *text, const char *region)
{
	static char buffer[128];
	VaPhone		phone;
	const char *refusal = refusal_in_words(parse(text, strlen(text), region, &phone));

	if (refusal != NULL)
		return refusal;
	snprintf(buffer, sizeof(buffer), "%s x%s %s %s", phone.e164, phone.extension, phone.region,
			 va_phone_type_text(phone.type));
	return buffer;
}

static const char *
describe(const char *text, const char *region)
{
	return describe_as(va_phone_parse, text, region);
}

static void
test_odd_numbers(void)
{
	for (size_t i = 0; i < lengthof(phone_numbers); i++)
		is_str(describe_as(va_phone_parse_as_library, phone_numbers[i].text, phone_numbers[i].region), phone_numbers[i].expected,
			   "made-up number %zu, %s", i, phone_numbers[i].region);
}

/* Does our type cover the plan's name of it? */
static bool
is_type(VaPhoneType type, const char *name)
{
	static const struct
	{
		const char *name;
		VaPhoneType type;
	}			names[] = {
		{"premiumRate", VA_PHONE_PREMIUM_RATE}, {"tollFree", VA_PHONE_TOLL_FREE},
		{"sharedCost", VA_PHONE_SHARED_COST}, {"voip", VA_PHONE_VOIP},
		{"personalNumber", VA_PHONE_PERSONAL_NUMBER}, {"pager", VA_PHONE_PAGER}, {"uan", VA_PHONE_UAN},
		{"voicemail", VA_PHONE_VOICEMAIL}, {"fixedLine", VA_PHONE_FIXED_LINE}, {"mobile", VA_PHONE_MOBILE},
	};

	if (type == VA_PHONE_FIXED_LINE_OR_MOBILE)
		return strcmp(name, "fixedLine") == 0 || strcmp(name, "mobile") == 0;
	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (strcmp(names[i].name, name) == 0)
			return names[i].type == type;
	}
	return false;
}

/* Every number that a plan gives as its example, with and without its calling code. */
static void
test_plans(void)
{
	int			bad = 0,
				national_bad = 0,
				ambiguous = 0,
				other_type = 0;

	for (size_t i = 0; i < lengthof(plan_examples); i++)
	{
		const PlanExample *e = &plan_examples[i];
		char		text[64];
		VaPhone		phone;
		bool		numbered = strcmp(e->region, "001") == 0;

		snprintf(text, sizeof(text), "+%d%s", e->code, e->number);
		if (va_phone_parse(text, strlen(text), NULL, &phone) != VA_PHONE_OK ||
			phone.country_code != e->code || strcmp(phone.e164, text) != 0)
		{
			diag("%s %s: %s, %s", e->region, text, phone.e164, describe(text, NULL));
			bad++;
			continue;
		}
		other_type += !is_type(phone.type, e->type);
		if (!numbered && va_phone_parse(e->number, strlen(e->number), e->region, &phone) != VA_PHONE_OK)
		{
			diag("%s %s: %s", e->region, e->number, describe(e->number, e->region));
			national_bad++;
		}
		else if (!numbered && phone.other_digits != 0)
		{
			diag("%s %s: %s or %llu", e->region, e->number, phone.e164, (unsigned long long) phone.other_digits);
			ambiguous++;
		}
	}
	ok(lengthof(plan_examples) > 1000, "there is an example for every type and country");
	is_int(bad, 0, "every plan takes its own examples, written internationally");
	is_int(national_bad, 0, "and nationally");
	is_int(ambiguous, 0, "which is no other number, although some begin with their own calling code");
	is_int(other_type, 0, "with the type that the plan says");
}

static VaPhoneVerdict
verdict(const char *text, const char *region)
{
	VaPhone		phone;

	return va_phone_parse(text, strlen(text), region, &phone);
}

static void
test_verdicts(void)
{
	VaPhone		phone,
				zero;
	char		filler[300];

	is_int(verdict("", "US"), VA_PHONE_EMPTY, "nothing");
	is_int(verdict(" \t\r\n", "US"), VA_PHONE_EMPTY, "only white space");
	is_int(verdict("=cmd()", "US"), VA_PHONE_NOT_A_NUMBER, "a formula");
	is_int(verdict("=cmd|'/C calc'!A0", "US"), VA_PHONE_NOT_A_NUMBER, "a formula with a digit");
	is_int(verdict("call 4 me", "US"), VA_PHONE_NOT_A_NUMBER, "words");
	is_int(verdict("6.50253E+09", "US"), VA_PHONE_NOT_A_NUMBER, "what a spreadsheet makes of a number");
	is_int(verdict("253 0000", "US"), VA_PHONE_TOO_SHORT, "no area code");
	is_int(verdict("650 253 0000 0000", "US"), VA_PHONE_TOO_LONG, "too many digits");
	is_int(verdict("+999 123 4567", "US"), VA_PHONE_UNKNOWN_COUNTRY, "no such calling code");
	is_int(verdict("650 253 0000", NULL), VA_PHONE_NO_COUNTRY, "national, without a country");
	is_int(verdict("650 253 0000", "XX"), VA_PHONE_NO_COUNTRY, "national, with a country that is none");
	is_int(verdict("+1 650 153 0000", "US"), VA_PHONE_INVALID_FOR_COUNTRY, "not in the plan");
	is_int(verdict("+1 235 234 5678", NULL), VA_PHONE_OK, "an area code opened after 2022");
	is_int(verdict("+1 650 253 0000\377", NULL), VA_PHONE_NOT_A_NUMBER, "not UTF-8");
	is_int(verdict("+1 650 253 0000\300\200", NULL), VA_PHONE_NOT_A_NUMBER, "overlong UTF-8");
	is_int(verdict("+1 650 253 0000\342\200", NULL), VA_PHONE_NOT_A_NUMBER, "cut UTF-8");

	memset(&zero, 0, sizeof(zero));
	memset(&phone, 0xff, sizeof(phone));
	is_int(va_phone_parse("+1 650 253\0 0000", 15, NULL, &phone), VA_PHONE_NOT_A_NUMBER, "a NUL inside");
	is_mem(&phone, sizeof(phone), &zero, sizeof(zero), "a refused number leaves nothing");
	is_int(va_phone_parse("+16502530000999", 12, NULL, &phone), VA_PHONE_OK, "the text ends where its length says");
	is_int(phone.digits, 16502530000LL, "as a number");
	is_int(phone.country_code, 1, "its calling code");

	memset(filler, ' ', sizeof(filler));
	memcpy(filler, "+16502530000", 12);
	memcpy(filler + VA_PHONE_TEXT_MAX - 1, "x7", 2);
	is_int(va_phone_parse(filler, VA_PHONE_TEXT_MAX + 1, NULL, &phone), VA_PHONE_TOO_LONG, "text over the limit");
	is_int(va_phone_parse(filler, VA_PHONE_TEXT_MAX - 1, NULL, &phone), VA_PHONE_OK, "white space does not count");
	memset(filler, '1', sizeof(filler));
	is_int(va_phone_parse(filler, VA_PHONE_TEXT_MAX, "US", &phone), VA_PHONE_TOO_LONG, "250 digits");

	for (int v = VA_PHONE_OK; v <= VA_PHONE_AMBIGUOUS; v++)
		ok(va_phone_verdict_text((VaPhoneVerdict) v)[0] != '\0', "verdict %d has words", v);
	ok(va_phone_region_exists("us") && va_phone_region_exists("GB"), "countries in any case");
	ok(!va_phone_region_exists("UK") && !va_phone_region_exists("USA") && !va_phone_region_exists("") &&
	   !va_phone_region_exists("@@") && !va_phone_region_exists("\303\244") && !va_phone_region_exists(NULL),
	   "what is no country");
}

static void
test_readings(void)
{
	static const char *const words[] = { "212-no phone", "212 555 none", "(212) wrong-nr", "646 not set 1", "212 NO PHONE", "212-555-0231 or 0224",
		"030 1234 oder 5678", "212-555-01xx abc 43" };
	/* Masks and words in the place of digits, whole or in part: letters are no digits. */
	static const char *const masked[] = { "212-555-XXXX", "(212) 555-XXXX", "212555XXXX", "212-555-NONE", "212-555-NULL", "212-555-TEST", "+1 212 555 DEAD",
		"+1 212 555-FOOD", "800-555-XXXX", "1-888-XXX-XXXX", "877-555-NONE", "855-555-TEST", "1 844 555 NULL", "833-555-DEAD", "800-UNKNOWN", "+1 800 555 VOID",
		"+44 20 7946 ABCD", "0171 ABCDEFG", "+49 30 GESPERRT", "646-NOPHONE", "+1 (212) NOT-GIVN", "833-NOPHONE", "1-800-NO-PHONE", "+1 888 NOTGIVEN",
		"844-BAD-LINE", "866 WRONGNR", "877-NOTVALID", "855-NO-ENTRY", "800 NOTKNOWN", "833-NONUMBER", "888-NO-TEL-NR", "+44 800 KEINFON", "888-SANS-TEL", "855-SIN-DATA", "1-800-FLOWERS", "888-555-FOOD", "+44 800 FLOWERS" };
	static const char *const unseen[] = { "212\u202f555\u202f0177", "212\u2009555\u20090177", "212\u2007555\u20070177", "2\ufe0f125550177",
		"+1\u00b7212\u00b7555\u00b70177", "212\u2022555\u20220177", "\u202a212 555 0177\u202c", "\u2066212555\u00ad0177\u2069",
		"212\u2060555\u200b0177\ufeff", "\U000e0001212-555-0177", "212\u3164555\u205f0177", "\u061c212\u2028555\u16800177" };

	VaPhone stopped;

	is_str(describe("(650) 253-0000 ext. 12", "us"), "+16502530000 x12 US fixed_line_or_mobile", "extension");
	is_str(describe("650.253.0000,,0045#", "US"), "+16502530000 x0045 US fixed_line_or_mobile", "pauses");
	for (size_t i = 0; i < sizeof(masked) / sizeof(masked[0]); i++)
		ok(strchr(describe(masked[i], "US"), '+') == NULL, "what is masked is dialled for no number: %s", masked[i]);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ok(strchr(describe(words[i], "US"), '+') == NULL, "words are dialled for no number: %s", words[i]);
	ok(va_phone_parse_stop("1-800-FLOWERS", 13, "US", &stopped) == VA_PHONE_OK && strcmp(stopped.e164, "+18003569377") == 0,
		"a stop has its letters read");
	ok(va_phone_parse_stop("212-555-XXXX", 12, "US", &stopped) != VA_PHONE_OK, "... where they ring free");
	ok(va_phone_parse_stop("212-CALL-NOW", 12, "US", &stopped) == VA_PHONE_NOT_A_NUMBER && stopped.e164[0] == '\0' && stopped.digits == 0,
		"... and leave nothing of a number elsewhere");
	is_str(describe("212-555-0231 (mobile)", "US"), "+12125550231 x US fixed_line_or_mobile", "a word behind a number");
	is_str(describe("212-555-0168 home", "US"), "+12125550168 x US fixed_line_or_mobile", "... without brackets");
	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		is_str(describe(unseen[i], "US"), "+12125550177 x US fixed_line_or_mobile", "a sign that nobody sees, %zu", i);
	is_str(describe("06 12\u202f34\u202f56\u202f78", "FR"), "+33612345678 x FR mobile", "as French typography writes");
	is_str(describe("tel:253-0000;phone-context=+1-650", NULL), "+16502530000 x US fixed_line_or_mobile", "RFC 3966");
	is_str(describe("+1-650-253-0000;isub=1", NULL), "+16502530000 x US fixed_line_or_mobile", "subaddress");
	is_str(describe("011 44 20 7946 0018", "US"), "+442079460018 x GB fixed_line", "from the US abroad");
	is_str(describe("00 1 650 253 0000", "FR"), "+16502530000 x US fixed_line_or_mobile", "from France abroad");
	is_str(describe("44 20 7946 0018", "GB"), "+442079460018 x GB fixed_line", "calling code without plus");
	is_str(describe("+44 (0) 20 7946 0018", NULL), "+442079460018 x GB fixed_line", "a zero too much");
	is_str(describe("06 1234 5678", "IT"), "+390612345678 x IT fixed_line", "Italy keeps its zero");
	is_str(describe("011 15 2345-6789", "AR"), "+5491123456789 x AR mobile", "Argentina turns 15 into 9");
	is_str(describe("0 15 11 96123-4567", "BR"), "+5511961234567 x BR mobile", "a Brazilian carrier's code");
	is_str(describe("365-2345", "BS"), "+12423652345 x BS fixed_line", "the Bahamas without area code");
	is_str(describe("+1 204 234 5678", NULL), "+12042345678 x CA fixed_line_or_mobile", "Canada");
	is_str(describe("+7 701 234 5678", NULL), "+77012345678 x KZ mobile", "Kazakhstan, not Russia");
	is_str(describe("+800 1234 5678", NULL), "+80012345678 x 001 toll_free", "no country's");
	is_str(describe("(530) 583-6985 x302/x2303", "US"), "+15305836985 x302 US fixed_line_or_mobile", "the first of two");
	is_str(describe("Tel. \342\200\252+1 650 253 0000\342\200\254", NULL), "+16502530000 x US fixed_line_or_mobile",
		   "as copied from a contact");
}

/* "49 171 1234567" is a number of Leer in Germany and, without its plus sign, a mobile one. */
static void
test_ambiguous(void)
{
	static const struct
	{
		const char *text;
		const char *region;
		const char *first;
		uint64_t	other;
		const char *name;
	}			cases[] = {
		{"491711234567", "DE", "+49491711234567", 491711234567, "a mobile number, as a spreadsheet leaves it"},
		{"4915112345678", "DE", "+494915112345678", 4915112345678, "a longer one"},
		{"49211123456", "DE", "+4949211123456", 49211123456, "a town's"},
		{"(49) 1721-234567 ext. 3", "de", "+49491721234567", 491721234567, "in another way of writing"},
		{"+491711234567", "DE", "+491711234567", 0, "with its plus sign"},
		{"0491711234567", "DE", "+49491711234567", 0, "with the trunk prefix"},
		{"00491711234567", "DE", "+491711234567", 0, "with the international prefix"},
		{"4930901820", "DE", "+4930901820", 0, "that is none without the calling code"},
		{"1711234567", "DE", "+491711234567", 0, "that begins otherwise"},
		{"12025550143", "US", "+12025550143", 0, "of North America, whose code is its trunk prefix, too"},
		{"442079460018", "GB", "+442079460018", 0, "of Britain, where nothing begins with 44"},
	};
	VaPhone		phone;

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		is_int(va_phone_parse(cases[i].text, strlen(cases[i].text), cases[i].region, &phone), VA_PHONE_OK, "read: %s", cases[i].name);
		is_str(phone.e164, cases[i].first, "as the known library reads it: %s", cases[i].name);
		is_int(phone.other_digits, cases[i].other, "another number that it may be: %s", cases[i].name);
		is_int(va_phone_parse_one(cases[i].text, strlen(cases[i].text), cases[i].region, &phone),
			   cases[i].other != 0 ? VA_PHONE_AMBIGUOUS : VA_PHONE_OK, "one number: %s", cases[i].name);
	}
	is_str(describe("491711234567", "+"), "+491711234567 x DE mobile", "all numbers begin with their calling codes");
	is_str(describe("+49 171 1234567", "+"), "+491711234567 x DE mobile", "and one has the plus sign");
	is_str(describe("12025550143", "+"), "+12025550143 x US fixed_line_or_mobile", "and one is of another country");
	is_str(describe("0049 171 1234567 ext. 3", "+"), "+491711234567 x3 DE mobile", "and one has the international prefix");
	is_str(describe("+0049 171 1234567", "+"), "+491711234567 x DE mobile", "and one has both");
	is_int(verdict("0171 1234567", "+"), VA_PHONE_UNKNOWN_COUNTRY, "and one has a trunk prefix instead");
	is_int(verdict("00", "+"), VA_PHONE_TOO_SHORT, "and one has nothing else");
}

/* Forms that countries have given up, as people still write them; each beside a number that must stay what it is. */
static void
test_old_forms(void)
{
	static const struct
	{
		const char *text;
		const char *region;
		const char *today;
	}			cases[] = {
		{"+52 1 55 5555 0101", NULL, "+525555550101"}, {"044 55 5555 0102", "MX", "+525555550102"},
		{"045 55 5555 0102", "MX", "+525555550102"}, {"01 55 5555 0103", "MX", "+525555550103"},
		{"5215555550105", "MX", "+525555550105"}, {"52 1 (55) 5555-0105", "mx", "+525555550105"},
		{"+52 044 55 5555 0102", "US", "+525555550102"}, {"+52 01 55 5555 0102", NULL, "+525555550102"},
		{"1 55 5555 0102", "MX", "+525555550102"}, {"011 52 1 55 5555 0101", "US", "+525555550101"},
		{"5215555550105", "+", "+525555550105"}, {"00 52 1 55 5555 0101 x7", "DE", "+525555550101"},
		{"+55 31 9123-4567", NULL, "+5531991234567"}, {"(31) 9123-4567", "BR", "+5531991234567"},
		{"0 15 31 9123-4567", "BR", "+5531991234567"}, {"553191234567", "BR", "+5531991234567"},
		{"+55 11 6812 3456", NULL, "+5511968123456"}, {"031 8812 3456", "BR", "+5531988123456"},
		{"+225 07 12 34 56", NULL, "+2250707123456"}, {"47123456", "CI", "+2250747123456"},
		{"+225 54 12 34 56", NULL, "+2250554123456"}, {"01 02 03 04", "CI", "+2250101020304"},
		{"22541020304", "CI", "+2250141020304"}, {"+225 20 22 34 56", NULL, "+2252720223456"},
		{"+225 22 50 34 56", NULL, "+2252722503456"}, {"+225 20 00 34 56", NULL, "+2252520003456"},
		{"+225 22 80 34 56", NULL, "+2252122803456"},
		{"+229 97 12 34 56", NULL, "+2290197123456"}, {"97123456", "BJ", "+2290197123456"},
		{"22997123456", "BJ", "+2290197123456"}, {"+229 21 30 12 34", NULL, "+2290121301234"},
		{"+230 712 3456", NULL, "+23057123456"}, {"9123456", "MU", "+23059123456"},
		{"+234 1 234 5678", NULL, "+2342012345678"}, {"01 234 5678", "NG", "+2342012345678"},
		{"23412345678", "NG", "+2342012345678"}, {"+234 (0)9 234 5678", NULL, "+2342092345678"},
		{"+57 1 2345678", NULL, "+576012345678"}, {"5742345678", "CO", "+576042345678"},
		{"(4) 234 5678", "CO", "+576042345678"},
		{"+966 1 123 4567", NULL, "+966111234567"}, {"01 123 4567", "SA", "+966111234567"},
		{"+381 38 123 456", NULL, "+38338123456"}, {"+386 49 123 456", NULL, "+38349123456"},
		{"+84 120 123 4567", NULL, "+84701234567"}, {"0168 123 4567", "VN", "+84381234567"},
		{"841691234567", "VN", "+84391234567"}, {"04 3825 1234", "VN", "+842438251234"},
	};
	static const char *const kept[] = {"+525555550101", "+5531991234567", "+553132345678", "+551171234567",
		"+2250707123456", "+2252720223456", "+2290197123456", "+22985751234", "+23057123456", "+2304123456",
		"+2348031234567", "+576012345678", "+573101234567", "+966501234567", "+38111234567", "+84838251234",
		"+5491123456789", "+541123456789", "+38344123456"};
	static const char *const twins[][2] = {{"+541123456789", "+5491123456789"}, {"+542966234567", "+5492966234567"},
		{"+551171234567", "+5511971234567"}, {"+37744123456", "+38344123456"}, {"+38643123456", "+38343123456"}};
	static const char *const none[] = {"+541140001234567", "+12125550143", "+5531991234567", "+37793123456", "+543888012345678"};
	static const char *const refused[][2] = {{"5215555550105", "US"}, {"044 55 5555 0102", "US"},
		{"+52 1 55 5555 01", NULL}, {"+52 1 1 5555 0102 3", NULL}, {"+55 31 9123-456", NULL}, {"+225 07 12 34 5", NULL},
		{"+229 97 12 34 5", NULL}, {"+57 3 2345678", NULL}, {"+84 120 123 456", NULL}, {"+46 521 555 555 01 05", NULL}};
	VaPhone		phone, twin;

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		VaPhoneVerdict found = va_phone_parse(cases[i].text, strlen(cases[i].text), cases[i].region, &phone);

		is_int(found, VA_PHONE_OK, "an old form is read: %s, %s", cases[i].text, cases[i].region);
		is_str(phone.e164, cases[i].today, "as today's: %s", cases[i].text);
		ok(phone.old_form, "and it is told: %s", cases[i].text);
		(void) va_phone_parse_stop(cases[i].text, strlen(cases[i].text), cases[i].region, &phone);
		is_str(phone.e164, cases[i].today, "a stop too: %s", cases[i].text);
	}
	is_str((va_phone_parse("+52 1 55 5555 0101 x7", 21, NULL, &phone), phone.extension), "7", "its extension stays");
	for (size_t i = 0; i < lengthof(kept); i++)
	{
		is_int(va_phone_parse(kept[i], strlen(kept[i]), NULL, &phone), VA_PHONE_OK, "of today: %s", kept[i]);
		is_str(phone.e164, kept[i], "stays: %s", kept[i]);
		ok(!phone.old_form, "no old form: %s", kept[i]);
	}
	for (size_t i = 0; i < 2 * lengthof(twins); i++)
	{
		const char *one = twins[i / 2][i % 2];

		(void) va_phone_parse(one, strlen(one), NULL, &phone);
		ok(va_phone_twin(&phone, &twin), "a twin of %s", one);
		is_str(twin.e164, twins[i / 2][1 - i % 2], "and which: %s", one);
	}
	for (size_t i = 0; i < lengthof(none); i++)
	{
		(void) va_phone_parse_stop(none[i], strlen(none[i]), NULL, &phone);
		ok(!va_phone_twin(&phone, &twin), "no twin of %s", none[i]);
	}
	for (size_t i = 0; i < lengthof(refused); i++)
		ok(va_phone_parse(refused[i][0], strlen(refused[i][0]), refused[i][1], &phone) != VA_PHONE_OK,
		   "refused: %s, %s", refused[i][0], refused[i][1]);
}

static const char *
zones_of(int set)
{
	static char buffer[2048];
	const char *zones[VA_PHONE_MAX_ZONES];
	size_t		count = va_zone_set_members(set, zones, VA_PHONE_MAX_ZONES);

	buffer[0] = '\0';
	for (size_t i = 0; i < count; i++)
	{
		strcat(buffer, i > 0 ? "," : "");
		strcat(buffer, zones[i]);
	}
	return buffer;
}

static bool
has_zone(int set, const char *zone)
{
	const char *zones[VA_PHONE_MAX_ZONES];
	size_t		count = va_zone_set_members(set, zones, VA_PHONE_MAX_ZONES);

	for (size_t i = 0; i < count; i++)
		if (strcmp(zones[i], zone) == 0)
			return true;
	return false;
}

static void
test_zones(void)
{
	const char *zones[2];
	int			empty = 0;

	is_str(zones_of(va_phone_zone_set("+16502530000")), "America/Los_Angeles", "an area code");
	is_str(zones_of(va_phone_zone_set("+12082213333")), "America/Boise,America/Denver,America/Los_Angeles",
		   "an exchange narrows nothing: numbers are ported");
	is_int(va_phone_zone_set("+19862213333"), va_phone_zone_set("+12082213333"), "an overlay is where its elder is");
	is_str(zones_of(va_phone_zone_set("+16892213333")), "America/New_York", "and nowhere else, whatever the data says");
	is_str(zones_of(va_phone_zone_set("+77012345678")), "Asia/Almaty,Asia/Aqtobe", "a mobile is all over its country, not its calling code");
	is_str(zones_of(va_phone_zone_set("+34612345678")), "Atlantic/Canary,Europe/Madrid", "with its islands");
	is_str(zones_of(va_phone_zone_set("+34928123456")), "Atlantic/Canary", "a fixed line is where its prefix is");
	is_str(zones_of(va_phone_zone_set("+5511987654321")), "America/Sao_Paulo", "and so is a mobile that has an area code");
	is_str(zones_of(va_phone_zone_set("+442079460018")), "Europe/London", "a country of one zone");
	is_str(zones_of(va_phone_zone_set("+919876543210")), "Asia/Kolkata", "half an hour off, by its modern name");
	ok(va_zone_set_members(va_phone_zone_set("+18003569377"), zones, 2) == 2 &&
	   strlen(zones_of(va_phone_zone_set("+18003569377"))) > 400, "a toll-free number may be anywhere, and no more zones are given than asked for");
	is_int(va_phone_zone_set("+999123"), 0, "an unknown calling code");
	is_int(va_phone_zone_set("16502530000"), 0, "not E.164");
	is_int(va_phone_zone_set(NULL), 0, "nothing");
	is_str(zones_of(-1), "", "no set");
	is_str(zones_of(va_zone_set_count()), "", "past the last set");
	for (int set = 1; set < va_zone_set_count(); set++)
		empty += zones_of(set)[0] == '\0';
	is_int(empty, 0, "no set is empty");

	is_str(zones_of(va_zone_set_of_region("ES", "")), "Atlantic/Canary,Europe/Madrid", "all zones of a country");
	ok(has_zone(va_zone_set_of_region("US", ""), "Pacific/Honolulu") && !has_zone(va_zone_set_of_region("US", ""), "America/Toronto"), "the US without Canada");
	is_int(va_zone_set_of_region("XX", ""), 0, "no country");
	ok(!va_region_code("US", "", (char[8]){0}), "which is no state");
	is_str(zones_of(va_zone_set_of_region("US", "TX")), "America/Chicago,America/Denver", "a state of two zones");
	is_int(va_zone_set_of_region("us", "texas"), va_zone_set_of_region("US", "TX"), "by its name");
	is_int(va_zone_set_of_region(NULL, "US-TX"), va_zone_set_of_region("US", "TX"), "by its full code");
	is_int(va_zone_set_of_region("CA", "US-TX"), 0, "but not in Canada");
	is_str(zones_of(va_zone_set_of_region("CA", "british columbia")), "America/Edmonton,America/Vancouver",
		   "a province of two");
	is_str(zones_of(va_zone_set_of_region(NULL, "Hawaii")), "Pacific/Honolulu", "an island");
	is_int(va_zone_set_of_region("US", "Atlantis"), 0, "no state");
	is_int(va_zone_set_of_region("DE", "BY"), 0, "no state of ours");

	is_str(va_phone_subdivision("+16502530000"), "US-CA", "an area code's state");
	is_str(va_phone_subdivision("+18676692222"), "CA-NT|CA-NU|CA-YT", "an area code of three");
	is_str(va_phone_subdivision("+18003569377"), NULL, "toll-free has none");
	is_str(va_phone_subdivision("+442079460018"), NULL, "nor has England");
	is_str(va_phone_subdivision("+1"), NULL, "nor a stump");
}

/*
 * Every exchange of every area code of +1 that the plans take for a place: a
 * number in the US or Canada has its state, whose zones hold all of its own; and
 * none has the zones of a whole continent, in which it could hardly be called.
 */
static void
test_area_codes(void)
{
	int			codes[2] = {0, 0};
	char		stateless[80] = "";
	char		everywhere[80] = "";
	char		elsewhere[80] = "";
	char	   *gaps[] = {stateless, everywhere, elsewhere};

	for (int area = 200; area < 1000; area++)
	{
		bool		seen = false;
		bool		wrong[3] = {false, false, false};
		bool		ours = false;

		for (int exchange = 200; exchange < 1000; exchange++)
		{
			char		text[32];
			VaPhone		phone;
			const char *states;
			const char *zones[VA_PHONE_MAX_ZONES];
			size_t		count;
			size_t		shared = 0;

			snprintf(text, sizeof(text), "+1%03d%03d2345", area, exchange);
			if (va_phone_parse(text, strlen(text), NULL, &phone) != VA_PHONE_OK ||
				(phone.type != VA_PHONE_FIXED_LINE && phone.type != VA_PHONE_FIXED_LINE_OR_MOBILE))
				continue;
			seen = true;
			count = va_zone_set_members(va_phone_zone_set(phone.e164), zones, VA_PHONE_MAX_ZONES);
			if (count == 0 || count > 6)
				wrong[1] = true;
			if (strcmp(phone.region, "US") != 0 && strcmp(phone.region, "CA") != 0)
				continue;
			ours = true;
			states = va_phone_subdivision(phone.e164);
			if (states == NULL || strncmp(states, phone.region, 2) != 0)
				wrong[0] = true;
			for (size_t i = 0; i < count; i++)
			{
				bool		found = false;

				for (const char *state = states; state != NULL; state = strchr(state, '|') ? strchr(state, '|') + 1 : NULL)
				{
					char		code[8];

					snprintf(code, sizeof(code), "%.5s", state);
					found |= has_zone(va_zone_set_of_region(NULL, code), zones[i]);
				}
				shared += found;
			}
			if (states != NULL && shared != count)
				wrong[2] = true;
		}
		codes[0] += seen;
		codes[1] += ours;
		for (int i = 0; i < 3; i++)
			if (wrong[i] && strlen(gaps[i]) < 70)
				sprintf(gaps[i] + strlen(gaps[i]), "%d ", area);
	}
	ok(codes[0] > 430 && codes[1] > 400, "all of North America was asked: %d area codes, %d of them in the US and Canada", codes[0], codes[1]);
	is_str(stateless, "", "each area code has its state");
	is_str(everywhere, "", "no exchange is anywhere");
	is_str(elsewhere, "", "nor in another zone than its state");
}

/*
 * The area codes of NANPA's list of November 2026 that libphonenumber's plans of July 2026 lack, with the elder of the same
 * towns.  (565 of Georgia is assigned, and not in service.)
 */
static void
test_new_area_codes(void)
{
	static const int pairs[][2] = {{357, 559}, {436, 440}, {457, 318}, {465, 718}, {471, 662}, {483, 334}, {621, 713},
		{624, 716}, {679, 313}, {729, 423}, {837, 530}, {861, 309}, {924, 507}};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
	{
		char		text[32];
		VaPhone		phone[2];

		for (int j = 0; j < 2; j++)
		{
			snprintf(text, sizeof(text), "+1%d2345678", pairs[i][j]);
			is_int(va_phone_parse(text, strlen(text), NULL, &phone[j]), VA_PHONE_OK, "%s", text);
		}
		is_str(phone[0].region, "US", "is a number of the US");
		is_int(phone[0].type, VA_PHONE_FIXED_LINE_OR_MOBILE, "of either kind");
		is_str(va_phone_subdivision(phone[0].e164), va_phone_subdivision(phone[1].e164), "in the same state");
		is_int(va_phone_zone_set(phone[0].e164), va_phone_zone_set(phone[1].e164), "in the same zones");
	}
	is_int(va_phone_parse("+16211345678", 12, NULL, &(VaPhone){0}), VA_PHONE_INVALID_FOR_COUNTRY, "an exchange begins with 2 to 9");
	is_int(va_phone_parse("+15652345678", 12, NULL, &(VaPhone){0}), VA_PHONE_INVALID_FOR_COUNTRY, "an area code to come");
}

int
main(void)
{
	test_new_area_codes();
	test_readings();
	test_ambiguous();
	test_verdicts();
	test_plans();
	test_zones();
	test_area_codes();
	test_odd_numbers();
	test_old_forms();
	return done_testing();
}
