"""Imports people from a CSV file: names every fault by its row and column, and writes nothing where there is one.

A row is one post of one person: person, name, email, organisation, role, authority (empty for the inspectorate's). A column
«acting» may be added: «yes» for a person who fills a vacant post of an authority for the time being."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select, update
from sqlmodel import Session

from framework.common.addresses import can_be_mailed
from framework.common.errors import BadInput, FaultyFile
from framework.vocabulary.roles import AUTHORITY_ROLES, HELD_BY_SEVERAL, HELD_ROLES, Role
from records.database.upserts import insert_new, upsert
from records.tables.directory import AUTHORITIES, PEOPLE, POSTS

COLUMNS = ("person", "name", "email", "organisation", "role", "authority")
ACTING = "acting"
"""A column that a file may leave out."""
MAX_LENGTH = 200
MAX_ROWS = 20_000

_PERSON = re.compile(r"[a-z0-9][a-z0-9.\-]{0,39}")

Row = dict[str, str]


def import_people(session: Session, text: str) -> int:
    """Writes people and posts; returns the number of rows. A new holder of a post with one holder makes the old one former.

    Raises `BadInput` whose `faults` name every fault as «row 3, column email: ...» (row 1 is the header)."""
    rows = _rows(text)
    connection = session.connection()
    codes = set(connection.execute(select(AUTHORITIES.c.code)).scalars())
    checks = _Checks(codes)
    for number, row in enumerate(rows, start=2):
        checks.add(number, row)
    if checks.faults:
        raise _faulty(checks.faults)
    if rows:
        _write(connection, rows)
    return len(rows)


@dataclass(slots=True)
class _Checks:
    """Collects faults row by row, including contradictions between rows."""

    codes: set[str]
    faults: list[str] = field(default_factory=list)
    people: dict[str, tuple[int, Row]] = field(default_factory=dict)
    """Person -> the first row about them, with its number."""
    holders: dict[tuple[str, str], int] = field(default_factory=dict)
    """Role and authority of a post with one holder -> the first row that fills it."""
    posts: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """Person, role and authority -> the first row of that post."""

    def add(self, number: int, row: Row) -> None:
        """Adds every fault of the row."""
        by_column = {**_shape(row), **self._post(number, row), **self._person(number, row)}
        self.faults += [f"row {number}, column {column}: {fault}" for column, fault in by_column.items()]

    def _person(self, number: int, row: Row) -> dict[str, str]:
        before, first = self.people.setdefault(row["person"], (number, row))
        return {
            column: f"row {before} says «{first[column]}» of the same person"
            for column in ("name", "email", "organisation")
            if first[column] != row[column]
        }

    def _post(self, number: int, row: Row) -> dict[str, str]:
        if row["role"] not in HELD_ROLES:
            return {"role": f"«{row['role']}» is no role; the roles are {', '.join(HELD_ROLES)}"}
        role, code = Role(row["role"]), row["authority"]
        if fault := self._authority(role, code):
            return {"authority": fault}
        if row[ACTING] and role not in AUTHORITY_ROLES:
            return {ACTING: f"goes with a post of an authority, and {role} is one of the inspectorate"}
        if (before := self.posts.setdefault((row["person"], role, code), number)) != number:
            return {"role": f"row {before} says the same"}
        if (
            role in AUTHORITY_ROLES - HELD_BY_SEVERAL
            and (other := self.holders.setdefault((role, code), number)) != number
        ):
            return {"role": f"row {other} names another {role} of {code}; there is one"}
        return {}

    def _authority(self, role: Role, code: str) -> str:
        if role not in AUTHORITY_ROLES:
            return f"{role} is a post of the inspectorate: leave the authority empty" if code else ""
        return "" if code in self.codes else f"«{code}» is no authority's code"


def _shape(row: Row) -> dict[str, str]:
    """Returns the faults of a row by itself: column -> fault."""
    faults = {column: f"is longer than {MAX_LENGTH} characters" for column in COLUMNS if len(row[column]) > MAX_LENGTH}
    faults |= {column: "holds a character that is not printed" for column in COLUMNS if not row[column].isprintable()}
    if not _PERSON.fullmatch(row["person"]):
        faults["person"] = "must be small letters, digits, dots and dashes, at most 40"
    if row[ACTING] not in ("", "yes"):
        faults[ACTING] = "must be yes, or empty"
    if not row["name"]:
        faults["name"] = "is empty"
    if row["email"] and not can_be_mailed(row["email"]):
        faults["email"] = f"«{row['email'][:80]}» cannot be mailed; leave it empty if there is no address"
    return faults


def _rows(text: str) -> list[Row]:
    try:
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
        header = tuple((name or "").strip() for name in reader.fieldnames or ())
        if sorted(set(header) - {ACTING}) != sorted(COLUMNS) or len(set(header)) < len(header):
            raise BadInput(
                f"row 1: the columns must be {', '.join(COLUMNS)}, and may be {ACTING}; found {', '.join(header) or 'none'}"
            )
        reader.fieldnames = list(header)
        rows = [row for row, _ in zip(reader, range(MAX_ROWS + 1), strict=False)]
    except csv.Error as error:
        raise BadInput(f"the people are no CSV file: {error}") from None
    if len(rows) > MAX_ROWS:
        raise BadInput(f"there are more than {MAX_ROWS} rows: bring them in by several files")
    faults = tuple(
        _width(number, row) for number, row in enumerate(rows, start=2) if None in row or None in row.values()
    )
    if faults:
        raise _faulty(faults)
    return [{column: row.get(column, "").strip() for column in (*COLUMNS, ACTING)} for row in rows]


def _faulty(faults: Sequence[str]) -> FaultyFile:
    many = "s" if len(faults) > 1 else ""
    return FaultyFile(f"the people have {len(faults)} fault{many}, and none was brought in", tuple(faults))


def _width(number: int, row: Row) -> str:
    return f"row {number}, column {COLUMNS[-1]}: the row has more or fewer cells than the header"


def _write(connection: Connection, rows: list[Row]) -> None:
    people = {row["person"]: row for row in rows}.values()
    fields = [{"id": row["person"], **{c: row[c] for c in ("name", "email", "organisation")}} for row in people]
    connection.execute(upsert(connection, PEOPLE, ("id",)), [{**person, "active": True} for person in fields])
    _end_replaced_posts(connection, rows)
    posts = [_post(row) for row in rows]
    connection.execute(insert_new(connection, POSTS), posts)
    _resume_former_posts(connection, posts)
    _note_who_acts(connection, posts)


def _post(row: Row) -> dict[str, object]:
    code = row["authority"] or None
    acting = row[ACTING] == "yes"
    return {"person_id": row["person"], "role": row["role"], "authority_code": code, "former": False, "acting": acting}


def _end_replaced_posts(connection: Connection, rows: list[Row]) -> None:
    """Marks as former the posts with one holder that another person now has."""
    single = {
        (r["role"], r["authority"]): r["person"] for r in rows if Role(r["role"]) in AUTHORITY_ROLES - HELD_BY_SEVERAL
    }
    query = select(POSTS).where(POSTS.c.former.is_(False), POSTS.c.authority_code.is_not(None))
    replaced = [
        row.id
        for row in connection.execute(query)
        if single.get((row.role, row.authority_code), row.person_id) != row.person_id
    ]
    for start in range(0, len(replaced), 500):
        connection.execute(update(POSTS).where(POSTS.c.id.in_(replaced[start : start + 500])).values(former=True))


def _resume_former_posts(connection: Connection, posts: list[dict[str, object]]) -> None:
    """Marks former posts as held again where the file names them."""
    former = connection.execute(select(POSTS).where(POSTS.c.former)).all()
    imported = {(post["person_id"], post["role"], post["authority_code"]) for post in posts}
    for row in former:
        if (row.person_id, row.role, row.authority_code) in imported:
            connection.execute(update(POSTS).where(POSTS.c.id == row.id).values(former=False))


def _note_who_acts(connection: Connection, posts: list[dict[str, object]]) -> None:
    """Marks the posts that are held for the time being, and those that are so no longer, where the file names them."""
    acting = {(post["person_id"], post["role"], post["authority_code"]): post["acting"] for post in posts}
    for row in connection.execute(select(POSTS)).all():
        marked = acting.get((row.person_id, row.role, row.authority_code), row.acting)
        if marked != row.acting:
            connection.execute(update(POSTS).where(POSTS.c.id == row.id).values(acting=marked))
