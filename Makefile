# make run: start everything.   make test: test everything.   make help: the rest.

PY := .venv/bin/python
export PYTHONUNBUFFERED := 1

.PHONY: help install run test test-sqlite test-postgres check lint format types contracts \
	migrations deploy-check bench guide tools dev clean

help:
	@echo "make run        安装并启动（网页、任务队列、定时器），首次启动载入演示数据"
	@echo "make install    只安装"
	@echo "make test       全部测试：SQLite 一遍，数据库相关的在 PostgreSQL 上再一遍"
	@echo "make check      lint、types、contracts、migrations、deploy-check，然后 test"
	@echo "make lint       代码风格（make format 按风格改写）"
	@echo "make types      类型检查"
	@echo "make contracts  模块间的导入方向"
	@echo "make bench      性能基准（不是测试）"
	@echo "make guide      从演示数据重拍 docs/guide-zh.md 的截图"
	@echo "设置（PORT、VAR_DIR、DATABASE_URL 等环境变量）见 docs/operations.md"

install:
	@sh .ci/install.sh run

dev:
	@sh .ci/install.sh dev

tools: dev
	@sh .ci/test-tools.sh

run: install
	@$(PY) -m disclosure.run

test: tools
	@$(PY) -m tests.infra.run $(ARGS)

test-sqlite: tools
	@$(PY) -m tests.infra.run sqlite $(ARGS)

test-postgres: tools
	@$(PY) -m tests.infra.run postgres $(ARGS)

check: lint types contracts migrations deploy-check test

lint: dev
	$(PY) -m ruff check
	$(PY) -m ruff format --check

format: dev
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

types: dev
	@sh .ci/scratch.sh $(PY) -m mypy

contracts: dev
	@sh .ci/scratch.sh .venv/bin/lint-imports

migrations: dev
	@sh .ci/scratch.sh $(PY) manage.py makemigrations --check --dry-run

# Under the settings of an installation reached over https; any warning fails.
deploy-check: dev
	@HTTPS=1 DEBUG=0 sh .ci/scratch.sh $(PY) manage.py check --deploy --fail-level WARNING

bench: dev
	@sh .ci/scratch.sh $(PY) -m tests.bench

guide: tools
	@sh .ci/scratch.sh $(PY) -m tests.guide

clean:
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
