# voiceagent: one shared library and one install script, built by PGXS.
#
#   make            build          make demo     watch a whole campaign run
#   make install    install        make check    run every test
#   make soak       the long campaigns: crashes, storms, replays (see regress/soak/run)
#   make deps       install the Debian packages that the build and the tests need, nothing else
#   make deb        a Debian package; make check-package, as root, tries it in a fresh Debian
#   make release    what a release consists of, from the last commit: archives, packages, checksums, SPDX (see .packaging/release)
#   make check-versions   as root: build and test under PostgreSQL 17 and 18 as well (see regress/lib/versions)

EXTENSION   = voiceagent
MODULE_big  = voiceagent
EXTVERSION  = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" voiceagent.control)
# What is said in several languages is a table (sql/texts), and stands among the statements by its name.
SQL_SOURCES = $(patsubst sql/%.tsv,.build/sql/%.sql,$(sort $(wildcard sql/[0-9][0-9]_*/*.sql sql/[0-9][0-9]_*/*.tsv)))
# The release before this one; its script is frozen, as are those of all releases before it and their updates.
PREVIOUS    = 0.2
# What was released, packed.
RELEASED    = $(patsubst sql/updates/%.gz,%,$(wildcard sql/updates/voiceagent--*.sql.gz))
DATA_built  = voiceagent--$(EXTVERSION).sql voiceagent--$(PREVIOUS)--$(EXTVERSION).sql $(RELEASED)

# A source of ours belongs to exactly one room: the caller's backend and its import of leads, its
# pure part (no backend headers), the vendor drivers, the workers.
SOURCES     = $(sort $(shell find extension bgworkers -name '*.c' -not -path 'extension/speech/*' -not -path 'extension/calendar/*' -not -path 'extension/pure/calendar/*'))
# Not HEADERS: by that name PGXS would install them.
INCLUDED    = $(sort $(shell find extension bgworkers -name '*.h' -o -name '*.inc'))
OBJS        = $(SOURCES:.c=.o)

LIBRARIES   = -lcurl -luv -lwebsockets -ljansson -lsodium -lcrypto -lcsv -lspeexdsp -lxlsxwriter -lhpdf -lical -licui18n -licuuc
SHLIB_LINK  = $(LIBRARIES)

PG_CONFIG  ?= pg_config
export PG_CONFIG
INCLUDEDIR_SERVER := $(shell $(PG_CONFIG) --includedir-server 2>/dev/null)
# The backend's headers come in as system headers, so that -Werror judges our code only.
PG_CPPFLAGS = -Iextension -Ibgworkers -I.build -isystem $(INCLUDEDIR_SERVER) -DVOICEAGENT_VERSION='"$(EXTVERSION)"'
# In a clone a warning is an error; a packager's compiler may be newer than any that we tried, and builds.
WERROR     ?= $(if $(wildcard .git),-Werror)
PG_CFLAGS   = -Wall -Wextra $(WERROR) -Wno-unused-parameter -Wno-declaration-after-statement -std=gnu11
ifneq (,$(findstring clang,$(CC)))
PG_CFLAGS  += -Wno-ignored-optimization-argument -Wno-unknown-warning-option
else
# PostgreSQL 16 and later ask for it; so a server of 15 must find it too.
PG_CFLAGS  += -Wshadow=compatible-local
endif

EXTRA_CLEAN = voiceagent--*.sql .build results tmp_check

# No bitcode: none of our functions is one the JIT would inline, and a build then needs no clang.
override with_llvm = no

# Goals that drive scripts and start a fresh make for the build: on a bare machine there is no PGXS before
# deps has run, and PGXS has a rule of its own for check.
CHECK_GROUPS = clang unit fuzz contracts lint sql iso tap asterisk
DRIVER_GOALS = deps check $(CHECK_GROUPS:%=check-%) check-versions check-ha check-cells demo fuzz coverage analyze valgrind bench eval train soak readme-tables readme-figures docs-check house deb pgxn check-package release check-image
PGXS        := $(wildcard $(shell $(PG_CONFIG) --pgxs 2>/dev/null))

