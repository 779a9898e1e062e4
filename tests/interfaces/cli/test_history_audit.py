"""What an auditor asks the log of all: overrides, grades changed after the draft, late letters, one region."""

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from framework.messages.events import Event, system_event
from framework.vocabulary.roles import Role
from records.database.connection import writing
from records.log.append import append
from records.outbox import states
from records.tables.inspections import LIMITS
from records.tables.outbox import LETTERS
from tests.cli_harness import ID, CliHarness, fits
from tests.records.builders import event

OTHER = "SLAC-2010-002"
MORNING = datetime.fromisoformat("2010-12-14T10:00+00:00")


def findings(cli: CliHarness, *words: str) -> list[tuple[Any, ...]]:
    """What matches, of all and of one, in all three formats alike: inspection, kind, and what the data says."""
    whole = cli.json("history", *words)
    lines = cli.run("history", *words, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == whole
    rows = csv.DictReader(io.StringIO(cli.run("history", *words, "--format", "csv").stdout))
    assert [row["key"] for row in rows] == [event["key"] for event in whole]
    of_one = [event for event in whole if event["inspection"] == ID]
    assert cli.json("history", ID, *words) == of_one
    assert fits(cli.run("history", *words).stdout)
    if whole:
        assert cli.json("history", *words, "--page-size", "1") == whole[:1]
        assert cli.json("history", *words, "--after", whole[0]["key"]) == whole[1:]
    return [(event["inspection"], event["number"], event["kind"], event["data"]) for event in whole]


# Overrides ---------------------------------------------------------------------------------------------------------


def test_overrides_are_gates_overridden_limits_waived_and_barred_connections_allowed(cli: CliHarness) -> None:
    cli.on_site()
    cli.take("waive_limit", "m.okafor", limit="documents", reason="The files were flooded")
    joins: dict[str, Any] = {"role": "inspector", "connection": "Worked there"}
    cli.take("change_team", "c.marsh", person="i.devereux", **joins, undermines_objectivity=True)
    cli.take("change_team", "c.marsh", person="i.farrow", **joins)
    allowed: dict[str, Any] = {"allowed": True, "reason": 'Long ago, and "override":true'}
    cli.take("decide_connection", "m.okafor", person="i.devereux", override=True, **allowed)
    cli.take("decide_connection", "m.okafor", person="i.farrow", **allowed)
    kinds = [
        (kind, data.get("gate") or data.get("limit") or data.get("person"))
        for _, _, kind, data in findings(cli, "--overrides")
    ]
    assert kinds == [
        ("gate_overridden", "cases"),
        ("gate_overridden", "case_audits"),
        ("limit_waived", "documents"),
        ("connection_decided", "i.devereux"),
    ]
    assert len(cli.json("history", "--kind", "connection_decided")) == 2


# Grades after the draft --------------------------------------------------------------------------------------------


def graded(grade: str, before: str | None = None, heading: str = "safeguarding.overall") -> Event:
    data: dict[str, Any] = {"heading": heading, "grade": grade, "text": "t-1"}
    if before:
        data["before"] = {"grade": before, "text": "t-2", "equality": None}
    return event("heading_graded", by="i.ashdown", role=Role.LEAD_INSPECTOR, paragraph=27, data=data)


def an_event(kind: str) -> Event:
    return system_event(kind, MORNING, {}, "test", 50)


def written(cli: CliHarness, inspection: str, *events: Event) -> list[int]:
    """Appends the events, each by itself; returns their numbers."""
    with writing(cli.records) as session:
        return [
            append(session, inspection, f"{inspection}-{event.kind}-{number}", [event], MORNING).head
            for number, event in enumerate(events)
        ]


def test_a_grade_counts_once_the_draft_was_sent_and_only_where_it_is_another(cli: CliHarness) -> None:
    cli.start()
    cli.start(reference=OTHER, authority="331")
    numbers = written(
        cli,
        ID,
        graded("good"),
        graded("adequate", "good"),
        an_event("draft_sent"),
        graded("good", "adequate"),
        graded("good", "good"),
        graded("outstanding", None, "looked_after.overall"),
    )
    written(cli, OTHER, graded("good"), graded("adequate", "good"))
    assert [(of, number) for of, number, *_ in findings(cli, "--grades-after-draft")] == [
        (ID, numbers[3]),
        (ID, numbers[5]),
    ]
    assert findings(cli, "--grades-after-draft", "--by", "q.lindqvist") == []


def test_a_draft_that_did_not_arrive_was_not_sent(cli: CliHarness) -> None:
    cli.start()
    numbers = written(
        cli,
        ID,
        an_event("draft_sent"),
        graded("good", "adequate"),
        an_event("draft_not_served"),
        graded("adequate", "good"),
        an_event("draft_sent"),
        graded("inadequate", "adequate"),
    )
    assert [number for _, number, *_ in findings(cli, "--grades-after-draft")] == [numbers[1], numbers[5]]


# Late letters ------------------------------------------------------------------------------------------------------


def letter(cli: CliHarness, kind: str, inspection: str = ID) -> str:
    rows = cli.rows(f"SELECT id FROM letters WHERE kind = '{kind}' AND inspection_id = '{inspection}' ORDER BY number")
    return str(rows[0][0])


def accept(cli: CliHarness, identifier: str, moment: datetime) -> None:
    with writing(cli.records) as session:
        states.mark_sending(session, identifier, moment)
        states.mark_accepted(session, identifier, moment)


def accept_the_rest(cli: CliHarness) -> None:
    for row in cli.rows("SELECT id FROM letters WHERE status = 'queued'"):
        accept(cli, row[0], cli.now)


def test_a_letter_accepted_on_a_later_day_is_late(cli: CliHarness) -> None:
    cli.notified()
    evening = cli.now.replace(hour=23, minute=59)
    accept(cli, letter(cli, "announcement"), evening)
    accept(cli, letter(cli, "set_up_invitation"), evening + timedelta(minutes=1))
    accept_the_rest(cli)
    late = findings(cli, "--late-letters")
    assert [(kind, data["kind"]) for _, _, kind, data in late] == [("letter_accepted", "set_up_invitation")]
    assert findings(cli.on("2010-12-20"), "--late-letters") == late


def test_a_letter_that_waits_or_was_given_up_is_late_once_its_day_is_over(cli: CliHarness) -> None:
    cli.notified()
    for kind in ("announcement", "assignment"):
        accept(cli, letter(cli, kind), cli.now)
    with writing(cli.records) as session:
        for row in cli.rows("SELECT id FROM letters WHERE kind = 'assignment' AND status = 'queued'"):
            states.mark_failed(session, row[0], "no such mailbox", cli.now)
    assert findings(cli, "--late-letters") == []
    late = findings(cli.on("2010-11-04"), "--late-letters")
    assert [kind for _, _, kind, _ in late] == ["notified", "set_up_meeting_arranged"]
    with writing(cli.records) as session:
        waits = {"not_before": cli.now + timedelta(hours=1)}
        connection = session.connection()
        connection.execute(update(LETTERS).where(LETTERS.c.kind == "set_up_invitation").values(**waits))
    assert [kind for _, _, kind, _ in findings(cli, "--late-letters")] == ["notified"]


def test_a_letter_whose_step_met_its_limit_late_is_late_though_it_went_at_once(cli: CliHarness) -> None:
    cases: dict[str, Any] = {"safeguarding": ["S1", "S2", "S3", "S4"], "looked_after": ["L1", "L2", "L3", "L4"]}
    cli.notified()
    cli.start(reference=OTHER, authority="331", notify="2010-11-05")
    accept_the_rest(cli)
    cli.on("2010-11-05").take("notify", identifier=OTHER)
    cli.take("record_service", identifier=OTHER, method="email")
    accept_the_rest(cli)
    for inspection in (OTHER, ID):
        cli.on("2010-11-10").take("choose_first_cases", "i.ashdown", inspection, **cases)
    accept_the_rest(cli)
    late = findings(cli, "--late-letters")
    assert [(of, kind, data["kind"]) for of, _, kind, data in late] == [(ID, "letter_accepted", "first_cases")]
    settled = cli.json("history", ID, "--kind", "first_cases_chosen")[0]
    assert settled["number"] < late[0][1]


def test_the_newest_acceptance_of_a_letter_that_was_sent_again_counts(cli: CliHarness) -> None:
    cli.notified()
    invitation = letter(cli, "set_up_invitation")
    accept_the_rest(cli)
    with writing(cli.records) as session:
        address = cli.rows("SELECT to_json FROM letters WHERE kind = 'set_up_invitation'")[0][0]
        came_back = {"returned_json": {json.loads(address)[0]["email"]: "unknown"}}
        session.connection().execute(update(LETTERS).where(LETTERS.c.id == invitation).values(**came_back))
    cli.on("2010-11-08").take("send_again", "c.marsh", letter=invitation)
    accept_the_rest(cli)
    (late,) = findings(cli, "--late-letters")
    assert late[1] == cli.json("history", ID, "--kind", "letter_accepted")[-1]["number"]


# Regions -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_regions(cli: CliHarness) -> CliHarness:
    """Birmingham in the West Midlands, notified, and Camden in London, planned; each with a missed limit."""
    cli.notified()
    cli.start(reference=OTHER, authority="202", notify="2011-01-12")
    with writing(cli.records) as session:
        row = {"due": MORNING.date(), "paragraph": 50, "state": "met_late", "round": 1, "missed": True, "settled_by": 1}
        rows = [{"inspection_id": of, "key": "draft_report", **row} for of in (ID, OTHER)]
        session.connection().execute(LIMITS.delete())
        session.connection().execute(insert(LIMITS), rows)
    return cli


@pytest.mark.parametrize("many", [False, True], ids=["few inspections", "many inspections"])
@pytest.mark.parametrize(
    ("words", "inspections"),
    [
        (("--region", "London"), {OTHER}),
        (("--region", "west midlands"), {ID}),
        (("--region", "North East"), set()),
        (("--region", "West Midlands", "--authority", "202"), set()),
        (("--region", "London", "--missed"), {OTHER}),
        (("--region", "London", "--stage", "notified"), set()),
    ],
)
def test_a_region_is_that_of_the_authority(
    two_regions: CliHarness, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], inspections: set[str], many: bool
) -> None:
    if many:
        monkeypatch.setattr("records.log.filters.FEW_INSPECTIONS", 0)
    assert {of for of, *_ in findings(two_regions, *words)} == inspections


