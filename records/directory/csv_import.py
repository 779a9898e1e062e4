"""Bringing people in from a CSV file: every fault named by its row and column, and nothing written when there is one.

A row is one post of one person: person, name, email, organisation, role, authority (empty for the inspectorate's)."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select, update
from sqlmodel import Session

from framework.common.errors import BadInput, FaultyFile
from framework.vocabulary.roles import AUTHORITY_ROLES, Role
from records.database.upserts import insert_new, upsert
from records.tables.directory import AUTHORITIES, PEOPLE, POSTS

COLUMNS = ("person", "name", "email", "organisation", "role", "authority")
LONGEST = 200
MOST_ROWS = 20_000
SEVERAL = frozenset({Role.PCT_CHIEF_EXECUTIVE})
"""Roles of an authority that several people hold at once; every other has one holder."""

_PERSON = re.compile(r"[a-z0-9][a-z0-9.\-]{0,39}")
_EMAIL = re.compile(
    r"[^@\s,;<>\"]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?)+"
)

Row = dict[str, str]


def import_people(session: Session, text: str) -> int:
    """Brings people and posts in; answers how many rows there were. Who held a post with one holder becomes former.

    Raises `BadInput` whose `faults` name every fault as «row 3, column email: ...» (row 1 is the header)."""
    rows = _rows(text)
    connection = session.connection()
    codes = set(connection.execute(select(AUTHORITIES.c.code)).scalars())
    checks = _Checks(codes)
    for number, row in enumerate(rows, start=2):
        checks.look(number, row)
    if checks.faults:
        raise _faulty(checks.faults)
    if rows:
        _keep(connection, rows)
    return len(rows)


@dataclass(slots=True)
class _Checks:
    """Looks at one row after another, and remembers what the rows before it said."""

    codes: set[str]
    faults: list[str] = field(default_factory=list)
    said: dict[str, tuple[int, Row]] = field(default_factory=dict)
    held: dict[tuple[str, str], int] = field(default_factory=dict)
    posts: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def look(self, number: int, row: Row) -> None:
        """Adds every fault of the row."""
        found = {**_shape(row), **self._post(number, row), **self._person(number, row)}
        self.faults += [f"row {number}, column {column}: {fault}" for column, fault in found.items()]

    def _person(self, number: int, row: Row) -> dict[str, str]:
        before, first = self.said.setdefault(row["person"], (number, row))
        return {
            column: f"row {before} says «{first[column]}» of the same person"
            for column in ("name", "email", "organisation")
            if first[column] != row[column]
        }

    def _post(self, number: int, row: Row) -> dict[str, str]:
        if row["role"] not in set(Role) - {Role.SYSTEM}:
            return {
                "role": f"«{row['role']}» is no role; the roles are {', '.join(r for r in Role if r != Role.SYSTEM)}"
            }
        role, code = Role(row["role"]), row["authority"]
        if fault := self._authority(role, code):
            return {"authority": fault}
        if (before := self.posts.setdefault((row["person"], role, code), number)) != number:
            return {"role": f"row {before} says the same"}
        if role in AUTHORITY_ROLES - SEVERAL and (other := self.held.setdefault((role, code), number)) != number:
            return {"role": f"row {other} names another {role} of {code}; there is one"}
        return {}

    def _authority(self, role: Role, code: str) -> str:
        if role not in AUTHORITY_ROLES:
            return f"{role} is a post of the inspectorate: leave the authority empty" if code else ""
        return (
            "" if code in self.codes else f"«{code}» is no authority's code; `inspections authorities list` shows them"
        )


def _shape(row: Row) -> dict[str, str]:
    """Faults that a row has by itself."""
    found = {column: f"is longer than {LONGEST} characters" for column in COLUMNS if len(row[column]) > LONGEST}
    found |= {column: "holds a character that is not printed" for column in COLUMNS if not row[column].isprintable()}
    if not _PERSON.fullmatch(row["person"]):
        found["person"] = "must be small letters, digits, dots and dashes, at most 40"
    if not row["name"]:
        found["name"] = "is empty"
    if row["email"] and not _EMAIL.fullmatch(row["email"]):
        found["email"] = f"«{row['email'][:80]}» is no address; leave it empty if there is none"
    return found


def _rows(text: str) -> list[Row]:
    try:
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
        header = tuple((name or "").strip() for name in reader.fieldnames or ())
        if sorted(header) != sorted(COLUMNS):
            raise BadInput(f"row 1: the columns must be {', '.join(COLUMNS)}; found {', '.join(header) or 'none'}")
        reader.fieldnames = list(header)
        rows = [row for row, _ in zip(reader, range(MOST_ROWS + 1), strict=False)]
    except csv.Error as error:
        raise BadInput(f"the people are no CSV file: {error}") from None
    if len(rows) > MOST_ROWS:
        raise BadInput(f"there are more than {MOST_ROWS} rows: bring them in by several files")
    faults = tuple(
        _width(number, row) for number, row in enumerate(rows, start=2) if None in row or None in row.values()
    )
    if faults:
        raise _faulty(faults)
    return [{column: row[column].strip() for column in COLUMNS} for row in rows]


def _faulty(faults: Sequence[str]) -> FaultyFile:
    many = "s" if len(faults) > 1 else ""
    return FaultyFile(f"the people have {len(faults)} fault{many}, and none was brought in", tuple(faults))


def _width(number: int, row: Row) -> str:
    return f"row {number}, column {COLUMNS[-1]}: the row has more or fewer cells than the header"


def _keep(connection: Connection, rows: list[Row]) -> None:
    people = {row["person"]: row for row in rows}.values()
    fields = [{"id": row["person"], **{c: row[c] for c in ("name", "email", "organisation")}} for row in people]
    connection.execute(upsert(connection, PEOPLE, ("id",)), [{**one, "active": True} for one in fields])
    _make_way(connection, rows)
    posts = [_post(row) for row in rows]
    connection.execute(insert_new(connection, POSTS), posts)
    _take_up_again(connection, posts)


def _post(row: Row) -> dict[str, object]:
    code = row["authority"] or None
    return {"person_id": row["person"], "role": row["role"], "authority_code": code, "former": False}


def _make_way(connection: Connection, rows: list[Row]) -> None:
    """Who holds a post that somebody else now has becomes former."""
    single = {(r["role"], r["authority"]): r["person"] for r in rows if Role(r["role"]) in AUTHORITY_ROLES - SEVERAL}
    query = select(POSTS).where(POSTS.c.former.is_(False), POSTS.c.authority_code.is_not(None))
    gone = [
        row.id
        for row in connection.execute(query)
        if single.get((row.role, row.authority_code), row.person_id) != row.person_id
    ]
    for start in range(0, len(gone), 500):
        connection.execute(update(POSTS).where(POSTS.c.id.in_(gone[start : start + 500])).values(former=True))


def _take_up_again(connection: Connection, posts: list[dict[str, object]]) -> None:
    """Somebody who held the post before holds it again."""
    former = connection.execute(select(POSTS).where(POSTS.c.former)).all()
    wanted = {(post["person_id"], post["role"], post["authority_code"]) for post in posts}
    for row in former:
        if (row.person_id, row.role, row.authority_code) in wanted:
            connection.execute(update(POSTS).where(POSTS.c.id == row.id).values(former=False))
