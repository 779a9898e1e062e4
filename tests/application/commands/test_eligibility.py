"""The person a step names: in the directory, with the post, and of this authority (paras 10, 57)."""

from typing import Any

import pytest

from application.commands.eligibility import check_newcomer
from framework.common.errors import BadInput
from records.database.connection import reading
from tests.cli_harness import CliHarness


def fault(cli: CliHarness, step: str, **fields: Any) -> str:
    """Returns the fault of the person; empty if they may."""
    with reading(cli.records) as session:
        try:
            check_newcomer(session, "330", step, fields)
        except BadInput as error:
            return str(error)
    return ""


@pytest.mark.parametrize(
    ("step", "fields", "words"),
    [
        ("change_lead", {"person": "i.ashdwn"}, "knows nobody called i.ashdwn; nearest: i.ashdown"),
        ("change_lead", {"person": "c.marsh"}, "c.marsh is not «Lead inspector» in the directory, but «Inspection coordinator»"),
        ("change_lead", {"person": "i.bellamy"}, ""),
        ("change_team", {"person": "i.bellamy", "role": "cqc_inspector"}, "not «Care Quality Commission inspector»"),
        ("change_team", {"person": "nobody", "role": "inspector", "leaves": True}, ""),
        ("change_team", {"person": "dcs.330", "role": "quality_assurance_manager"}, "but with the authority 330"),
        ("change_contact", {"person": "dcs.352", "role": "dcs"}, "with the authority 352 in the directory, not with the authority 330"),
        ("change_contact", {"person": "c.marsh", "role": "dcs"}, "«Inspection coordinator» in the directory, not with the authority"),
        ("change_contact", {"person": "link.330", "role": "dcs"}, ""),
        ("override", {"gate": "team"}, ""),
    ],
)  # fmt: skip
def test_who_joins_is_in_the_directory_with_the_post(
    cli: CliHarness, step: str, fields: dict[str, Any], words: str
) -> None:
    message = fault(cli, step, **fields)
    assert (words in message) if words else not message
