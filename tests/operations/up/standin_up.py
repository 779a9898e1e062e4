"""Runs `up` with a stand-in worker and without records, to test the supervisor alone."""

import sys
from functools import partial
from pathlib import Path

from application.runtime import process_exit, settings
from operations.up import supervisor
from operations.up.components import Components

COMPONENTS = Components(worker=(sys.executable, "-m", "tests.operations.up.standin_worker"), prepare=lambda _: None)

if __name__ == "__main__":
    process_exit.run(partial(supervisor.run, settings.read(Path(sys.argv[1])), components=COMPONENTS))
