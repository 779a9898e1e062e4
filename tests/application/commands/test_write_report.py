"""Writing all headings of the report from one file: what changed is written, all or nothing, by whom a single step is taken."""

from typing import Any

import pytest

from application.caller import Caller
from application.commands import write_report as use_case
from application.commands.take_step import TakeStep, take_step
from application.commands.write_report import ReportWritten, WriteReport, write_report
from application.files.yaml_files import YamlFile
from application.queries.identification import Hidden
from framework.common.errors import BadInput, FaultyFile, Refused, Remedy, Unreachable
from tests.cli_harness import ID, CliHarness
from tests.report_file import report_fields, report_file

LEAD = Caller("i.ashdown")
CHANGED = {"text": "Other words: «ä», 'quoted'.\n\n- and a point"}
SAFEGUARDING = {"scope": "safeguarding", "scope_ground": "serious_concerns", "scope_reason": "Told of them"}


def given(text: str) -> YamlFile:
    return YamlFile("report.yaml", text, "nothing was written")


async def write(
    cli: CliHarness, text: str = "", command: str = "r1", caller: Caller = LEAD, inspection: str = ID
) -> ReportWritten:
    return await write_report(caller, cli.system, WriteReport(inspection, given(text or report_file()), None, command))


def headings(result: ReportWritten) -> list[str]:
    return [section.heading for section in result.written]


def log(cli: CliHarness) -> list[Any]:
    return cli.rows("SELECT number, kind, command_id FROM events ORDER BY number")


async def faults(cli: CliHarness, text: str) -> tuple[str, ...]:
    """The faults of a file that is not written; nothing is recorded for it."""
    before = log(cli)
    with pytest.raises(FaultyFile, match="nothing was written") as raised:
        await write(cli, text)
    assert log(cli) == before
    assert cli.rows("SELECT * FROM sections") == []
    return raised.value.faults


