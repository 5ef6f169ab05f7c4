/*-------------------------------------------------------------------------
 * phone_oracle.cpp
 *		Compares our reading of telephone numbers with libphonenumber's.
 *
 *	phone_oracle plans
 *		print the installed library's number plans in the form that
 *		phone_data/generate.py reads
 *	phone_oracle compare LIBRARY_PLANS.so OUR_PLANS.so COUNT SEED
 *		read COUNT made-up numbers three ways: by the library, by our code with
 *		the library's plans, by our code with ours.  The first two must agree
 *		in everything; where the third differs, the plans have changed since
 *		the library's edition, and the changes are counted.
 *
 *	phone_oracle sample LIBRARY_PLANS.so OUR_PLANS.so COUNT SEED
 *		print COUNT made-up numbers on which all three agree, as
 *		regress/unit/phone_numbers.inc has them; half of them valid
 *
 * regress/t/020_phone_oracle.pl builds and runs it.
 *-------------------------------------------------------------------------
 */
#include <dlfcn.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>
#include <regex>
#include <string>

#include <phonenumbers/phonemetadata.pb.h>
#include <phonenumbers/phonenumberutil.h>

extern "C"
{
#include "phone_words.h"
}

/* The library's own data; not in its headers, but exported. */
namespace i18n
{
namespace phonenumbers
{
int			metadata_size();
const void *metadata_get();
}								/* namespace phonenumbers */
}								/* namespace i18n */

using namespace i18n::phonenumbers;
using std::string;

typedef VaPhoneVerdict (*Parse) (const char *, size_t, const char *, VaPhone *);
typedef const char *(*TypeText) (VaPhoneType);

struct Reader
{
	Parse		parse;
	TypeText	type_text;
};

static PhoneMetadataCollection
library_plans()
{
	PhoneMetadataCollection plans;

	if (!plans.ParseFromArray(metadata_get(), metadata_size()))
	{
		fprintf(stderr, "cannot read the library's plans\n");
		exit(2);
	}
	return plans;
}

/* ---------------------------------------------------------------- plans */

static void
print_lengths(const char *name, const google::protobuf::RepeatedField<google::protobuf::int32> &lengths)
{
	printf(" %s=\"", name);
	for (int i = 0; i < lengths.size(); i++)
		printf("%s%d", i > 0 ? "," : "", lengths.Get(i));
	printf("\"");
}

/* A type without lengths has those of the whole plan; the length -1 says that there is no such type. */
static void
print_type(const char *name, const PhoneMetadata &plan, const PhoneNumberDesc &type)
{
	if (type.national_number_pattern().empty() ||
		(type.possible_length_size() == 1 && type.possible_length(0) == -1))
		return;
	printf("<%s><possibleLengths", name);
	print_lengths("national", type.possible_length_size() > 0 ? type.possible_length()
				  : plan.general_desc().possible_length());
	print_lengths("localOnly", type.possible_length_local_only());
	printf("/><nationalNumberPattern>%s</nationalNumberPattern></%s>\n",
		   type.national_number_pattern().c_str(), name);
}

static void
print_attribute(const char *name, const string &value)
{
	if (!value.empty())
		printf(" %s=\"%s\"", name, value.c_str());
}

static int
print_plans()
{
	PhoneMetadataCollection plans = library_plans();

	printf("<phoneNumberMetadata><territories>\n");
	for (const PhoneMetadata &plan : plans.metadata())
	{
		printf("<territory");
		print_attribute("id", plan.id());
		print_attribute("countryCode", std::to_string(plan.country_code()));
		print_attribute("mainCountryForCode", plan.main_country_for_code() ? "true" : "");
		print_attribute("leadingDigits", plan.leading_digits());
		print_attribute("internationalPrefix", plan.international_prefix());
		print_attribute("nationalPrefixForParsing", plan.national_prefix_for_parsing());
		print_attribute("nationalPrefixTransformRule", plan.national_prefix_transform_rule());
		printf("><generalDesc><nationalNumberPattern>%s</nationalNumberPattern></generalDesc>\n",
			   plan.general_desc().national_number_pattern().c_str());
		print_type("fixedLine", plan, plan.fixed_line());
		print_type("mobile", plan, plan.mobile());
		print_type("pager", plan, plan.pager());
		print_type("tollFree", plan, plan.toll_free());
		print_type("premiumRate", plan, plan.premium_rate());
		print_type("sharedCost", plan, plan.shared_cost());
		print_type("personalNumber", plan, plan.personal_number());
		print_type("voip", plan, plan.voip());
		print_type("uan", plan, plan.uan());
		print_type("voicemail", plan, plan.voicemail());
		printf("</territory>\n");
	}
	printf("</territories></phoneNumberMetadata>\n");
	return 0;
}

/* ---------------------------------------------------------------- numbers */

