/*-------------------------------------------------------------------------
 * analysis.c
 *		The schema by which data are read out of every conversation: by a
 *		carrier that converses, or by a language model.
 *-------------------------------------------------------------------------
 */
#include "pure/providers/common/analysis.h"

static void
add_property(json_t *properties, const char *name, const char *type, const char *description)
{
	json_object_set_new(properties, name, json_pack("{s:s,s:s}", "type", type, "description", description));
}

static json_t *
object_schema(json_t *properties, const char *description)
{
	return json_pack("{s:s,s:s,s:o}", "type", "object", "description", description, "properties", properties);
}

/*
 * What is to be read out of every conversation.  Dates are asked for both as
 * a date and in the words that were said: the words are resolved again by
 * us, in the lead's own time zone.
 */
json_t *
va_analysis_schema(const json_t *settings)
{
	json_t *root = va_json_new_object();
	json_t *appointment = va_json_new_object();
	json_t *callback = va_json_new_object();
	json_t *interest = json_pack("{s:s,s:s,s:[sssss]}", "type", "string", "description",
		"How interested the customer is.", "enum", "none", "low", "medium", "high", "unknown");
	json_t *fields = va_json_object(settings, "extraction_fields");
	const char *name;
	json_t *value;

	add_property(appointment, "booked", "boolean", "Whether the customer agreed to an appointment.");
	add_property(appointment, "date", "string", "Local date of the appointment as YYYY-MM-DD.");
	add_property(appointment, "time", "string", "Local time of the appointment as HH:MM, 24 hours.");
	add_property(appointment, "phrase", "string", "The customer's exact words for day and time.");
	add_property(appointment, "timezone", "string", "Time zone that the customer named, if any.");
	add_property(appointment, "email", "string", "E-mail address for the invitation, if given.");
	add_property(appointment, "notes", "string", "What the appointment is about.");
	add_property(callback, "requested", "boolean", "Whether the customer asked to be called back.");
	add_property(callback, "date", "string", "Local date of the callback as YYYY-MM-DD.");
	add_property(callback, "time", "string", "Local time of the callback as HH:MM, 24 hours.");
	add_property(callback, "phrase", "string", "The customer's exact words for day and time.");
	add_property(callback, "timezone", "string", "Time zone that the customer named, if any.");

	json_object_set_new(root, "appointment", object_schema(appointment, "The appointment, if one was agreed."));
	json_object_set_new(root, "callback", object_schema(callback, "The callback, if one was asked for."));
	json_object_set_new(root, "interest", interest);
	add_property(root, "do_not_call", "boolean", "Whether the customer asked never to be called again.");
	add_property(root, "wrong_number", "boolean",
		"Whether whoever answered said that this is not the customer's number; "
		"false if the customer is only out, or busy.");
	add_property(root, "qualified", "boolean", "Whether the customer is a fit for the offer.");
	json_object_foreach(fields, name, value) if (json_is_object(value) && json_object_get(root, name) == NULL)
		json_object_set(root, name, value);
	return json_pack("{s:s,s:o}", "type", "object", "properties", root);
}
