"""Starting an inspection: what is a fault, what refuses, what only waits, and what is written down."""

import re
from typing import Any

import pytest
from sqlalchemy import update

from application.commands.start_inspection import start_inspection
from framework.common.errors import BadInput, Refused, Unreachable
from framework.inspection.order import Order
from framework.vocabulary.roles import Role
from records.database.connection import reading, writing
from records.directory import order_lookup
from records.inspections import repository
from records.tables.directory import PEOPLE
from tests.cli_harness import ID, CliHarness, an_order
from tests.orders import ORDER

TEAM: Any = ORDER["team"]


def faults_of(counter: CliHarness, **changes: Any) -> list[str]:
    with pytest.raises(BadInput) as raised:
        counter.start(**changes)
    assert counter.rows("SELECT id FROM inspections") == []
    return list(raised.value.faults)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"authority": "339"}, "there is no authority 339; nearest: 3"),
        ({"edition": "2009-05"}, "there is no edition «2009-05»"),
        ({"coordinator": "c.mash"}, "knows nobody called c.mash; nearest: c.marsh"),
        ({"coordinator": "m.okafor"}, "m.okafor is not «Inspection coordinator» in the directory"),
        ({"manager": "c.marsh"}, "c.marsh is not «Inspection manager» in the directory"),
        ({"manager": "dcs.330"}, "dcs.330 is not «Inspection manager» in the directory, but with the authority 330"),
        ({"quality_assurance": "i.farrow"}, "but «Inspector»"),
        ({"quality_assurance": "i.ashdown"}, "must be somebody other than the lead inspector"),
        ({"team": [{"person": "h.dunmore", "role": "lead_inspector"}]}, "is not «Lead inspector»"),
        ({"team": [*TEAM, {"person": "i.nobody", "role": "inspector"}]}, "knows nobody called i.nobody"),
        ({"overrides": [{"gate": "team", "by": "c.marsh", "reason": "x"}]}, "c.marsh is not «Inspection manager»"),
        ({"fieldwork": "2010-11-13"}, "2010-11-13 is not a working day (Saturday)"),
        ({"fieldwork": "2010-11-02"}, "2010-11-02 is before the notification on 2010-11-03"),
        ({"set_up_meeting": {"place": "Here", "day": "2010-11-07"}}, "2010-11-07 is not a working day (Sunday)"),
        ({"notify": "2050-01-05"}, "2050-01-05 is outside"),
    ],
)
def test_a_fault_is_named_with_its_place_and_nothing_is_started(
    counter: CliHarness, changes: dict[str, Any], words: str
) -> None:
    found = faults_of(counter, **changes)
    assert any(words in fault for fault in found), found
    assert all(re.match(r"order\.yaml:\d+:\d+: ", fault) for fault in found)


def test_the_place_of_a_fault_is_its_line_and_column(counter: CliHarness) -> None:
    (fault,) = faults_of(counter, team=[*TEAM, {"person": "i.nobody", "role": "inspector"}])
    assert fault.startswith("order.yaml:16:3: team.4.person: ")


def test_every_fault_is_named_at_once(counter: CliHarness) -> None:
    found = faults_of(counter, authority="339", coordinator="c.mash", fieldwork="2010-11-13")
    assert len(found) == 3


def test_somebody_who_has_left_cannot_be_named(counter: CliHarness) -> None:
    with writing(counter.records) as session:
        session.connection().execute(update(PEOPLE).where(PEOPLE.c.id == "i.bellamy").values(active=False))
    (fault,) = faults_of(counter)
    assert "i.bellamy has left" in fault


def test_another_open_inspection_of_the_same_authority_and_scope_refuses(counter: CliHarness) -> None:
    counter.start()
    with pytest.raises(
        Refused, match=rf"Birmingham has an open joint inspection already: {ID}.*\(policy, not in the"
    ) as no:
        counter.start(reference="SLAC-2010-002")
    assert no.value.paragraph is None, "the framework has no such rule: the paragraph would be made up"
    reasons = {"scope_ground": "serious_concerns", "scope_reason": "Told of them"}
    assert not counter.start(reference="SLAC-2010-003", scope="safeguarding", **reasons).existing


