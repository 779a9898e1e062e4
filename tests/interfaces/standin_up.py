"""`up` with a stand-in worker and no records: what keeps things running, by itself."""

import sys
from functools import partial
from pathlib import Path

from interfaces import exits, settings
from interfaces.up import supervisor
from interfaces.up.parts import Parts

PARTS = Parts(worker=(sys.executable, "-m", "tests.interfaces.standin_worker"), prepare=lambda _: None)

if __name__ == "__main__":
    exits.run(partial(supervisor.run, settings.read(Path(sys.argv[1])), parts=PARTS))
