# SPDX-License-Identifier: MIT
#
# The one Makefile of Antfarm. It finds every file by wildcard, compiles from
# the top with relative paths (so that __FILE__, and with it every trace, is
# the same on every machine), and puts everything into $(BUILD).
#
#   make help        every target in a line
#   make CC=clang    the other compiler      -> $(BUILD)/clang/
#   make SAN=thread  with a sanitizer        -> $(BUILD)/gcc-thread/
#   make POLLER=uv   sockets without epoll   -> $(BUILD)/gcc-uv/
#   make LTO=1       seen as one program     -> $(BUILD)/gcc-lto/
#   make V=1         show each command
#   make WERROR=     warnings stay warnings

VERSION := 0.1.0
SOVERSION := 0

# --- What you may set ---------------------------------------------------------

ifeq ($(origin CC),default)
CC := gcc
endif
BUILD ?= build
OPT ?= -O2 -g
SAN ?=
COV ?=
LTO ?=
WERROR ?= 1
PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
# What waits for sockets (runtime/reactor/poller.h): epoll, or uv for systems
# that have no epoll.
POLLER_HERE := $(if $(filter Linux,$(shell uname)),epoll,uv)
POLLER ?= $(POLLER_HERE)

# --- Where things go ----------------------------------------------------------

comma := ,
FAMILY := $(if $(findstring clang,$(notdir $(CC))),clang,gcc)
MODE := $(FAMILY)$(SAN:%=-$(subst $(comma),-,$(SAN)))
MODE := $(MODE)$(COV:%=-cov)$(if $(LTO),-lto)$(patsubst %,-%,$(filter-out \
	$(POLLER_HERE),$(POLLER)))
OUT := $(if $(filter-out gcc,$(MODE)),$(BUILD)/$(MODE),$(BUILD))
OBJ := $(OUT)/obj

# --- What there is ------------------------------------------------------------

