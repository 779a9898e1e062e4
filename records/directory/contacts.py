"""The people of an inspection by role, with their addresses.

A role that the inspection itself does not name is held by whom the directory names for the authority."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, select

from framework.vocabulary.roles import AUTHORITY_ROLES, Role, title_of
from records.tables.directory import PEOPLE, POSTS

MUST_HAVE_AN_ADDRESS = (
    Role.DCS,
    Role.PCT_CHIEF_EXECUTIVE,
    Role.LEAD_MEMBER,
    Role.LSCB_CHAIR,
    Role.CHIEF_EXECUTIVE,
)
"""Recipients of the draft (para 50) and of the final report (para 52)."""

_PEOPLE = select(PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.email, PEOPLE.c.active).where(
    PEOPLE.c.id.in_(bindparam("identifiers", expanding=True))
)
_HOLDERS = (
    select(POSTS.c.role, POSTS.c.acting, PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.email, PEOPLE.c.active)
    .join(PEOPLE, PEOPLE.c.id == POSTS.c.person_id)
    .where(POSTS.c.authority_code == bindparam("authority"), POSTS.c.former.is_(False))
    .order_by(POSTS.c.id)
)


_ACTING = select(POSTS.c.role, POSTS.c.person_id).where(
    POSTS.c.authority_code == bindparam("authority"), POSTS.c.acting, POSTS.c.former.is_(False)
)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person in a role. `email` is empty for a person without an address, and for one who has left."""

    role: str
    person: str
    name: str
    email: str
    acting: bool = False
    """Whether the person fills a vacant post for the time being."""

    @property
    def reachable(self) -> bool:
        """Returns whether a letter can be addressed to this person."""
        return bool(self.email)

    def row(self) -> dict[str, str]:
        """Returns the person as a letter's row holds recipients."""
        return {"role": self.role, "person": self.person, "name": self.name, "email": self.email}

    def data(self) -> dict[str, str]:
        """Returns the person as templates see them."""
        post = title_of(Role(self.role), acting=self.acting) if self.role else ""
        return {"role": self.role, "name": self.name, "email": self.email, "post": post}


@dataclass(frozen=True, slots=True)
class Contacts:
    """The people of one inspection."""

    by_role: dict[Role, tuple[Contact, ...]]
    by_person: dict[str, Contact]

    def of(self, role: Role) -> tuple[Contact, ...]:
        """Returns the holders of a role who have an address."""
        return tuple(contact for contact in self.by_role.get(role, ()) if contact.reachable)

    def data(self) -> dict[str, dict[str, str]]:
        """Returns the first holder of each role, as templates see them."""
        return {role.value: held[0].data() for role, held in self.by_role.items() if held}

    def missing(self) -> tuple[Role, ...]:
        """Returns the roles of paras 50 and 52 without a holder who has an address."""
        return tuple(role for role in MUST_HAVE_AN_ADDRESS if not self.of(role))


def contacts(
    connection: Connection,
    authority: str,
    people: Mapping[str, Sequence[str]] | Mapping[Role, Sequence[str]],
    others: Iterable[str] = (),
) -> Contacts:
    """Returns the people of an inspection of `authority` that itself names `people`; `others` are added by identifier."""
    own = {Role(role): tuple(held) for role, held in people.items()}
    by_role: dict[Role, tuple[Contact, ...]] = {}
    if any(role not in own for role in AUTHORITY_ROLES):
        by_role = {role: held for role, held in _from_directory(connection, authority).items() if role not in own}
    identifiers = {person for held in own.values() for person in held} | set(others)
    by_person = _people(connection, identifiers)
    acting = {(row.role, row.person_id) for row in connection.execute(_ACTING, {"authority": authority})}
    for role, held in own.items():
        by_role[role] = tuple(_in_role(role, by_person[person], acting) for person in held if person in by_person)
    with_role = {contact.person: contact for held in by_role.values() for contact in held}
    return Contacts(by_role, {**by_person, **with_role})


def _in_role(role: Role, contact: Contact, acting: Collection[tuple[str, str]]) -> Contact:
    return replace(contact, role=role.value, acting=(role.value, contact.person) in acting)


def _from_directory(connection: Connection, authority: str) -> dict[Role, tuple[Contact, ...]]:
    by_role: dict[Role, tuple[Contact, ...]] = {}
    for row in connection.execute(_HOLDERS, {"authority": authority}):
        contact = Contact(row.role, row.id, row.name, row.email if row.active else "", row.acting)
        by_role[Role(row.role)] = (*by_role.get(Role(row.role), ()), contact)
    return by_role


def _people(connection: Connection, identifiers: set[str]) -> dict[str, Contact]:
    if not identifiers:
        return {}
    rows = connection.execute(_PEOPLE, {"identifiers": sorted(identifiers)})
    return {row.id: Contact("", row.id, row.name, row.email if row.active else "") for row in rows}
