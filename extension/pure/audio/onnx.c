/*-------------------------------------------------------------------------
 * onnx.c
 *		A reader of the part of ONNX's protocol buffers that has weights.
 */
#include "onnx.h"

#include <string.h>

/* Fields of the messages, by https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
#define MODEL_GRAPH 7
#define GRAPH_NODE 1
#define GRAPH_INITIALIZER 5
#define NODE_ATTRIBUTE 5
#define ATTRIBUTE_TENSOR 5
#define ATTRIBUTE_GRAPH 6
#define TENSOR_DIMS 1
#define TENSOR_TYPE 2
#define TENSOR_NAME 8
#define TENSOR_DATA 9
#define TYPE_FLOAT 1

/* The whole, and the graphs in it. */
#define LEVELS 2

typedef struct Piece
{
	const uint8_t *at;
	const uint8_t *end;
} Piece;

typedef struct Field
{
	uint64_t number;
	uint64_t value; /* of a number */
	Piece piece;	/* of all else; at is NULL for a number */
} Field;

typedef struct Reading
{
	int graphs;
	void (*take)(const VaTensor *tensor, void *arg);
	void *arg;
} Reading;

static bool
read_number(Piece *piece, uint64_t *value)
{
	*value = 0;
	for (int shift = 0; shift < 64 && piece->at < piece->end; shift += 7)
	{
		uint8_t byte = *piece->at++;

		*value |= (uint64_t) (byte & 0x7f) << shift;
		if (byte < 0x80)
			return true;
	}
	return false;
}

/* false: the message ends, or is broken (then it has not been read to its end). */
static bool
next_field(Piece *message, Field *field)
{
	Piece rest = *message;
	uint64_t key;
	uint64_t len = 0;

	if (!read_number(&rest, &key))
		return false;
	field->number = key >> 3;
	field->piece = (Piece){ NULL, NULL };
	switch (key & 7)
	{
		case 0:
			if (!read_number(&rest, &field->value))
				return false;
			*message = rest;
			return true;
		case 1:
			len = 8;
			break;
		case 2:
			if (!read_number(&rest, &len))
				return false;
			break;
		case 5:
			len = 4;
			break;
		default:
			return false;
	}
	if (len > (uint64_t) (rest.end - rest.at))
		return false;
	field->piece = (Piece){ rest.at, rest.at + len };
	message->at = rest.at + len;
	message->end = rest.end;
	return true;
}

/* One number, or several packed. */
static bool
read_dims(const Field *field, VaTensor *tensor, int *ndims)
{
	Piece packed = field->piece;
	uint64_t value = field->value;

	do
	{
		if (packed.at != NULL && packed.at == packed.end)
			return true;
		if (packed.at != NULL && !read_number(&packed, &value))
			return false;
		if (*ndims < VA_TENSOR_DIMS)
			tensor->dims[*ndims] = value;
		(*ndims)++;
	} while (packed.at != NULL);
	return true;
}

static bool
read_tensor(Reading *reading, int graph, Piece message)
{
	VaTensor tensor = { .graph = graph, .name = "" };
	Field field;
	int ndims = 0;
	bool is_float = false;
	size_t bytes = 0;

	while (next_field(&message, &field))
	{
		if (field.number == TENSOR_DIMS && !read_dims(&field, &tensor, &ndims))
			return false;
		if (field.number == TENSOR_TYPE)
			is_float = field.piece.at == NULL && field.value == TYPE_FLOAT;
		if (field.number == TENSOR_NAME && field.piece.at != NULL)
		{
			tensor.name = (const char *) field.piece.at;
			tensor.name_len = (size_t) (field.piece.end - field.piece.at);
		}
		if (field.number == TENSOR_DATA && field.piece.at != NULL)
		{
			tensor.data = field.piece.at;
			bytes = (size_t) (field.piece.end - field.piece.at);
		}
	}
	if (message.at != message.end)
		return false;
	tensor.count = 1;
	for (int i = 0; i < ndims && i < VA_TENSOR_DIMS; i++)
		if (tensor.dims[i] > bytes || (tensor.count *= (size_t) tensor.dims[i]) > bytes)
			return true;
	if (is_float && tensor.data != NULL && ndims >= 1 && ndims <= VA_TENSOR_DIMS && tensor.count * 4 == bytes)
		reading->take(&tensor, reading->arg);
	return true;
}

static bool read_graph(Reading *reading, int level, Piece message);

static bool
read_node(Reading *reading, int level, int graph, Piece message)
{
	Field field;
	Field part;

	while (next_field(&message, &field))
	{
		Piece attribute = field.piece;

		if (field.number != NODE_ATTRIBUTE || attribute.at == NULL)
			continue;
		while (next_field(&attribute, &part))
		{
			if (part.piece.at == NULL)
				continue;
			if (part.number == ATTRIBUTE_TENSOR && !read_tensor(reading, graph, part.piece))
				return false;
			if (part.number == ATTRIBUTE_GRAPH && level + 1 < LEVELS && !read_graph(reading, level + 1, part.piece))
				return false;
		}
		if (attribute.at != attribute.end)
			return false;
	}
	return message.at == message.end;
}

static bool
read_graph(Reading *reading, int level, Piece message)
{
	int graph = reading->graphs++;
	Field field;

	while (next_field(&message, &field))
	{
		if (field.piece.at == NULL)
			continue;
		if (field.number == GRAPH_NODE && !read_node(reading, level, graph, field.piece))
			return false;
		if (field.number == GRAPH_INITIALIZER && !read_tensor(reading, graph, field.piece))
			return false;
	}
	return message.at == message.end;
}

bool
va_onnx_read(const uint8_t *bytes, size_t len, void (*take)(const VaTensor *tensor, void *arg), void *arg)
{
	Reading reading = { .take = take, .arg = arg };
	Piece model = { bytes, bytes + len };
	Field field;

	while (next_field(&model, &field))
		if (field.number == MODEL_GRAPH && field.piece.at != NULL && !read_graph(&reading, 0, field.piece))
			return false;
	return model.at == model.end && reading.graphs > 0;
}

float
va_tensor_value(const VaTensor *tensor, size_t at)
{
	const uint8_t *byte = tensor->data + at * 4;
	uint32_t bits = byte[0] | (uint32_t) byte[1] << 8 | (uint32_t) byte[2] << 16 | (uint32_t) byte[3] << 24;
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}
