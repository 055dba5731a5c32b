# `make up` and go. Everything else: `make help`.
.DEFAULT_GOAL := help
.PHONY: help up test lint fmt bench soak

CARGO ?= cargo
BIN = $${CARGO_TARGET_DIR:-target}/release

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

up: ## Install what is missing, build, start everything and print the addresses
	@scripts/setup
	$(CARGO) build --release --package vestnik
	@exec $(BIN)/vestnik up

test: ## Install what the tests need, then check format and lints and run every test
	@scripts/setup --test
	@$(MAKE) --no-print-directory lint
	@scripts/test

lint: ## Check format and lints
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings

fmt: ## Format the code
	$(CARGO) fmt --all

bench: ## Measure throughput and latency beside the limits of this machine; ARGS="..." go to the command
	@scripts/setup
	$(CARGO) build --release --package vestnik
	@exec $(BIN)/vestnik bench $(ARGS)

soak: ## Fuzz pictures for a minute, then kill every process at random moments, for MINUTES (30) or until something is lost
	@scripts/setup --test
	VESTNIK_FUZZ_SECONDS=60 $(CARGO) test --release -p media-worker --test corpus fuzz -- --nocapture
	VESTNIK_SOAK_MINUTES=$(or $(MINUTES),30) $(CARGO) test --release -p vestnik --test kill -- --nocapture
