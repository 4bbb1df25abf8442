# What is needed is installed by scripts/prepare: by apt when root, else it is named.
SHELL := /bin/bash
.PHONY: help prepare build up down test bench clean

help:
	@echo "make up            region service, cluster demo, two workers, a sample; Ctrl-C ends it (DETACH=1 returns once ready)"
	@echo "make down          ends everything that make up started"
	@echo "make test          all tests"
	@echo "make build         builds only"
	@echo "make bench         benchmarks (none yet)"

prepare:
	@scripts/prepare

build: prepare
	@echo "building"
	@scripts/mvn -q -DskipTests package
	@scripts/warm-up

up: build
	@scripts/up

down:
	@scripts/down

test: prepare
	@scripts/test

bench:
	@echo "there are no benchmarks yet: bench/ holds only its build file" >&2; exit 1

clean:
	@scripts/mvn -q clean
