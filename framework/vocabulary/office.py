"""Who may change what belongs to the whole office: the calendar and the directory. Policy: the framework names no post for it."""

from framework.common.errors import Refused
from framework.vocabulary.roles import TITLES, Role

POLICY_WORDS = "policy, not in the source"
"""Stands wherever a limit or rule is shown that the framework does not give."""
CHANGED_BY = (Role.COORDINATOR, Role.MANAGER)


def require_office_post(person: str, posts: tuple[Role, ...], what: str) -> None:
    """Raises `Refused` for a person whose posts do not permit changing `what` (which begins the message)."""
    if set(posts) & set(CHANGED_BY):
        return
    permitted = " or ".join(TITLES[role] for role in CHANGED_BY)
    held = ", ".join(TITLES[role] for role in posts) or "neither"
    raise Refused(f"{what} is changed by: {permitted}; {person} is {held} ({POLICY_WORDS})")
