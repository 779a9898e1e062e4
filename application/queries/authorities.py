"""The directory: the authorities, and their people."""

from dataclasses import dataclass

from sqlmodel import Session

from application.caller import Caller
from application.queries.access_logging import Use
from application.queries.snapshot import snapshot
from application.runtime.context import AppContext
from application.runtime.suggestions import near
from framework.common.errors import BadInput, Remedy
from framework.vocabulary.roles import Role
from records.directory import directory
from records.queries import board


@dataclass(frozen=True, slots=True)
class Authority:
    """A local authority, as the directory has it."""

    code: str
    name: str
    region: str
    gss_code: str
    """The nine-character code in force in October 2010."""


@dataclass(frozen=True, slots=True)
class PostHolder:
    """A person with a post in an authority."""

    role: Role
    person: str
    name: str
    email: str
    former: bool
    acting: bool = False
    """Whether the person fills a vacant post for the time being."""


@dataclass(frozen=True, slots=True)
class AuthorityView:
    """One authority with its people and its open inspections."""

    authority: Authority
    people: tuple[PostHolder, ...]
    inspections: tuple[str, ...]


def authorities(caller: Caller, context: AppContext) -> tuple[Authority, ...]:
    """Returns every authority, by name."""
    with snapshot(caller, context, Use("authorities list", everyday=True)) as view:
        return _all(view.session)


def authority(caller: Caller, context: AppContext, code: str) -> AuthorityView:
    """Returns one authority by its code, with its people and those of its open inspections that the caller may see.

    Raises `BadInput` for an unknown code, naming the nearest by code or by name."""
    with snapshot(caller, context, Use("authorities show", everyday=True)) as view:
        known = {row.code: row for row in _all(view.session)}
        if code not in known:
            raise BadInput(f"there is no authority {code}{_close(code, known)}", remedy=Remedy.LIST_AUTHORITIES)
        people = directory.post_holders(view.session, code)
        open_ones = board.board(view.session, board.Filter(authority=code, among=view.visible), view.today)
        holders = tuple(PostHolder(**{**person, "role": Role(person["role"])}) for person in people)
        return AuthorityView(known[code], holders, tuple(row.id for row in open_ones))


def _all(session: Session) -> tuple[Authority, ...]:
    return tuple(Authority(**row) for row in directory.authorities(session))


def _close(code: str, known: dict[str, Authority]) -> str:
    named = [f"{row.name} ({row.code})" for row in known.values() if code.lower() in row.name.lower()]
    return f"; nearest: {', '.join(named[:5])}" if named else near(code, known)
