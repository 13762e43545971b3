# Two commands do everything on a fresh machine with Python 3.11-3.13 and GNU make: `make run` and `make test`.
# ARGS is passed on: make run ARGS="minimal --display window", make test ARGS="-k building".

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: run test test-newest test-windows test-headset bundle lab lab-windows check docs golden fuzz bench soak clean

run: $(VENV)/.installed
	$(BIN)/vrclient run $(ARGS)

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest $(ARGS)

test-headset: lab  ## the tests that need an OpenXR runtime, in the headset lab
	lab/run python -m pytest tests/headset -p no:cacheprovider $(ARGS)

FAST := tests/geometry tests/frame tests/interaction tests/panels tests/showcase tests/elements/test_registry.py tests/test_own_process.py

test-newest: lab  ## the fast tests with the newest Python that is supported: the headset lab's
	lab/run python -c "import sys; sys.exit(sys.version_info[:2] != (3, 13) and 'the lab has Python ' + sys.version)"
	lab/run python -m pytest -p no:cacheprovider -n 2 --dist loadfile -m 'not measured' $(FAST) $(ARGS)

# What concerns the system, and in GOLDEN what it draws, compared to the pixel with what Linux draws in the same lab.
ON_WINDOWS := tests/app/test_client_settings.py tests/app/test_config_layers.py tests/app/test_heights.py \
	tests/app/test_interact.py tests/app/test_shared_arrays.py tests/display/test_bindings.py tests/display/test_discovery.py \
	tests/display/test_gamepad.py tests/display/test_graphics_binding.py tests/display/test_high_dpi.py \
	tests/display/test_openxr_messages.py tests/display/test_quirks.py tests/display/test_resolution.py \
	tests/display/test_select.py tests/endings/test_console.py tests/renderer/test_movies.py tests/showcase/test_media.py \
	tests/showcase/test_other_systems.py tests/sound/test_decoding.py tests/sound/test_device.py tests/test_own_process.py
GOLDEN := tests/golden/test_showcases.py -k every_view --golden-folder generated/by_linux/golden

test-windows: lab-windows  ## the client on Windows' own Python, under Wine
	rm -rf generated/by_linux
	lab/run python -m pytest -p no:cacheprovider $(GOLDEN) --update-golden
	lab/windows/run -m pytest -p no:cacheprovider $(GOLDEN)
	lab/windows/run -m pytest -p no:cacheprovider -n 2 --dist worksteal $(ON_WINDOWS) $(ARGS)
	rm -rf generated/bundles
	$(MAKE) bundle ARGS="--no-zip --wheels generated/wheels --output generated/bundles"
	lab/run python -m pytest -p no:cacheprovider tests/windows

bundle: $(VENV)/.installed  ## make the folders that just start, for Windows and for Linux, in bundles/
	$(BIN)/vrclient bundle --system windows --system linux $(ARGS)

lab-windows:  ## make the Windows lab, in the headset lab, or bring it up to date
	lab/windows/build

lab:  ## make the headset lab, or bring it up to date
	lab/build

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vrclient check showcases/*

docs: $(VENV)/.installed  ## write docs/showcase-format.md anew from the models
	$(BIN)/vrclient schema --manual docs/showcase-format.md

fuzz: $(VENV)/.installed-test  ## build showcases made at random: make fuzz COUNT=2000 SEED=1; what fails stays in generated/
	$(BIN)/python tests/generated/fuzzing.py --count $(or $(COUNT),2000) --seed $(or $(SEED),1) --keep generated

golden: $(VENV)/.installed-test  ## accept today's pictures as the golden ones; look at each before you commit
	$(BIN)/python -m pytest tests/golden --update-golden $(ARGS)

bench: $(VENV)/.installed-test  ## time the client, save the run in .benchmarks/ and compare it with the one before
	$(BIN)/python -m pytest benchmarks -W default::pytest_benchmark.logger.PytestBenchmarkWarning --benchmark-autosave --benchmark-compare --benchmark-group-by=fullname --benchmark-columns=median,iqr --benchmark-time-unit=us $(ARGS)

MINUTES ?= 60

soak: $(VENV)/.installed-test  ## visit at random and at speed for MINUTES, through all portals: memory, handles and threads may not grow
	$(BIN)/vrclient bench soak hall --minutes $(MINUTES) $(ARGS)

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -c "import sys; sys.exit('vrclient needs Python 3.11-3.13, this is %d.%d; try: make PYTHON=python3.12' % sys.version_info[:2]) if not (3, 11) <= sys.version_info[:2] < (3, 14) else 0"
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(INSTALL) --editable ".[test]"
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed-test
	$(INSTALL) --editable ".[test,dev]"
	touch $@