static std::mt19937_64 chance;

static int
below(size_t n)
{
	return (int) (chance() % n);
}

static bool
one_in(int n)
{
	return below((size_t) n) == 0;
}

template <size_t N>
static const char *
any(const char *const (&choices)[N])
{
	return choices[below(N)];
}

static string
random_digits(int count)
{
	string		digits;

	while (count-- > 0)
		digits += (char) ('0' + below(10));
	return digits;
}

/* A plan's example with some of its digits changed, or plain noise. */
static string
random_national(const PhoneMetadata &plan)
{
	const PhoneNumberDesc *types[] = {&plan.fixed_line(), &plan.mobile(), &plan.toll_free(), &plan.premium_rate(),
		&plan.shared_cost(), &plan.personal_number(), &plan.voip(), &plan.uan(), &plan.voicemail(), &plan.pager(),
		&plan.fixed_line(), &plan.mobile()};
	string		digits = types[below(12)]->example_number();

	if (digits.empty())
		digits = plan.general_desc().example_number();
	if (digits.empty() || one_in(12))
		return random_digits(1 + below(18));
	if (one_in(2))
	{
		int			kept = below(digits.size() + 1);

		digits = digits.substr(0, kept) + random_digits((int) digits.size() - kept);
	}
	else if (one_in(2))
		digits[below(digits.size())] = (char) ('0' + below(10));
	if (one_in(20))
		digits += random_digits(1 + below(4));
	if (one_in(20))
		digits.resize(1 + below(digits.size()));
	return digits;
}

static string
punctuated(const string &digits)
{
	static const char *const usual[] = {" ", "-", ".", "/", "(", ")"};
	static const char *const odd[] = {" - ", "\xC2\xA0", "\xE2\x80\x91", "  ", "x", "*", "~", "\xE3\x80\x80", ") ", "[",
		"]", "\xE2\x80\x8B"};
	string		text;

	for (char c : digits)
	{
		if (one_in(4))
			text += one_in(6) ? any(odd) : any(usual);
		text += c;
	}
	return text;
}

static string
in_other_digits(const string &text)
{
	static const char *const zeros[] = {"\xEF\xBC\x90", "\xD9\xA0", "\xDB\xB0", "\xE0\xA5\xA6", "\xF0\x9D\x9F\x8E"};
	const char *zero = any(zeros);
	string		result;

	for (char c : text)
	{
		if (c >= '0' && c <= '9' && !one_in(10))
		{
			string		wide = zero;

			wide.back() = (char) (wide.back() + (c - '0'));
			result += wide;
		}
		else
			result += c;
	}
	return result;
}

static string
random_extension()
{
	static const char *const labels[] = {" ext. ", "x", " x", "#", ";ext=", ",", ",,", ";", " extension ", " extn:",
		" int ", "~", " anexo ", " \xD0\xB4\xD0\xBE\xD0\xB1. ", " EXT", " xtn", " e xt ", " extensi\xC3\xB3n ",
		" extensio\xCC\x81n: ", "\xEF\xBD\x98", "\xEF\xBC\x83", " \xEF\xBD\x85\xEF\xBD\x98\xEF\xBD\x94", ", x", " - ",
		"  ", ",x. ", " ext,", "X:", " Ext - ", ";;"};
	string		text = any(labels) + random_digits(one_in(5) ? 1 + below(22) : 1 + below(6));

	if (one_in(6))
		text += "#";
	return text;
}

static string
as_letters(const string &digits)
{
	static const char *const keys[] = {"0", "1", "ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"};
	string		text;
	size_t		from = below(digits.size() + 1);

	for (size_t i = 0; i < digits.size(); i++)
	{
		const char *key = keys[digits[i] - '0'];

		text += i < from ? digits[i] : key[below(strlen(key))];
	}
	return text;
}

static const char *const noise[] = {"Tel: ", "=", "'", "\"", "(", " ", "+", "++", "\xEF\xBC\x8B", "phone ", "\t", "a",
	"1", "0", "00", ")", "\xE2\x80\xAA", "mobile", "\xC3\xA9", "#", "?", ".", "/", "//", "\xF0\x9F\x98\x80", "x", "+0",
	"\n", "\xC2\xB2"};

