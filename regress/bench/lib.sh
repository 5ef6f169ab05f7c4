# For the scripts of benches: a private server with a database "bench", peers in Node, and results as lines
# "RESULT figure side value" on standard output.  Source it from the repository's root after setting `settings`.
lib=regress/lib
build=$PWD/.build
dir=$(mktemp -d "${TMPDIR:-/tmp}/va-bench-XXXXXX")
runs=${RUNS:-3}
server_pids=()
clean_up() {
	[ $? = 0 ] || grep -E 'LOG|WARNING|ERROR|FATAL|PANIC' "$dir/data/server.log" 2> /dev/null | tail -5 >&2 || true
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
# have PACKAGE: a peer in Node that `run` has installed
have() { [ -d "$build/bench/node_modules/$1" ] && [ -d "$build/bench/node_modules/pg" ]; }
peer_of() { printf '%s\n' env NODE_PATH="$build/bench/node_modules" NO_LOG_SUGGESTIONS=1 PGHOST="$dir/sock" PGPORT=54321 PGUSER=postgres PGDATABASE="$1" node; }
peer() {
	local node
	mapfile -t node < <(peer_of peer)
	"${node[@]}" "regress/bench/peers/$1" "${@:2}"
}
# start_peer DATABASE SCRIPT...: in the background, as peer_pid, until it is killed, or the bench ends
start_peer() {
	local node
	mapfile -t node < <(peer_of "$1")
	"${node[@]}" "regress/bench/peers/$2" "${@:3}" 2> /dev/null &
	peer_pid=$!
	server_pids+=("$peer_pid")
}
stop_peer() {
	kill "$peer_pid"
	wait "$peer_pid" 2> /dev/null || true
}

# server_cpu: microseconds that all processes of the server, also those that have ended, had on a processor so far
server_cpu() {
	local postmaster
	postmaster=$(head -1 "$dir/data/postmaster.pid")
	# One of them may end meanwhile, and is the postmaster's then.
	{ cat "/proc/$postmaster/stat" $(pgrep -P "$postmaster" | sed 's|.*|/proc/&/stat|') 2> /dev/null || true; } |
		awk -v postmaster="$postmaster" '{ sub(/^.*\) /, "", $0); t += $12 + $13; if ($2 == 1 || !n++) t += $14 + $15 } END { print t * 10000 }'
}
# costs FIGURE SIDE N COMMAND...: runs it; result "SIDE" is what it prints (nothing: N by the time it takes, a second), and
# "SIDE, CPU us" the processor time of it and of the server, by N
costs() {
	local figure=$1 side=$2 n=$3 before from to out own
	shift 3
	before=$(server_cpu)
	from=$(now)
	TIMEFORMAT='%U %S'
	exec 9>&2
	own=$({ time "$@" > "$dir/costs" 2>&9; } 2>&1)
	to=$(now)
	out=$(< "$dir/costs")
	result "$figure" "$side" "${out:-$(rate "$n" "$from" "$to")}"
	result "$figure" "$side, CPU us" "$(awk -v own="$own" -v a="$before" -v b="$(server_cpu)" -v n="$n" 'BEGIN { split(own, t, " "); printf "%.1f", ((t[1] + t[2]) * 1e6 + b - a) / n }')"
}
