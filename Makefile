# The one door to the product. `make` alone lists what it can do.
# DATA=path  an archive of the Kaggle layout (zip or folder)   PORT= UI_PORT=  addresses   FRESH=1  train again

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
UV := .tools/bin/uv
RUN := .venv/bin/python

export SCORING_HOME ?= $(CURDIR)/data
export BENTOML_HOME ?= $(SCORING_HOME)/bentoml
export PREFECT_HOME ?= $(SCORING_HOME)/prefect

# A lender's machine tells nobody what it does.
export BENTOML_DO_NOT_TRACK := True
export DO_NOT_TRACK := 1
export GRADIO_ANALYTICS_ENABLED := False
export GX_ANALYTICS_ENABLED := False
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export UV_PYTHON_DOWNLOADS := never

data_option = $(if $(DATA),--data "$(DATA)")
port_option = $(if $(PORT),--port $(PORT))
ui_port_option = $(if $(UI_PORT),--ui-port $(UI_PORT))
from_option = $(if $(FROM),--run "$(FROM)")
clients_option = $(if $(CLIENTS),--clients $(CLIENTS))
fresh_option = $(if $(FRESH),--fresh)

.PHONY: help demo test check bench bench-features bench-prepare bench-service soak realism train judge truth
.PHONY: stability policy score monitor schedule serve ui docs screens image lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo '  DATA=archive (zip or folder), PORT=, UI_PORT=, FRESH=1, CLIENTS= where they apply'

demo: .venv/.runtime ## install, make or take data, train, start service and app; Ctrl-C stops all
	@$(RUN) -m flows.demo $(data_option) $(port_option) $(ui_port_option) $(fresh_option)

test: .venv/.dev ## install what the tests need (browser included) and run them all
	@sh deploy/test-parts.sh
	@$(RUN) -m pytest $(TESTS)

check: .venv/.dev ## format, lint, types, architecture
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy
	@$(RUN) -m pytest -q tests/test_architecture.py

bench: bench-prepare bench-features bench-service ## speed beside peers, in one run (long: keep the machine quiet)

bench-prepare: .venv/.dev ## raw archive to parquet at three sizes (CLIENTS="15000 75000 300000")
	@$(RUN) -m benchmarks.prepare $(clients_option)

bench-features: .venv/.dev ## the feature table beside a pandas form (CLIENTS= as above)
	@$(RUN) -m benchmarks.features $(clients_option)

bench-service: .venv/.dev ## the service beside bare ASGI, careful FastAPI and typical Flask forms
	@$(RUN) -m benchmarks.service

soak: .venv/.dev ## CALLERS=50 for MINUTES=30 with a retraining running (after `make demo`, alone on the machine)
	@$(RUN) -m benchmarks.soak $(if $(CALLERS),--callers $(CALLERS)) $(if $(MINUTES),--minutes $(MINUTES)) $(data_option)

realism: .venv/.dev ## how real the synthetic portfolio is, measured on the genuine archive DATA
	@$(RUN) -m benchmarks.realism $(data_option)

train: .venv/.runtime ## train, judge and register a scorecard on DATA
	@$(RUN) -m flows.train $(data_option)

judge: .venv/.runtime ## judge grid, reference and what is not used on DATA, by cross-validation (JSON=)
	@$(RUN) -m flows.judge $(data_option) --json $(or $(JSON),$(SCORING_HOME)/judged.json)

truth: .venv/.runtime ## hold every sentence of DATA's clients to their own data (JSON=)
	@$(RUN) -m flows.truth $(data_option) $(if $(JSON),--json $(JSON))

stability: .venv/.runtime ## the recipe month by month, on a portfolio with dates (JSON=)
	@$(RUN) -m flows.stability $(data_option) --json $(or $(JSON),$(SCORING_HOME)/stability.json)

policy: .venv/.runtime ## what the policy file CANDIDATE would change on DATA
	@$(RUN) -m flows.policy $(data_option) --candidate $(CANDIDATE)

score: .venv/.runtime ## score every client of DATA, to parquet and database
	@$(RUN) -m flows.score $(data_option)

monitor: .venv/.runtime ## compare what the service received with the training reference
	@$(RUN) -m flows.monitor

schedule: .venv/.runtime ## run training, scoring and monitoring on their schedules
	@$(RUN) -m flows.schedule $(data_option)

serve: .venv/.runtime ## serve the current scorecard over HTTP
	@exec .venv/bin/bentoml serve service.py:Scoring --host 127.0.0.1 --port $(or $(PORT),3000)

ui: .venv/.runtime ## the advisor's app, on a service that runs
	@exec $(RUN) -m ui --service http://127.0.0.1:$(or $(PORT),3000) --port $(or $(UI_PORT),7860)

docs: .venv/.runtime ## render the documents from their figures (FROM=last or a run's folder: from that run)
	@$(RUN) -m features.dictionary > docs/data-dictionary.md
	@$(RUN) -m api.reference > docs/api.md
	@$(RUN) -m flows.documents $(from_option)
	@$(if $(FROM),$(RUN) -m flows.paper $(from_option) --out docs/scorecard.html)

screens: .venv/.dev ## picture the app on the synthetic portfolio for the documents (after make docs)
	@$(RUN) -m flows.screens
	@$(RUN) -m flows.documents

image: .venv/.runtime ## build the container image of the service
	@sh deploy/image.sh

lock: $(UV) ## compute the lock files again from pyproject.toml
	@$(UV) pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		pyproject.toml -o requirements.lock
	@$(UV) pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--group dev pyproject.toml -o requirements-dev.lock
	@$(UV) pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		-c requirements.lock deploy/serving.in -o deploy/serving.lock

clean: ## remove the environment and the caches (never data/)
	@rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(UV): deploy/uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 demo")'
	@echo 'Installing uv into .tools'
	@rm -rf .tools
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action=ignore \
		--require-hashes --target .tools -r deploy/uv.lock
	@touch $@

.venv/pyvenv.cfg: $(UV)
	@$(UV) venv --quiet --clear --python $(PYTHON) .venv

.venv/.runtime: requirements.lock .venv/pyvenv.cfg
	@echo 'Installing the locked packages'
	@$(UV) pip install --quiet --compile-bytecode --require-hashes --python $(RUN) -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/pyvenv.cfg
	@echo 'Installing the locked packages, tests included'
	@$(UV) pip install --quiet --compile-bytecode --require-hashes --python $(RUN) -r requirements-dev.lock
	@touch $@ .venv/.runtime
