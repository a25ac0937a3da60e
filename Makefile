# Every entry point of the project; `make help` lists them. README.md needs only `make run` and `make test`.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
# A shell opened before rustup ran does not have cargo on its PATH yet.
export PATH := $(PATH):$(HOME)/.cargo/bin

SETUP := packaging/setup/packages
SIM := cargo run --locked -p simulator --bin neo-sim --
HOST = $(shell rustc -vV | sed -n 's/^host: //p')

SEED ?= 7
OUT ?= out
KILLS ?= 400
# Extra arguments for the simulator, for example `make patrol ARGS='--scenario simulator/scenarios/patrol.toml'`.
ARGS ?=

.PHONY: help run patrol test lint fmt deny bench torture verify-static

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf '  %-14s %s\n' "$$name" "$$what"; done

run: ## open the simulator (without a display: the headless patrol)
	@# The window toolkit speaks X11 alone; a Wayland desktop answers it through the DISPLAY of XWayland.
	@if [[ -n "$$DISPLAY" ]]; then \
		$(SETUP) build run && $(SIM) $(ARGS); \
	else \
		echo "no display here (DISPLAY is empty): running the headless patrol into $(OUT)/" >&2; \
		$(MAKE) --no-print-directory patrol; \
	fi

patrol: ## run a whole patrol without screens into OUT (SEED=7 OUT=out)
	@$(SETUP) build
	$(SIM) patrol --seed $(SEED) --out $(OUT) $(ARGS)

test: ## build everything and run every test
	@$(SETUP) build test
	@# Tests start the programs as child processes, and `cargo test` alone would not build them.
	cargo build --locked --workspace --bins --tests
	cargo test --locked --workspace

lint: ## format check, clippy and rustdoc, warnings denied
	@$(SETUP) build
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps

fmt: ## format the sources
	cargo fmt --all

deny: ## licences, bans and sources of every dependency (needs cargo-deny)
	cargo deny --locked check --hide-inclusion-graph licenses bans sources

bench: ## print the ratios of docs/performance.md, measured on this machine
	@$(SETUP) build
	@# The start of the terminal is held against this window.
	cargo build --locked -p simulator --example hello
	$(SIM) bench $(ARGS)

torture: ## the kill tests of `make test`, KILLS times (400)
	@$(SETUP) build test
	cargo build --locked --workspace --bins --tests
	NEO_KILLS=$(KILLS) cargo test --locked --workspace -- kill --nocapture

verify-static: ## build neo-verify as one static file, in its own target folder
	@$(SETUP) build
	RUSTFLAGS="-C target-feature=+crt-static" \
		cargo build --locked --release -p neo-verify --target $(HOST) --target-dir target/static
	@echo "target/static/$(HOST)/release/neo-verify"
