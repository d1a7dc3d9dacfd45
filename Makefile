TOOLCHAIN := $(abspath $(or $(TRUNKLINE_TOOLCHAIN_DIR),.toolchain))
export PATH := $(CURDIR)/node_modules/.bin:$(TOOLCHAIN)/bin:$(TOOLCHAIN)/node/node_modules/.bin:$(PATH)

# What the shell exports must not change what the commands do; the file says why, a variable a line.
foreign = $(shell sed -n 's/^$(1) \([^ ]*\).*/\1/p' toolchain/foreign-variables.txt)
unexport $(filter-out $(call foreign,keep),$(filter $(call foreign,drop),$(.VARIABLES)))
export LC_ALL := C.UTF-8

# These are taken from make's own command line.
$(foreach name,BENCH FULL PACKAGE RELEASE RUNNER,$(if $(filter environment%,$(origin $(name))),$(eval $(name) :=)))

modules := node_modules/.package-lock.json

# Settings in a user's .npmrc do not change what is installed.
npm_ci := npm ci --include=dev --include=optional --include=peer --ignore-scripts=false --global=false --dry-run=false --loglevel=error

.DEFAULT_GOAL := help
.PHONY: help up test check fix preview refresh rotate destroy down clean env pipeline bench sdk golden fresh setup

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

up: setup ## everything: tools, sandbox, then a real pulumi up of the dev stack
	@node sandbox/commands/sandbox.ts start
	@node sandbox/commands/pulumi.ts up

test: $(modules) ## every test, with all that they need
	@node toolchain/setup.ts test
	@npm test --silent

check: $(modules) ## format, lint, types and unit tests; needs no tools
	@npm run check --silent

fix: $(modules) ## repair format and lint where that is safe
	@npm run fix --silent

preview: setup ## what make up would change
	@node sandbox/commands/sandbox.ts start
	@node sandbox/commands/pulumi.ts preview

refresh: setup ## take what was changed by hand into the stack's state
	@node sandbox/commands/sandbox.ts start
	@node sandbox/commands/pulumi.ts refresh

rotate: setup ## replace a runner by a new one: make rotate RUNNER=infra
	@node sandbox/commands/sandbox.ts start
	@node sandbox/commands/rotate.ts $(RUNNER)
	@node sandbox/commands/pulumi.ts up

destroy: setup ## remove everything that the dev stack made
	@node sandbox/commands/sandbox.ts start
	@node sandbox/commands/pulumi.ts destroy

down: $(modules) ## stop the sandbox, keep its data
	@node sandbox/commands/sandbox.ts stop

clean: ## stop and remove all that make made, but for a TRUNKLINE_TOOLCHAIN_DIR
	@if [ -x node_modules/.bin/node ]; then node sandbox/commands/sandbox.ts reset; fi
	rm -rf .toolchain node_modules dist sdks/*/bin sdks/*/node_modules

env: $(modules) ## shell exports: eval "$(make -s env)" && pulumi stack
	@node sandbox/commands/env.ts

pipeline: setup ## run a package's committed pipeline: make pipeline PACKAGE=datahook [RUNNER=1]
	@node sandbox/commands/sandbox.ts start
	@node sandbox/commands/pipeline.ts $(PACKAGE) $(if $(RUNNER),--on-runners)

bench: setup ## the benchmarks, or one: make bench BENCH=pipelines
	@node bench/main.ts $(BENCH)

sdk: $(modules) ## generate the plugins' schemas and SDKs
	@node toolchain/setup.ts sdk
	@npm run sdk --silent
	@npm rebuild --ignore-scripts=false --loglevel=error @pulumi/gitlab @trunkline/aptly

golden: $(modules) ## accept the rendered pipelines as they are now
	@npm run golden:accept --silent

fresh: $(modules) ## try the last commit on an empty Debian: make fresh RELEASE=trixie [FULL=1]
	@node test/fresh-machine/main.ts $(RELEASE) $(if $(FULL),--full)

setup: $(modules)
	@node toolchain/setup.ts run

# Debian's Node.js trusts what the machine trusts; the one that npm brings does so when it is told.
$(modules): package.json sandbox/package.json package-lock.json
	@sh toolchain/provide-node.sh "$(TOOLCHAIN)/node"
	@echo "npm ci" >&2
	@NODE_USE_SYSTEM_CA=1 $(npm_ci) >&2 || { echo "make: npm ci failed as it says above. See that npm reaches its registry (npm ping), then run the same command again." >&2; exit 1; }
	@touch $@
