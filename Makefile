# SPDX-License-Identifier: MIT
#
# The one Makefile of Antfarm. No recursion: it knows every file by wildcard,
# compiles from the top with relative paths (so that __FILE__, and with it every
# trace, is the same on every machine), and puts everything into $(BUILD).
#
#   make help        every target in one line
#   make CC=clang    the other compiler      -> $(BUILD)/clang/
#   make SAN=thread  with a sanitizer        -> $(BUILD)/gcc-thread/
#   make WERROR=     warnings stay warnings

# --- What you may set -------------------------------------------------------

ifeq ($(origin CC),default)
CC := gcc
endif
BUILD   ?= build
OPT     ?= -O2 -g
SAN     ?=
WERROR  ?= 1
PREFIX  ?= /usr/local
DESTDIR ?=

# --- Where things go --------------------------------------------------------

comma := ,
FAMILY := $(if $(findstring clang,$(notdir $(CC))),clang,gcc)
MODE := $(FAMILY)$(if $(SAN),-$(subst $(comma),-,$(SAN)))
OUT := $(if $(filter-out gcc,$(MODE)),$(BUILD)/$(MODE),$(BUILD))
OBJ := $(OUT)/obj

# --- What we have -----------------------------------------------------------

# LAYERS="base trace core" builds only these of the runtime: for the hour when
# another layer does not compile yet.
LAYERS ?= *
RUNTIME_SRC := $(sort $(wildcard $(LAYERS:%=runtime/%/*.c)))
VIZ_SRC := $(sort $(filter-out viz/app/main.c,$(wildcard viz/*/*.c)))
APP_SRC := $(wildcard viz/app/main.c)
LESSON_SRC := $(sort $(wildcard lessons/[0-9]*/*.c))
SUPPORT_SRC := $(sort $(wildcard tests/support/*.c))
UNIT_SRC := $(sort $(wildcard tests/unit/*/test_*.c))

RUNTIME_OBJ := $(RUNTIME_SRC:%.c=$(OBJ)/%.o)
VIZ_OBJ := $(VIZ_SRC:%.c=$(OBJ)/%.o)
APP_OBJ := $(APP_SRC:%.c=$(OBJ)/%.o)
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$(OBJ)/%.o)
LESSONS := $(LESSON_SRC:%.c=$(OUT)/%)
UNIT := $(UNIT_SRC:%.c=$(OUT)/%)

VIZ_LAYERS := model replay draw ui view text plat app query export
VIZ_UNIT := $(filter $(VIZ_LAYERS:%=$(OUT)/tests/unit/%/%),$(UNIT))
RUNTIME_UNIT := $(filter-out $(VIZ_UNIT),$(UNIT))

# --- Libraries from the distribution ----------------------------------------

RUNTIME_PKGS := libuv zlib
VIZ_PKGS := sdl2 SDL2_ttf fontconfig libpng
missing = $(strip $(foreach p,$(1),$(shell pkg-config --exists $(p) || echo $(p))))
VIZ_MISSING := $(call missing,$(VIZ_PKGS))
JANSSON := $(shell pkg-config --exists jansson && echo jansson)

RUNTIME_CFLAGS := $(shell pkg-config --cflags $(RUNTIME_PKGS))
RUNTIME_LIBS := $(shell pkg-config --libs $(RUNTIME_PKGS)) -pthread -lm
ifeq ($(VIZ_MISSING),)
VIZ_CFLAGS := $(shell pkg-config --cflags $(VIZ_PKGS) $(JANSSON)) \
	$(if $(JANSSON),-DANT_WITH_JANSSON=1)
VIZ_LIBS := $(shell pkg-config --libs $(VIZ_PKGS) $(JANSSON)) -lm
endif

# --- Flags ------------------------------------------------------------------

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2 \
	-Wswitch-enum -Wnull-dereference -Wdouble-promotion -Wredundant-decls
