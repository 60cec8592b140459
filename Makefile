# Copyright The Howdah Authors
# SPDX-License-Identifier: Apache-2.0

# Everything goes through ./mvnw and ./howdah, which find a JDK of at least 25 themselves.
MVN := ./mvnw -B -ntp
# To package only; `make test` checks.
QUICK := -Dmaven.test.skip=true -Dspotless.check.skip=true -Dmdep.analyze.skip=true

# What a build is made of; `make demo` builds again only when some of it is newer.
SOURCES := $(shell find pom.xml operator/pom.xml operator/src/main image testenv -name target -prune -o -type f -print 2>/dev/null)
BUILT := target/built

.DEFAULT_GOAL := help
.PHONY: help demo test e2e chart image counts attacks crashpoints faults fuzz majors migrations pg-upgrade upgrade crd-compat bench bench-compare bench-profile bench-webhook bench-policy alerts crds format build plugin clean

help: ## print this list
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F "|" '{printf "%-18s %s\n", $$1, $$2}'

demo: $(BUILT) ## a cluster, a PostgreSQL, the operator and examples; ONCE=1 checks them and ends
	@./howdah demo $(if $(ONCE),--once)

test: ## format, static checks, unit and integration tests; needs no cluster
	@$(MVN) verify

e2e: ## the suite from installation to end, in a Kind cluster; E2E=cluster takes that of KUBECONFIG, E2E=builtin needs none
	@E2E='$(E2E)' VALUES='$(VALUES)' tests/e2e/run

chart: ## lint, render and install the Helm chart, with its roles tried; GOLDEN=write commits what it makes
	@$(MVN) -pl operator -am verify -Dtest='ChartTest,ArtifactHubTest' -Dit.test='InstallIT,PersonasIT,ShippedRightsIT,ForbiddenIT' \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false \
	  -Dspotless.check.skip=true -Dmdep.analyze.skip=true $(if $(GOLDEN),-Dhowdah.golden=$(GOLDEN))

counts: ## round trips, connections and writes per claim, counted by the servers
	@$(call suite,counts,CountsIT)

attacks: ## every attack of a team on every major with both kinds of admin; ONLY=3,12 tries those
	@$(call suite,attacks,AttacksIT,-Dhowdah.attacks.majors=15$(comma)16$(comma)17$(comma)18 \
	  $(if $(ONLY),-Dhowdah.attacks.only=$(ONLY),-Dhowdah.attacks.write=true))

comma := ,
# These integration tests and no others.
its = $(MVN) -pl operator -am verify -Dit.test='$(1)' -Dfailsafe.failIfNoSpecifiedTests=false \
	  -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip=true -Dmdep.analyze.skip=true $(2)
# A suite as a whole, for `make NAME`: it leaves its verdict in operator/target, which is printed.
suite = rm -f operator/target/$(1).txt; status=0; \
	$(call its,$(2),$(3)) >&2 || status=$$?; \
	if [ -s operator/target/$(1).txt ]; then cat operator/target/$(1).txt; \
	else echo "$(1): the suite came to no verdict" >&2; [ $$status -ne 0 ] || status=1; fi; \
	exit $$status

crashpoints: ## halt the operator at every exchange; ONLY='…' repeats one
	@$(call suite,crashpoints,CrashPointsIT,$(if $(ONLY),-Dhowdah.crashpoint='$(ONLY)',-Dhowdah.crashpoints=all))

faults: ## every fault with 20 seeds; ONLY='…' repeats one
	@$(call suite,faults,FaultsIT,$(if $(ONLY),-Dhowdah.fault='$(ONLY)',-Dhowdah.faults=$(or $(SEEDS),20)))

fuzz: ## 10,000 edits of specs and 500 names; SEED=n is another run
	@$(call suite,fuzz,FuzzIT$(comma)NameCorpusIT,-Dhowdah.fuzz=10000 -Dhowdah.fuzz.applied=200 $(if $(SEED),-Dhowdah.seed=$(SEED)))