/* One number as somebody may have written it. */
static string
random_text(const PhoneNumberUtil &library, const PhoneMetadata &plan)
{
	static const char *const prefixes[] = {"0", "1", "8", "9", "15", "06", "01", "0015", "1831"};
	static const char *const abroad[] = {"00", "011", "0011", "810", "001", "010", "00140", "0 0 ", "99"};
	string		code = std::to_string(plan.country_code());
	string		national = random_national(plan);
	string		text;

	switch (below(10))
	{
		case 0:
		case 1:
		case 2:
			text = "+" + code + (one_in(3) ? " " : "") + (one_in(8) ? any(prefixes) : "") + national;
			break;
		case 3:
			text = code + national;
			break;
		case 4:
			text = any(abroad) + code + national;
			break;
		case 5:
			text = any(prefixes) + national;
			break;
		case 6:
			{
				PhoneNumber number;

				number.set_country_code(plan.country_code());
				number.set_national_number(strtoull(national.c_str(), NULL, 10));
				if (national.size() > 1 && national[0] == '0')
					number.set_italian_leading_zero(true);
				library.Format(number, (PhoneNumberUtil::PhoneNumberFormat) below(4), &text);
				break;
			}
		case 7:
			text = (one_in(4) ? "" : "tel:") + national + ";phone-context=" + (one_in(6) ? "example.com" : "+" + code) +
				(one_in(6) ? ";isub=12" : "") + (one_in(6) ? ";ext=9" : "");
			break;
		default:
			text = national;
			break;
	}
	if (one_in(3))
		text = punctuated(text);
	if (one_in(12) && national.size() > 3)
		text = (one_in(2) ? "+" + code + " " : "") + as_letters(national);
	if (one_in(5))
		text += random_extension();
	if (one_in(10))
		text = in_other_digits(text);
	if (one_in(10))
		text = any(noise) + text;
	if (one_in(10))
		text += any(noise);
	if (one_in(25) && !text.empty())
	{
		size_t		at = below(text.size());

		/* Not inside a character. */
		if ((text[at] & 0x80) == 0)
			text = text.substr(0, at) + any(noise) + text.substr(at);
	}
	return text;
}

/* ---------------------------------------------------------------- verdicts */

static const char *
type_name(PhoneNumberUtil::PhoneNumberType type)
{
	switch (type)
	{
		case PhoneNumberUtil::FIXED_LINE:
			return "fixed_line";
		case PhoneNumberUtil::MOBILE:
			return "mobile";
		case PhoneNumberUtil::FIXED_LINE_OR_MOBILE:
			return "fixed_line_or_mobile";
		case PhoneNumberUtil::TOLL_FREE:
			return "toll_free";
		case PhoneNumberUtil::PREMIUM_RATE:
			return "premium_rate";
		case PhoneNumberUtil::SHARED_COST:
			return "shared_cost";
		case PhoneNumberUtil::VOIP:
			return "voip";
		case PhoneNumberUtil::PERSONAL_NUMBER:
			return "personal_number";
		case PhoneNumberUtil::PAGER:
			return "pager";
		case PhoneNumberUtil::UAN:
			return "uan";
		case PhoneNumberUtil::VOICEMAIL:
			return "voicemail";
		default:
			return "unknown";
	}
}

static string
by_library(const PhoneNumberUtil &library, const string &text, const string &region)
{
	PhoneNumber number;
	string		e164,
				extension,
				found;

	switch (library.Parse(text, region, &number))
	{
		case PhoneNumberUtil::NO_PARSING_ERROR:
			break;
		case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
			return "no country";
		case PhoneNumberUtil::NOT_A_NUMBER:
			return "not a number";
		case PhoneNumberUtil::TOO_LONG_NSN:
			return "too long";
		default:
			return "too short";
	}
	if (!library.IsValidNumber(number))
	{
		switch (library.IsPossibleNumberWithReason(number))
		{
			case PhoneNumberUtil::TOO_SHORT:
			case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
				return "too short";
			case PhoneNumberUtil::TOO_LONG:
				return "too long";
			default:
				return "invalid";
		}
	}
	extension = number.extension();
	library.NormalizeDigitsOnly(&extension);
	number.clear_extension();
	library.Format(number, PhoneNumberUtil::E164, &e164);
	library.GetRegionCodeForNumber(number, &found);
	return e164 + " x" + extension + " " + found + " " + type_name(library.GetNumberType(number));
}

static string
by_us(const Reader &reader, const string &text, const string &region)
{
	VaPhone		phone;
	const char *refusal = refusal_in_words(reader.parse(text.data(), text.size(), region.c_str(), &phone));

	if (refusal != NULL)
		return refusal;
	return string(phone.e164) + " x" + phone.extension + " " + phone.region + " " + reader.type_text(phone.type);
}

/*
 * Where we differ on purpose.  A second number ("x1/x2/x3") is cut at its first mark, as the library's
 * documentation says; its C++ edition cuts at the last one, and line by line.  Overlong text is refused.  A
 * context must be a number or a domain, which the library demands only since 2023; and before a number with one we
 * take away white space as before any other.
 */
