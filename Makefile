# The two commands a person needs: `make studio` and `make test`. Everything is set up by them; CONTRIBUTING.md has the rest.

PYTHON ?= python3
RUN := .venv/bin/python

.DEFAULT_GOAL := studio
.PHONY: studio test check bench chaos chaos-landings chaos-workers docs format setup setup-test clean

studio: setup ## set up what is missing, then start the studio and print its address
	@exec $(RUN) -m studio_server serve

test: setup-test ## set up what tests need, then run every check and test
	@tools/check all

check: setup-test ## every check without the tests of behaviour: formats, lints, types, layers
	@tools/check static

bench: setup-test ## run the benchmarks; ONLY=name runs one
	@exec $(RUN) -m benchmarks.run $(ONLY)

chaos: setup-test ## an hour of random use with faults, MINUTES=5 less of it, SEED=n a printed one again
	@exec $(RUN) -m tests.chaos.storm --minutes $(or $(MINUTES),60) $(if $(SEED),--seed $(SEED))

chaos-landings: setup-test ## WRITERS=8 land takes while a person commits, MINUTES=10, and KILLS=1000 of them end; SEED=n for the same choices, STORAGE=s3 with a bucket
	@exec $(RUN) -m tests.chaos.landings --writers $(or $(WRITERS),8) --minutes $(or $(MINUTES),10) --kills $(or $(KILLS),1000) --storage $(or $(STORAGE),folder) $(if $(SEED),--seed $(SEED))

chaos-workers: setup-test ## many jobs while workers are killed at random, JOBS=1000 KILLS=100, SEED=n for the same choices
	@exec $(RUN) -m tests.chaos.workers --jobs $(or $(JOBS),1000) --kills $(or $(KILLS),100) $(if $(SEED),--seed $(SEED))

docs: setup-test ## write the tables in docs/, the API description and the page's types anew
	@$(RUN) tools/docs.py && cd studio_web && PATH="$(CURDIR)/.venv/bin:$$PATH" npm run --silent types

format: setup-test ## let the formatters have their way
	@$(RUN) -m ruff format && $(RUN) -m ruff check --fix && cd studio_web && PATH="$(CURDIR)/.venv/bin:$$PATH" npm run --silent format

setup:
	@$(PYTHON) tools/setup.py studio

setup-test:
	@$(PYTHON) tools/setup.py test

clean: ## forget everything that was set up or built; projects in workspaces/ stay
	@rm -rf .stamps .tools .venv pipelines/environments/*/.venv studio_web/node_modules studio_web/build \
		studio_web/.svelte-kit test-results .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -not -path './workspaces/*' -prune -exec rm -rf {} +
