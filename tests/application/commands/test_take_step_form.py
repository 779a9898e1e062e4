"""A faulty form matters only to a person who may take the step, and what may be a child's name is repeated nowhere (B2, C3)."""

import sqlite3
from dataclasses import replace
from typing import Any

import pytest

from application.caller import Caller
from application.commands.take_step import TakeStep, take_step
from framework.common.errors import BadInput, Refused
from tests.cli_harness import ID, CliHarness

NAME = "Jamie Example"


async def take(cli: CliHarness, by: str, step: str, fields: dict[str, Any]) -> None:
    await take_step(Caller(by), cli.system, TakeStep(ID, step, fields, command="c-1"))


async def choose(cli: CliHarness, by: str, *safeguarding: str) -> None:
    fields: dict[str, Any] = {"safeguarding": list(safeguarding), "looked_after": ["B1", "B2", "B3", "B4"]}
    await take(cli, by, "choose_first_cases", fields)


def everything_kept(cli: CliHarness) -> str:
    """Every row of every table, and everything the log files hold."""
    with sqlite3.connect(cli.data / "records.sqlite") as records:
        return "\n".join(records.iterdump())


async def test_a_name_in_the_place_of_an_identifier_is_a_fault_that_does_not_repeat_it(cli: CliHarness) -> None:
    cli.notified()
    with pytest.raises(BadInput) as raised:
        await choose(cli, "i.ashdown", "A1", "A2", "A3", NAME)
    message = "; ".join((str(raised.value), *raised.value.faults))
    assert "safeguarding.3: must be the authority's unique identifier of a child, never a name" in message
    assert "Jamie" not in message
    assert "Jamie" not in everything_kept(cli)


def test_the_command_line_repeats_no_name_either(cli: CliHarness) -> None:
    cli.notified()
    words = ("do", ID, "choose_first_cases", "--by", "i.ashdown", "--set")
    for setting in (f"safeguarding=[A1, {NAME}]", f"safeguarding={NAME}", NAME, f"safeguarding=[{NAME}"):
        result = cli.run(*words, setting, code=2)
        assert "Jamie" not in result.output
    assert "Jamie" not in everything_kept(cli)


async def test_the_refusal_of_a_person_who_may_not_choose_repeats_no_name(cli: CliHarness) -> None:
    cli.notified()
    with pytest.raises(Refused, match="taken by: Lead inspector") as raised:
        await choose(cli, "link.330", NAME)
    assert "Jamie" not in str(raised.value)
    assert "Jamie" not in everything_kept(cli)
    assert cli.json("history", ID, "--kind", "step_refused")


@pytest.mark.parametrize(
    ("step", "by", "why"),
    [
        ("cancel", "c.marsh", "taken by: Inspection manager"),
        ("hold_publication", "m.okafor", "taken from final_issued"),
        ("send_back_draft", "q.lindqvist", "taken from drafting"),
    ],
)
@pytest.mark.parametrize("reason", [{}, {"reason": "x"}], ids=["none", "one letter"])
async def test_stage_and_role_are_looked_at_before_the_reason_and_the_refusal_is_recorded(
    cli: CliHarness, step: str, by: str, why: str, reason: dict[str, str]
) -> None:
    cli.notified()
    with pytest.raises(Refused, match=why):
        await take(cli, by, step, reason)
    (refusal,) = cli.json("history", ID, "--kind", "step_refused")
    assert refusal["data"]["step"] == step


async def test_a_person_who_may_take_the_step_is_asked_for_a_reason_of_five_letters(cli: CliHarness) -> None:
    cli.notified()
    with pytest.raises(BadInput) as raised:
        await take(cli, "m.okafor", "cancel", {"reason": "x"})
    assert raised.value.faults == ("reason: must say why, in at least five letters",)
    assert cli.json("history", ID, "--kind", "step_refused") == []


async def test_the_pattern_that_the_office_has_set_holds_at_the_entry_point(cli: CliHarness) -> None:
    cli.notified()
    settings = cli.system.settings.model_copy(update={"case_identifier": "[0-9]{8}"})
    fields: dict[str, Any] = {"safeguarding": ["A1", "10000002"], "looked_after": ["10000003"]}
    request = TakeStep(ID, "choose_first_cases", fields)
    with pytest.raises(BadInput) as raised:
        await take_step(Caller("i.ashdown"), replace(cli.system, settings=settings), request)
    (fault,) = raised.value.faults
    assert fault.startswith("safeguarding.0: ")
    assert "as this office has set" in fault
