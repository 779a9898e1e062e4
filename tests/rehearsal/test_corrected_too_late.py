"""A draft that was sent a day late, rehearsed: its day stays, the Director keeps five days, and the miss stays recorded."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.paths import EXAMPLES
from tests.rehearsal.run_rehearsal import inspections, rehearse_here

ID = "SLAC-2010-007"
UNTIL_THEN = "met by a correction of Thu 4 Nov 2010; recorded as missed until then"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the rehearsal."""
    folder = tmp_path_factory.mktemp("corrected") / "data"
    assert rehearse_here(EXAMPLES / "corrected_too_late.yaml", folder).answer["stage"] == "closed"
    return folder


def answer(data: Path, *words: str) -> Any:
    return json.loads(inspections(*words, "--json", "--data", str(data)).out)


def limit(limits: list[Mapping[str, Any]], key: str) -> Mapping[str, Any]:
    return next(limit for limit in limits if limit["key"] == key)


def test_the_draft_is_met_by_the_correction_and_recorded_as_missed_until_then(data: Path) -> None:
    draft = limit(answer(data, "show", ID)["limits"], "draft_report")
    assert (draft["due"], draft["state"], draft["met_on"], draft["late"]) == ("2010-10-25", "met", "2010-10-25", True)
    assert draft["words"] == f"met on Mon 25 Oct 2010; {UNTIL_THEN}"
    missed = draft["recorded_miss"]
    assert (missed["due"], missed["recorded_on"], missed["recorded_by"]) == ("2010-10-22", "2010-11-04", "corrected")
    assert UNTIL_THEN in " ".join(inspections("explain", ID, "draft_report", "--data", str(data)).out.split())


def test_as_of_the_day_before_the_correction_it_is_met_late(data: Path) -> None:
    draft = limit(answer(data, "show", ID, "--as-of", "2010-11-03")["limits"], "draft_report")
    assert (draft["due"], draft["state"], draft["recorded_miss"]) == ("2010-10-22", "met_late", None)


def test_history_of_what_was_missed_names_the_draft_of_the_lead_and_nothing_of_the_authority(data: Path) -> None:
    events = answer(data, "history", ID, "--missed")
    assert [(event["kind"], event["by"], event["on"]) for event in events] == [("draft_sent", "i.jessop", "2010-10-25")]
    comments = limit(answer(data, "show", ID)["limits"], "factual_comments")
    assert (comments["due"], comments["state"]) == ("2010-11-01", "met")


def test_statistics_count_it_as_missed_and_as_met_by_a_correction(data: Path) -> None:
    total = answer(data, "statistics")["total"]
    assert total["limits"]["missed"] == {"number": 1, "inspections": [ID]}
    assert {name: count["number"] for name, count in total["missed"].items()} == {
        "never_done": 0,
        "met_by_correction": 1,
    }


def test_three_refusals_stand_in_the_history_and_every_record_holds(data: Path) -> None:
    refused = [event["data"]["why"] for event in answer(data, "history", ID, "--kind", "step_refused")]
    assert ["proved" in why for why in refused] == [True, True, False]
    assert "from missed to met" in refused[2]
    assert inspections("verify", ID, "--data", str(data)).code == 0
