# make build | run | test | bench | install | clean. Each first checks what the machine lacks (eng/prepare).
SHELL := /bin/bash
OUT := out/bin
PROGRAMS := naru narud naru-containerd naru-shim naru-runc
PREFIX ?= /usr/local

.PHONY: build run test bench install clean

build:
	@eng/prepare build
	@eng/publish $(PROGRAMS)

run: build
	@eng/prepare run
	@eng/run

bench: build
	@eng/prepare bench
	@bench/run $(BENCH)

test: build
	@eng/prepare test
	@eng/test

clean:
	rm -rf out src/*/bin src/*/obj tests/*/bin tests/*/obj
