#!/usr/bin/env bash
# dialects.sh   DIALECTS: building a request and reading its reply beside jansson's dump and parse of the same bytes, and
#               verifying a webhook beside the bare cryptography, for every dialect (dialects.c)
set -euo pipefail
cd "$(dirname "$0")/../.."
${MAKE:-make} -s --no-print-directory bench-dialects >&2
.build/bench/dialects "${RUNS:-5}"
