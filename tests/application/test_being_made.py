"""What is being made is no refusal: documents and the steps that rest on them answer «ask again in a moment», and record nothing."""

import pytest

from application.caller import Caller
from application.commands.step_dispatch import refusal_in
from application.queries.files import document_file
from framework.common.errors import BadInput, BeingMade, InspectionError, Refused
from framework.inspection.stages import Stage
from framework.messages.commands import Answer
from records.database.connection import writing
from records.outbox import states
from tests.cli_harness import ID, CliHarness


def fault_of_file(cli: CliHarness) -> InspectionError:
    identifier = cli.rows("SELECT id FROM documents WHERE kind = 'agenda'")[0][0]
    with pytest.raises(InspectionError) as raised:
        document_file(Caller(""), cli.system, ID, identifier)
    return raised.value


def test_a_document_is_being_made_until_it_is_made_or_failed(cli: CliHarness) -> None:
    cli.notified()
    waiting = fault_of_file(cli)
    assert isinstance(waiting, BeingMade)
    agenda = cli.rows("SELECT id FROM documents WHERE kind = 'agenda'")[0][0]
    assert waiting.exit_code == 4
    assert str(waiting) == f"the document {agenda} is being made: ask again in a moment"
    with writing(cli.records) as session:
        states.mark_document_failed(session, agenda, "a template is missing", cli.now)
    failed = fault_of_file(cli)
    assert isinstance(failed, Refused)
    assert str(failed) == f"the document {agenda} could not be made: a template is missing"


def test_an_unknown_document_is_wrong_input(cli: CliHarness) -> None:
    cli.notified()
    with pytest.raises(BadInput, match="has no document d-99") as raised:
        document_file(Caller(""), cli.system, ID, "d-99")
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    ("flags", "family", "code"),
    [({}, Refused, 3), ({"bad_input": True}, BadInput, 2), ({"bad_input": True, "being_made": True}, BeingMade, 4)],
)
def test_an_answer_that_is_none_yet_is_not_taken_for_a_refusal(
    flags: dict[str, bool], family: type[InspectionError], code: int
) -> None:
    error = refusal_in(Answer(stage=Stage.DRAFTING, refused="approve_draft: the draft is being made", **flags))
    assert type(error) is family
    assert error.exit_code == code
