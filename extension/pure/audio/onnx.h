/*-------------------------------------------------------------------------
 * onnx.h
 *		The tensors of floats in a file of ONNX.
 *
 * A file is one graph, whose nodes may have graphs as attributes; only these
 * two levels are read.  Nothing is copied: a tensor points into the bytes.
 */
#ifndef VOICEAGENT_ONNX_H
#define VOICEAGENT_ONNX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VA_TENSOR_DIMS 3

typedef struct VaTensor
{
	int graph; /* number of the graph that it is directly in; 0: the whole */
	const char *name;
	size_t name_len;
	uint64_t dims[VA_TENSOR_DIMS]; /* 0 after the last */
	const uint8_t *data;		   /* little-endian, 4 bytes each */
	size_t count;				   /* as many as the dimensions say */
} VaTensor;

/* Calls take for each, in the file's order; false: the bytes are no such file.  Tensors of other shapes and types are passed over. */
extern bool va_onnx_read(const uint8_t *bytes, size_t len, void (*take)(const VaTensor *tensor, void *arg), void *arg);

extern float va_tensor_value(const VaTensor *tensor, size_t at);

#endif /* VOICEAGENT_ONNX_H */
