/*-------------------------------------------------------------------------
 * analysis.c
 *		The schema by which data are read out of every conversation: by a
 *		carrier that converses, or by a language model.
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

static void
add_choice(json_t *properties, const char *name, const char *description, json_t *choices)
{
	json_object_set_new(
		properties, name, json_pack("{s:s,s:s,s:o}", "type", "string", "description", description, "enum", choices));
}

/* How the talk went and who it was with: what reports and an unknown caller's lead are made of. */
static void
add_marks(json_t *root)
{
	add_property(root, "name", "string", "The customer's own name, only if the customer said it.");
	add_property(root, "phone", "string", "A telephone number that the customer gave for itself, if any.");
	add_property(root, "message", "string", "A message that the customer asked to be passed on, if any.");
	add_property(root, "intent", "string", "What the customer wanted, in one or two words.");
	add_property(root, "intent_score", "number", "How certain that intent is, from 0 to 1.");
	add_choice(root, "emotion", "The customer's mood at the end, judged by its words.",
		json_pack("[ssssss]", "positive", "neutral", "confused", "sad", "annoyed", "angry"));
	json_object_set_new(root, "csat",
		json_pack("{s:s,s:i,s:i,s:s}", "type", "integer", "minimum", 1, "maximum", 5, "description",
			"The mark from 1 to 5 that the customer gave, if any."));
	json_object_set_new(root, "objections",
		json_pack("{s:s,s:s,s:{s:s,s:{s:{s:s,s:s},s:{s:s,s:s}}}}", "type", "array", "description",
			"What the customer objected.", "items", "type", "object", "properties", "kind", "type", "string",
			"description", "The objection in one or two words.", "worked", "type", "boolean", "description",
			"Whether the customer was content with the answer."));
	json_object_set_new(root, "next_steps",
		json_pack("{s:s,s:{s:s},s:s}", "type", "array", "items", "type", "string", "description",
			"What is to be done next, each in a few words."));
	add_choice(root, "ended_at_step", "The part of the talk in which it ended.",
		json_pack("[ssssss]", "greeting", "pitch", "questions", "objection", "closing", "farewell"));
}

/*
 * Values to read out of every conversation.  Dates are asked for both as
 * a date and in the words that were said: the words are resolved again by
 * us, in the lead's own time zone.
 */
json_t *
va_analysis_schema(const json_t *settings)
{
	json_t *root = va_json_new_object();
	json_t *appointment = va_json_new_object();
	json_t *callback = va_json_new_object();
	json_t *marks = va_json_new_object();
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
	add_choice(root, "interest", "How interested the customer is.",
		json_pack("[sssss]", "none", "low", "medium", "high", "unknown"));
	add_property(root, "do_not_call", "boolean", "Whether the customer asked never to be called again.");
	add_property(root, "wrong_number", "boolean",
		"Whether whoever answered said that this is not the customer's number; "
		"false if the customer is only out, or busy.");
	add_property(root, "qualified", "boolean", "Whether the customer is a fit for the offer.");
	json_object_foreach(fields, name, value) if (json_is_object(value) && json_object_get(root, name) == NULL)
		json_object_set(root, name, value);
	/* An assistant's own field of such a name says better what it means there. */
	add_marks(marks);
	json_object_update_missing(root, marks);
	json_decref(marks);
	return json_pack("{s:s,s:o}", "type", "object", "properties", root);
}
