# Everything a fresh clone needs besides Python 3.11 or 3.12, make and git is fetched into the clone itself.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VHA_HOME ?= data
export VHA_HOME

# Airflow, dbt and Great Expectations take several seconds longer to start where nothing may be compiled.
unexport PYTHONDONTWRITEBYTECODE
# What the environment of whoever calls make says about Python is not what this project runs with.
unexport PYTHONPATH VIRTUAL_ENV

# Trust what the machine trusts: organisations that inspect traffic have certificates of their own.
export UV_SYSTEM_CERTS := 1

UV := .tools/bin/uv
INSTALL := $(UV) pip install --quiet --python .venv --compile-bytecode

.PHONY: help setup run serve spark test test-all bench lint lock clean

help:
	@echo "make run       from nothing to a release, over synthetic sources if none is configured"
	@echo "make serve     Airflow with its UI, and the oversight site, on loopback"
	@echo "make test      the test suite without the slow tests;  make test-all: with them"
	@echo "make bench     what the build costs beside other ways to the same list; writes benchmarks/RESULTS.md"
	@echo "make spark     install what \`vha spark\` needs besides Java"
	@echo "make lint      ruff, mypy and sqlfluff;  make lock: resolve the dependencies anew"

setup: .venv/run.done

$(UV):
	python3 -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock

.venv/run.done: requirements/run.lock pyproject.toml | $(UV)
	$(UV) venv --quiet --allow-existing --python python3 .venv
	$(INSTALL) --require-hashes -r requirements/run.lock
	$(INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

.venv/test.done: requirements/test.lock .venv/run.done
	$(INSTALL) --require-hashes -r requirements/test.lock
	@touch $@

.venv/bench.done: requirements/bench.lock .venv/run.done
	$(INSTALL) --require-hashes -r requirements/bench.lock
	@touch $@

.venv/spark.done: requirements/spark.lock .venv/run.done
	$(INSTALL) --require-hashes -r requirements/spark.lock
	@touch $@

# Over the synthetic sources a repetition is no correction of anything that anybody relied on, so it gives its own
# reason; over real ones `vha run` asks for one.
run: setup
	@if [ -n "$$VHA_CRIME_URL$$VHA_INTELLIGENCE_URL$$VHA_PERSON_URL$$VHA_PARTNERSHIP_URL" ]; then \
		.venv/bin/vha run; \
	else \
		[ -e "$$VHA_HOME/sources/crime.db" ] || .venv/bin/vha sources create --scale london; \
		.venv/bin/vha run --correct "make run was repeated over the synthetic sources"; \
	fi

serve: setup
	@exec .venv/bin/vha serve

spark: .venv/spark.done

# Two processes at a time, each with all tests of a module: what those share is dear.
PYTEST := .venv/bin/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test: .venv/test.done
	$(PYTEST) -m "not slow and not spark"

test-all: .venv/test.done .venv/spark.done
	$(PYTEST)

# Hours, 20 GB of disk; BENCH="--sizes london --repeat 1" gives a part of it in minutes.
bench: .venv/bench.done
	.venv/bin/python -m benchmarks $(BENCH)

lint: .venv/test.done
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/sqlfluff lint --processes 2 --disable-progress-bar dbt_project/models src/vha/extract/queries

# Resolved for Python 3.11 and 3.12; no address of a registry is written down.
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: | $(UV)
	echo "uv" | $(COMPILE) - --output-file requirements/uv.lock
	$(COMPILE) pyproject.toml --group build --output-file requirements/run.lock
	$(COMPILE) pyproject.toml --group build --group test --constraint requirements/run.lock \
		--output-file requirements/test.lock
	$(COMPILE) pyproject.toml --group build --group bench --constraint requirements/run.lock \
		--output-file requirements/bench.lock
	$(COMPILE) pyproject.toml --group spark --constraint requirements/test.lock --output-file requirements/spark.lock

clean:
	rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache
