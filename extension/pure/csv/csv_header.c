/*-------------------------------------------------------------------------
 * csv_header.c
 *		The first row of a CSV file of leads: its start, its delimiter, and
 *		which column is which.  Constant tables, no memory, no locks.
 */
#include "csv_header.h"

#include <string.h>
#include <strings.h>

#define SYNONYMS_MAX 52

static const char *const field_names[VA_LEAD_FIELDS] = {
	[VA_LEAD_PHONE] = "phone",
	[VA_LEAD_FIRST_NAME] = "first_name",
	[VA_LEAD_LAST_NAME] = "last_name",
	[VA_LEAD_NAME] = "name",
	[VA_LEAD_EMAIL] = "email",
	[VA_LEAD_COMPANY] = "company",
	[VA_LEAD_TIMEZONE] = "timezone",
	[VA_LEAD_REGION] = "region",
	[VA_LEAD_COUNTRY] = "country",
	[VA_LEAD_PRIORITY] = "priority",
	[VA_LEAD_EXTENSION] = "extension",
	[VA_LEAD_PHONE2] = "phone2",
	[VA_LEAD_PHONE3] = "phone3",
	[VA_LEAD_PHONE4] = "phone4",
	[VA_LEAD_PHONE5] = "phone5",
	[VA_LEAD_TAGS] = "tags",
	[VA_LEAD_CONSENT] = "consent",
	[VA_LEAD_CONSENT_SOURCE] = "consent_source",
	[VA_LEAD_CONSENT_AT] = "consent_at",
	[VA_LEAD_DO_NOT_CALL] = "do_not_call",
};

/*
 * Names of a further number without a place.  Fewer than can name the only one:
 * "number" or "contact number" beside a phone is likely something else.
 */
#define FURTHER_PHONES                                                                                           \
	"mobilephone", "mobile", "mobilenumber", "mobile1", "cellphone", "cell", "cellnumber", "homephone",          \
		"hometelephone", "homenumber", "hometel", "workphone", "worktelephone", "worknumber", "worktel",         \
		"businessphone", "officephone", "directphone", "directline", "dayphone", "daytimephone", "eveningphone", \
		"otherphone", "alternatephone", "altphone", "additionalphone", "secondaryphone", "backupphone", "handy", \
		"handynummer"
#define NUMBERED_PHONES(n)                                                                                    \
	"phone" n, "phonenumber" n, "telephone" n, "tel" n, "mobile" n, "mobilephone" n, "cell" n, "cellphone" n, \
		"otherphone" n, "altphone" n, "phone" n "value"

/*
 * Usual headers, reduced to letters and digits, the likeliest first: of two
 * columns that could be a field, the one that stands earlier here is it.
 */
static const char *const synonyms[VA_LEAD_FIELDS][SYNONYMS_MAX] = {
	[VA_LEAD_PHONE] = { "phone", "phonenumber", "phone1", "phonenumber1", "phone1value", "primaryphone", "telephone",
		"telephonenumber", "telephone1", "mobile", "mobilephone", "mobilenumber", "mobile1", "cell", "cellphone",
		"cellnumber", "cellular", "tel", "tel1", "telno", "telnumber", "phoneno", "mobileno", "contactnumber",
		"contactphone", "customerphone", "customernumber", "leadphone", "homephone", "workphone", "businessphone",
		"officephone", "directphone", "dayphone", "phonee164", "e164", "msisdn", "number", "whatsapp", "handy",
		"handynummer", "telefon", "telefonnummer", "telefono", "teléfono", "téléphone", "movil", "portable",
		"rufnummer" },
	[VA_LEAD_FIRST_NAME] = { "firstname", "givenname", "fname", "first", "forename", "christianname",
		"contactfirstname", "customerfirstname", "leadfirstname", "vorname", "prenom", "prénom", "nombre", "nome" },
	[VA_LEAD_LAST_NAME] = { "lastname", "surname", "familyname", "lname", "last", "contactlastname", "customerlastname",
		"leadlastname", "nachname", "apellido", "apellidos", "cognome", "nomdefamille", "secondname" },
	[VA_LEAD_NAME] = { "name", "fullname", "contactname", "customername", "leadname", "clientname", "contact",
		"customer" },
	[VA_LEAD_EMAIL] = { "email", "emailaddress", "email1", "mail", "mailaddress", "contactemail", "customeremail",
		"primaryemail", "email1value", "workemail", "businessemail", "personalemail", "emailid", "correo", "courriel" },
	[VA_LEAD_COMPANY] = { "company", "companyname", "organisation", "organization", "organisationname",
		"organizationname", "organization1name", "business", "businessname", "employer", "account", "accountname",
		"firm", "firma", "empresa", "entreprise", "société", "societe", "unternehmen" },
	[VA_LEAD_TIMEZONE] = { "timezone", "tz", "timezonename", "ianatimezone", "timezoneid", "localtimezone",
		"zeitzone" },
	[VA_LEAD_REGION] = { "region", "state", "province", "stateprovince", "stateorprovince", "provincestate",
		"statecode", "statename", "usstate", "addressstate", "bundesland" },
	[VA_LEAD_COUNTRY] = { "country", "countrycode", "countryname", "countryiso", "isocountry", "nation", "land", "pays",
		"pais", "país" },
	[VA_LEAD_PRIORITY] = { "priority", "prio", "leadpriority", "dialpriority", "callpriority" },
	[VA_LEAD_EXTENSION] = { "extension", "ext", "phoneext", "phoneextension", "extn", "durchwahl" },
	[VA_LEAD_PHONE2] = { NUMBERED_PHONES("2"), "secondphone", FURTHER_PHONES },
	[VA_LEAD_PHONE3] = { NUMBERED_PHONES("3"), "thirdphone", FURTHER_PHONES },
	[VA_LEAD_PHONE4] = { NUMBERED_PHONES("4"), FURTHER_PHONES },
	[VA_LEAD_PHONE5] = { NUMBERED_PHONES("5"), FURTHER_PHONES },
	[VA_LEAD_TAGS] = { "tags", "tag", "labels", "label" },
	[VA_LEAD_CONSENT] = { "consent", "callconsent", "consenttocall", "tcpaconsent" },
	[VA_LEAD_CONSENT_SOURCE] = { "consentsource", "consentfrom", "consenturl" },
	[VA_LEAD_CONSENT_AT] = { "consentat", "consentdate", "consenttime", "consenttimestamp" },
	[VA_LEAD_DO_NOT_CALL] = { "donotcall", "dnc", "dnd" },
};

bool
va_csv_reduce(const char *name, size_t len, char reduced[VA_CSV_WORD_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < len && n < VA_CSV_WORD_MAX; i++)
	{
		char c = name[i];

		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0)
			reduced[n++] = c;
	}
	reduced[n - (n == VA_CSV_WORD_MAX)] = '\0';
	return n > 0 && n < VA_CSV_WORD_MAX;
}

const char *
va_lead_field_name(VaLeadField field)
{
	return field_names[field];
}

bool
va_csv_has_part(const char *reduced, const char *const *parts)
{
	while (*parts != NULL && strstr(reduced, *parts) == NULL)
		parts++;
	return *parts != NULL;
}

/* Other ways to be reached. */
static const char *const other_ways[] = { "mail", "sms", "text", "fax", "post", "newsletter", "whatsapp", NULL };

bool
va_csv_refuses(const char *header)
{
	static const char *const whole[] = { "dnc", "dnd", "nocall", "nocalls", "nophone", "nosms", "notext", "notexts",
		"suppressed", "blacklisted" };
	static const char *const parts[] = { "donotcall", "donotcontact", "donotphone", "donotdisturb", "donottext",
		"donotsms", "donotmail", "donotemail", "dontcall", "dncflag", "dncstatus", "dnclist", "dndsettings", "optout",
		"optedout", "unsubscribe", "nichtanrufen", "werbesperre", "nollamar", "nepasappeler", NULL };
	static const char *const addresses[] = { "url", "link", "token", NULL };
	char reduced[VA_CSV_WORD_MAX];
	bool found;

	(void) va_csv_reduce(header, strlen(header), reduced);
	found = va_csv_has_part(reduced, parts) && !va_csv_has_part(reduced, addresses);
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		found = found || strcmp(reduced, whole[i]) == 0;
	return found;
}

bool
va_csv_says_stop(const char *header)
{
	char reduced[VA_CSV_WORD_MAX];

	(void) va_csv_reduce(header, strlen(header), reduced);
	return va_csv_refuses(header) && !va_csv_has_part(reduced, other_ways);
}

