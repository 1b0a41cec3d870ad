# herkomst: see README.md. Everything that is made goes into build/.
BUILD   ?= build
PREFIX  ?= /usr/local
CC      ?= gcc
V       ?= 0
Q        = $(if $(filter 1,$(V)),,@)

WARN     = -Wall -Wextra -Wconversion -Wshadow -Wvla -Wmissing-prototypes -Wstrict-prototypes \
           -Wpointer-arith -Wformat=2 -Wundef
HARDEN   = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE
SANITIZE = $(if $(asan),-fsanitize=address -fno-omit-frame-pointer) \
           $(if $(ubsan),-fsanitize=undefined -fno-sanitize-recover=undefined) \
           $(if $(tsan),-fsanitize=thread)
# At -O2 gcc uses vectors only where it knows how often a loop runs.
VECTORS  = $(if $(findstring clang,$(CC)),,-fvect-cost-model=dynamic)
OPTIMISE = -O2 -g $(VECTORS)
CFLAGS  += -std=c11 -D_GNU_SOURCE -Iinclude -ffile-prefix-map=$(CURDIR)=. -pthread \
           $(OPTIMISE) $(WARN) $(HARDEN) $(SANITIZE)
LDFLAGS += -pie -Wl,-z,relro,-z,now -pthread $(SANITIZE)
LDLIBS   = -lsodium -lsqlite3 -lcsv -linih -ljansson -lexpat -lxlsxwriter -lzip -lglpk -lClp -lm

LIB      = $(BUILD)/libherkomst.a
SOURCES  = $(wildcard pipeline/*/*.c)
OBJECTS  = $(SOURCES:%.c=$(BUILD)/obj/%.o)
stage    = $(BUILD)/bin/herkomst-$(shell basename $(1) .c | sed 's/^[0-9]*_//')
STAGES   = $(foreach s,$(wildcard stages/*.c),$(call stage,$(s)))
PROGRAMS = $(BUILD)/bin/herkomst $(STAGES) $(BUILD)/bin/herkomst-sample
UNIT     = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
BENCH    = $(addprefix $(BUILD)/tests/tools/,csv_speed instances suppress_bench \
           instance_release exact_bound plain_pseudonymise)
HELPERS  = $(patsubst tests/tools/%.c,$(BUILD)/tests/tools/%,$(wildcard tests/tools/*.c)) \
           $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
MAN      = $(PROGRAMS:$(BUILD)/bin/%=$(BUILD)/man/man1/%.1)

.PHONY: all programs man unit-tests deps demo check check-fast check-full lint bench install clean
all: programs man

programs: $(PROGRAMS)
man: $(MAN)
unit-tests: $(UNIT) $(HELPERS)

$(LIB): $(OBJECTS)
	@echo "  AR    $@"
	$(Q)rm -f $@ && ar rcsD $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(CFLAGS) -MMD -MP -MT '$$(BUILD)/obj/$*.o' -c -o $@ $< # whichever way BUILD is written

# Translations: gettext's catalogues, built in.
CATALOGUES = $(patsubst pipeline/report/%.po,$(BUILD)/%.mo,$(wildcard pipeline/report/po/*.po))
$(BUILD)/po/%.mo: pipeline/report/po/%.po
	@mkdir -p $(@D)
	@echo "  MO    $<"
	$(Q)msgfmt --check-format --no-hash -o $@ $<
$(BUILD)/obj/pipeline/report/catalogue.o: CFLAGS += -Wa,-I$(BUILD)
$(BUILD)/obj/pipeline/report/catalogue.o: $(CATALOGUES)
# The pages' style, built in without its blanks: it is in each of them.
$(BUILD)/style.css: pipeline/report/style.css
	@mkdir -p $(@D)
	$(Q)sed -E 's/;? *\}/}/g; s/: /:/g; s/ \{ /{/g; s/; /;/g; s/, /,/g' $< > $@
$(BUILD)/obj/pipeline/report/document.o: CFLAGS += -Wa,-I$(BUILD)
$(BUILD)/obj/pipeline/report/document.o: $(BUILD)/style.css

# The list is built in (.incbin), so that nobody can take it away at run time.
$(BUILD)/obj/pipeline/io/refused.o: config/refused_attributes.txt

define link
@mkdir -p $(@D)
@echo "  LD    $@"
$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LDLIBS) $(1)
endef

$(BUILD)/bin/herkomst: $(BUILD)/obj/pipeline/herkomst.o $(LIB)
	$(call link)
$(BUILD)/bin/herkomst-sample: $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard samples/*.c)) $(LIB)
	$(call link)
define stage_rule
$(call stage,$(1)): $(BUILD)/obj/$(1:.c=.o) $(LIB)
	$$(call link)
endef
$(foreach s,$(wildcard stages/*.c),$(eval $(call stage_rule,$(s))))
$(BUILD)/tests/test_%: $(BUILD)/obj/tests/unit/test_%.o $(LIB)
	$(call link,-lcmocka)
$(BUILD)/tests/tools/%: $(BUILD)/obj/tests/tools/%.o $(LIB)
	$(call link)
$(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/obj/tests/fuzz/replay.o $(LIB)
	$(call link)
$(BUILD)/tests/tools/plain_pseudonymise: $(BUILD)/obj/tests/tools/plain_pseudonymise.o $(LIB)
	$(call link,-Wl$(comma)--wrap=pseudonyms_of$(comma)--wrap=row_hash)
comma := ,
$(BUILD)/tests/test_persons_alike: $(BUILD)/obj/tests/unit/test_persons_alike.o $(LIB)
	$(call link,-lcmocka -Wl$(comma)--wrap=pseudonyms_of)
$(BUILD)/tests/test_pseudonymise: $(BUILD)/obj/tests/unit/test_pseudonymise.o $(LIB)
	$(call link,-lcmocka -Wl$(comma)--wrap=persons_settle)
$(BUILD)/tests/tools/suppress_bench $(BUILD)/tests/tools/instance_release: \
    $(BUILD)/obj/tests/bench/instance_system.o
$(BUILD)/tests/tools/exact_bound: $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/bench/*.c))
$(BUILD)/man/man1/%.1: $(BUILD)/bin/%
	@mkdir -p $(@D)
	$(Q)$< --man > $@

deps:
	$(Q)BUILD=$(BUILD) sh tests/deps.sh

demo: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)sh samples/demo.sh $(BUILD)

check: deps
	$(Q)$(MAKE) --no-print-directory all $(UNIT) $(HELPERS)
	$(Q)BUILD=$(BUILD) sh tests/run.sh unit lint-layers e2e
check-fast: all $(UNIT) $(HELPERS)
	$(Q)BUILD=$(BUILD) sh tests/run.sh unit lint-layers
check-full: deps
	$(Q)BUILD=$(BUILD) sh tests/full.sh
lint: deps
	$(Q)BUILD=$(BUILD) sh tests/lint/lint.sh
bench: deps
	$(Q)$(MAKE) --no-print-directory -s all $(BENCH)
	$(Q)BUILD=$(BUILD) PART="$(PART)" INSTANCES="$(INSTANCES)" sh tests/bench/bench.sh

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -d $(DESTDIR)$(PREFIX)/share/herkomst
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(MAN) $(DESTDIR)$(PREFIX)/share/man/man1
	cp -r config $(DESTDIR)$(PREFIX)/share/herkomst/
clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
