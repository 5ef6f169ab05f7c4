/*-------------------------------------------------------------------------
 * reading_kinds.c
 *		The kind of a field by its schema, and of a text by its looks.
 *
 * Pure.
 */
#include "pure/phrases/verify/reading_internal.h"

#include <ctype.h>
#include <strings.h>

typedef struct KindWords
{
	const char *kind;
	const char *words; /* of a name, '|' between them */
} KindWords;

/* The first that fits counts: an e-mail address is no address. */
static const KindWords names[] = {
	{ "email", "email|e_mail|mail|correo|courriel" },
	{ "phone", "phone|telephone|mobile|cell|cellphone|phone_number|telefono|movil|telefon|handy|rufnummer|mobilnummer"
			   "|telefonnummer|portable" },
	{ "phrase", "preferred_time|preferred_times|best_time|best_times|availability|time_window" },
	{ "date", "birthday|birthdate|birth_date|date_of_birth|dob|geburtsdatum|fecha_nacimiento|date_naissance" },
	{ "address", "street_address|postal_address|home_address|mailing_address|address|direccion|adresse|anschrift" },
	{ "name",
		"name|full_name|first_name|last_name|caller_name|customer_name|contact_name|person_name|nombre|nombre_completo"
		"|nom|nom_complet|prenom|vorname|nachname" },
};

static bool
is_among(const char *name, size_t len, const char *words)
{
	while (*words != '\0')
	{
		size_t word = strcspn(words, "|");

		if (word == len && strncasecmp(words, name, len) == 0)
			return true;
		words += word + (words[word] == '|');
	}
	return false;
}

/* The whole name, or its last word, which says what it is: work_email. */
static const char *
kind_of_name(const char *name)
{
	const char *point = strrchr(name, '.');
	const char *last;

	name = point == NULL ? name : point + 1;
	last = strrchr(name, '_');
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		bool whole_only = strcmp(names[i].kind, "name") == 0 || strcmp(names[i].kind, "phrase") == 0 ||
						  strcmp(names[i].kind, "address") == 0;

		if (is_among(name, strlen(name), names[i].words) ||
			(!whole_only && last != NULL && is_among(last + 1, strlen(last + 1), names[i].words)))
			return names[i].kind;
	}
	return "text";
}

static bool
has(const char *text, const char *part)
{
	return text != NULL && strstr(text, part) != NULL;
}

const char *
va_reading_kind(const VaAskedField *field)
{
	if (field->nchoices > 0)
		return "choice";
	if (field->type != NULL && (strcmp(field->type, "number") == 0 || strcmp(field->type, "integer") == 0))
		return "number";
	if (field->type != NULL && strcmp(field->type, "boolean") == 0)
		return "boolean";
	if (has(field->format, "date") || has(field->about, "YYYY-MM-DD"))
		return "date";
	if (has(field->format, "time") || has(field->about, "HH:MM"))
		return "time";
	if (has(field->format, "email"))
		return "email";
	if (has(field->about, "E.164"))
		return "phone";
	return kind_of_name(field->name);
}

const char *
va_reading_looks(const VaReadValue *value)
{
	size_t digits = 0;
	size_t others = 0;

	if (value->type == VA_VALUE_NUMBER)
		return "number";
	if (value->type == VA_VALUE_BOOLEAN || va_reading_word(value) != 0)
		return "boolean";
	for (size_t i = 0; i < value->len; i++)
	{
		digits += isdigit((unsigned char) value->text[i]) != 0;
		others += strchr("+-().,:/ T", value->text[i]) == NULL && !isdigit((unsigned char) value->text[i]);
	}
	if (digits == 0 || others > 0)
		return strchr(value->text, '@') != NULL && strpbrk(value->text, " \t\n") == NULL ? "email" : "text";
	if (value->len >= 10 && value->text[4] == '-' && value->text[7] == '-')
		return "date";
	if (value->len >= 4 && value->len <= 8 && (value->text[1] == ':' || value->text[2] == ':'))
		return "time";
	return digits >= 7 && (digits > 12 || value->text[0] == '+' || value->text[0] == '0' || value->text[0] == '(')
			   ? "phone"
			   : "number";
}