bool
va_csv_is_telling(const char *header)
{
	static const char *const parts[] = { "phone", "mobile", "telefon", "cellular", "consent", "optin", "optedin",
		"permission", "einwilligung", "suppress", "blacklist", "blocked", "robinson", NULL };
	static const char *const about[] = { "type", "label", "model", NULL };
	char reduced[VA_CSV_WORD_MAX];

	(void) va_csv_reduce(header, strlen(header), reduced);
	return va_csv_says_stop(header) || (va_csv_has_part(reduced, parts) && !va_csv_has_part(reduced, about) &&
										   !va_csv_has_part(reduced, other_ways));
}

static bool
is_word(const char *bytes, size_t len, const char *const *words)
{
	while (*words != NULL && (strlen(*words) != len || strncasecmp(*words, bytes, len) != 0))
		words++;
	return *words != NULL;
}

bool
va_lead_is_yes(const char *bytes, size_t len)
{
	static const char *const words[] = { "yes", "y", "true", "t", "1", "x", "on", "given", "granted", "agreed",
		"opted in", "opt-in", "ja", "si", "s\xC3\xAD", "oui", NULL };

	return is_word(bytes, len, words);
}

bool
va_lead_is_no(const char *bytes, size_t len)
{
	static const char *const words[] = { "no", "n", "false", "f", "0", "off", "none", "refused", "withdrawn", "revoked",
		"opted out", "opt-out", "nein", "non", NULL };

	return is_word(bytes, len, words);
}

/* The place of a reduced name among a field's synonyms; -1: none. */
static int
rank_of(VaLeadField field, const char *reduced)
{
	for (int i = 0; i < SYNONYMS_MAX; i++)
	{
		if (synonyms[field][i] == NULL)
			break;
		if (strcmp(synonyms[field][i], reduced) == 0)
			return i;
	}
	return -1;
}

int
va_lead_field_by_name(const char *name)
{
	char reduced[VA_CSV_WORD_MAX];

	if (!va_csv_reduce(name, strlen(name), reduced))
		return -1;
	for (int field = 0; field < VA_LEAD_FIELDS; field++)
	{
		if (rank_of(field, reduced) >= 0)
			return field;
	}
	return -1;
}

bool
va_csv_is_rejection(const char *header)
{
	return strcmp(header, "rejected_row") == 0 || strcmp(header, "rejected_reason") == 0;
}

int
va_csv_find_column(const char *const *headers, int count, const char *wanted)
{
	char want[VA_CSV_WORD_MAX];
	char have[VA_CSV_WORD_MAX];

	for (int i = 0; i < count; i++)
	{
		if (strcmp(headers[i], wanted) == 0)
			return i;
	}
	if (!va_csv_reduce(wanted, strlen(wanted), want))
		return -1;
	for (int i = 0; i < count; i++)
	{
		if (va_csv_reduce(headers[i], strlen(headers[i]), have) && strcmp(have, want) == 0)
			return i;
	}
	return -1;
}

bool
va_csv_is_taken(const int column[VA_LEAD_FIELDS], int number)
{
	for (int field = 0; field < VA_LEAD_FIELDS; field++)
	{
		if (column[field] == number)
			return true;
	}
	return false;
}

void
va_csv_map_columns(const char *const *headers, int count, int column[VA_LEAD_FIELDS])
{
	bool name_is_open;
	char first[VA_CSV_WORD_MAX] = "";

	for (int field = 0; field < VA_LEAD_FIELDS; field++)
	{
		int best = -1;
		int best_rank = 0;

		if (field == VA_LEAD_PHONE2 && column[VA_LEAD_PHONE] >= 0)
			(void) va_csv_reduce(headers[column[VA_LEAD_PHONE]], strlen(headers[column[VA_LEAD_PHONE]]), first);
		if (column[field] != VA_CSV_UNMAPPED)
			continue;
		for (int i = 0; i < count; i++)
		{
			char reduced[VA_CSV_WORD_MAX];
			int rank;

			if (va_csv_is_taken(column, i) || !va_csv_reduce(headers[i], strlen(headers[i]), reduced))
				continue;
			rank = rank_of(field, reduced);
			/* A second column of the first number's name. */
			if (rank < 0 && field >= VA_LEAD_PHONE2 && field <= VA_LEAD_PHONE5 && strcmp(reduced, first) == 0)
				rank = SYNONYMS_MAX;
			if (rank >= 0 && (best < 0 || rank < best_rank))
			{
				best = i;
				best_rank = rank;
			}
		}
		/* Not yet -1: a name may still become the first name. */
		column[field] = best >= 0 ? best : VA_CSV_UNMAPPED;
	}

	/*
	 * "name" beside a surname is the first name, beside a first name it is
	 * only context; a mapping that asked for it is obeyed by the reader of rows.
	 */
	name_is_open = column[VA_LEAD_NAME] >= 0 && column[VA_LEAD_FIRST_NAME] == VA_CSV_UNMAPPED;
	if (name_is_open && column[VA_LEAD_LAST_NAME] >= 0)
	{
		column[VA_LEAD_FIRST_NAME] = column[VA_LEAD_NAME];
		column[VA_LEAD_NAME] = -1;
	}
	else if (column[VA_LEAD_NAME] >= 0 && column[VA_LEAD_FIRST_NAME] >= 0)
		column[VA_LEAD_NAME] = -1;
	for (int field = 0; field < VA_LEAD_FIELDS; field++)
	{
		if (column[field] < 0)
			column[field] = -1;
	}
}

