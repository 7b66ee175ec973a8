# Lilio: `make help` lists the targets. Everything needed beyond a JDK 25, a Maven of any 3.x and python3 is set up here.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

JDK := $(shell sh scripts/find-jdk 2>/dev/null)
MVN := JAVA_HOME="$(JDK)" ./mvnw -B -T1
APP := storage-node/server/target/quarkus-app/quarkus-run.jar
# The start cache was made (or could not be) for the jar beside it, whoever has built that.
TRAINED := $(dir $(APP)).trained
SOURCES := $(shell find pom.xml storage-node/*/pom.xml storage-node/*/src/main -type f 2>/dev/null)
VENV := .venv
IMAGE ?= lilio:dev
OPERATOR_IMAGE ?= lilio-operator:dev
OPERATOR_APP := operator/target/quarkus-app/quarkus-run.jar
OPERATOR_SOURCES := $(shell find pom.xml crds/pom.xml crds/src/main storage-node/admin-api/pom.xml storage-node/admin-api/src/main operator/pom.xml operator/src/main -type f 2>/dev/null)
KIND_CLUSTER ?= kind
REVISION = $(shell git rev-parse HEAD 2>/dev/null || echo unknown)
CLIENTS := storage-node/server/src/test/python
CHART := helm/lilio

.PHONY: help run cluster build image operator-image images kind-load test test-chart simulate model test-faults bench bench-cluster bench-build fmt jdk etcd clean crds test-crds e2e e2e-smoke

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

jdk:
	@sh scripts/find-jdk >/dev/null

# Made on demand when the machine has none; tests and `make cluster` start it.
etcd:
	@sh scripts/find-etcd --install >/dev/null

run: jdk $(TRAINED) ## start Lilio on 127.0.0.1:9000 with data under ./data (LILIO_DATA_DIR overrides)
	@JAVA_HOME="$(JDK)" exec scripts/lilio-server

cluster: jdk $(TRAINED) ## start etcd and three storage nodes on loopback (NODES=5 five); data under ./data, as for run
	@JAVA_HOME="$(JDK)" exec scripts/lilio-cluster

build: jdk $(TRAINED) ## compile and package, without tests

$(APP): $(SOURCES)
	@echo "Building Lilio (a few minutes the first time, while Maven fetches what it needs) ..." >&2
	@$(MVN) -q -pl storage-node/server -am -Dmaven.test.skip -Dspotless.check.skip -Dlilio.warnings=-Xdoclint:none package >&2
	@touch $(APP)

$(TRAINED): $(APP)
	@JAVA_HOME="$(JDK)" scripts/unpack-native
	@JAVA_HOME="$(JDK)" scripts/train-start

test: jdk etcd $(VENV)/bin/pip ## unit, contract, real server process, real clients; long forms are in test-faults
	@JAVA_HOME="$(JDK)" scripts/run-tests $(TRAINED) "$(MAKE) -s $(VENV)/.ready" "$(VENV)/bin/python -m pytest -q $(CLIENTS) && $(VENV)/bin/python -m pytest -q $(CHART)/tests" \
	  ./mvnw -B -T2 verify

simulate: jdk ## 2,000 seeds of the engine's simulation (SEEDS=n as many, FIRST=n from there, SEED=n that one)
	$(MVN) -q -pl storage-node/engine -am test -Dspotless.check.skip -Dtest=LongSimulationTest -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dlilio.simulation.groups=simulate $(if $(SEED),-Dlilio.simulation.seed=$(SEED)) \
	  $(if $(SEEDS),-Dlilio.simulation.seeds=$(SEEDS)) $(if $(FIRST),-Dlilio.simulation.first=$(FIRST))

model: jdk ## explore the protocol model exhaustively within its bounds (docs/model)
	@JAVA_HOME="$(JDK)" docs/model/check

test-faults: jdk etcd $(VENV)/.ready ## the long forms of the fault tests
	@JAVA_HOME="$(JDK)" scripts/build-previous >/dev/null
	$(MVN) verify -Dlilio.short.lived= -Dlilio.it.forks=1 -Dlilio.it.partitions=1024 -Dlilio.excluded.groups= -Dlilio.included.groups=faults
	$(VENV)/bin/python -m pytest -q -m faults $(CLIENTS)

bench: jdk bench-build ## measure, and write BENCHMARKS.md (ONLY=machine|engine|http|memory for a part, QUICK=1 for a look)
	@JAVA_HOME="$(JDK)" scripts/lilio-bench BENCHMARKS.md

