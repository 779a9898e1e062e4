"""Who holds which role when: written with the events that change it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from framework.vocabulary.roles import Role
from records.database.connection import reading
from records.projections.parts import holders_at, roles_of
from tests.cli_harness import ID, CliHarness


@pytest.fixture
def harness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliHarness:
    return CliHarness(tmp_path, monkeypatch).notified()


def test_those_the_order_names_and_the_authoritys_people_take_part(harness: CliHarness) -> None:
    with reading(harness.records) as session:
        assert roles_of(session, "i.ashdown") == {ID: {Role.LEAD_INSPECTOR}}
        assert roles_of(session, "link.330") == {ID: {Role.LINK_OFFICER}}
        assert roles_of(session, "c.marsh") == {ID: {Role.COORDINATOR}}
        assert roles_of(session, "link.301") == {}


def test_who_makes_way_takes_part_no_longer_and_did_before(harness: CliHarness) -> None:
    harness.on("2010-11-05").take("change_lead", "c.marsh", person="i.devereux", reason="He is ill")
    with reading(harness.records) as session:
        assert roles_of(session, "i.ashdown") == {}
        assert roles_of(session, "i.devereux") == {ID: {Role.LEAD_INSPECTOR}}
        before, after = datetime(2010, 11, 4, tzinfo=UTC), datetime(2010, 11, 6, tzinfo=UTC)
        assert leads(session, before) == ["i.ashdown"]
        assert leads(session, after) == ["i.devereux"]


def test_a_part_that_ends_names_the_moment_it_was_recorded(harness: CliHarness) -> None:
    with reading(harness.records) as session:
        (before,) = [row for row in holders_at(session, ID, harness.now) if row["person"] == "link.330"]
    harness.on("2010-11-05").take(
        "change_contact", "c.marsh", role="link_officer", person="lscb.330", reason="A new one"
    )
    (row,) = harness.rows("SELECT since, until FROM parts WHERE person = 'link.330'")
    assert (row.since[:16], row.until[:16]) == ("2010-11-01T10:00", "2010-11-05T09:00")
    assert before["until"] is None


def leads(session: object, moment: datetime) -> list[str]:
    rows = holders_at(session, ID, moment)  # type: ignore[arg-type]
    return [row["person"] for row in rows if row["role"] == Role.LEAD_INSPECTOR]