static bool
set_apart(const string &text)
{
	static const char mark[] = ";phone-context=";
	static const std::regex context("\\+[-.()]*[0-9][-.()0-9]*|[a-z]+(\\.[a-z]+)*");
	int			marks = 0;
	size_t		begin = text.find(mark);

	if (begin != string::npos)
	{
		begin += strlen(mark);
		if (isspace((unsigned char) text[0]) ||
			!std::regex_match(text.substr(begin, text.find(';', begin) - begin), context))
			return true;
	}

	for (size_t at = text.find_first_of("/\\"); at != string::npos; at = text.find_first_of("/\\", at + 1))
	{
		size_t		next = text.find_first_not_of(' ', at + 1);

		marks += next != string::npos && text[next] == 'x';
	}
	return marks > 1 || (marks > 0 && text.find('\n') != string::npos) || text.size() > VA_PHONE_TEXT_MAX;
}

static Reader
load(const char *path)
{
	void	   *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	Reader		reader = {NULL, NULL};

	if (handle != NULL)
	{
		reader.parse = (Parse) dlsym(handle, "va_phone_parse_as_library");
		reader.type_text = (TypeText) dlsym(handle, "va_phone_type_text");
	}
	if (reader.parse == NULL || reader.type_text == NULL)
	{
		fprintf(stderr, "%s\n", dlerror());
		exit(2);
	}
	return reader;
}

static const char *
reason_for(const string &expected, const string &current)
{
	if (expected[0] != '+')
		return current[0] == '+' ? "opened since" : "refused for another reason since";
	return current[0] == '+' ? "read as another number, type or country since" : "closed since";
}

static int
compare(const Reader &same, const Reader &current, long count, unsigned long seed)
{
	const PhoneNumberUtil &library = *PhoneNumberUtil::GetInstance();
	PhoneMetadataCollection plans = library_plans();
	std::map<string, long> reasons;
	std::map<string, long> changed;
	long		valid = 0,
				apart = 0,
				wrong = 0;

	chance.seed(seed);
	for (long i = 0; i < count; i++)
	{
		const PhoneMetadata &plan = plans.metadata(below(plans.metadata_size()));
		const PhoneMetadata &other = plans.metadata(below(plans.metadata_size()));
		string		text = random_text(library, plan);
		string		region = one_in(8) ? "ZZ" : one_in(6) ? other.id() : plan.id();
		string		expected,
					ours,
					now;

		if (set_apart(text))
		{
			apart++;
			continue;
		}
		expected = by_library(library, text, region);
		ours = by_us(same, text, region);
		now = by_us(current, text, region);
		valid += expected[0] == '+';
		if (ours != expected)
		{
			if (wrong++ < 40)
				printf("# unexplained: %s \"%s\": library \"%s\", ours \"%s\"\n", region.c_str(), text.c_str(),
					   expected.c_str(), ours.c_str());
		}
		else if (now != expected)
		{
			reasons[reason_for(expected, now)]++;
			changed[plan.id()]++;
		}
	}
	for (const auto &reason : reasons)
		printf("# by a newer plan: %ld %s\n", reason.second, reason.first.c_str());
	printf("# countries with newer plans: %zu; set apart: %ld\n", changed.size(), apart);
	printf("compared %ld, valid %ld, unexplained %ld\n", count - apart, valid, wrong);
	return wrong == 0 ? 0 : 1;
}

static void
print_c_string(const string &text)
{
	putchar('"');
	for (unsigned char c : text)
	{
		if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '?')
			printf("\\%03o", c);
		else
			putchar(c);
	}
	putchar('"');
}

static int
sample(const Reader &same, const Reader &current, long count, unsigned long seed)
{
	const PhoneNumberUtil &library = *PhoneNumberUtil::GetInstance();
	PhoneMetadataCollection plans = library_plans();
	long		wanted[2] = {count / 2, count - count / 2};

	chance.seed(seed);
	while (wanted[0] > 0 || wanted[1] > 0)
	{
		const PhoneMetadata &plan = plans.metadata(below(plans.metadata_size()));
		string		text = random_text(library, plan);
		string		region = one_in(8) ? "ZZ" : plan.id();
		string		expected = by_library(library, text, region);
		long	   &left = wanted[expected[0] == '+'];

		if (left == 0 || set_apart(text) || expected != by_us(same, text, region) ||
			expected != by_us(current, text, region))
			continue;
		left--;
		printf("\t{\"%s\", ", region.c_str());
		print_c_string(text);
		printf(", \"%s\"},\n", expected.c_str());
	}
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "plans") == 0)
		return print_plans();
	if (argc == 6 && strcmp(argv[1], "compare") == 0)
		return compare(load(argv[2]), load(argv[3]), atol(argv[4]), strtoul(argv[5], NULL, 10));
	if (argc == 6 && strcmp(argv[1], "sample") == 0)
		return sample(load(argv[2]), load(argv[3]), atol(argv[4]), strtoul(argv[5], NULL, 10));
	fprintf(stderr, "usage: phone_oracle plans | compare|sample LIBRARY_PLANS.so OUR_PLANS.so COUNT SEED\n");
	return 2;
}
