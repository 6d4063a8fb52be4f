# make build | run | test | test-vm | bench | install | uninstall | clean. Each first checks what the machine lacks (eng/prepare).
SHELL := /bin/bash
OUT := out/bin
PROGRAMS := naru narud naru-containerd naru-shim naru-runc naru-init naru-hub
PREFIX ?= /usr/local
# Where install puts things; DESTDIR goes before each. Only the client belongs on PATH.
BINDIR := $(PREFIX)/bin
LIBEXECDIR := $(PREFIX)/libexec/naru
UNITDIR ?= $(PREFIX)/lib/systemd/system

# The SDK's own programs end at once where there is no ICU library, unless told that none is needed.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT := $(if $(wildcard /usr/lib/*/libicuuc.so.* /usr/lib64/libicuuc.so.* /usr/lib/libicuuc.so.*),0,1)

.PHONY: build run test test-vm bench install uninstall clean

build:
	@eng/prepare build
	@eng/publish $(PROGRAMS)

run:
	@eng/prepare run
	@eng/publish $(PROGRAMS)
	@eng/run

test:
	@eng/prepare test
	@eng/publish $(PROGRAMS)
	@eng/test

test-vm:
	@eng/prepare test-vm
	@eng/publish naru-runc
	@eng/vm/test

bench:
	@eng/prepare bench
	@eng/publish $(PROGRAMS)
	@bench/run $(BENCH)

# What is built already is not built again: `sudo make install` needs no SDK after `make build`.
install: $(if $(wildcard $(addprefix $(OUT)/,$(PROGRAMS))),,build)
	@eng/install "$(OUT)" "$(DESTDIR)" "$(BINDIR)" "$(LIBEXECDIR)" "$(UNITDIR)"

uninstall:
	@eng/uninstall "$(DESTDIR)" "$(BINDIR)" "$(LIBEXECDIR)" "$(UNITDIR)"

clean:
	rm -rf out src/*/bin src/*/obj tests/*/bin tests/*/obj
