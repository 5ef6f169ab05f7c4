# For the scripts of benches: a private server with a database "bench", peers in Node, and results as lines
# "RESULT figure side value" on standard output.  Source it from the repository's root after setting `settings`.
lib=regress/lib
build=$PWD/.build
dir=$(mktemp -d "${TMPDIR:-/tmp}/va-bench-XXXXXX")
runs=${RUNS:-3}
server_pids=()
clean_up() {
	for pid in "${server_pids[@]}"; do kill "$pid" 2> /dev/null || true; done
	"$lib/server" remove "$dir"
}
trap clean_up EXIT
"$lib/server" start "$dir" fsync=on shared_buffers=512MB max_wal_size=8GB checkpoint_timeout=1h "${settings[@]}" > /dev/null
psql() { "$lib/server" psql "$dir" -qAt -v ON_ERROR_STOP=1 "$@"; }
psql -c 'CREATE DATABASE bench' -c 'CREATE DATABASE peer'
psql -d bench -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION voiceagent CASCADE'

result() { printf 'RESULT\t%s\t%s\t%s\n' "$1" "$2" "$3"; }
now() { date +%s.%N; }
rate() { awk -v n="$1" -v from="$2" -v to="$3" 'BEGIN { printf "%.0f", n / (to - from) }'; }
# wait_for SECONDS QUERY: until the query in "bench" gives t.
wait_for() {
	local until=$((SECONDS + $1))
	until [ "$(psql -d bench -c "$2")" = t ]; do
		[ $SECONDS -lt $until ] || { echo "bench: still not: $2" >&2; exit 1; }
		sleep 0.05
	done
}
have_peers() { [ -d "$build/bench/node_modules/graphile-worker" ] && [ -d "$build/bench/node_modules/pg" ]; }
peer() { env NODE_PATH=$build/bench/node_modules PGHOST=$dir/sock PGPORT=54321 PGUSER=postgres PGDATABASE=peer node "regress/bench/peers/$1" "${@:2}"; }
