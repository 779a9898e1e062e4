"""Who holds each role in one inspection, and where they are written to.

The inspection's own people come first; a role it does not name has the directory's holder."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from framework.vocabulary.roles import AUTHORITY_ROLES, TITLES, Role
from records.tables.directory import PEOPLE, POSTS

MUST_HAVE_AN_ADDRESS = (
    Role.DCS,
    Role.PCT_CHIEF_EXECUTIVE,
    Role.LEAD_MEMBER,
    Role.LSCB_CHAIR,
    Role.CHIEF_EXECUTIVE,
)
"""Those to whom the draft (para 50) and the final report (para 52) go."""

_WANTED = select(PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.email, PEOPLE.c.active).where(
    PEOPLE.c.id.in_(bindparam("wanted", expanding=True))
)
_HOLDERS = (
    select(POSTS.c.role, PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.email, PEOPLE.c.active)
    .join(PEOPLE, PEOPLE.c.id == POSTS.c.person_id)
    .where(POSTS.c.authority_code == bindparam("authority"), POSTS.c.former.is_(False))
    .order_by(POSTS.c.id)
)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person in a role. Somebody without an address, or who has left, is not written to."""

    role: str
    person: str
    name: str
    email: str

    @property
    def reachable(self) -> bool:
        """Whether a letter can be addressed to them."""
        return bool(self.email)

    def row(self) -> dict[str, str]:
        """As a letter keeps them."""
        return {"role": self.role, "person": self.person, "name": self.name, "email": self.email}

    def data(self) -> dict[str, str]:
        """As templates see them."""
        post = TITLES[Role(self.role)] if self.role else ""
        return {"role": self.role, "name": self.name, "email": self.email, "post": post}


@dataclass(frozen=True, slots=True)
class Contacts:
    """Everybody one inspection knows."""

    by_role: dict[Role, tuple[Contact, ...]]
    by_person: dict[str, Contact]

    def of(self, role: Role) -> tuple[Contact, ...]:
        """Those in a role who can be written to."""
        return tuple(contact for contact in self.by_role.get(role, ()) if contact.reachable)

    def data(self) -> dict[str, dict[str, str]]:
        """The first person in each role, as templates see them."""
        return {role.value: held[0].data() for role, held in self.by_role.items() if held}

    def missing(self) -> tuple[Role, ...]:
        """Roles of paras 50 and 52 where nobody can be written to."""
        return tuple(role for role in MUST_HAVE_AN_ADDRESS if not self.of(role))


def contacts(
    connection: Connection,
    authority: str,
    people: Mapping[str, Sequence[str]] | Mapping[Role, Sequence[str]],
    others: Iterable[str] = (),
) -> Contacts:
    """The people of an inspection in `authority` that names `people` itself, and `others` by identifier."""
    own = {Role(role): tuple(held) for role, held in people.items()}
    by_role: dict[Role, tuple[Contact, ...]] = {}
    if any(role not in own for role in AUTHORITY_ROLES):
        by_role = {role: held for role, held in _from_directory(connection, authority).items() if role not in own}
    wanted = {person for held in own.values() for person in held} | set(others)
    found = _people(connection, wanted)
    for role, held in own.items():
        by_role[role] = tuple(_in_role(role, found[person]) for person in held if person in found)
    named = {contact.person: contact for held in by_role.values() for contact in held}
    return Contacts(by_role, {**found, **named})


def _in_role(role: Role, contact: Contact) -> Contact:
    return Contact(role.value, contact.person, contact.name, contact.email)


def _from_directory(connection: Connection, authority: str) -> dict[Role, tuple[Contact, ...]]:
    found: dict[Role, tuple[Contact, ...]] = {}
    for row in connection.execute(_HOLDERS, {"authority": authority}):
        contact = Contact(row.role, row.id, row.name, row.email if row.active else "")
        found[Role(row.role)] = (*found.get(Role(row.role), ()), contact)
    return found


def _people(connection: Connection, wanted: set[str]) -> dict[str, Contact]:
    if not wanted:
        return {}
    rows = connection.execute(_WANTED, {"wanted": sorted(wanted)})
    return {row.id: Contact("", row.id, row.name, row.email if row.active else "") for row in rows}