# LAYERS="base trace core" builds only these layers: for the hour when another
# one does not compile yet.
LAYERS ?= *
RUNTIME_SRC := $(sort $(filter-out runtime/reactor/poller_%.c,\
	$(wildcard $(LAYERS:%=runtime/%/*.c)))) \
	runtime/reactor/poller_$(POLLER).c
VIZ_SRC := $(sort $(filter-out viz/app/main.c,\
	$(wildcard $(LAYERS:%=viz/%/*.c))))
APP_SRC := $(wildcard viz/app/main.c)
LESSON_SRC := $(sort $(wildcard lessons/[0-9]*/*.c examples/*/*.c))
LINT_SRC := $(sort $(wildcard tests/lint/*.c))
SUPPORT_SRC := $(sort $(wildcard tests/support/*.c))
UNIT_SRC := $(sort $(wildcard tests/unit/*/test_*.c))
CONFORMANCE_SRC := $(sort $(wildcard tests/conformance/*.c))
EXAMPLE_SRC := $(sort $(wildcard tests/examples/*/*.c))
STRESS_SRC := $(sort $(wildcard tests/stress/*.c))
BENCH_SRC := $(sort $(wildcard tests/bench/*.c))
SUITE_SRC := $(sort $(wildcard tests/bench/suite/*.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
SOAK_SRC := $(sort $(wildcard tests/soak/*.c))
HEADERS := $(sort $(wildcard runtime/*.h runtime/*/*.h))

# --- Modules ------------------------------------------------------------------

# What only some programs need is a library of its own: a folder of modules/, a
# layer, libantfarm-NAME.a and antfarm-NAME.pc. A module whose packages are not
# here is off: it, its tests and its examples are not built, and make says so.
# USES_x are other modules that it, or its programs, are linked with.
# wslay has no pkg-config file: HEADER_x and LIBS_x are for such.
MODULES := fetch http sqlite ws
PKGS_fetch := libcurl jansson
USES_fetch := http
ABOUT_fetch := a client of HTTP, through libcurl
PKGS_http :=
ABOUT_http := a server of HTTP/1.1
PKGS_ws := nettle
HEADER_ws := wslay/wslay.h
LIBS_ws := -lwslay
USES_ws := http
ABOUT_ws := WebSockets, of a server and of a client
PKGS_sqlite := sqlite3
ABOUT_sqlite := databases in files, through SQLite

missing = $(foreach p,$(1),$(if $(shell \
	pkg-config --exists $(p) 2>/dev/null && echo 1),,$(p)))
pkg = $(shell pkg-config $(1) $(2) 2>/dev/null)

absent = $(strip $(call missing,$(PKGS_$(1))) $(foreach h,$(HEADER_$(1)),\
	$(if $(wildcard $(addsuffix /$(h),/usr/include /usr/local/include)),,$(h))))
MODULES_OFF := $(foreach m,$(MODULES),$(if $(call absent,$(m)),$(m)))
MODULES_ON := $(filter-out $(MODULES_OFF),$(MODULES))
# The parts of $(2), a list of files, that belong to the modules $(1).
of_modules = $(filter $(foreach m,$(1),examples/$(m)/% tests/unit/$(m)/% \
	tests/examples/$(m)/% tests/fuzz/fuzz_$(m)% tests/soak/$(m)_%),$(2))

MODULE_SRC := $(sort $(wildcard $(MODULES_ON:%=modules/%/*.c)))
MODULE_LIBS := $(MODULES_ON:%=$(OUT)/libantfarm-%.a)
MODULE_HEADERS := $(sort $(wildcard $(MODULES_ON:%=modules/%/*.h)))
LESSON_SRC := $(filter-out $(call of_modules,$(MODULES_OFF),$(LESSON_SRC)),\
	$(LESSON_SRC))
UNIT_SRC := $(filter-out $(call of_modules,$(MODULES_OFF),$(UNIT_SRC)),\
	$(UNIT_SRC))
EXAMPLE_SRC := $(filter-out $(call of_modules,$(MODULES_OFF),$(EXAMPLE_SRC)),\
	$(EXAMPLE_SRC))
FUZZ_SRC := $(filter-out $(call of_modules,$(MODULES_OFF),$(FUZZ_SRC)),\
	$(FUZZ_SRC))

# --- What is made of it -------------------------------------------------------

RUNTIME_OBJ := $(RUNTIME_SRC:%.c=$(OBJ)/%.o)
VIZ_OBJ := $(VIZ_SRC:%.c=$(OBJ)/%.o) $(OBJ)/player.o
APP_OBJ := $(APP_SRC:%.c=$(OBJ)/%.o)
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$(OBJ)/%.o)
LESSONS := $(LESSON_SRC:%.c=$(OUT)/%)
LINTS := $(LINT_SRC:%.c=$(OUT)/%)
UNIT := $(UNIT_SRC:%.c=$(OUT)/%)
CONFORMANCE := $(CONFORMANCE_SRC:%.c=$(OUT)/%)
EXAMPLES := $(EXAMPLE_SRC:%.c=$(OUT)/%)
VIZ_BENCH := $(OUT)/tests/bench/viz
BENCH := $(filter-out $(VIZ_BENCH),$(BENCH_SRC:%.c=$(OUT)/%))
SUITE := $(OUT)/antfarm-bench
STRESS := $(STRESS_SRC:%.c=$(OUT)/%)
FUZZ := $(FUZZ_SRC:%.c=$(OUT)/%)

VIZ_LAYERS := explore lint model replay draw ui view text plat app query lesson \
	export
VIZ_UNIT := $(filter $(VIZ_LAYERS:%=$(OUT)/tests/unit/%/%),$(UNIT))
RUNTIME_TESTS := $(filter-out $(VIZ_UNIT),$(UNIT)) $(CONFORMANCE) \
	$(STRESS) $(BENCH)

# --- Libraries from the distribution ------------------------------------------

# .ci/setup knows the packages that hold these.
RUNTIME_PKGS := libuv zlib
VIZ_PKGS := sdl2 SDL2_ttf fontconfig libpng libcmark-gfm jansson

RUNTIME_MISSING := $(strip $(call missing,$(RUNTIME_PKGS)))
VIZ_MISSING := $(strip $(call missing,$(VIZ_PKGS)))
TEST_MISSING := $(strip $(call missing,cmocka))

RUNTIME_CFLAGS := $(call pkg,--cflags,$(RUNTIME_PKGS))
RUNTIME_LIBS := $(call pkg,--libs,$(RUNTIME_PKGS)) -pthread -lm
VIZ_CFLAGS := $(call pkg,--cflags,$(VIZ_PKGS))
VIZ_LIBS := $(call pkg,--libs,$(VIZ_PKGS)) -lcmark-gfm-extensions -lm

# --- Flags --------------------------------------------------------------------

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2 \
	-Wswitch-enum -Wnull-dereference -Wdouble-promotion -Wredundant-decls
WARN_gcc := -Wjump-misses-init -Wimplicit-fallthrough=5 -Wlogical-op \
	-Wduplicated-cond -Wduplicated-branches
WARN_clang := -Wconditional-uninitialized -Wimplicit-fallthrough \
	-Wassign-enum -Wunreachable-code

# The fuzzer brings its own main, so only the fuzz programs link with it.
sanitize = $(if $(1),-fsanitize=$(1) -fno-omit-frame-pointer) \
	$(if $(findstring undefined,$(1)),-fno-sanitize-recover=undefined)
# Such builds also assert that no waker is used under a lock.
SANFLAGS := $(call sanitize,$(subst fuzzer,fuzzer-no-link,$(SAN))) \
	$(if $(SAN),-DANT_CHECK_LOCKS)
COVFLAGS := $(if $(COV),--coverage)
# Needs gcc's own ar, which knows what it puts into the archive.
LTOFLAGS := $(if $(LTO),-flto=2)
AR := $(if $(LTO),gcc-ar,ar)

ALL_CPPFLAGS = -D_GNU_SOURCE -Iruntime -Imodules -Iviz $(RUNTIME_CFLAGS) \
	$(CPPFLAGS)
ALL_CFLAGS = -std=c11 $(OPT) -fPIC -pthread $(WARN) $(WARN_$(FAMILY)) \
	$(if $(WERROR),-Werror) $(SANFLAGS) $(COVFLAGS) $(LTOFLAGS) $(CFLAGS)
ALL_LDFLAGS = $(SANFLAGS) $(COVFLAGS) $(if $(LTO),$(OPT) $(LTOFLAGS)) $(LDFLAGS)

# A recipe line begins with $(Q), after a short word on what it does.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))
SUB = --no-print-directory \
	$(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

##@ Start here

all: lib command lessons-build ## build everything into build/
	$(if $(MODULES_OFF),@$(foreach m,$(MODULES_OFF),$(call say_off,$(m));))

say_off = echo "  OFF   $(1), for want of $(call absent,$(1)): ./.ci/setup build"

demo: ## set up, build, run the join program, watch it
	@./.ci/setup build
	@$(MAKE) $(SUB) all
	@$(MAKE) $(SUB) demo-run

test: ## set up, build, run every fast test
	@./.ci/setup test
	@$(MAKE) $(SUB) test-run

run: all ## record a lesson and watch it: make run L=20 [P=join]
	@test -n "$(PROGRAM)" || { echo "No lesson '$(L)'; try: make run L=20"; \
	    exit 2; }
	@$(call record,$(PROGRAM),$(OUT)/run.ant)
	@$(call watch,$(OUT)/run)

viz: all ## watch a trace: make viz T=file.ant
	@$(OUT)/antfarm view $(T)

help: ## this list
	@awk -F ':.*## ' '/^##@/ { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

clean: ## remove build/
	rm -rf $(BUILD)

P ?= *
PROGRAM := $(firstword $(wildcard lessons/$(L)-*/$(P).c))
DEMO := lessons/20-sequential-vs-join/join.c

# Runs a lesson's program ($1) in the simulator, recording into $2. A status of
# 3 means that the program stalled, which is what some lessons are about.
record = $(OUT)/antfarm run --flavor sim --seed 7 --trace $(2) \
	$(OUT)/$(1:.c=) || test $$? = 3

# Opens $1.ant in the visualizer; without a display, draws and prints it.
watch = if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	    $(OUT)/antfarm view $(1).ant; \
	else \
	    $(OUT)/antfarm dump $(1).ant && \
	    $(OUT)/antfarm render $(1).ant -o $(1).png && \
	    echo "There is no display here. The run is printed above, and" && \
	    echo "drawn in $(1).png"; \
	fi

demo-run:
	@$(call record,$(DEMO),$(OUT)/demo.ant)
	@$(call watch,$(OUT)/demo)

##@ Tests

GIVEN := $(strip $(if $(filter gcc,$(CC)),,CC=$(CC)) $(SAN:%=SAN=%))
RUN := python3 tests/run.py --out $(OUT) --cc $(CC) --flags "$(GIVEN)" \
	--timeout $(if $(SAN),600,120)

test-run: all unit-build $(CONFORMANCE) $(EXAMPLES) $(LINTS)
	@$(RUN) unit conformance lessons lints learn headers symbols layers tidy \
	    links examples events sidebyside tables gdb

unit: $(filter $(OUT)/$(T:.c=)%,$(UNIT)) ## the unit tests: [T=tests/unit/core]
	@$(RUN) --only "$(T)" unit

REPEAT ?= 1
conformance: all $(CONFORMANCE) ## every promise: [ID=S5] [REPEAT=50]
	@$(RUN) --verbose --repeat $(REPEAT) --id "$(ID)" conformance

lessons: all ## each program prints what its .expected says: [T=lessons/20]
	@$(RUN) --only "$(T)" $(if $(UPDATE),--update) lessons

lints: all $(LINTS) ## each lint finds its mistake, and only it: [T=tests/lint]
	@$(RUN) --only "$(T)" lints

learn: all ## a learner takes a lesson through a pipe
	@$(RUN) learn

course: all ## no lesson is refused; a learner in a terminal
	@$(RUN) --timeout 600 course

headers: ## each header compiles alone
	@$(RUN) headers

symbols: all ## what the libraries export has the prefix of its layer
	@$(RUN) symbols

layers: ## includes go down only (tests/tidy/layers.txt)
	@$(RUN) layers

tidy: ## the house style, as far as a program sees it
	@$(RUN) tidy

links: ## links and pictures in the docs lead somewhere
	@$(RUN) links

examples: $(EXAMPLES) ## the code in docs and headers is true
	@$(RUN) --verbose examples

events: all ## tables in the docs are those of the program
	@$(RUN) events

tables: ## each public header's table is whole; docs/CANCEL.md agrees
	@$(RUN) tables

sidebyside: ## docs/side-by-side.md is true: at most 2.5 lines of C for one
	@$(RUN) sidebyside

gdb: all ## runtime/gdb/ant.py tells what a program that hangs waits for
	@$(RUN) gdb

stress: all $(STRESS) ## tasks, timers and threads in numbers; kill -9: [T=]
	@$(RUN) --timeout 600 --only "$(T)" stress

model: ## every order of the lock-free parts; mutants are found: [M=idle]
	@python3 tests/model/run.py --out $(OUT) --cc $(CC) --only "$(M)"

web: all ## our servers against curl, wrk and a browser
	@$(if $(filter http,$(MODULES_ON)),,echo "module http is off"; exit 1)
	@python3 tests/web.py $(OUT)

SOCKETS ?= 10000
soak: all $(OUT)/tests/soak/ws_load ## 10,000 WebSockets held: [SECONDS=60] [SOCKETS=10000]
	@$(if $(filter ws,$(MODULES_ON)),,echo "module ws is off"; exit 1)
	@python3 tests/soak/soak.py $(OUT) --sockets $(SOCKETS) --seconds $(SECONDS)

foreign: all ## other programs read what antfarm export writes: [F=perfetto]
	@python3 tests/foreign.py $(OUT) $(F)

counterparts: all ## sqlite3 and convert agree with our programs
	@tests/counterparts.sh $(OUT)

window: all ## a window on a virtual display, every key pressed in it
	@tests/window.py $(OUT)
	@tests/learner.py $(OUT)

# The other runtimes' programs are in PEERS, as tests/bench/report.py says;
# they are built as one program each, and so is ours.
PEERS ?=
ROUNDS ?= 3
bench: $(OUT)/tests/bench/trace ## the tables of docs/performance.md: [PEERS=] [ROUNDS=3] [BUSY=1]
	@$(MAKE) $(SUB) LTO=1 antfarm-bench
	@tests/bench/report.py --ours $(BUILD)/gcc-lto/antfarm-bench --curves --profile \
	    --trace $(OUT)/tests/bench/trace --rounds $(ROUNDS) \
	    $(if $(PEERS),--peers $(PEERS)) $(if $(BUSY),--busy) --write docs/performance.md

bench-tcp: ## an echo server beside the peers': PEERS=dir [ROUNDS=3] [REALTIME=1]
	@$(MAKE) $(SUB) LTO=1 antfarm-bench
	@tests/bench/tcp.py --ours $(BUILD)/gcc-lto/antfarm-bench \
	    --peers $(or $(PEERS),none) --rounds $(ROUNDS) \
	    $(if $(REALTIME),--realtime) --write docs/performance.md

bench-alone: ## an echo server's own work, without the system's: [PEERS=dir] [ROUNDS=3]
	@$(MAKE) $(SUB) LTO=1 antfarm-bench
	@$(CC) -D_GNU_SOURCE -std=c11 -O2 $(WARN) -Wno-pedantic -shared -fPIC \
	    -o $(BUILD)/no_system.so tests/bench/alone/no_system.c -ldl
	@tests/bench/alone.py --ours $(BUILD)/gcc-lto/antfarm-bench \
	    --preload $(BUILD)/no_system.so --rounds $(ROUNDS) \
	    $(if $(PEERS),--peers $(PEERS))

bench-all: $(BENCH) ## what single things cost; bench-trace, bench-viz: only that
	@for b in $^; do echo "== $$b"; $$b || exit 1; done

antfarm-bench: $(SUITE) ## workloads of other runtimes' benches: build/antfarm-bench

bench-%: $(OUT)/tests/bench/%
	@$<

##@ Sharper tools

asan: ## unit, conformance, lessons with address and undefined sanitizers
	@$(MAKE) $(SUB) SAN=address,undefined asan-run

asan-run: all unit-build $(CONFORMANCE)
	@$(RUN) unit conformance lessons

tsan: ## unit tests with the thread sanitizers of gcc and clang, conformance with gcc's
	@$(MAKE) $(SUB) SAN=thread CC=gcc unit
	@$(MAKE) $(SUB) SAN=thread CC=gcc conformance
	@$(MAKE) $(SUB) SAN=thread CC=clang unit

SECONDS ?= 60
fuzz: ## random bytes for the trace reader: make fuzz SECONDS=60
	@$(MAKE) $(SUB) CC=clang SAN=fuzzer,address,undefined fuzz-run

fuzz-run: $(FUZZ)
	@$(if $(FUZZ),,echo "fuzz: nothing yet")
	@for f in $(notdir $(FUZZ)); do \
	    echo "$$f, $(SECONDS) s"; \
	    mkdir -p $(OUT)/corpus/$$f tests/fuzz/corpus/$$f; \
	    $(OUT)/tests/fuzz/$$f -max_total_time=$(SECONDS) \
	        -artifact_prefix=$(OUT)/ -print_final_stats=1 \
	        $(OUT)/corpus/$$f tests/fuzz/corpus/$$f >$(OUT)/$$f.log 2>&1 \
	        || { tail -n 40 $(OUT)/$$f.log; exit 1; }; \
	    sed -n 's/stat::number_of_executed_units:/  inputs tried:/p' \
	        $(OUT)/$$f.log; \
	done

cov: ## lines that the unit tests reach, layer by layer
	@$(MAKE) $(SUB) COV=1 OPT=-O0 unit
	@python3 tests/cov.py $(BUILD)/gcc-cov/obj

analyze: ## cppcheck, clang-tidy and gcc -fanalyzer
	cppcheck --quiet --std=c11 --enable=warning,portability \
	    --suppress=internalAstError --inline-suppr --error-exitcode=1 \
	    -j$(JOBS) -Iruntime -Iviz \
	    -D_GNU_SOURCE $(RUNTIME_SRC) $(VIZ_SRC) $(APP_SRC)
	clang-tidy --quiet $(RUNTIME_SRC) $(VIZ_SRC) $(APP_SRC) -- -std=c11 \
	    $(ALL_CPPFLAGS) $(VIZ_CFLAGS)
	@echo "gcc -fanalyzer; version 12 also warns of paths that cannot be:"
	@$(MAKE) $(SUB) BUILD=$(BUILD)/analyzer CFLAGS=-fanalyzer WERROR= lib

check: ## all that CI runs, in its order
	@./.ci/setup check
	@$(if $(TESTED),,$(MAKE) $(SUB) test-run)
	@$(MAKE) $(SUB) check-run

# Each stage stands alone and says what it is; the first that fails ends it.
stage = printf '\n== %s\n' "$(1)"
check-run:
	@$(call stage,format)
	@$(MAKE) $(SUB) fmt-check
	@$(call stage,clang -Werror)
	@$(MAKE) $(SUB) CC=clang all unit
	@$(call stage,address and undefined sanitizers)
	@$(MAKE) $(SUB) asan
	@$(call stage,thread sanitizers)
	@$(MAKE) $(SUB) tsan
	@$(call stage,conformance)
	@$(MAKE) $(SUB) conformance REPEAT=50
	@$(call stage,sockets where there is no epoll)
	@$(MAKE) $(SUB) POLLER=uv unit T=tests/unit/reactor
	@$(MAKE) $(SUB) POLLER=uv conformance ID=I
	@$(call stage,model)
	@$(MAKE) $(SUB) model
	@$(call stage,course)
	@$(MAKE) $(SUB) course
	@$(call stage,stress)
	@$(MAKE) $(SUB) stress
	@$(call stage,window)
	@$(MAKE) $(SUB) window
	@$(call stage,fuzz)
	@$(MAKE) $(SUB) fuzz SECONDS=20
	@$(call stage,other programs read our exports)
	@$(MAKE) $(SUB) foreign
	@$(call stage,the programs that everybody knows)
	@$(MAKE) $(SUB) counterparts
	@$(call stage,the clients of the world)
	@$(MAKE) $(SUB) web
	@$(MAKE) $(SUB) soak SOCKETS=1000 SECONDS=10
	@$(call stage,install)
	@+tests/install.sh $(BUILD)
	@$(call stage,the same trace from gcc and clang)
	@tests/same_trace.sh $(BUILD) $(BUILD)/clang
	@printf '\nAll checks passed.\n'

##@ For authors

C_FILES = $(shell find runtime modules viz lessons examples tests -name '*.[ch]')

fmt: ## format every C file
	clang-format -i $(C_FILES)

fmt-check: ## say which files `make fmt` would change
	@clang-format --dry-run -Werror $(C_FILES)

expand: ## a file with its macros expanded: make expand F=lessons/x.c
	@$(CC) $(ALL_CPPFLAGS) $(VIZ_CFLAGS) -std=c11 -E $(F) | \
	    awk '/^# [0-9]+ "/ { keep = ($$3 == "\"$(F)\"") } \
	        keep && !/^#/' | cat -s | clang-format --assume-filename=x.c

docs: all ## the tables of docs/ and lessons/README.md, the code of docs/side-by-side.md
	@tests/event_table.sh --write $(OUT)
	@python3 tests/side_by_side.py --write

traces: all ## the sample traces of assets/traces
	@tests/assets.sh traces $(OUT)

shots: all ## the pictures of assets/shots.txt: [L=20]
	@tests/assets.sh shots $(OUT) "$(L)"

# po4a takes the words of a lesson and keeps what is translated already.
LANGUAGE ?=
po: all ## the translations after a change of a lesson: [L=20 LANGUAGE=fr]
	@mkdir -p $(OUT)/words
	@for po in $(if $(LANGUAGE),$(wildcard lessons/$(L)-*)/po/$(LANGUAGE).po,\
	    $(wildcard lessons/*/po/*.po)); do \
	    lesson=$${po%/po/*}; mkdir -p $${po%/*}; \
	    $(OUT)/antfarm course words $${lesson#lessons/} \
	        >$(OUT)/words/lesson.txt && \
	    po4a-updatepo -f text -M utf-8 -o nobullets --porefs none \
	        --msgmerge-opt --no-wrap -m $(OUT)/words/lesson.txt -p $$po \
	        >/dev/null && rm -f $$po~ && \
	    sed -i '/^"POT-Creation-Date/d' $$po && echo $$po || exit 1; \
	done

compdb: ## compile_commands.json for editors
	bear -- $(MAKE) -B all unit-build

hooks: ## check what you commit (.githooks/pre-commit)
	git config core.hooksPath .githooks

##@ Install

LIBDIR := $(DESTDIR)$(PREFIX)/lib
INCDIR := $(DESTDIR)$(PREFIX)/include/antfarm
GDBDIR := $(DESTDIR)$(PREFIX)/share/antfarm/gdb
LESSON_FILES := lessons/course.md $(wildcard $(addprefix lessons/[0-9]*/,\
	lesson.md *.c *.ant mutants/*.c po/*.po))
PCFILE := $(LIBDIR)/pkgconfig/antfarm.pc

pcfile = sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' \
	-e 's|@NAME@|$(1)|' -e 's|@ABOUT@|$(ABOUT_$(1))|' \
	-e 's|@PKGS@|$(PKGS_$(1))|' \
	-e 's|@USES@|$(USES_$(1):%=antfarm-%)|' \
	-e 's|@LIBS@|$(LIBS_$(1))|' modules/module.pc.in \
	>$(PCFILE:.pc=-$(1).pc)

install: all ## into PREFIX=/usr/local, staged under DESTDIR=
	install -d $(LIBDIR)/pkgconfig $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(wildcard $(OUT)/antfarm) $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(OUT)/libantfarm.a $(LIBDIR)
	install -m 755 $(OUT)/libantfarm.so $(LIBDIR)/libantfarm.so.$(VERSION)
	ln -sf libantfarm.so.$(VERSION) $(LIBDIR)/libantfarm.so.$(SOVERSION)
	ln -sf libantfarm.so.$(SOVERSION) $(LIBDIR)/libantfarm.so
	for h in $(HEADERS:runtime/%=%); do \
	    install -D -m 644 runtime/$$h $(INCDIR)/$$h || exit 1; \
	done
	for m in $(MODULES_ON); do \
	    install -m 644 $(OUT)/libantfarm-$$m.a $(LIBDIR) || exit 1; \
	done
	for h in $(MODULE_HEADERS:modules/%=%); do \
	    install -D -m 644 modules/$$h $(INCDIR)/$$h || exit 1; \
	done
	install -D -m 644 runtime/gdb/ant.py $(GDBDIR)/ant.py
	for f in $(LESSON_FILES); do \
	    install -D -m 644 $$f $(DESTDIR)$(PREFIX)/share/antfarm/$$f || exit 1; \
	done
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' \
	    runtime/antfarm.pc.in >$(PCFILE)
	$(foreach m,$(MODULES_ON),$(call pcfile,$(m)) &&) true
	test -n "$(DESTDIR)" || ldconfig 2>/dev/null || true

uninstall: ## take it away again
	rm -rf $(INCDIR) $(PCFILE) $(MODULES:%=$(PCFILE:.pc=-%.pc)) \
	    $(LIBDIR)/libantfarm.* $(MODULES:%=$(LIBDIR)/libantfarm-%.a) \
	    $(DESTDIR)$(PREFIX)/bin/antfarm $(DESTDIR)$(PREFIX)/share/antfarm

# --- How each thing is made ---------------------------------------------------

lib: $(OUT)/libantfarm.a $(OUT)/libantfarm.so $(MODULE_LIBS)
lessons-build: $(LESSONS)
unit-build: $(UNIT)
ifneq ($(APP_SRC),)
command: $(OUT)/antfarm
endif

# What is missing stops the build with one line instead of a page of errors.
need = @echo "Missing: $(1). Try: ./.ci/setup $(2)"; exit 1
need-runtime:
	$(if $(RUNTIME_MISSING),$(call need,$(RUNTIME_MISSING),build))
need-viz:
	$(if $(VIZ_MISSING),$(call need,$(VIZ_MISSING),build))
need-test:
	$(if $(TEST_MISSING),$(call need,$(TEST_MISSING),test))

$(RUNTIME_OBJ): | need-runtime
$(VIZ_OBJ) $(APP_OBJ): | need-viz
$(UNIT_SRC:%.c=$(OBJ)/%.o) $(CONFORMANCE_SRC:%.c=$(OBJ)/%.o) $(SUPPORT_OBJ): \
    | need-test

$(VIZ_OBJ) $(APP_OBJ): private ALL_CPPFLAGS += $(VIZ_CFLAGS)
$(OBJ)/tests/%.o: private ALL_CPPFLAGS += -Itests $(VIZ_CFLAGS)
$(OBJ)/tests/bench/suite/%.o: private ALL_CPPFLAGS += \
	-DBENCH_VERSION='"$(VERSION)"'

# Programs of lessons link with this library, so they need its flags.
$(OBJ)/viz/lesson/studio.o: private ALL_CPPFLAGS += \
	$(if $(SAN)$(COV)$(LTO),-DSTUDIO_CC='"$(CC)"' \
	-DSTUDIO_FLAGS='"-O1 $(strip $(SANFLAGS) $(COVFLAGS) $(LTOFLAGS))"')

# Other flags make other objects: the flags are a file that objects depend on.
FLAGS = $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS)
$(OBJ)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' >$@

$(OBJ)/%.o: %.c $(OBJ)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The player of exported pages, as bytes in a C file.
PLAYER := assets/player
embed = { printf 'const unsigned char export__player_%s[] = {\n' $(1); \
	od -An -v -tu1 $(PLAYER)/$(2) | sed 's/  */,/g; s/^,//; s/$$/,/'; \
	echo '0};'; }
$(OBJ)/player.c: $(wildcard $(PLAYER)/*) $(OBJ)/flags
	@mkdir -p $(@D)
	$(Q){ echo '#include "export/player.h"'; $(call embed,page,page.html); \
	    $(call embed,style,player.css); \
	    $(call embed,script,player.js); } >$@

$(OBJ)/player.o: $(OBJ)/player.c
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

define archive
	@mkdir -p $(@D)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^
endef

define link
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) $(1) -o $@ $^ $(2) $(RUNTIME_LIBS)
endef

$(OUT)/libantfarm.a: $(RUNTIME_OBJ)
	$(archive)

$(OUT)/libantfarmviz.a: $(VIZ_OBJ)
	$(archive)

$(OUT)/libantfarm.so: $(RUNTIME_OBJ)
	$(call link,-shared -Wl$(comma)-soname$(comma)libantfarm.so.$(SOVERSION))
	@ln -sf $(@F) $@.$(SOVERSION)

$(OUT)/antfarm: $(APP_OBJ) $(OUT)/libantfarmviz.a $(OUT)/libantfarm.a
	$(call link,,$(VIZ_LIBS))

# What belongs to a module is linked with it and its packages.
define module
$(OUT)/libantfarm-$(1).a: $(patsubst %.c,$(OBJ)/%.o,$(wildcard modules/$(1)/*.c))
	$$(archive)
$(patsubst %.c,$(OBJ)/%.o,$(wildcard modules/$(1)/*.c)): \
    private ALL_CPPFLAGS += $(call pkg,--cflags,$(PKGS_$(1)))
MODULE_PROGRAMS := $(call of_modules,$(1),$(LESSON_SRC) $(UNIT_SRC) \
	$(EXAMPLE_SRC) $(FUZZ_SRC) $(SOAK_SRC))
$$(MODULE_PROGRAMS:%.c=$(OUT)/%): private MODULE := $(OUT)/libantfarm.a \
	$(call pkg,--libs,$(foreach m,$(1) $(USES_$(1)),$(PKGS_$(m)))) \
	$(foreach m,$(1) $(USES_$(1)),$(LIBS_$(m)))
$$(MODULE_PROGRAMS:%.c=$(OUT)/%): \
    $(patsubst %,$(OUT)/libantfarm-%.a,$(1) $(USES_$(1)))
endef
$(foreach m,$(MODULES_ON),$(eval $(call module,$(m))))

$(LESSONS) $(EXAMPLES) $(LINTS) $(SOAK_SRC:%.c=$(OUT)/%): $(OUT)/%: $(OBJ)/%.o $(OUT)/libantfarm.a
	$(call link,,$(MODULE))

$(OBJ)/libsupport.a: $(SUPPORT_OBJ)
	$(archive)

$(SUITE): $(SUITE_SRC:%.c=$(OBJ)/%.o) $(OUT)/libantfarm.a
	$(call link)

$(RUNTIME_TESTS): $(OUT)/%: $(OBJ)/%.o $(OBJ)/libsupport.a $(OUT)/libantfarm.a
	$(call link,,$(MODULE) -lcmocka)

$(VIZ_UNIT) $(VIZ_BENCH): $(OUT)/%: $(OBJ)/%.o $(OBJ)/libsupport.a \
    $(OUT)/libantfarmviz.a $(OUT)/libantfarm.a
	$(call link,,-lcmocka $(VIZ_LIBS))

$(FUZZ): $(OUT)/%: $(OBJ)/%.o $(OUT)/libantfarmviz.a $(OUT)/libantfarm.a
	$(call link,-fsanitize=fuzzer,$(MODULE) $(VIZ_LIBS))

TARGETS := $(shell sed -n 's/^\([a-z-]*\):.*/\1/p' Makefile)
.PHONY: $(TARGETS) FORCE
.SECONDARY:
.DELETE_ON_ERROR:

-include $(shell find $(OBJ) -name '*.d' 2>/dev/null)