ifneq (,$(filter $(DRIVER_GOALS),$(MAKECMDGOALS)))
.PHONY: $(MAKECMDGOALS)

# Tests and demo run as a plain user from copies below $TMPDIR; see regress/lib/.
# `make check` runs everything; `make check-GROUP` one group (clang unit fuzz contracts lint sql iso tap asterisk), TESTS="r10_* ..."
# chooses tests by name, ACCEPT=1 takes over new results, ONLY="sql iso" chooses groups.
deps:
	@regress/lib/deps

# Without a -j of the user's own the build takes two jobs.
BUILD = $(MAKE) -s --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j2) all

# The pages are tried in a browser that node drives; one that Debian did not bring will do.
BROWSER = $(foreach program,chromium node,$(if $(shell command -v $(program)),,$(program:node=nodejs npm)))

check: deps
	+@regress/lib/deps $(BROWSER) && $(BUILD) && regress/lib/check $(ONLY)

$(CHECK_GROUPS:%=check-%): check-%: deps
	+@regress/lib/deps $(if $(filter tap,$*),$(BROWSER)) && $(BUILD) && regress/lib/check $*

# Downloads whole systems, so it is no part of check. VERSIONS="18" chooses, ROOTS=DIR keeps them for the next time.
check-versions:
	@regress/lib/versions $(VERSIONS)

# Failovers of three servers under Patroni and etcd: ROUNDS=200.
check-ha:
	+@regress/lib/deps patroni etcd-server haproxy && $(BUILD) && ROUNDS=$${ROUNDS:-5} TESTS=18_patroni regress/lib/check tap

