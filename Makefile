# The few commands of this repository. Everything else is plain cargo and npm.

WEB := gateway/web
PAGES := $(WEB)/dist/index.html
MODULES := $(WEB)/node_modules/.package-lock.json
WEB_SOURCES := $(shell find proto $(WEB) \( -name node_modules -o -name dist -o -name gen \) -prune -o -type f -print)

# Cargo and vite use all cores themselves.
.NOTPARALLEL:
.PHONY: help run test check pages

help: ## Lists these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

run: pages ## Builds everything and starts a whole shop; options: make run ARGS="--gateway-listen 127.0.0.1:9000"
	cargo run -- $(ARGS)

# Doc tests apart, so that the last words are the whole system's.
test: ## Runs all tests, after installing the servers they need
	scripts/ensure-tools
	$(MAKE) --no-print-directory pages
	cd $(WEB) && npm run --silent test
	cargo test --workspace --lib --bins
	cargo test --workspace --doc --quiet
	cargo test --workspace --test it

check: $(MODULES) ## Checks format, lints, types and documentation; changes nothing
	cargo fmt --all -- --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps
	cd $(WEB) && npm run --silent generate && npm run --silent check

pages: $(PAGES) ## Builds the web pages

$(PAGES): $(MODULES) $(WEB_SOURCES)
	cd $(WEB) && npm run --silent build

$(MODULES): $(WEB)/package.json $(WEB)/package-lock.json
	cd $(WEB) && npm ci --no-audit --no-fund
	touch $@