bench-cluster: jdk etcd bench-build ## the same for clusters (ONLY=work|nodes|list|rebalance|costs for a part, QUICK=1 for a look)
	@JAVA_HOME="$(JDK)" scripts/lilio-bench BENCHMARKS.md cluster

bench-build: jdk
	@$(MVN) -q -DskipTests package
	@JAVA_HOME="$(JDK)" scripts/unpack-native
	@JAVA_HOME="$(JDK)" scripts/train-start
	@touch $(APP) $(TRAINED)

image: jdk $(TRAINED) ## the storage node's container image, lilio:dev (IMAGE=name:tag another name), with docker
	@scripts/stage-image target/image
	docker build -t $(IMAGE) -f deploy/storage-node/Dockerfile --build-arg REVISION=$(REVISION) target/image

$(OPERATOR_APP): $(OPERATOR_SOURCES)
	@echo "Building the operator ..." >&2
	@$(MVN) -q -pl operator -am -Dmaven.test.skip -Dspotless.check.skip -Dlilio.warnings=-Xdoclint:none package >&2
	@touch $(OPERATOR_APP)

operator-image: jdk $(OPERATOR_APP) ## the operator's container image, lilio-operator:dev (OPERATOR_IMAGE=name:tag another name), with docker
	@scripts/stage-operator-image target/operator-image
	docker build -t $(OPERATOR_IMAGE) -f deploy/operator/Dockerfile --build-arg REVISION=$(REVISION) \
	  --build-arg VERSION=$(lastword $(subst :, ,$(OPERATOR_IMAGE))) target/operator-image

images: image operator-image ## both images

kind-load: ## load both images into the kind cluster "kind" (KIND_CLUSTER=name another one)
	@scripts/kind-load "$(KIND_CLUSTER)" $(IMAGE) $(OPERATOR_IMAGE)

test-chart: $(VENV)/.ready ## the Helm chart, every switch of it; what needs helm is skipped without it
	$(VENV)/bin/python -m pytest -q $(CHART)/tests

crds: jdk ## make the CustomResourceDefinitions and docs/kubernetes-api.md anew from the classes in crds/
	@$(MVN) -q -pl crds -Dspotless.check.skip -Denforcer.skip test-compile exec:java
	@scripts/chart-crds

test-crds: jdk ## try every rule of the CustomResourceDefinitions on the API server that KUBECONFIG names
	$(MVN) -q -pl crds -am -Dspotless.check.skip -Dlilio.excluded.groups= -Dlilio.included.groups=kubernetes test

.PHONY: test-operator
test-operator: jdk $(OPERATOR_APP) ## the operator's process on the bare API server that KUBECONFIG names (ONLY=class, MINUTES=n to be idle): docs/operator-figures.md
	@command -v helm >/dev/null || { echo "helm has to be on the PATH: the operator gets the rights and settings that the chart gives it." >&2; exit 1; }
	$(MVN) -q -pl operator -am -Dspotless.check.skip -Dlilio.excluded.groups= -Dlilio.included.groups=kubernetes -Dlilio.test.forks=1 \
	  -Dtest='$(or $(ONLY),io/lilio/operator/apiserver/*Test,ApiServerTest)' -Dsurefire.failIfNoSpecifiedTests=false \
	  $(if $(MINUTES),-Dlilio.idle.minutes=$(MINUTES) -Dlilio.figures.minutes=$(MINUTES)) $(if $(LANES),-Dlilio.rights.lanes=$(LANES)) test

e2e: jdk ## all scenarios of docs/e2e.md on a kind cluster of its own, and a table of them (KEEP=1 keeps the cluster)
	@JAVA_HOME="$(JDK)" scripts/e2e all

e2e-smoke: jdk ## the first three of them
	@JAVA_HOME="$(JDK)" scripts/e2e smoke

fmt: jdk ## format the sources
	$(MVN) -q spotless:apply

clean: jdk ## remove what was built (data and the Python environment stay)
	$(MVN) -q clean

$(VENV)/bin/pip:
	@command -v python3 >/dev/null || { echo "The client tests need python3 with venv: install python3 and python3-venv." >&2; exit 1; }
	python3 -m venv $(VENV)

$(VENV)/.ready: $(CLIENTS)/requirements.txt | $(VENV)/bin/pip
	$(VENV)/bin/pip install -q --disable-pip-version-check -r $(CLIENTS)/requirements.txt
	@touch $@
