"""The authority's people in their roles: one holder makes way for the next, several are added and removed by name (para 8)."""

from typing import Any

import pytest

from framework.common.errors import BadInput, Refused
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection
from tests.framework.ordinary_path import REASON

PCT = Role.PCT_CHIEF_EXECUTIVE


def change(scenario: InMemoryInspection, person: str, role: Role = PCT, **fields: Any) -> tuple[str, ...]:
    scenario.do("change_contact", "c.marsh", role=role, person=person, **REASON, **fields)
    return scenario.inspection.people[role]


def test_a_second_chief_executive_of_a_primary_care_trust_is_added_and_replaces_no_other() -> None:
    scenario = InMemoryInspection()
    assert change(scenario, "pct2.330") == ("pct.330", "pct2.330")
    assert change(scenario, "pct3.330") == ("pct.330", "pct2.330", "pct3.330")


def test_one_of_several_is_removed_by_name() -> None:
    scenario = InMemoryInspection()
    change(scenario, "pct2.330")
    assert change(scenario, "pct.330", leaves=True) == ("pct2.330",)


def test_one_of_several_makes_way_for_another_by_name() -> None:
    scenario = InMemoryInspection()
    change(scenario, "pct2.330")
    assert change(scenario, "pct3.330", instead_of="pct.330") == ("pct2.330", "pct3.330")


def test_a_role_with_one_holder_passes_from_the_one_to_the_other() -> None:
    scenario = InMemoryInspection()
    assert change(scenario, "new.330", Role.DCS) == ("new.330",)
    assert change(scenario, "next.330", Role.DCS, instead_of="new.330") == ("next.330",)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"person": "pct.330", "leaves": True}, "pct.330 alone is .* name who takes the role instead"),
        ({"person": "dcs.330", "role": Role.DCS, "leaves": True}, "dcs.330 alone is"),
        ({"person": "x.330", "leaves": True}, "x.330 is not .* the role is held by pct.330"),
        ({"person": "pct2.330", "instead_of": "x.330"}, "x.330 is not .* the role is held by pct.330"),
        ({"person": "pct.330"}, "pct.330 is .* already"),
        ({"person": "x.330", "role": Role.CHILD_PROTECTION_CONTACT, "leaves": True}, "nobody holds the role"),
    ],
)
def test_a_change_that_names_the_wrong_person_or_leaves_a_role_empty_is_refused(
    fields: dict[str, Any], why: str
) -> None:
    scenario = InMemoryInspection()
    with pytest.raises(Refused, match=why):
        change(scenario, **fields)
    assert scenario.inspection.people[PCT] == ("pct.330",)


def test_a_role_is_not_given_up_for_a_person_who_gives_it_up() -> None:
    with pytest.raises(BadInput, match="instead_of: goes with a person who takes the role"):
        change(InMemoryInspection(), "pct.330", leaves=True, instead_of="pct2.330")
