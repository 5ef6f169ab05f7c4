#!/usr/bin/env bash
# drivers.sh   DRIVERS: building a request and reading its reply beside jansson's dump and parse of the same bytes, and
#               verifying a webhook beside the bare cryptography, for every driver (drivers.c)
set -euo pipefail
cd "$(dirname "$0")/../.."
${MAKE:-make} -s --no-print-directory bench-drivers >&2
.build/bench/drivers "${RUNS:-5}"
