"""A person who fills a vacant post for the time being: letters say so beside the name, until the directory says otherwise."""

import pytest
from sqlalchemy import Engine

from framework.common.errors import BadInput
from framework.vocabulary.roles import Role, title_of
from records.database.connection import reading, writing
from records.directory.changes import difference, snapshot
from records.directory.contacts import contacts
from records.directory.csv_import import import_people

HEADER = "person,name,email,organisation,role,authority,acting"
DEPUTY = "deputy.330,Dana Deputy,deputy@birmingham.example,Birmingham council,dcs,330"


def _import(engine: Engine, row: str, header: str = HEADER) -> tuple[str, ...]:
    with writing(engine) as session:
        before = snapshot(session.connection())
        import_people(session, f"{header}\n{row}\n")
        return difference(before, snapshot(session.connection())).posts_begun


def _post(engine: Engine, people: dict[Role, tuple[str, ...]]) -> str:
    with reading(engine) as session:
        (contact,) = contacts(session.connection(), "330", people).by_role[Role.DCS]
    return contact.data()["post"]


def test_an_acting_director_is_addressed_as_one_by_the_directory_and_in_an_inspection_that_names_them(
    records: Engine,
) -> None:
    assert _import(records, f"{DEPUTY},yes") == ("acting dcs of 330: deputy.330",)
    assert _post(records, {}) == "Acting Director of Children's Services"
    assert _post(records, {Role.DCS: ("deputy.330",)}) == "Acting Director of Children's Services"
    assert _post(records, {Role.DCS: ("link.330",)}) == "Director of Children's Services"


@pytest.mark.parametrize(("row", "header"), [(f"{DEPUTY},", HEADER), (DEPUTY, HEADER.removesuffix(",acting"))])
def test_a_person_who_gets_the_post_for_good_acts_no_more(records: Engine, row: str, header: str) -> None:
    _import(records, f"{DEPUTY},yes")
    assert _import(records, row, header) == ("dcs of 330: deputy.330",)
    assert _post(records, {}) == "Director of Children's Services"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (f"{DEPUTY},perhaps", "row 2, column acting: must be yes, or empty"),
        ("m.new,New Manager,m@inspectorate.example,Ofsted,manager,,yes", "row 2, column acting: goes with a post of an authority"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_it_is_named_by_row_and_column(records: Engine, row: str, fault: str) -> None:
    with pytest.raises(BadInput) as refusal:
        _import(records, row)
    assert fault in str(refusal.value.faults)


def test_an_acting_title_reads_as_a_title() -> None:
    assert title_of(Role.LSCB_CHAIR, acting=True) == "Acting chair of the Local Safeguarding Children Board"
    assert title_of(Role.CHIEF_EXECUTIVE, acting=True) == "Acting chief executive of the authority"
    assert title_of(Role.LEAD_MEMBER, acting=True) == "Acting Lead Member for Children's Services"


def test_who_acts_in_one_post_holds_another_for_good(records: Engine) -> None:
    chair = DEPUTY.replace(",dcs,", ",lscb_chair,")
    _import(records, f"{DEPUTY},yes\n{chair},")
    with reading(records) as session:
        people = {Role.DCS: ("deputy.330",), Role.LSCB_CHAIR: ("deputy.330",)}
        held = contacts(session.connection(), "330", people).by_role
    posts = [held[role][0].data()["post"] for role in people]
    assert posts == ["Acting Director of Children's Services", title_of(Role.LSCB_CHAIR)]
