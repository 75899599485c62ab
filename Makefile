# What one does here; "make help" lists it. Needs Go, a C compiler and make.

SHELL := bash
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
FUZZTIME ?= 20s
QUERIES ?= 500
# More flags for the benchmarks, such as BENCHFLAGS="-suites tpch,wire -formats csv -docs docs"
BENCHFLAGS ?=

.PHONY: help build demo test test-clients vet fmt-check test-race test-long test-stress fuzz bench bench-page bench-full bench-go recording clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')" 2>/dev/null \
		|| grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST)

build: ## build bin/tarn
	go build -ldflags '-s -w -X main.version=$(VERSION)' -o bin/tarn .

demo: build ## crawl the example lake and answer three queries
	examples/demo.sh bin/tarn

test: fmt-check vet ## run every test; installs the clients and tmux, which the tests drive
	scripts/clients/install.sh
	go test -timeout 20m ./...

vet:
	go vet ./...

fmt-check:
	@files=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); \
		if [ -n "$$files" ]; then echo "run gofmt -w on:"; echo "$$files"; exit 1; fi

test-race: ## run the tests of everything that runs concurrently, with the race detector
	go test -race -timeout 20m ./storage/... ./catalog/... ./engine/... ./server/... ./repl/... ./benchmarks/...

test-clients: ## run the clients that BI tools and programs connect by, installed by scripts/clients/install.sh
	scripts/clients/install.sh all
	go test -timeout 25m -count=1 ./server/clients -clients

test-long: ## many random queries: raw, copied, pruned or not, they agree
	go test -timeout 30m ./engine -run '^TestDifferential$$' -differential.queries $(QUERIES) -differential.seed 2
	go test -timeout 30m ./engine -run '^TestMeta' -every 1
	go test -timeout 30m ./engine/plan -run "^TestRandom$$" -random.cases 5000 -random.seed 2

test-stress: ## many sessions at once, for minutes
	go test -timeout 30m ./server -run '^TestStress$$' -stress.sessions 16 -stress.acts 300 -stress.seed 2

fuzz: ## fuzz each target for FUZZTIME (20s)
	@set -e; grep -rl --include='*_test.go' '^func Fuzz' . | while read -r file; do \
		sed -nE 's/^func (Fuzz[A-Za-z0-9_]+)\(.*/\1/p' "$$file" | while read -r target; do \
			echo "== $$target in $$(dirname "$$file")"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")" </dev/null; \
		done; \
	done

bench: build ## measure tarn beside DuckDB, chDB, DataFusion, Polars and PostgreSQL, in under 10 minutes
	go run ./benchmarks -size quick $(BENCHFLAGS)

bench-page: build ## measure the targets' sizes in an hour, and write docs/benchmarks.md
	go run ./benchmarks -size medium -docs docs $(BENCHFLAGS)

bench-full: build ## the same at full size and growing sizes; takes hours
	go run ./benchmarks -size full $(BENCHFLAGS)

bench-go: ## run the Go benchmarks
	go test -run '^$$' -bench . -benchmem -timeout 30m ./...

recording: build ## play README's session in a terminal (tmux) and draw it
	go run ./scripts/record -columns 110 -lines 27 -o docs/recording.svg scripts/record/readme.session

clean: ## remove what was built, downloaded and generated
	rm -rf bin .bench .clients examples/lake/.tarn