WARN_gcc := -Wjump-misses-init -Wimplicit-fallthrough=5 -Wlogical-op \
	-Wduplicated-cond -Wduplicated-branches
WARN_clang := -Wconditional-uninitialized -Wimplicit-fallthrough \
	-Wassign-enum -Wunreachable-code

SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer) \
	$(if $(findstring undefined,$(SAN)),-fno-sanitize-recover=undefined)
CPPFLAGS_ALL := -D_GNU_SOURCE -Iruntime -Iviz $(RUNTIME_CFLAGS) $(CPPFLAGS)
CFLAGS_ALL := -std=c11 $(OPT) -fPIC -pthread $(WARN) $(WARN_$(FAMILY)) \
	$(if $(WERROR),-Werror) $(SANFLAGS) $(CFLAGS)
LDFLAGS_ALL := $(SANFLAGS) $(LDFLAGS)

# --- Build ------------------------------------------------------------------

all: lib cmd lessons-build ## build everything into $(BUILD)
lib: $(OUT)/libantfarm.a $(OUT)/libantfarm.so
lessons-build: $(LESSONS)
unit-build: $(UNIT)

ifeq ($(APP_SRC),)
cmd:
	@echo "antfarm (the command): nothing yet"
else ifneq ($(VIZ_MISSING),)
cmd:
	@echo "antfarm (the command) not built; missing: $(VIZ_MISSING)"
else
cmd: $(OUT)/antfarm
endif

$(OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(VIZ_OBJ) $(APP_OBJ): CPPFLAGS_ALL += $(VIZ_CFLAGS)
$(OBJ)/tests/%.o: CPPFLAGS_ALL += -Itests
$(OBJ)/tests/unit/%.o: CPPFLAGS_ALL += $(VIZ_CFLAGS)

$(OUT)/libantfarm.a: $(RUNTIME_OBJ)
	@mkdir -p $(@D)
	@rm -f $@
	ar rcs $@ $^

$(OUT)/libantfarm.so: $(RUNTIME_OBJ)
	@mkdir -p $(@D)
	$(CC) -shared -Wl,-soname,libantfarm.so.0 $(LDFLAGS_ALL) -o $@ $^ \
	    $(RUNTIME_LIBS)

$(OUT)/libantfarmviz.a: $(VIZ_OBJ)
	@mkdir -p $(@D)
	@rm -f $@
	ar rcs $@ $^

$(OUT)/antfarm: $(APP_OBJ) $(OUT)/libantfarmviz.a $(OUT)/libantfarm.a
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(VIZ_LIBS) $(RUNTIME_LIBS)

$(LESSONS): $(OUT)/%: $(OBJ)/%.o $(OUT)/libantfarm.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(RUNTIME_LIBS)

$(RUNTIME_UNIT): $(OUT)/%: $(OBJ)/%.o $(SUPPORT_OBJ) $(OUT)/libantfarm.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ -lcmocka $(RUNTIME_LIBS)

$(VIZ_UNIT): $(OUT)/%: $(OBJ)/%.o $(SUPPORT_OBJ) $(OUT)/libantfarmviz.a \
    $(OUT)/libantfarm.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ -lcmocka $(VIZ_LIBS) $(RUNTIME_LIBS)

# --- Tests ------------------------------------------------------------------

T ?= tests/unit
unit: $(filter $(OUT)/$(T)%,$(UNIT)) ## run the unit tests (T=tests/unit/core)
	@for t in $^; do $$t || exit 1; done

test: unit ## run every fast test

fmt: ## format every C file
	clang-format -i $$(git ls-files '*.c' '*.h')

clean: ## remove $(BUILD)
	rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1 /p' Makefile | \
	    while read -r t d; do printf '%-12s %s\n' "$$t" "$$d"; done

.PHONY: all lib cmd lessons-build unit-build unit test fmt clean help
.SECONDARY:
.DELETE_ON_ERROR:

-include $(wildcard $(shell find $(OBJ) -name '*.d' 2>/dev/null))