def test_statistics_of_a_region_count_its_inspections_alone(two_regions: CliHarness) -> None:
    whole = two_regions.json("statistics", "--by", "region")
    assert [group["key"] for group in whole["groups"]] == ["London", "West Midlands"]
    assert whole["region"] is None
    region = two_regions.json("statistics", "--by", "region", "--region", "london")
    assert region["region"] == "London"
    assert region["groups"] == whole["groups"][:1]
    assert region["total"]["limits"] == whole["groups"][0]["limits"]
    printed = two_regions.run("statistics", "--region", "London").stdout
    assert printed.startswith("Limits in London as known at ")
    assert fits(printed)


@pytest.mark.parametrize("command", ["history", "statistics"])
@pytest.mark.parametrize("name", ["West", "Midlands", "Londn", "%"])
def test_an_unknown_region_is_answered_with_all_there_are(two_regions: CliHarness, command: str, name: str) -> None:
    result = two_regions.run(command, "--region", name, code=2)
    assert result.stdout == ""
    assert f"there is no region «{name}»" in result.stderr
    assert "the regions are East Midlands, East of England, London," in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_was_asked_for_is_in_the_access_log(two_regions: CliHarness) -> None:
    two_regions.run("history", "--region", "london", "--late-letters", "--overrides")
    two_regions.run("statistics", "--region", "London")
    statistics, history = two_regions.json("access")[1:3]
    assert history["asked"] == {"region": "london", "late_letters": True, "overrides": True}
    assert statistics["asked"] == {"by": "paragraph", "region": "London"}


def test_filters_of_auditors_keep_to_what_a_reader_may_see(two_regions: CliHarness) -> None:
    assert len(two_regions.json("history", "--region", "London")) == 1
    assert two_regions.json("--as", "dcs.330", "history", "--region", "London") == []