# Moves of a tenant between two cells, killed at each step: ROUNDS=100.
check-cells:
	+@regress/lib/deps haproxy postgresql-$$($(PG_CONFIG) --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')-plproxy && $(BUILD) && \
		ROUNDS=$${ROUNDS:-6} TESTS="019_cells 19_cells 19_directory 19_disk 19_tour" regress/lib/check tap

# A Debian package for the server of PG_CONFIG, and the archive for PGXN, in .build; see .packaging/.
deb: deps
	+@$(BUILD) && rm -rf .build/stage && $(MAKE) -s --no-print-directory install DESTDIR=$(CURDIR)/.build/stage && .packaging/deb .build/stage

pgxn:
	@.packaging/pgxn

# VERSIONS="15 17 18" chooses the servers; SIGN_KEY=key signs the checksums.
release: deps
	+@$(BUILD) && .packaging/release

# The image's steps without docker; as root, see regress/lib/image.
check-image: deps
	@regress/lib/image

# The package in a fresh Debian, which is a download; what needs none of it is checked by lint.
check-package: deps
	+@$(BUILD) && regress/lib/package

# CSV=path/to/leads.csv takes your own file, KEEP=1 keeps the server.
demo: deps
	+@$(BUILD) && regress/demo/run

# The tables of settings, sandbox numbers and retention in extension/doc, from the catalog.
readme-tables: deps
	+@$(BUILD) && regress/lib/readme-tables

# Dead links, orphan pages and names that are not there, in README.md and the other documents; a part of lint.
docs-check:
	@perl regress/lint/docs.pl

# Which lines the tests run; see regress/lib/coverage.
coverage: deps
	@regress/lib/coverage

# The analyzers of gcc and clang; see regress/lib/analyze.
analyze: deps
	@regress/lib/analyze

# The SQL tests under valgrind: TESTS="r20_* ..." chooses; see regress/lib/valgrind.
valgrind: deps
	+@$(BUILD) && regress/lib/valgrind $(TESTS)

# RUNS=1000000 inputs for each parser, SEED=n repeats; see regress/fuzz/run.
fuzz: deps
	+@$(BUILD) && regress/fuzz/run

# FIGURES="G6 MIX" chooses, RUNS=1 rounds; see regress/bench/run.
bench: deps
	+@$(BUILD) && regress/bench/run $(FIGURES)

# How well words are read, against the corpora in regress/eval; PHRASES=dir adds published phrases, LANGUAGES="en de" chooses.
eval: deps
	+@$(BUILD) && $(MAKE) -s --no-print-directory eval-programs .build/eval/doubts && regress/eval/run

# What the talks of authors 19 on teach makes more texts that only sound like it stop.
TALKS_FOR_TEXTS = $(wildcard regress/eval/doubt/author?.tsv regress/eval/doubt/author1[0-8].tsv)

# The weights of extension/pure/doubt, from the talks in regress/eval/doubt; prints how well they do, each author judged by what the
# others taught.
train: deps
	+@$(MAKE) -s --no-print-directory .build/train
	.build/train extension/pure/doubt/doubt.weights regress/eval/doubt/*.tsv regress/eval/talks/*.dev*.jsonl
	.build/train extension/pure/doubt/text.weights regress/eval/texts/author*.tsv $(TALKS_FOR_TEXTS)

# The tables of extension/doc/figures.md and README.md that were measured, from the last bench and soak.
readme-figures:
	@regress/lib/readme-figures

# How long functions and files are, how plain the comments, how many references go upward; PAIRS=1 lists these.
house:
	@regress/lint/house

# The long campaigns: MINUTES=60 for all of them together (0: as long as it takes), TESTS="10_crash" some, SEED=n repeats a run.
soak: deps
	+@$(BUILD) && regress/soak/run

# `make clean check`: the other goals are a fresh make's too.
$(filter-out $(DRIVER_GOALS),$(MAKECMDGOALS)):
	+@$(MAKE) --no-print-directory $@

else ifneq (,$(PGXS))
include $(PGXS)
else
$(error no PostgreSQL server development files found (PG_CONFIG=$(PG_CONFIG)); run: make deps)
endif

# The console's page: our files line by line, and beside them one module of npm, which the repository does not have.
CONSOLE     = $(sort $(wildcard extension/console/*.html extension/console/*.css extension/console/*.svg))
# What is opened together is served as one module: the first is loaded at once, each other when something in it is opened.
CONSOLE_BUNDLES = app: texts api icons parts frame workspaces finder day app; forms: forms charts imports many; \
	work: lists memory film ahead campaign sequences reports needs week; \
	office: settings connect money tickets assistants reception listings; staff: staff; consent: consent
CONSOLE_PAGE = $(patsubst extension/console/%,.build/console/page/%,$(CONSOLE)) \
	$(patsubst %:,.build/console/page/%.js,$(filter %:,$(CONSOLE_BUNDLES)))
CONSOLE_DIR = $(datadir)/voiceagent/console
# What it says is one table, a word in all languages a line; a visitor loads one language.
CONSOLE_WORDS = $(patsubst %,.build/console/words-%.js,$(wordlist 2,9,$(shell head -1 extension/console/words.tsv)))

all: .build/console/fetched $(CONSOLE_PAGE) $(CONSOLE_WORDS)
.build/console/page/%.js: $(wildcard extension/console/*.js) extension/console/bundle.awk extension/console/slim.awk Makefile
	@$(MKDIR_P) .build/console/page .build/console/whole && awk -v name=$* -v bundles='$(CONSOLE_BUNDLES)' \
		-f extension/console/bundle.awk $(patsubst %,extension/console/%.js,$(shell echo '$(CONSOLE_BUNDLES);' | \
		sed 's/.*\b$*: \([^;]*\);.*/\1/')) > .build/console/whole/$*.js && \
		awk -f extension/console/slim.awk .build/console/whole/$*.js > $@
.build/console/page/%: extension/console/% extension/console/slim.awk
	@$(MKDIR_P) .build/console/page && awk -f extension/console/slim.awk $< > $@
$(CONSOLE_WORDS): .build/console/words-%.js: extension/console/words.tsv extension/console/words.awk
	@$(MKDIR_P) .build/console && { head -1 $<; tail -n +2 $< | LC_ALL=C sort; } | \
		awk -F '\t' -v code=$* -f extension/console/words.awk > $@
.build/console/fetched: extension/console/fetch extension/console/package.json extension/console/package-lock.json
	@extension/console/fetch .build/console && touch $@

install: install-console
.PHONY: install-console
install-console: .build/console/fetched $(CONSOLE_PAGE) $(CONSOLE_WORDS)
	@[ ! -d .build/console/vendor ] || { $(MKDIR_P) '$(DESTDIR)$(CONSOLE_DIR)/vendor' && rm -f '$(DESTDIR)$(CONSOLE_DIR)'/*.js && \
	$(INSTALL_DATA) $(CONSOLE_PAGE) $(CONSOLE_WORDS) '$(DESTDIR)$(CONSOLE_DIR)' && \
	$(INSTALL_DATA) .build/console/vendor/* '$(DESTDIR)$(CONSOLE_DIR)/vendor'; }

# The weights of the network that tells speech from other sounds, which the repository does not have either.
VOICE_DIR = $(datadir)/voiceagent/voice

all: .build/voice/fetched
.build/voice/fetched: extension/pure/audio/fetch
	@extension/pure/audio/fetch .build/voice && touch $@

install: install-voice
.PHONY: install-voice
install-voice: .build/voice/fetched
	@[ ! -f .build/voice/silero_vad.onnx ] || { $(MKDIR_P) '$(DESTDIR)$(VOICE_DIR)' && \
	$(INSTALL_DATA) .build/voice/silero_vad.onnx extension/pure/audio/silero_vad.LICENSE '$(DESTDIR)$(VOICE_DIR)'; }

# A voice and an ear, as a program of its own: its libraries are under the GPL, and none of them is linked into ours.  Where they are
# missing it is not built, and everything else is.
SPEECH_HEADERS = $(wildcard /usr/include/espeak-ng/speak_lib.h) $(wildcard /usr/include/pocketsphinx/pocketsphinx.h)
ifeq ($(words $(SPEECH_HEADERS)),2)
all: .build/voiceagent-speech
.build/voiceagent-speech: extension/speech/speech.c extension/speech/protocol.h
	@mkdir -p $(@D)
	$(CC) $(COPT) -g -O2 -std=gnu11 -Wall -Wextra $(WERROR) -Wno-unused-parameter -isystem /usr/include/sphinxbase \
		-isystem /usr/include/pocketsphinx -isystem /usr/include/$(shell $(CC) -print-multiarch)/sphinxbase -o $@ $< \
		-lpocketsphinx -lsphinxbase -lespeak-ng -lspeexdsp

install: install-speech
.PHONY: install-speech
install-speech: .build/voiceagent-speech
	$(MKDIR_P) '$(DESTDIR)$(pkglibdir)'
	$(INSTALL_PROGRAM) $< '$(DESTDIR)$(pkglibdir)/voiceagent-speech'
endif

# What reads calendars from elsewhere: a process of its own, because their files are strangers'.
CALENDAR_SOURCES = extension/calendar/calendar.c extension/pure/calendar/busy.c extension/pure/calendar/zones.c extension/pure/text/zone_name.c
all: .build/voiceagent-calendar
.build/voiceagent-calendar: $(CALENDAR_SOURCES) extension/calendar/program.h extension/pure/calendar/busy.h extension/pure/calendar/zones.h
	@mkdir -p $(@D)
	$(CC) $(COPT) -g -O2 -std=gnu11 -D_GNU_SOURCE -Wall -Wextra $(WERROR) -Wno-unused-parameter -Iextension -o $@ $(CALENDAR_SOURCES) -lical -licui18n -licuuc

install: install-calendar
.PHONY: install-calendar
install-calendar: .build/voiceagent-calendar
	$(MKDIR_P) '$(DESTDIR)$(pkglibdir)'
	$(INSTALL_PROGRAM) $< '$(DESTDIR)$(pkglibdir)/voiceagent-calendar'

uninstall: uninstall-console
.PHONY: uninstall-console
uninstall-console:
	rm -rf '$(DESTDIR)$(datadir)/voiceagent'
	rm -f '$(DESTDIR)$(pkglibdir)/voiceagent-speech' '$(DESTDIR)$(pkglibdir)/voiceagent-calendar'

# Every object depends on every header of ours: a few seconds of rebuild buy freedom from stale objects.
$(OBJS): $(INCLUDED)
extension/core/version.o extension/guc.o: voiceagent.control
extension/core/old_symbols.o: .build/old_symbols.inc
extension/pure/phrases/words/patterns.o .build/checked/extension/pure/phrases/words/patterns.o: .build/pure/phrases/patterns.inc
extension/pure/phrases/words/languages.o .build/checked/extension/pure/phrases/words/languages.o: .build/pure/phrases/words.inc
.build/unit/test_phrases_patterns: .build/pure/phrases/examples.inc
.build/unit/test_talks: .build/sql/42_wizard/22_profiles.sql
extension/pure/sandbox/desk_say.o .build/checked/extension/pure/sandbox/desk_say.o: .build/pure/sandbox/desk.inc
extension/pure/sandbox/people.o .build/checked/extension/pure/sandbox/people.o: .build/pure/sandbox/people.inc
$(foreach file,$(wildcard extension/pure/sandbox/*.c),$(file:%.c=%.o) $(file:%.c=.build/checked/%.o)): .build/pure/sandbox/desk_names.inc .build/pure/sandbox/people_names.inc
extension/pure/doubt/doubt.o .build/checked/extension/pure/doubt/doubt.o: extension/pure/doubt/doubt.weights

# The rooms in their order make the install script; the guard against \i stands in 00_kernel.
voiceagent--$(EXTVERSION).sql: $(SQL_SOURCES)
	cat $^ > $@.tmp && mv $@.tmp $@

$(RELEASED): %: sql/updates/%.gz
	gzip -dc $< > $@.tmp && mv $@.tmp $@

.build/sql/%.sql: sql/%.tsv sql/texts
	@mkdir -p $(@D)
	sql/texts $< > $@.tmp && mv $@.tmp $@

# What of them an update takes over; see the head of the program.
UPDATES = $(wildcard sql/updates/* sql/updates/$(PREVIOUS)--$(EXTVERSION)/*)
voiceagent--$(PREVIOUS)--$(EXTVERSION).sql: $(SQL_SOURCES) $(UPDATES)
	sql/updates/compose $(PREVIOUS) $(EXTVERSION) $(SQL_SOURCES) > $@.tmp && mv $@.tmp $@

.build/old_symbols.inc: $(SQL_SOURCES) $(UPDATES)
	@mkdir -p $(@D)
	sql/updates/compose symbols $(SQL_SOURCES) > $@.tmp && { cmp -s $@.tmp $@ || cp $@.tmp $@; rm $@.tmp; touch $@; }

# What people say, as tables in C; see extension/pure/phrases/words/generate.
WORDS = $(wildcard extension/pure/phrases/words/*.tsv) extension/pure/phrases/words/generate
.build/pure/phrases/patterns.inc .build/pure/phrases/examples.inc .build/pure/phrases/words.inc: .build/pure/phrases/%.inc: $(WORDS)
	@mkdir -p $(@D)
	extension/pure/phrases/words/generate $* extension/pure/phrases/words > $@.tmp && mv $@.tmp $@

# What the desk says and hears, and what the sandbox's people say.
.build/pure/sandbox/%.inc: extension/pure/sandbox/%.tsv extension/pure/sandbox/generate
	@mkdir -p $(@D)
	extension/pure/sandbox/generate $< > $@.tmp && mv $@.tmp $@
.build/pure/sandbox/%_names.inc: extension/pure/sandbox/%.tsv extension/pure/sandbox/generate
	@mkdir -p $(@D)
	extension/pure/sandbox/generate $< names > $@.tmp && mv $@.tmp $@

# What clang warns of, without its code: a file for each source that it found nothing in. CC=clang chooses its flags.
.PHONY: clang-warnings
CLANG_SOURCES = $(SOURCES) $(filter-out $(SOURCES),$(CALENDAR_SOURCES)) $(if $(word 2,$(SPEECH_HEADERS)),extension/speech/speech.c)
clang-warnings: $(CLANG_SOURCES:%.c=.build/clang/%.clean)
$(CLANG_SOURCES:%.c=.build/clang/%.clean): .build/clang/%.clean: %.c $(INCLUDED) $(wildcard .build/pure/*/*.inc) .build/old_symbols.inc
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) $(CLANG_INCLUDES) -fsyntax-only $< && touch $@
.build/clang/extension/speech/speech.clean: CLANG_INCLUDES = -U_GNU_SOURCE -isystem /usr/include/sphinxbase -isystem /usr/include/pocketsphinx \
	-isystem /usr/include/$(shell $(CC) -print-multiarch)/sphinxbase

