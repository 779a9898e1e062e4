"""Every example runs and ends where it should; what each says it expects is looked at while it runs."""

from collections import Counter
from pathlib import Path

import pytest

from tests.paths import EXAMPLES
from tests.rehearsal.run_rehearsal import rehearse_here
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


def test_a_cancelled_inspection_ends_when_complaints_can_be_made_no_more(tmp_path: Path) -> None:
    answer = rehearse_here(EXAMPLES / "cancelled.yaml", tmp_path / "data").answer
    assert answer["stage"] == "cancelled"
    kinds = Counter(letter["kind"] for letter in answer["letters"])
    assert (kinds["cancellation"], kinds["window_closed"], kinds["draft_report"]) == (1, 1, 0)
    sent = {letter["kind"]: letter["sent"] for letter in answer["letters"]}
    assert sent["cancellation"] > "2010-10-05T17:00", "the mail was down until then"
    assert sent["window_closed"].startswith("2010-11-05T09:00"), "the morning after thirty calendar days"
    assert not [reminder for reminder in answer["reminders"] if reminder["sent"] > "2010-10-05T15:00"]