def test_a_cancelled_inspection_makes_way_for_another(counter: CliHarness) -> None:
    counter.start()
    counter.take("cancel", "m.okafor", reason="Not now")
    assert counter.start(reference="SLAC-2010-002").id == "SLAC-2010-002"


def test_each_recipient_without_an_address_is_named(counter: CliHarness) -> None:
    with writing(counter.records) as session:
        people = PEOPLE.c.id.in_(["member.330", "pct.330", "pct2.330"])
        session.connection().execute(update(PEOPLE).where(people).values(email=""))
    with pytest.raises(Refused) as raised:
        counter.start()
    said = str(raised.value)
    assert "Chief executive of the primary care trust (pct.330, pct2.330)" in said
    assert "Lead Member for Children's Services (member.330)" in said
    assert raised.value.paragraph == 50
    assert counter.rows("SELECT id FROM inspections") == []


def test_a_gate_that_does_not_hold_is_no_fault(counter: CliHarness) -> None:
    started = counter.start(team=TEAM[:1])
    assert not started.existing
    assert [gate.paragraph for gate in started.gates] == [11, 11]


def test_the_same_reference_again_is_the_same_inspection_and_writes_nothing(counter: CliHarness) -> None:
    first = counter.start()
    again = counter.start()
    assert (again.id, again.existing, again.changed) == (first.id, True, False)
    assert counter.rows("SELECT count(*) FROM events")[0][0] == 1


def test_the_same_reference_with_another_order_says_so(counter: CliHarness) -> None:
    counter.start()
    assert counter.start(authority="331").changed


def test_a_day_of_notification_that_is_past_is_allowed(counter: CliHarness) -> None:
    counter.on("2010-11-08")
    assert counter.start().id == ID
    due = counter.json("show", ID)
    assert due["limits"][0]["due"] == "2010-11-03"


def test_the_order_is_the_first_event_and_its_words_are_kept_apart(counter: CliHarness) -> None:
    words = "Serious concerns came up in the spring."
    counter.start(scope="safeguarding", scope_ground="serious_concerns", scope_reason=words)
    (event,) = counter.json("history", ID)
    assert (event["kind"], event["by"], event["role"]) == ("inspection_ordered", "c.marsh", "coordinator")
    identifier = event["data"]["scope_reason"]
    assert identifier.startswith("t-")
    assert event["data"]["commitments"][identifier]
    assert words not in str(
        counter.rows("SELECT order_json FROM inspections") + counter.rows("SELECT data FROM events")
    )
    assert counter.rows("SELECT body FROM texts") == [(words,)]


def test_what_is_due_stands_on_the_board_from_the_start(counter: CliHarness) -> None:
    counter.start()
    (row,) = counter.json("list")
    assert row["next"] == {"limit": "notification", "due": "2010-11-03", "waits_for": None}
    assert row["next_of_itself"]["at"].startswith("2010-11-03T09:00")


async def test_without_an_engine_nothing_is_written(counter: CliHarness) -> None:
    written = an_order()
    with pytest.raises(Unreachable, match="the engine cannot be reached"):
        await start_inspection(counter.system, written.read(Order), written, "c1")
    assert counter.rows("SELECT id FROM inspections") == []


def test_the_authoritys_people_are_those_of_the_directory(counter: CliHarness) -> None:
    counter.start()
    with reading(counter.records) as session:
        state = repository.state(session, ID)
        facts = order_lookup.facts(session, an_order().read(Order))
    assert facts.authority == "Birmingham"
    assert state.people[Role.DCS] == ("dcs.330",)
    assert state.people[Role.PCT_CHIEF_EXECUTIVE] == ("pct.330", "pct2.330")
