# `make help` lists what can be made. Nothing here asks a question or needs a terminal.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Where scripts/setup puts Swift when the machine had none.
PLIMSOLL_SWIFT ?= /opt/swift
export PLIMSOLL_SWIFT
export PATH := $(PATH):$(PLIMSOLL_SWIFT)/usr/bin

# Every target imports only what Package.swift lists for it.
SWIFT_FLAGS := --explicit-target-dependency-import-check error
TEST_FLAGS := --disable-xctest
SOURCES := Package.swift Sources Tests
TRYTON_PORT ?= 8301
# The day on which the sample's history ends: forecasts are to stand on recent demand.
TRYTON_AS_OF ?= today
TRYTON_FACTS := .build/tryton.json

.PHONY: help setup build demo demo-tryton test faults simulate tidy check lint format bench bench-cycle bench-planning reference \
	lock-migrations

help: ## lists these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## installs the Debian packages and the toolchain that are missing
	@scripts/setup

build: setup ## builds the plimsoll command (.build/debug/plimsoll)
	swift build $(SWIFT_FLAGS) --product plimsoll

demo: build ## tells the main job in the terminal, on a sandbox ERP of our own
	@.build/debug/plimsoll demo

demo-tryton: build ## the same with a real Tryton ERP and its sample company
	scripts/tryton up $(TRYTON_PORT) --as-of $(TRYTON_AS_OF) --reset --json > $(TRYTON_FACTS)
	@trap 'scripts/tryton down $(TRYTON_PORT) >/dev/null' EXIT; .build/debug/plimsoll demo --tryton $(TRYTON_FACTS)

test: setup ## builds and tests everything, on SQLite and on a PostgreSQL started for it
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 PLIMSOLL_TEST_REQUIRE_POSTGRES=1 scripts/with-postgres \
		swift test $(SWIFT_FLAGS) $(TEST_FLAGS)

faults: setup ## runs every fault by number, with long runs, and ends with one table of rows, results and figures
	@rm -f .build/faults.xml .build/faults.tsv
	PLIMSOLL_FAULTS=long PLIMSOLL_FAULT_FIGURES=$(CURDIR)/.build/faults.tsv PLIMSOLL_TEST_REQUIRE_POSTGRES=1 \
		SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=2 scripts/with-postgres swift test $(SWIFT_FLAGS) $(TEST_FLAGS) \
		--filter 'Rows? [0-9]' --xunit-output .build/faults.xml; scripts/fault-report .build/faults.xml .build/faults.tsv

simulate: setup ## tells SEEDS=1000 simulated worlds from their seeds, twice each, or SEED=7 with all that happened
	swift build $(SWIFT_FLAGS) --configuration release --product simulate
	.build/release/simulate $(if $(SEED),--seed $(SEED) $(if $(SHORT),--short),--seeds $(or $(SEEDS),1000) --from $(or $(FROM),1))

tidy: setup ## only the rules of the house (Tests/Tidy)
	swift test $(SWIFT_FLAGS) $(TEST_FLAGS) --filter '^Tidy\.'

check: setup lint ## all that a change must pass: format, tidy, warnings as errors, tests
	swift build $(SWIFT_FLAGS) --build-tests
	$(MAKE) tidy
	$(MAKE) test

lint:
	swift format lint --strict --parallel --recursive $(SOURCES)

format: ## formats the Swift sources
	swift format --in-place --parallel --recursive $(SOURCES)

bench: setup ## measures the import and the flow beside the bare databases, and ends with one table
	swift build $(SWIFT_FLAGS) --configuration release --product plimsoll
	scripts/with-postgres scripts/bench

bench-cycle: setup ## measures what a forecast cycle of 1,200, 4,800 and 19,200 item-locations costs
	swift build $(SWIFT_FLAGS) --configuration release --product plimsoll
	scripts/with-postgres scripts/bench-cycle

bench-planning: setup ## measures what forecasts are worth and cost; PLANNING_DATA=DIR for demand of your own
	swift build $(SWIFT_FLAGS) --configuration release --product plimsoll
	scripts/bench-planning $(if $(PLANNING_DATA),--data $(PLANNING_DATA)) $(if $(PLANNING_SETS),--sets $(PLANNING_SETS)) \
		$(if $(PLANNING_PEER),--peer $(PLANNING_PEER))

reference: ## writes docs/reference from the sources
	scripts/reference

lock-migrations: ## freezes the migrations that a release is about to carry
	scripts/lock-migrations
