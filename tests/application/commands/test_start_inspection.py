"""Starting an inspection: what is a fault, what refuses, what only waits, and what is written down."""

import re
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from application.caller import Caller
from application.commands.start_inspection import StartInspection, start_inspection
from application.files.order_file import read_order
from framework.calendar.london_time import at_nine
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
OVERRIDE = {"gate": "team", "by": "m.okafor", "reason": "Two are ill"}


def faults_of(cli: CliHarness, **changes: Any) -> list[str]:
    with pytest.raises(BadInput) as raised:
        cli.start(**changes)
    assert cli.rows("SELECT id FROM inspections") == []
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
        ({"overrides": [OVERRIDE | {"by": "c.marsh"}]}, "c.marsh is not «Inspection manager»"),
        ({"overrides": [OVERRIDE]}, "overrides only of the person who starts it, here c.marsh"),
        ({"notify": "2010-10-29"}, "2010-10-29 is over: name a day to come, or now"),
        ({"fieldwork": "2010-11-13"}, "2010-11-13 is not a working day (Saturday)"),
        ({"fieldwork": "2010-11-02"}, "2010-11-02 is before the notification on 2010-11-03"),
        ({"set_up_meeting": {"place": "Here", "day": "2010-11-07"}}, "2010-11-07 is not a working day (Sunday)"),
        ({"notify": "2050-01-05"}, "2050-01-05 is outside"),
    ],
)
def test_a_fault_is_named_with_its_place_and_nothing_is_started(
    cli: CliHarness, changes: dict[str, Any], words: str
) -> None:
    messages = faults_of(cli, **changes)
    assert any(words in fault for fault in messages), messages
    assert all(re.match(r"order\.yaml:\d+:\d+: ", fault) for fault in messages)


def test_the_place_of_a_fault_is_its_line_and_column(cli: CliHarness) -> None:
    (fault,) = faults_of(cli, team=[*TEAM, {"person": "i.nobody", "role": "inspector"}])
    assert fault.startswith("order.yaml:16:3: team.4.person: ")


def test_every_fault_is_named_at_once(cli: CliHarness) -> None:
    messages = faults_of(cli, authority="339", coordinator="c.mash", fieldwork="2010-11-13")
    assert len(messages) == 3


def test_a_person_who_has_left_cannot_be_named(cli: CliHarness) -> None:
    with writing(cli.records) as session:
        session.connection().execute(update(PEOPLE).where(PEOPLE.c.id == "i.bellamy").values(active=False))
    (fault,) = faults_of(cli)
    assert "i.bellamy has left" in fault


@pytest.mark.parametrize("scope", ["joint", "safeguarding", "looked_after"])
def test_another_open_inspection_of_the_same_authority_refuses_whatever_its_scope(cli: CliHarness, scope: str) -> None:
    cli.start()
    reasons = {"scope_ground": "serious_concerns", "scope_reason": "Told of them"}
    with pytest.raises(Refused, match=rf"Birmingham has an open inspection already: {ID}.*\(policy, not in the") as no:
        cli.start(reference="SLAC-2010-002", scope=scope, **reasons)
    assert no.value.paragraph is None, "the framework has no such rule: the paragraph would be made up"
    assert "choose another scope" not in str(no.value)


def test_a_reason_in_the_order_lets_it_go_beside_another(cli: CliHarness) -> None:
    cli.start()
    beside = {"reference": "SLAC-2010-002", "beside_reason": "The safeguarding half was cut short by the fire"}
    assert not cli.start(**beside).existing
    assert cli.json("list") != []


def test_a_cancelled_inspection_makes_way_for_another(cli: CliHarness) -> None:
    cli.start()
    cli.take("cancel", "m.okafor", reason="Not this year")
    assert cli.start(reference="SLAC-2010-002").id == "SLAC-2010-002"


def test_each_recipient_without_an_address_is_named(cli: CliHarness) -> None:
    with writing(cli.records) as session:
        people = PEOPLE.c.id.in_(["member.330", "pct.330", "pct2.330"])
        session.connection().execute(update(PEOPLE).where(people).values(email=""))
    with pytest.raises(Refused) as raised:
        cli.start()
    message = str(raised.value)
    assert "Chief executive of the primary care trust (pct.330, pct2.330)" in message
    assert "Lead Member for Children's Services (member.330)" in message
    assert raised.value.paragraph == 50
    assert cli.rows("SELECT id FROM inspections") == []


def test_a_gate_that_does_not_hold_is_no_fault(cli: CliHarness) -> None:
    started = cli.start(team=TEAM[:1])
    assert not started.existing
    assert [gate.paragraph for gate in started.gates] == [11, 11]


def test_the_same_reference_again_is_the_same_inspection_and_writes_nothing(cli: CliHarness) -> None:
    first = cli.start()
    again = cli.start()
    assert (again.id, again.existing, again.changed) == (first.id, True, False)
    assert cli.rows("SELECT count(*) FROM events")[0][0] == 1