/* Separators of fields, the likeliest first. */
static const char delimiters[] = { ',', ';', '\t', '|' };

static bool
is_delimiter(char c)
{
	return memchr(delimiters, c, sizeof(delimiters)) != NULL;
}

/* After the quoted field that begins at i; len if it is not closed. */
static size_t
skip_quoted(const char *data, size_t i, size_t len)
{
	for (i++; i < len; i++)
	{
		if (data[i] != '"')
			continue;
		/* Two of them are one quote. */
		if (i + 1 < len && data[i + 1] == '"')
			i++;
		else
			return i + 1;
	}
	return len;
}

/*
 * Passes over the first line, to its newline outside of quotes, and counts
 * what stands there by byte; len if there is none.  As for libcsv a quote
 * opens a quoted field only where a field begins, else it is a character; only
 * that every delimiter begins one here, since the file's own is not known yet.
 */
static size_t
scan_line(const char *data, size_t i, size_t len, size_t counts[256])
{
	bool begins = true;

	while (i < len && data[i] != '\n' && data[i] != '\r')
	{
		char c = data[i];

		if (c == '"' && begins)
		{
			i = skip_quoted(data, i, len);
			begins = false;
			continue;
		}
		counts[(unsigned char) c]++;
		if (c != ' ')
			begins = is_delimiter(c);
		i++;
	}
	return i;
}

/* The delimiter that stands most often; a comma if none does. */
static char
likeliest_delimiter(const size_t counts[256])
{
	char best = delimiters[0];

	for (size_t i = 1; i < sizeof(delimiters); i++)
	{
		if (counts[(unsigned char) delimiters[i]] > counts[(unsigned char) best])
			best = delimiters[i];
	}
	return best;
}

static size_t
skip_blank_lines(const char *data, size_t i, size_t len)
{
	while (i < len && (data[i] == '\n' || data[i] == '\r'))
		i++;
	return i;
}

VaCsvHeaderStatus
va_csv_find_header(const char *data, size_t len, bool last, VaCsvHeader *header)
{
	size_t counts[256] = { 0 };
	size_t i = 0;
	size_t end;
	size_t quoted;
	char said = '\0';

	/* Every signature is known by its fourth byte. */
	if (len < 4 && !last)
		return VA_CSV_HEADER_MORE;
	if (len >= 2 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0))
		return VA_CSV_HEADER_UTF16;
	if (len >= 4 && memcmp(data, "PK\x03\x04", 4) == 0)
		return VA_CSV_HEADER_ARCHIVE;
	if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0)
		i = 3;
	i = skip_blank_lines(data, i, len);

	end = scan_line(data, i, len, counts);
	/* "sep=;" is how Excel says its delimiter, in quotes or without. */
	quoted = end - i == 7 && data[i] == '"' && data[end - 1] == '"';
	if (end < len && end - i == 5 + 2 * quoted &&
		(memcmp(data + i + quoted, "sep=", 4) == 0 || memcmp(data + i + quoted, "SEP=", 4) == 0))
	{
		said = data[i + quoted + 4];
		i = skip_blank_lines(data, end, len);
		memset(counts, 0, sizeof(counts));
		end = scan_line(data, i, len, counts);
	}
	if (memchr(data + i, '\0', end - i) != NULL)
		return VA_CSV_HEADER_BINARY;
	if (end == len && !last)
		return VA_CSV_HEADER_MORE;
	if (i == len)
		return VA_CSV_HEADER_EMPTY;
	header->start = i;
	header->delimiter = is_delimiter(said) ? said : likeliest_delimiter(counts);
	return VA_CSV_HEADER_FOUND;
}
