# The few commands of this repository. Everything else is plain cargo and npm.

WEB := gateway/web
PAGES := $(WEB)/dist/index.html
MODULES := $(WEB)/node_modules/.package-lock.json
WEB_SOURCES := $(shell find proto $(WEB) \( -name node_modules -o -name dist -o -name gen -o -name tests \) -prune -o -type f -print)

FOREIGN := target/foreign-python/ready
VERSION_machete := 0.9.2
VERSION_deny := 0.20.2
TOOLS := target/tools/bin/cargo-machete target/tools/bin/cargo-deny

DURATION ?= 1200
ONLY ?= faults

# Cargo and vite use all cores themselves.
.NOTPARALLEL:
.PHONY: help run test test-servers check faults bench pages

help: ## Lists these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: pages ## Builds everything and starts a whole shop; options: make run ARGS="--gateway-listen 127.0.0.1:9000"
	cargo run -- $(ARGS)

# Doc tests apart, so that the last words are the whole system's.
test: ## Runs all tests, after installing the servers they need
	scripts/ensure-tools
	$(MAKE) --no-print-directory pages $(FOREIGN)
	cd $(WEB) && npm run --silent test
	tests/k8s/validate.sh
	cargo test --workspace --lib --bins --features failpoints
	cargo test --workspace --doc --quiet
	cargo build --bin comanda
	cd $(WEB) && npm run --silent test:browser
	cargo test --workspace --test it --features failpoints -- --test-threads 1 faults
	cargo test --workspace --test it --features failpoints -- --skip faults

test-servers: pages ## Runs tests on RabbitMQ 4, PostgreSQL 17, Redis 8 and Valkey 8 from Debian 13; options: QUICK=1 ONLY=test
	scripts/ensure-tools
	scripts/ensure-tools servers
	scripts/test-servers $(if $(QUICK),quick,$(if $(filter-out faults,$(ONLY)),only $(ONLY),all))

faults: pages ## Breaks everything under load; options: DURATION=seconds SEED=number ONLY=cell CUSTOMERS=per-second, or MUTANTS=1 to test the tests
	scripts/ensure-tools
ifdef MUTANTS
	tests/mutants/run
else
	COMANDA_FAULTS_SECONDS=$(DURATION) COMANDA_FAULTS_SEED=$(SEED) COMANDA_FAULTS_CUSTOMERS=$(CUSTOMERS) \
		cargo test --workspace --test it --features failpoints -- --test-threads 1 $(ONLY)
endif

bench: pages ## Measures Comanda beside the limit, release build; options: QUICK=1 ONLY=part
	scripts/ensure-tools bench
	COMANDA_BENCH_QUICK=$(QUICK) COMANDA_BENCH_ONLY=$(filter-out faults,$(ONLY)) cargo bench --bench bench

check: $(MODULES) $(TOOLS) ## Checks format, lints, types, documentation, dependencies and licences; changes nothing
	scripts/ensure-tools check
	cargo fmt --all -- --check
	target/tools/bin/cargo-machete
	target/tools/bin/cargo-deny check bans licenses sources
	shellcheck scripts/ensure-tools scripts/test-servers tests/mutants/run .ci/run tests/k8s/validate.sh k8s/overlays/kind/create-databases.sh
	cargo clippy --workspace --all-targets --features failpoints -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps
	cd $(WEB) && npm run --silent generate && npm run --silent check && npm run --silent lint
	cd $(WEB) && for release in ../../tests/releases/*/; do npx --no-install buf breaking ../../proto --exclude-imports --against "$${release}contracts.binpb" || exit 1; done

$(FOREIGN): tests/foreign/requirements.txt
	python3 -m venv --clear $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

# Without debug information: they are compiled once and run for seconds.
target/tools/bin/cargo-%:
	CARGO_PROFILE_DEV_DEBUG=0 cargo install --quiet --locked --debug --root target/tools --target-dir target/tools/build cargo-$*@$(VERSION_$*)

pages: $(PAGES) ## Builds the web pages

$(PAGES): $(MODULES) $(WEB_SOURCES)
	cd $(WEB) && npm run --silent build

$(MODULES): $(WEB)/package.json $(WEB)/package-lock.json
	cd $(WEB) && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
	touch $@
