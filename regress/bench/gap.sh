#!/usr/bin/env bash
# gap.sh   GAP: from a person's last sample to our first, in 400 turns of recorded speech (espeak-ng) of which 320 have pauses inside: groups of a number, "um", "and", spelling.
#
# Frame by frame by a counted clock (gap.c), so that neither the load of the machine nor its speed counts: what is measured is the rule.  The
# ear tells at once what was said (EAR_MS, 0), the model and the commit take no time: in life they come on top.  Beside it the rule
# that ends each turn after 500 ms of silence.  A turn is cut that we begin to answer while the person has more to say.
set -euo pipefail
cd "$(dirname "$0")/../.."
speech=.build/voiceagent-speech
[ -x $speech ] || { echo "bench: voiceagent-speech is not built" >&2; exit 1; }
${MAKE:-make} -s --no-print-directory bench-gap >&2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 regress/bench/gap_sounds.py $speech "$dir"
.build/bench/gap "$dir/turns" "${EAR_MS:-0}" | sed $'s/^/RESULT\tGAP\t/'
