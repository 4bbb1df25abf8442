# What is needed is installed by scripts/prepare: by apt when root, else it is named.
SHELL := /bin/bash
.PHONY: help prepare build up down test bench clean

help:
	@echo "make up            region service, cluster demo, two workers, a sample; Ctrl-C ends it (DETACH=1 returns once ready)"
	@echo "make down          ends everything that make up started"
	@echo "make test          all tests"
	@echo "make build         builds only"
	@echo "make bench         measures the API server, writes docs/performance.md (ARGS=--help for options)"

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

bench: build
	@scripts/bench $(ARGS)

clean:
	@scripts/mvn -q clean