majors: ## on every major what `make test` tries on the oldest and the newest alone
	@$(call its,DriftTableIT$(comma)ClaimCrashIT$(comma)MigrationToolsIT$(comma)RotationOn16IT$(comma)RotationOn17IT,-Dhowdah.majors.all=true)

migrations: ## Django, Drizzle, Prisma, pg_dump and pg_restore themselves, by python3 and npm
	@$(call its,MigrationToolsIT$(comma)RealMigrationToolsIT)

pg-upgrade: ## a server with claims goes from PostgreSQL 16 to 18 by pg_upgrade, which pip brings
	@$(call its,RealUpgradeIT)

# What `make upgrade` starts from: the last release before this commit; while there is none, a commit with the ledger's schema 6.
RELEASE = $(or $(BASE),$(shell git -c versionsort.suffix=- tag --merged HEAD --no-contains HEAD --sort=-version:refname --list 'v*' 2>/dev/null | head -n 1),58950acbfd683c4014a5a1fb4626fbcc72cd3c0f)

upgrade: ## the last release with live claims, then this version, and back; BASE=<commit> for another
	@commit=$$(git rev-parse --verify --quiet '$(RELEASE)^{commit}') || { echo "upgrade: there is no commit $(RELEASE) here; it takes a checkout with its history (git fetch --unshallow --tags), or BASE=<commit>" >&2; exit 2; }; \
	former=$(CURDIR)/target/upgrade/$$commit; \
	if [ ! -f "$$former/operator/target/quarkus-app/quarkus-run.jar" ]; then \
	  echo "upgrade: building $(RELEASE)" >&2; \
	  rm -rf "$$former" && mkdir -p "$$former" && git archive "$$commit" | tar -x -C "$$former" && \
	  (cd "$$former" && ./mvnw -B -ntp -q -pl operator -am package $(QUICK)) >&2 || exit 1; \
	fi; \
	$(call suite,upgrade,RealPreviousVersionIT,-Dhowdah.upgrade.base="$$former" -Dhowdah.upgrade.name="$$(git describe --tags --always "$$commit")")

crd-compat: ## the CRDs against those of the last release; BASE=<commit> for another
	@rm -f operator/target/crd-compat.txt; status=0; \
	$(MVN) -q -pl operator -am test -Dtest='CrdCompatibilityTest#the_last_release_is_compatible' -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dspotless.check.skip=true -Dmdep.analyze.skip=true $(if $(BASE),-Dhowdah.crd.base=$(BASE)) >&2 || status=$$?; \
	if [ -s operator/target/crd-compat.txt ]; then cat operator/target/crd-compat.txt; \
	else echo "crd-compat: the check came to no verdict" >&2; [ $$status -ne 0 ] || status=1; fi; \
	exit $$status

test_java = . ./.mvn/jdk.sh && "$$JAVA_HOME/bin/java" -cp \
	  operator/target/test-classes:operator/target/classes:$$(cat operator/target/test.classpath)
test_classpath = $(MVN) -q -pl operator -am test-compile dependency:build-classpath -Dmdep.includeScope=test \
	  -Dmdep.outputFile=target/test.classpath -Dspotless.check.skip=true >&2

bench: ## P1 to P7 and P9 to P12 of docs/performance.md, beside a script of the same SQL; SIZE=100 BLOCKS=1 is short
	@rm -rf operator/target/bench operator/target/counts.txt
	@$(call measure,CountsIT$(comma)BenchIT,-Dhowdah.counts.claims=$(or $(SIZE),1000) -Dhowdah.bench.size=$(or $(SIZE),1000) \
	  -Dhowdah.bench.blocks=$(or $(BLOCKS),3) -Dhowdah.bench.aot=true)
	@[ -s operator/target/bench/times.txt ] || { echo "bench: BenchIT came to no end, docs/performance.md stays as it was" >&2; exit 1; }
	@$(test_classpath)
	@$(test_java) dev.howdah.policy.PolicyBenchmark operator/target/bench/policy.txt >&2
	@$(test_java) dev.howdah.bench.PerformancePage docs/performance.md \
	  operator/target/counts.txt operator/target/bench/times.txt operator/target/bench/policy.txt

