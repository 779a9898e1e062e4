"""Checks that a person whom an order or a step names is in the directory and may have the role (paras 10, 57)."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlmodel import Session

from application.runtime.suggestions import near
from framework.common.errors import BadInput
from framework.vocabulary.roles import AUTHORITY_ROLES, TITLES, Role
from framework.vocabulary.team import may_serve
from records.directory.order_lookup import Named, named_people, office_people


def unfit(person: str, role: Role | None, known: Named | None, people: Collection[str]) -> str | None:
    """Returns why a person may not have a role in an inspection, None if they may; suggestions are from `people`."""
    if known is None:
        return f"the directory knows nobody called {person}{near(person, people)}"
    if not known.active:
        return f"{person} has left"
    if role is None or may_serve(role, known.posts):
        return None
    return f"{person} is not «{TITLES[role]}» in the directory, but {_posts_of(known)}"


def check_newcomer(session: Session, authority: str, step: str, fields: Mapping[str, Any]) -> None:
    """Checks a person who is to join the team, or to act for the authority with this code. Raises `BadInput` if they may not."""
    role = _requested_role(step, fields)
    if role is None:
        return
    person = str(fields["person"])
    known = named_people(session, (person,)).get(person)
    of_authority = role in AUTHORITY_ROLES
    fault = unfit(person, None if of_authority else role, known, office_people(session))
    if known and of_authority and known.authority != authority:
        fault = fault or f"{person} is {_posts_of(known)} in the directory, not with the authority {authority}"
    if fault:
        raise BadInput(f"{step}: person: {fault}")


def _requested_role(step: str, fields: Mapping[str, Any]) -> Role | None:
    if step == "change_lead":
        return Role.LEAD_INSPECTOR
    joins = step in ("change_contact", "change_team") and not fields.get("leaves")
    return Role(fields["role"]) if joins else None


def _posts_of(known: Named) -> str:
    if known.posts:
        return " and ".join(f"«{TITLES[post]}»" for post in known.posts)
    return f"with the authority {known.authority}" if known.authority else "nothing"