def test_the_same_reference_with_another_order_says_so(cli: CliHarness) -> None:
    cli.start()
    assert cli.start(authority="331").changed


def test_the_same_reference_is_the_same_inspection_when_its_day_is_over(cli: CliHarness) -> None:
    cli.start()
    cli.on("2010-11-08")
    assert cli.start().existing


@pytest.mark.parametrize("now", ["2010-11-03T08:30", "2010-11-03T15:00", "2010-11-03T22:16"])
def test_a_dated_order_that_notifies_at_an_unusual_time_wants_a_confirmation(cli: CliHarness, now: str) -> None:
    cli.now = datetime.fromisoformat(f"{now}+00:00")
    with pytest.raises(Refused, match="and nothing was started"):
        cli.start()
    assert cli.rows("SELECT id FROM inspections") == []
    started = cli.start(confirmed=True)
    assert started.notified_at == max(cli.now, at_nine(date(2010, 11, 3)))


def test_a_dated_order_on_a_day_off_wants_a_confirmation(cli: CliHarness) -> None:
    with pytest.raises(Refused, match="not a working day \\(Saturday\\)"):
        cli.start(notify="2010-11-06")
    assert not cli.start(notify="2010-11-06", confirmed=True).existing


def test_an_order_for_now_is_its_own_confirmation_and_so_is_one_that_is_handed_over(cli: CliHarness) -> None:
    cli.now = datetime.fromisoformat("2010-11-05T22:16+00:00")
    assert cli.start(notify="now").notified_at == cli.now
    by_hand = cli.start(reference="SLAC-2010-002", authority="202", notify="2010-11-05", service="by_hand")
    assert by_hand.notified_at is None


def test_an_override_in_the_order_is_an_event_of_the_manager_who_starts_it(cli: CliHarness) -> None:
    started = cli.start(team=TEAM[:1], overrides=[OVERRIDE], by="m.okafor")
    assert started.gates == ()
    ordered, overridden = cli.json("history", ID)
    assert (ordered["by"], ordered["role"]) == ("m.okafor", "manager")
    assert (overridden["kind"], overridden["by"], overridden["role"]) == ("gate_overridden", "m.okafor", "manager")
    assert (overridden["data"]["gate"], overridden["paragraph"]) == ("team", 11)
    assert "Two are ill" in str(overridden)
    assert cli.json("history", "--kind", "gate_overridden")


def test_an_inspection_is_started_by_the_office_alone(cli: CliHarness) -> None:
    with pytest.raises(
        Refused, match=r"started by: Inspection coordinator or Inspection manager; i.ashdown is neither"
    ):
        cli.start(by="i.ashdown")
    with pytest.raises(BadInput, match=r"knows nobody called m.okafr; nearest: m.okafor"):
        cli.start(by="m.okafr")
    assert cli.rows("SELECT id FROM inspections") == []


def test_the_order_is_the_first_event_and_its_words_are_kept_apart(cli: CliHarness) -> None:
    words = "Serious concerns came up in the spring."
    cli.start(scope="safeguarding", scope_ground="serious_concerns", scope_reason=words)
    (event,) = cli.json("history", ID)
    assert (event["kind"], event["by"], event["role"]) == ("inspection_ordered", "c.marsh", "coordinator")
    identifier = event["data"]["scope_reason"]
    assert identifier.startswith("t-")
    assert event["data"]["commitments"][identifier]
    assert words not in str(cli.rows("SELECT order_json FROM inspections") + cli.rows("SELECT data FROM events"))
    assert cli.rows("SELECT body FROM texts") == [(words,)]


def test_what_is_due_stands_on_the_board_from_the_start(cli: CliHarness) -> None:
    cli.start()
    (row,) = cli.json("list")
    assert row["next"] == {"limit": "notification", "due": "2010-11-03", "waits_for": None}
    assert row["next_of_itself"]["at"].startswith("2010-11-03T09:00")


async def test_without_an_engine_nothing_is_written(cli: CliHarness) -> None:
    order = StartInspection(read_order(an_order()), "c1")
    with pytest.raises(Unreachable, match="the engine cannot be reached"):
        await start_inspection(Caller(), cli.system, order)
    assert cli.rows("SELECT id FROM inspections") == []


def test_the_authoritys_people_are_those_of_the_directory(cli: CliHarness) -> None:
    cli.start()
    with reading(cli.records) as session:
        state = repository.state(session, ID)
        facts = order_lookup.facts(session, an_order().read(Order))
    assert facts.authority == "Birmingham"
    assert state.people[Role.DCS] == ("dcs.330",)
    assert state.people[Role.PCT_CHIEF_EXECUTIVE] == ("pct.330", "pct2.330")
