# roots.sh: root directories with other Debians in them, and commands that run there; to be sourced
#
#	. "$lib/roots.sh"                        with $lib, this directory, and complain, which ends the script
#	prepare_roots NAME                       $base is then where root directories go: $ROOTS, or one that ends with the script
#	make_root SUITE DIR PACKAGE...           by mmdebstrap, from the mirror that this machine's apt uses
#	make_version_root VERSION DIR            the Debian that has that PostgreSQL, with what builds, tests and packs us
#	in_root DIR COMMANDS [NAME=VALUE...]     in its /src, in namespaces of their own that end with it
#
# Only root may do this.  Whatever is under way ends with the script.

running='' stop=TERM
clean_roots() {
	local status=$?
	trap - EXIT
	trap '' INT TERM HUP
	if [ -n "$running" ]; then kill -"$stop" "$running" 2> /dev/null; wait "$running" 2> /dev/null; fi
	[ -n "${ROOTS-}" ] || rm -rf --one-file-system "$base"
	exit "$status"
}

prepare_roots() {
	local install line
	command -v apt-get > /dev/null || complain "this is no Debian, which the root directories are made of"
	[ "$(id -u)" = 0 ] || complain "only root can make root directories; run it by sudo"
	if ! command -v mmdebstrap > /dev/null; then
		echo "installing mmdebstrap"
		install=(apt-get -qq -y --no-install-recommends install mmdebstrap)
		export DEBIAN_FRONTEND=noninteractive
		"${install[@]}" > /dev/null 2>&1 || { apt-get -qq update && "${install[@]}" > /dev/null; } ||
			complain "mmdebstrap is missing; run:  apt-get install --no-install-recommends mmdebstrap"
	fi

	# The archives where this machine gets its own Debian from; only the suite is another.  The security updates matter: a cluster
	# of a minor release may hold what pg_upgrade to an older minor release of the next version does not know.
	find_archive() { "$lib/archive" "$1" || true; }
	mirror=$(find_archive Debian)
	[ -n "$mirror" ] || { apt-get -qq update; mirror=$(find_archive Debian); }
	[ -n "$mirror" ] || complain "apt's sources name no Debian archive"
	security=$(find_archive Debian-Security)

	# mmdebstrap reads nothing of this machine's apt.conf: how to reach the mirror and how old it may be are taken along.
	apt_options=(--aptopt='APT::Install-Recommends "false"')
	while IFS= read -r line; do apt_options+=("--aptopt=${line%;}"); done < <(
		apt-config dump | grep -iE '^Acquire::(https?::Proxy|Check-Valid-Until|Check-Date|(Min|Max)-ValidTime)[ :]')

	base=${ROOTS:-$(mktemp -d "${TMPDIR:-/tmp}/$1-XXXXXX")}
	mkdir -p "$base" && base=$(cd "$base" && pwd) || exit 1
	# mktemp -d makes a directory that only its owner may enter: the plain user's initdb then does not find its postgres.
	chmod a+x "$base"
	trap clean_roots EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

# A command whose end we wait for and which our own end stops.
run() {
	local status
	"$@" < /dev/null &
	running=$!
	wait "$running"
	status=$?
	running=
	return $status
}

make_root() {
	local suite=$1 root=$2 archives=()
	shift 2
	# What is only in experimental comes from there, and everything else from sid.
	local hook=()
	if [ "$suite" = experimental ]; then
		archives+=("deb $mirror experimental main")
		hook=(--setup-hook='mkdir -p "$1/etc/apt/preferences.d" && printf "Package: src:postgresql-19\nPin: release a=experimental\nPin-Priority: 500\n" > "$1/etc/apt/preferences.d/experimental"')
		suite=sid
	fi
	archives+=("deb $mirror $suite main")
	# sid has no security updates of its own.
	[ "$suite" = sid ] || [ -z "$security" ] || archives+=("deb $security $suite-security main")

	rm -rf --one-file-system "$root"
	# Its own directory, so that a run that is stopped leaves no half-made root behind.
	run nice mmdebstrap --quiet --mode=root --variant=apt "${apt_options[@]}" "${hook[@]}" --dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
		--include="$(IFS=,; echo "$*")" "$suite" "$root.new" "${archives[@]}" > "$root.log" 2>&1 &&
		mv "$root.new" "$root" || { tail -20 "$root.log"; rm -rf --one-file-system "$root.new"; return 1; }
}

# Which Debian has which PostgreSQL.
declare -A suites=([15]=bookworm [17]=trixie [18]=sid [19]=experimental)

make_version_root() {
	local version=$1 root=$2 checker=()
	# It is made for a version once that is out.
	[ "$version" = 19 ] || checker=(postgresql-"$version"-plpgsql-check)
	make_root "${suites[$version]}" "$root" postgresql-"$version" postgresql-server-dev-"$version" "${checker[@]}" gcc libc6-dev make \
		perl python3-icalendar libipc-run-perl libcurl4-openssl-dev libuv1-dev libwebsockets-dev libwebsockets-evlib-uv libspeexdsp-dev libicu-dev libjansson-dev libsodium-dev libcsv-dev libssl-dev libxlsxwriter-dev libhpdf-dev libical-dev libphonenumber-dev openssl ca-certificates \
		pgbouncer nginx-light patchelf dpkg-dev
}

in_root() {
	local root=$1 script=$2
	shift 2
	rm -rf --one-file-system "$root"/tmp/voiceagent-*
	# unshare itself ignores milder signals; its end is that of the first process in its process namespace, and
	# so of all others.  What bash starts in the background ignores ^C, which is a test's business.
	stop=KILL
	run nice env --default-signal=INT,QUIT unshare --mount --pid --ipc --fork --kill-child -- bash -c '
		mount -t proc proc "$1/proc" && mkdir -p "$1/dev/shm" && mount -t tmpfs -o mode=1777 shm "$1/dev/shm" || exit 1
		exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "${@:3}" sh -c "cd /src && $2"' \
		bash "$root" "$script" "$@"
	set -- $?
	stop=TERM
	return "$1"
}
