"""The directory: what the product ships, what an import writes, and which files it refuses."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from framework.common.errors import BadInput
from framework.vocabulary.roles import AUTHORITY_ROLES, Role
from records.calendars import versions
from records.database import connection as database
from records.database.connection import reading, writing
from records.directory import directory
from records.directory.csv_import import COLUMNS, import_people

DATA = Path(directory.__file__).parent / "data"
HEADER = ",".join(COLUMNS)


def _import(engine: Engine, *rows: str, header: str = HEADER) -> int:
    with writing(engine) as session:
        return import_people(session, "\n".join((header, *rows)) + "\n")


def _faults(engine: Engine, *rows: str, header: str = HEADER) -> tuple[str, ...]:
    with pytest.raises(BadInput) as refusal:
        _import(engine, *rows, header=header)
    return refusal.value.faults or (str(refusal.value),)


def _count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_the_product_ships_the_152_authorities_of_october_2010() -> None:
    rows = list(csv.DictReader((DATA / "authorities.csv").read_text(encoding="utf-8").splitlines()))
    assert len({row["code"] for row in rows}) == len(rows) == 152
    assert len({row["gss_code"] for row in rows}) == 152
    assert len({row["region"] for row in rows}) == 9
    assert {row["code"]: row["name"] for row in rows}["330"] == "Birmingham"


def test_the_people_it_ships_are_made_up_and_every_authority_has_its_own() -> None:
    rows = list(csv.DictReader((DATA / "people.csv").read_text(encoding="utf-8").splitlines()))
    assert all(row["email"].endswith(".example") for row in rows)
    roles = {(row["authority"], row["role"]) for row in rows if row["authority"]}
    assert len(roles) == 152 * len(AUTHORITY_ROLES)
    staff = [row["role"] for row in rows if not row["authority"]]
    assert {role: staff.count(role) for role in staff} == {
        "coordinator": 3,
        "manager": 2,
        "quality_assurance_manager": 2,
        "inspector": 14,
        "cqc_inspector": 5,
        "auditor": 1,
    }


def test_seeding_twice_changes_nothing_and_undoes_nothing(empty: Engine) -> None:
    database.upgrade(empty)
    directory.seed(empty)
    _import(empty, "new.dcs,Nadia New,new@birmingham.example,Birmingham council,dcs,330")
    counts = {table: _count(empty, table) for table in ("authorities", "people", "posts", "calendars", "holidays")}
    assert counts["authorities"] == 152
    directory.seed(empty)
    assert {table: _count(empty, table) for table in counts} == counts
    with reading(empty) as session:
        assert [holder.person for holder in directory.holders(session, "330", Role.DCS)] == ["new.dcs"]
        assert versions.newest_version(session).version == "england-2026.1"


def test_posts_are_only_those_of_the_office(records: Engine) -> None:
    with reading(records) as session:
        assert directory.posts(session, "c.marsh") == (Role.COORDINATOR,)
        assert directory.posts(session, "a.vale") == (Role.AUDITOR,)
        assert directory.posts(session, "q.lindqvist") == (), "held in one inspection, not in all"
        assert directory.posts(session, "dcs.330") == ()


def test_an_unknown_person_and_one_who_has_left_cannot_act(records: Engine) -> None:
    with writing(records) as session:
        directory.mark_as_left(session, "c.marsh")
    with reading(records) as session:
        for person, why in (("c.marsh", "has left"), ("system", "nobody called system"), ("x", "nobody called x")):
            with pytest.raises(BadInput, match=why):
                directory.posts(session, person)


def test_a_person_who_is_replaced_stays_as_a_former_holder(records: Engine) -> None:
    _import(records, "new.dcs,Nadia New,new@birmingham.example,Birmingham council,dcs,330")
    with reading(records) as session:
        assert [holder.person for holder in directory.holders(session, "330", Role.DCS)] == ["new.dcs"]
        holders = [row for row in directory.post_holders(session, "330") if row["role"] == "dcs"]
        assert {(row["person"], row["former"]) for row in holders} == {("new.dcs", False), ("dcs.330", True)}
        assert directory.people_of(session, "330")[Role.DCS] == ("new.dcs",)
        assert [holder.person for holder in directory.holders(session, "878", Role.DCS)] == ["dcs.878"]
    _import(records, "dcs.330,Back Again,dcs@birmingham.example,Birmingham council,dcs,330")
    with reading(records) as session:
        assert [holder.person for holder in directory.holders(session, "330", Role.DCS)] == ["dcs.330"]


def test_primary_care_trusts_may_have_several_chief_executives(records: Engine) -> None:
    _import(records, "pct3.330,Third One,pct3@birmingham.example,A trust,pct_chief_executive,330")
    with reading(records) as session:
        people = [holder.person for holder in directory.holders(session, "330", Role.PCT_CHIEF_EXECUTIVE)]
    assert people == ["pct.330", "pct2.330", "pct3.330"]


def test_missing_addresses_are_named_by_role(records: Engine) -> None:
    _import(records, "lscb.330,No Address,,A board,lscb_chair,330")
    with reading(records) as session:
        assert directory.missing_addresses(session, "330") == (Role.LSCB_CHAIR,)
        assert directory.missing_addresses(session, "878") == ()


def test_every_fault_of_an_import_is_named_by_row_and_column_and_nothing_is_written(records: Engine) -> None:
    before = _count(records, "people"), _count(records, "posts")
    faults = _faults(
        records,
        "good.one,Good One,good@one.example,A council,dcs,201",
        "Bad Id,,not an address,A council,director,999",
        "x.two,Two,two@two.example,A council,dcs,999",
        "x.three,Three,three@three.example,Ofsted,coordinator,330",
        "x.four,Four,four@four.example,A council,dcs,201",
        "good.one,Another Name,good@one.example,A council,link_officer,201",
        "good.one,Good One,good@one.example,A council,dcs,201",
        "x.five,Five,five@five.example,The system,system,",
    )
    assert [fault.split(": ")[0] for fault in faults] == [
        "row 3, column person",
        "row 3, column name",
        "row 3, column email",
        "row 3, column role",
        "row 4, column authority",
        "row 5, column authority",
        "row 6, column role",
        "row 7, column name",
        "row 8, column role",
        "row 9, column role",
    ]
    assert (_count(records, "people"), _count(records, "posts")) == before


@pytest.mark.parametrize(
    ("rows", "header", "fault"),
    [
        ((), "person,name", "row 1: the columns must be person, name, email"),
        ((), "", "row 1: the columns must be"),
        (("a,b,c",), HEADER, "row 2, column authority: the row has more or fewer cells"),
        (("a,b,c,d,dcs,330,x",), HEADER, "row 2, column authority: the row has more or fewer cells"),
        (('a,"b,c',), HEADER, "no CSV file"),
        (("a.b,A\x07B,a@b.example,C,dcs,330",), HEADER, "row 2, column name: holds a character that is not printed"),
        ((f"a.b,{'A' * 201},a@b.example,C,dcs,330",), HEADER, "row 2, column name: is longer than 200"),
    ],
)
def test_a_file_of_another_shape_is_refused(records: Engine, rows: tuple[str, ...], header: str, fault: str) -> None:
    assert fault in _faults(records, *rows, header=header)[0]


def test_columns_may_stand_in_any_order_with_a_byte_order_mark(records: Engine) -> None:
    header = "\ufeffauthority,role,organisation,email,name,person"
    assert _import(records, " 330 ,dcs,A council,new@b.example,Nadia New,new.dcs", header=header) == 1
    with reading(records) as session:
        assert directory.person(session, "new.dcs")["name"] == "Nadia New"


def test_an_unknown_authority_is_named(records: Engine) -> None:
    with reading(records) as session, pytest.raises(BadInput, match="no authority 999"):
        directory.authority(session, "999")
