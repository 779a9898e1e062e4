"""The histories that rehearsals of the examples left, kept beside the tests, and how they are kept anew.

    python -m tests.workflows.kept_histories            # all examples, or those named

A history is kept to see that today's code still follows it: write them anew only when no inspection runs that began before
the change, or when an example changed. See docs/rehearsals.md."""

import gzip
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.paths import EXAMPLES
from tests.rehearsal.run_rehearsal import rehearse

HISTORIES = Path(__file__).resolve().parents[1] / "histories"
_NO_SCRIPTS = ("order.yaml", "report.yaml")
REHEARSALS = tuple(sorted(path.stem for path in EXAMPLES.glob("*.yaml") if path.name not in _NO_SCRIPTS))
"""The examples that are scripts of rehearsals; an order and a filled-in report are none."""
RECORDED = tuple(sorted(path.name.removesuffix(".json.gz") for path in HISTORIES.glob("*.json.gz")))
"""The examples whose histories are stored already: of a new example the command above stores them."""


def read_histories(name: str, folder: Path = HISTORIES) -> dict[str, Any]:
    """The histories of one example by the name of their run: «inspection-SLAC-2010-001», «delivery-SLAC-2010-001.2»."""
    result: dict[str, Any] = json.loads(gzip.decompress((folder / f"{name}.json.gz").read_bytes()))
    return result


def record_histories(name: str) -> Path:
    """Rehearses one example and keeps its histories: the same bytes for the same histories."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        rehearse(EXAMPLES / f"{name}.yaml", data).answer  # noqa: B018 - fails where the rehearsal did
        runs = {
            path.name.removesuffix(".json.gz"): _plain(json.loads(gzip.decompress(path.read_bytes())))
            for path in sorted((data / "history").glob("*.json.gz"))
        }
    target = HISTORIES / f"{name}.json.gz"
    target.write_bytes(gzip.compress(json.dumps(runs, separators=(",", ":")).encode(), mtime=0))
    return target


def _plain(part: Any) -> Any:
    """Returns it without the parts that name the machine it ran on."""
    if isinstance(part, dict):
        return {
            key: "rehearsal" if key == "identity" else _plain(value)
            for key, value in part.items()
            if key != "stackTrace"
        }
    return [_plain(item) for item in part] if isinstance(part, list) else part


if __name__ == "__main__":
    for example in sys.argv[1:] or REHEARSALS:
        print(record_histories(example))