def drafting(cli: CliHarness) -> None:
    """Brings the inspection to the drafting of its report."""
    cli.on_site().on("2010-11-30").take("give_oral_feedback", "i.ashdown", headings="As said")
    cli.take("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)


async def test_one_file_writes_every_heading_of_a_joint_report(cli: CliHarness) -> None:
    cli.on_site()
    result = await write(cli)
    assert (len(result.written), result.unchanged, result.missing) == (27, 0, ())
    assert headings(result)[:4] == ["about", "service", "safeguarding.overall_effectiveness", "safeguarding.capacity"]
    kinds = [event["kind"] for event in cli.json("history", ID)]
    assert (kinds.count("heading_graded"), kinds.count("section_written")) == (22, 5)


async def test_the_same_file_again_changes_nothing(cli: CliHarness) -> None:
    cli.on_site()
    await write(cli)
    before = log(cli)
    result = await write(cli, command="r2")
    assert (result.written, result.unchanged) == ((), 27)
    assert log(cli) == before


async def test_only_what_differs_is_written_and_the_event_keeps_what_stood_there(cli: CliHarness) -> None:
    cli.on_site()
    await write(cli)
    regraded = {"grade": "adequate"}
    text = report_file(safeguarding__ambition=CHANGED, looked_after__staying_safe=regraded, looked_after__equality=None)
    result = await write(cli, text, "r2")
    assert headings(result) == ["safeguarding.ambition", "looked_after.staying_safe"]
    assert result.unchanged == 25
    newest = cli.json("history", ID, "--kind", "heading_graded")[-1]
    assert (newest["data"]["grade"], newest["data"]["before"]["grade"]) == ("adequate", "good")


async def test_areas_and_notes_are_compared_too(cli: CliHarness) -> None:
    cli.on_site()
    await write(cli)
    areas = report_fields()["safeguarding.areas_for_improvement"]["areas"]
    sooner = {"areas": [{**areas[0], "when": "immediately"}, areas[1]]}
    text = report_file(safeguarding__areas_for_improvement=sooner, looked_after__outcomes={"equality": "A note."})
    assert headings(await write(cli, text, "r2")) == [
        "safeguarding.areas_for_improvement",
        "looked_after.outcomes",
    ]


async def test_headings_left_out_or_left_open_stay_and_what_is_missing_is_named(cli: CliHarness) -> None:
    cli.on_site()
    text = (
        "about:\n  text: |-\n    Words.\nservice:\n  text: |-\nsafeguarding.capacity:\n  grade:\n  text: |-\n"
        "  equality: |-\nsafeguarding.areas_for_improvement:\n  areas: []\nlooked_after.outcomes:\n"
    )
    result = await write(cli, text)
    assert (headings(result), result.unchanged) == (["about"], 26)
    assert result.missing[:2] == ("service", "safeguarding.overall_effectiveness")


async def test_a_heading_of_the_half_that_is_not_inspected_is_a_fault(cli: CliHarness) -> None:
    cli.start(**SAFEGUARDING)
    cli.on("2010-11-03").take("notify")
    cli.take("record_service", method="email")
    cli.on("2010-11-09").take("hold_set_up_meeting", "i.ashdown", attendees="All of us", decisions="As proposed")
    for gate in ("case_lists", "cases"):
        cli.take("override", "m.okafor", gate=gate, reason="The files were flooded")
    cli.on("2010-11-17").take("start_fieldwork", "i.ashdown")
    text = report_file("safeguarding", looked_after__capacity={"grade": "good", "text": "x", "equality": "y"})
    assert [fault.partition(": ")[2] for fault in await faults(cli, text)] == [
        "looked_after.capacity: belongs to «Services for looked after children», which this inspection does not cover"
    ]
    assert len((await write(cli, report_file("safeguarding"))).written) == 13


async def test_a_report_in_quality_assurance_is_refused_before_its_file_is_looked_at(cli: CliHarness) -> None:
    drafting(cli)
    await write(cli)
    cli.take("submit_draft", "i.ashdown")
    before = cli.rows("SELECT * FROM sections")
    for number, text in enumerate((report_file(safeguarding__ambition=CHANGED), report_file(), "about: wrong\n")):
        with pytest.raises(Refused, match=r"send_back_draft\) \(para 61\)"):
            await write(cli, text, f"again-{number}")
    assert cli.rows("SELECT * FROM sections") == before
    refusals = cli.json("history", ID, "--kind", "step_refused")
    assert [(event["by"], event["paragraph"]) for event in refusals] == [("i.ashdown", 61)] * 3


async def test_a_report_that_is_submitted_between_check_and_write_is_not_written_at_all(
    cli: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafting(cli)
    await write(cli)
    checked = use_case._compare

    def submitted_then(*arguments: Any) -> Any:
        prepared = checked(*arguments)
        cli.take("submit_draft", "i.ashdown")
        return prepared

    monkeypatch.setattr(use_case, "_compare", submitted_then)
    before = cli.rows("SELECT * FROM sections")
    text = report_file(about=CHANGED, safeguarding__ambition=CHANGED)
    with pytest.raises(Refused, match="submitted for quality assurance"):
        await write(cli, text, "r2")
    assert cli.rows("SELECT * FROM sections") == before
    assert [event["kind"] for event in cli.json("history", ID)][-2:] == ["draft_submitted", "step_refused"]


async def test_only_the_lead_inspector_writes_and_the_refusal_is_recorded(cli: CliHarness) -> None:
    cli.on_site()
    with pytest.raises(Refused, match=r"taken by: Lead inspector; i\.bellamy is Inspector"):
        await write(cli, caller=Caller("i.bellamy"))
    assert cli.rows("SELECT * FROM sections") == []
    assert [event["by"] for event in cli.json("history", ID, "--kind", "step_refused")] == ["i.bellamy"]


@pytest.mark.parametrize("text", ["about: wrong\n", "about:\n  text:\n"], ids=["faulty", "empty"])
async def test_what_the_file_holds_does_not_matter_where_the_person_may_not_write(cli: CliHarness, text: str) -> None:
    cli.on_site()
    with pytest.raises(Refused, match="taken by: Lead inspector"):
        await write(cli, text, caller=Caller("i.bellamy"))


async def test_nothing_is_written_before_fieldwork(cli: CliHarness) -> None:
    cli.notified()
    with pytest.raises(Refused, match="taken from fieldwork, drafting, finalising"):
        await write(cli)


async def test_to_a_stranger_the_inspection_is_not_there(cli: CliHarness) -> None:
    cli.on_site()
    before = log(cli)
    with pytest.raises(Hidden):
        await write(cli, caller=Caller("dcs.331"))
    assert log(cli) == before
    (entry,) = cli.json("access", "--by", "dcs.331")
    assert entry["asked"]["step"] == "report"


async def test_the_same_command_again_is_answered_as_done_whatever_happened_since(cli: CliHarness) -> None:
    drafting(cli)
    first = await write(cli)
    cli.take("grade", "i.ashdown", heading="safeguarding.ambition", grade="inadequate", text="x", equality="y")
    cli.take("submit_draft", "i.ashdown")
    before = log(cli)
    assert await write(cli) == first
    assert log(cli) == before


async def test_the_same_command_with_another_file_is_wrong_input(cli: CliHarness) -> None:
    cli.on_site()
    await write(cli)
    for text in (report_file(about=CHANGED), report_file(about=None)):
        with pytest.raises(BadInput, match="with another file") as raised:
            await write(cli, text)
        assert raised.value.remedy is Remedy.RENEW_COMMAND


async def test_a_command_that_breaks_off_between_two_headings_writes_none_and_its_repeat_writes_all(
    cli: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.on_site()
    before = log(cli)
    reached: list[str] = []

    def break_off(point: str) -> None:
        reached.append(point)
        if len(reached) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(use_case, "fault_point", break_off)
    request = WriteReport(ID, given(report_file()), command="r1")
    with pytest.raises(KeyboardInterrupt):
        use_case._write(cli.system, use_case._prepare(LEAD, cli.system, request))
    assert (log(cli), cli.rows("SELECT * FROM sections")) == (before, [])
    monkeypatch.undo()
    result = await write(cli)
    assert len(result.written) == 27
    assert log(cli)[: len(before)] == before


async def test_records_that_cannot_be_written_name_the_command_to_repeat(
    cli: CliHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.on_site()

    def fail(point: str) -> None:
        raise Unreachable("the disk is full")

    monkeypatch.setattr(use_case, "fault_point", fail)
    with pytest.raises(Unreachable, match="the disk is full: nothing of the report is kept") as raised:
        await write(cli)
    assert (raised.value.remedy, raised.value.subject) == (Remedy.REPEAT_COMMAND, "r1")
    assert cli.rows("SELECT * FROM sections") == []


async def test_a_word_on_a_change_stays_where_the_file_changes_nothing(cli: CliHarness) -> None:
    """A section that is written again loses the lead's word on it, so that only what differs may be written."""
    cli.on_site()
    await write(cli)
    same = await take_step(
        LEAD, cli.system, TakeStep(ID, "write_section", {"heading": "about", "text": "Other words."})
    )
    result = await write(cli, "about:\n  text: |\n    Other words.\n", "r2")
    assert (result.written, len(same.events)) == ((), 1)


async def test_who_writes_when_and_through_which_entry_point_stands_in_every_event(cli: CliHarness) -> None:
    cli.on_site()
    await write(cli, caller=Caller("i.ashdown", ran_as="tester"))
    kinds = ("heading_graded", "section_written")
    events = [event for event in cli.json("history", ID) if event["kind"] in kinds]
    assert {(event["by"], event["role"], event["entry_point"]) for event in events} == {
        ("i.ashdown", "lead_inspector", "command line")
    }
