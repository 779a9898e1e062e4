"""Every example runs and ends where it should; what each says it expects is looked at while it runs."""

import base64
import gzip
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.paths import EXAMPLES
from tests.rehearsal.run_rehearsal import inspections, rehearse_here
from tests.workflows.kept_histories import REHEARSALS

IN_EVERY_RUN = ("cancelled",)
ELSEWHERE = ("joint",)
"""test_rehearsal_joint looks at it closely."""
SLOW = [name for name in REHEARSALS if name not in (*IN_EVERY_RUN, *ELSEWHERE)]


def stage_of(name: str, folder: Path) -> str:
    """The stage at which the rehearsal ended."""
    return str(rehearse_here(EXAMPLES / f"{name}.yaml", folder / name).answer["stage"])


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_an_example_comes_to_its_close(name: str, tmp_path: Path) -> None:
    assert stage_of(name, tmp_path) == "closed"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the rehearsal of a cancelled inspection."""
    return tmp_path_factory.mktemp("cancelled") / "data"


@pytest.fixture(scope="module")
def cancelled(data: Path) -> dict[str, Any]:
    """Its answer."""
    return rehearse_here(EXAMPLES / "cancelled.yaml", data).answer


def test_what_was_raised_on_site_is_shown_and_is_nowhere_in_the_engines_histories(
    cancelled: dict[str, Any], data: Path
) -> None:
    (concern,) = inspections("show", cancelled["id"], "--data", str(data), "--json").answer["concerns"]
    assert concern["text"].startswith("Parents are met next to")
    assert concern["settled"]["text"] == "They are met in the library instead."
    histories = "".join(map(payloads, data.glob("history/*.json.gz")))
    assert "start_fieldwork" in histories
    assert [word for word in ("concern", "Parents", "library") if word in histories] == []


def payloads(history: Path) -> str:
    """Returns everything that a history of the engine holds as data, in plain text."""
    encoded = re.findall(r'"data": ?"([^"]*)"', gzip.decompress(history.read_bytes()).decode())
    return "\n".join(base64.b64decode(data).decode() for data in encoded)


def test_a_cancelled_inspection_ends_when_complaints_can_be_made_no_more(cancelled: dict[str, Any]) -> None:
    assert cancelled["stage"] == "cancelled"
    kinds = Counter(letter["kind"] for letter in cancelled["letters"])
    assert (kinds["cancellation"], kinds["window_closed"], kinds["draft_report"]) == (1, 1, 0)
    sent = {letter["kind"]: letter["sent"] for letter in cancelled["letters"]}
    assert sent["cancellation"] > "2010-10-05T17:00", "the mail was down until then"
    assert sent["window_closed"].startswith("2010-11-05T09:00"), "the morning after thirty calendar days"
    assert not [reminder for reminder in cancelled["reminders"] if reminder["sent"] > "2010-10-05T15:00"]
