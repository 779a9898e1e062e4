"""What a change of the directory changed, by identifiers: what its entry in the access log says. Names and addresses stay in
the directory: the access log is never erased."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from records.tables.directory import PEOPLE, POSTS

COLUMNS = ("name", "email", "organisation", "active")


@dataclass(frozen=True, slots=True)
class DirectorySnapshot:
    """Everything the directory says of people, to be compared."""

    people: Mapping[str, tuple[Any, ...]]
    posts: frozenset[str]
    """Posts that are held now: «dcs of 330: dcs.330», «coordinator: c.marsh», «acting dcs of 330: deputy.330»."""


@dataclass(frozen=True, slots=True)
class DirectoryChange:
    """The difference between two snapshots."""

    people_added: tuple[str, ...]
    people_changed: Mapping[str, tuple[str, ...]]
    """Person -> the columns that changed."""
    posts_begun: tuple[str, ...]
    posts_ended: tuple[str, ...]

    def as_parameters(self) -> dict[str, Any]:
        """Returns what is not empty, for the access log."""
        members = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: value for name, value in members.items() if value}


def snapshot(connection: Connection) -> DirectorySnapshot:
    """Returns the directory's people and posts as they stand."""
    people = connection.execute(select(PEOPLE.c.id, *(PEOPLE.c[name] for name in COLUMNS)))
    columns = (POSTS.c.role, POSTS.c.authority_code, POSTS.c.person_id, POSTS.c.acting)
    held = (_post(*row) for row in connection.execute(select(*columns).where(~POSTS.c.former)))
    return DirectorySnapshot({row[0]: tuple(row[1:]) for row in people}, frozenset(held))


def _post(role: str, code: str | None, person: str, acting: bool) -> str:
    return f"{'acting ' if acting else ''}{role}{f' of {code}' if code else ''}: {person}"


def difference(before: DirectorySnapshot, after: DirectorySnapshot) -> DirectoryChange:
    """Returns what `after` has that `before` had not, or had otherwise."""
    changed = {
        person: tuple(
            name
            for name, old, new in zip(COLUMNS, before.people[person], after.people[person], strict=True)
            if old != new
        )
        for person in sorted(before.people.keys() & after.people.keys())
        if before.people[person] != after.people[person]
    }
    return DirectoryChange(
        people_added=tuple(sorted(after.people.keys() - before.people.keys())),
        people_changed=changed,
        posts_begun=tuple(sorted(after.posts - before.posts)),
        posts_ended=tuple(sorted(before.posts - after.posts)),
    )