bench-compare: ## bursts of this build and of another one in turn; BEFORE=…/quarkus-run.jar is the other
	@[ -f "$(BEFORE)" ] || { echo "bench-compare: BEFORE names no file: keep a copy of operator/target/quarkus-app, change something, and say BEFORE=<copy>/quarkus-run.jar" >&2; exit 2; }
	@rm -rf operator/target/bench
	@$(call measure,BenchIT,-Dhowdah.bench.size=$(or $(SIZE),100) -Dhowdah.bench.blocks=$(or $(BLOCKS),3) -Dhowdah.bench.before=$(abspath $(BEFORE)))
	@cat operator/target/bench/compared.txt

bench-profile: ## a burst of SIZE claims seen by Java's Flight Recorder: where time, memory and locks go
	@rm -rf operator/target/bench
	@$(call measure,BenchIT,-Dhowdah.bench.size=$(or $(SIZE),300) -Dhowdah.bench.profile=true)
	@cat operator/target/bench/profile.txt

# A figure that is not met is told by the page; what went wrong is above it.
measure = $(call its,$(1),$(2)) >&2 || true

bench-webhook: ## how long the API server waits for the webhook
	@rm -f operator/target/webhook-latency.txt
	@$(MVN) -pl operator -am test -Dtest=AdmissionLatencyIT -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dspotless.check.skip=true >&2
	@cat operator/target/webhook-latency.txt

bench-policy: ## how long one claim against 100 policies takes (JMH)
	@$(test_classpath)
	@$(test_java) dev.howdah.policy.PolicyBenchmark

alerts: ## the alert rules and their unit tests, by promtool
	@command -v promtool >/dev/null || { echo "alerts: there is no promtool on PATH; it comes with Prometheus (apt-get install prometheus, brew install prometheus, or https://prometheus.io/download/)" >&2; exit 1; }
	@promtool check rules charts/howdah/files/alerts/*.yaml
	@promtool test rules tests/alerts/*.yaml

crds: ## generate the CRDs into crds/ and the chart
	@rm -rf operator/target/crds
	@$(MVN) -q -pl operator -am package $(QUICK)
	@ls operator/target/crds/*.yml >/dev/null
	@rm -f crds/*
	@for f in operator/target/crds/*-v1.yml; do \
	  { printf '# Copyright The Howdah Authors\n# SPDX-License-Identifier: Apache-2.0\n# Generated from the records in dev.howdah.api by `make crds`; do not edit.\n'; sed 1d "$$f"; } \
	  > "crds/$$(basename "$$f" -v1.yml).yaml"; done
	@rm -f charts/howdah/files/crds/* && cp crds/*.yaml charts/howdah/files/crds/
	@ls crds/*.yaml

format: ## format the Java sources
	@$(MVN) -q spotless:apply

build: $(BUILT) ## compile and package, without tests; makes the command line's start cache

$(BUILT): $(SOURCES)
	@echo "howdah: building (the first time with downloads, several minutes)"
	@$(MVN) -q package $(QUICK)
	@./howdah aot-cache
	@mkdir -p $(@D) && touch $@

image: $(BUILT) ## the operator's image and its SBOM, in target; PUSH=REGISTRY/NAME:TAG pushes it, BASE=tar:///FILE builds offline
	@./howdah image$(if $(PUSH), --push='$(PUSH)')$(if $(BASE), --base='$(BASE)')

plugin: $(BUILT) ## kubectl plugin for krew, in operator/target/plugin; HOWDAH_PLUGIN_URL says where it will be published
	@plugins/package

clean: ## remove everything that was built
	@$(MVN) -q clean
