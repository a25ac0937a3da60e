# Every entry point of the project; `make help` lists them. README.md needs only `make run` and `make test`.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
# A shell opened before rustup ran does not have cargo on its PATH yet.
export PATH := $(PATH):$(HOME)/.cargo/bin

SETUP := packaging/setup/packages
# Without `-p`, so that dependencies get the features of the whole workspace and are built once for run, test and bench.
SIM := cargo run --locked --bin neo-sim --
HOST = $(shell rustc -vV | sed -n 's/^host: //p')

SEED ?= 7
OUT ?= out
KILLS ?= 500
MUTATIONS ?= 1000000
# How long `make fuzz` runs each target.
SECONDS_EACH ?= 60
# Extra arguments for the simulator, for example `make patrol ARGS='--scenario simulator/scenarios/patrol.toml'`.
ARGS ?=

.PHONY: help run patrol screens test frames lint camera card tpm fmt deny bench torture fuzz deb verify-static

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

screens: ## draw the pictures of README and guides again, into docs/screens
	@$(SETUP) build
	$(SIM) screens --out docs/screens

test: ## build everything and run every test
	@$(SETUP) build test
	@# Tests start the programs as child processes, and `cargo test` alone would not build them.
	cargo build --locked --workspace --bins --tests
	cargo test --locked --workspace

frames: ## keep the pictures of every screen as they are drawn now (look at them before they are committed)
	@$(SETUP) build test
	NEO_FRAMES=update cargo test --locked --workspace --exclude drawn --lib --test frames -- as_it_was_kept

lint: ## format check, clippy and rustdoc, warnings denied
	@$(SETUP) build
	@# What is generated is looked at once, as what the rest depends on, and not once more as a test of its own.
	cargo fmt --all --check
	cargo clippy --locked --workspace --exclude drawn --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps

camera: ## clippy with the terminal's own camera (feature `still`; needs libclang)
	@$(SETUP) build camera
	cargo clippy --locked --workspace --exclude drawn --all-targets --features still -- -D warnings

card: ## clippy with the reader of agent cards (feature `pcsc`; needs libpcsclite)
	@$(SETUP) build card
	cargo clippy --locked --workspace --exclude drawn --all-targets --features pcsc -- -D warnings

tpm: ## clippy of the vaults in hardware (features `tpm`, `keystore`), tests of the TPM 2.0 (needs libtss2-dev and swtpm)
	@$(SETUP) build tpm
	cargo clippy --locked --workspace --exclude drawn --all-targets --features tpm,keystore -- -D warnings
	cargo test --locked --workspace --features tpm --test tpm

fmt: ## format the sources
	cargo fmt --all

deny: ## licences, bans and sources of every dependency (needs cargo-deny)
	cargo deny --locked check --hide-inclusion-graph licenses bans sources

bench: ## print the ratios of docs/performance.md, measured on this machine
	@$(SETUP) build
	@# The start of the terminal is held against this window.
	cargo build --locked --example hello
	$(SIM) bench $(ARGS)
	@# From the frame to the verdict on a visible seal, beside the bare library.
	cargo run --locked --example seals -- --frames 300 --seed 41

torture: ## the kill tests of `make test`, KILLS times (500), and MUTATIONS (1 000 000) of journals
	@$(SETUP) build test
	cargo build --locked --workspace --bins --tests
	NEO_KILLS=$(KILLS) cargo test --locked --workspace -- kill --nocapture
	NEO_MUTATIONS=$(MUTATIONS) cargo test --locked --workspace -- every_mutation_of_a_journal --nocapture

deb: ## Debian packages of neo-hq, neoctl and neo-verify into out/deb (release build)
	@$(SETUP) build
	cargo build --locked --release --bin neo-hq --bin neoctl --bin neo-verify
	packaging/debian/build $${CARGO_TARGET_DIR:-target}/release out/deb

fuzz: ## every fuzz target for SECONDS_EACH (60); needs a nightly toolchain and cargo-fuzz
	cargo +nightly fuzz build --fuzz-dir tests/fuzz
	set -e; for target in $$(cargo +nightly fuzz list --fuzz-dir tests/fuzz); do \
		mkdir -p tests/fuzz/corpus/$$target; \
		cargo +nightly fuzz run --fuzz-dir tests/fuzz $$target tests/fuzz/corpus/$$target agent/domain/tests/vectors/v1 \
			-- -max_total_time=$(SECONDS_EACH) -timeout=10 -rss_limit_mb=2048 -max_len=8192; \
	done

verify-static: ## build neo-verify as one static file, in its own target folder
	@$(SETUP) build
	RUSTFLAGS="-C target-feature=+crt-static" \
		cargo build --locked --release -p neo-verify --target $(HOST) --target-dir target/static
	@echo "target/static/$(HOST)/release/neo-verify"