# The workers' HTTP client and server know no backend either.
HTTP_SOURCES  = $(filter-out %/websocket.c %/websocket_server.c,$(wildcard bgworkers/http/*.c))

.PHONY: unit-programs fuzz-programs
# The pure part once more under the sanitizers, once for unit tests, fuzz programs and the drivers' filter; no backend header is in
# the path.  By clang, since libFuzzer comes with it; regress/lib/coverage and versions ask for gcc.
CHECKED_CC    ?= clang
CHECKED_CFLAGS = $(COPT) -g1 -O1 -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter \
	-fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -DUSE_ASSERT_CHECKING -Iextension -Ibgworkers -I.build -Iregress/unit
CHECKED_PURE   = $(patsubst %.c,.build/checked/%.o,$(filter extension/pure/%,$(SOURCES)))
CHECKED_HTTP   = $(HTTP_SOURCES:%.c=.build/checked/%.o)
# A talk with its engines, which knows no socket of libwebsockets.
CHECKED_TALK   = $(patsubst %,.build/checked/bgworkers/media/%.o,call/line call/places call/said call/turn_times engines/engines engines/voices talk/talk)
CHECKED_SHARED = .build/checked/libpure.a $(LIBRARIES) -lm -lpthread
UNIT_PROGRAMS  = $(patsubst regress/unit/%.c,.build/unit/%,$(wildcard regress/unit/test_*.c))

unit-programs: $(UNIT_PROGRAMS)

$(CHECKED_PURE) $(CHECKED_HTTP) $(CHECKED_TALK): .build/checked/%.o: %.c $(INCLUDED)
	@mkdir -p $(@D)
	$(CHECKED_CC) $(CHECKED_CFLAGS) $(if $(findstring clang,$(CHECKED_CC)),-fsanitize=fuzzer-no-link) -c -o $@ $<

.build/checked/libpure.a: $(CHECKED_PURE)
	@mkdir -p $(@D)
	rm -f $@ && $(AR) rcs $@ $^

# In these memory can be refused, and each text of an arena lies alone.
.build/checked/scarce.o: regress/unit/scarce.c regress/unit/tap.h extension/pure/memory.c extension/pure/memory.h
	@mkdir -p $(@D)
	$(CHECKED_CC) $(CHECKED_CFLAGS) -c -o $@ $<

$(UNIT_PROGRAMS): .build/unit/%: regress/unit/%.c regress/unit/tap.h regress/unit/drivers.h regress/unit/http_server.h .build/checked/scarce.o .build/checked/libpure.a $(INCLUDED)
	@mkdir -p $(@D)
	$(CHECKED_CC) $(CHECKED_CFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc -o $@ $< .build/checked/scarce.o $(filter-out %/scarce.o,$(filter %.o,$^)) $(CHECKED_SHARED)

.build/unit/test_http .build/unit/test_httpd: $(CHECKED_HTTP)
.build/unit/test_media_talk: $(CHECKED_TALK)

# The drivers as a filter for scripts, under the sanitizers; see regress/contracts/run.
.PHONY: contracts-programs
contracts-programs: .build/contracts/driver .build/contracts/voice

.build/contracts/driver: regress/contracts/driver.c regress/contracts/structs.c regress/contracts/structs.h .build/checked/libpure.a $(INCLUDED)
	@mkdir -p $(@D)
	$(CHECKED_CC) $(CHECKED_CFLAGS) -o $@ $(filter %.c,$^) $(CHECKED_SHARED)

.build/contracts/voice: regress/contracts/voice.c .build/checked/libpure.a $(INCLUDED)
	@mkdir -p $(@D)
	$(CHECKED_CC) $(CHECKED_CFLAGS) -o $@ $< $(CHECKED_SHARED)

# The carrier as a process of its own, for tests that kill the server and for benches; its parts are the library's own.
CARRIER_SOURCES = bgworkers/sandbox/engine.c bgworkers/sandbox/requests.c $(HTTP_SOURCES) $(filter-out extension/pure/phone/listing%,$(filter extension/pure/%,$(SOURCES)))

.PHONY: carrier
carrier: .build/carrier

.build/carrier: regress/fakes/carrier.c $(CARRIER_SOURCES:.c=.o)
	@mkdir -p $(@D)
	$(CC) $(COPT) -g -O2 -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter -Iextension -Ibgworkers -o $@ $^ $(LIBRARIES) -lm -lpthread

# What the drivers cost by themselves; see regress/bench/drivers.sh.
.PHONY: bench-drivers
bench-drivers: .build/bench/drivers

.build/bench/drivers: regress/bench/drivers.c $(filter extension/pure/%,$(OBJS))
	@mkdir -p $(@D)
	$(CC) -g -O2 -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter -Iextension -o $@ $^ $(LIBRARIES) -lm

# What a carrier tells of its calls; see regress/bench/carrier.sh.
.PHONY: bench-people
bench-people: .build/bench/people

.build/bench/people: regress/bench/people.c $(filter extension/pure/%,$(OBJS))
	@mkdir -p $(@D)
	$(CC) -g -O2 -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter -Iextension -o $@ $^ $(LIBRARIES) -lm

# Callers and vendors of engines; see regress/bench/media.sh.
.PHONY: bench-media
bench-media: .build/bench/media

.build/bench/media: regress/bench/media.c $(filter extension/pure/%,$(OBJS))
	@mkdir -p $(@D)
	$(CC) -g -O2 -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter -Iextension -o $@ $^ $(LIBRARIES) -lcrypto -lm

# Turns of recorded speech through what hears and decides in a call that we hold; see regress/bench/gap.sh.
.PHONY: bench-gap
bench-gap: .build/bench/gap

.build/bench/gap: regress/bench/gap.c $(filter extension/pure/%,$(OBJS)) $(patsubst .build/checked/%,%,$(CHECKED_TALK))
	@mkdir -p $(@D)
	$(CC) -g -O2 -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter -Iextension -Ibgworkers -o $@ $^ $(LIBRARIES) -lm

# What `make eval` asks; see regress/eval/README.md.
.PHONY: eval-programs
EVAL_PROGRAMS = $(patsubst regress/eval/%.c,.build/eval/%,$(wildcard regress/eval/*.c))
eval-programs: $(EVAL_PROGRAMS)

$(EVAL_PROGRAMS): .build/eval/%: regress/eval/%.c $(filter extension/pure/%,$(OBJS))
	@mkdir -p $(@D)
	$(CC) -g -O2 -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter -Iextension -o $@ $(filter-out $(ABLATED),$^) $(LIBRARIES) -lm -lpthread

# It has these within, with a hook.
.build/eval/ablate: ABLATED = %/intents_match.o %/words/language.o

# What the classifier says of each talk of an author when it was taught by the others.
.build/eval/doubts: .build/train $(wildcard regress/eval/doubt/*.tsv regress/eval/talks/*.dev*.jsonl)
	@mkdir -p $(@D)
	SCORES=$@.tmp .build/train .build/eval/doubt.weights $(filter-out $<,$^) > .build/eval/train.log && mv $@.tmp $@

# See `make train`.
.build/train: regress/eval/doubt/train.c $(filter extension/pure/%,$(OBJS))
	@mkdir -p $(@D)
	$(CC) -g -O2 -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter -Iextension -o $@ $^ $(LIBRARIES) -lm

# Fuzz targets of the pure part.
FUZZ_PROGRAMS = $(patsubst regress/fuzz/%.c,.build/fuzz/%,$(wildcard regress/fuzz/fuzz_*.c))

fuzz-programs: $(FUZZ_PROGRAMS)

$(FUZZ_PROGRAMS): .build/fuzz/%: regress/fuzz/%.c regress/fuzz/drivers.h .build/checked/libpure.a $(INCLUDED)
	@mkdir -p $(@D)
	$(CHECKED_CC) $(CHECKED_CFLAGS) -fsanitize=fuzzer -o $@ $< $(CHECKED_SHARED)
