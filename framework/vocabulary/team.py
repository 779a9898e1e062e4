"""Changes of the team of an inspection, and who may hold a role in it (paras 10, 11, 57).

Nothing here decides whether a change is allowed: that is for the guards and `framework.inspection.notification_gates`."""

from collections.abc import Collection, Mapping

from framework.vocabulary.roles import HELD_BY_SEVERAL, Role

People = Mapping[Role, tuple[str, ...]]

MAY_SERVE_AS: Mapping[Role, tuple[Role, ...]] = {
    Role.LEAD_INSPECTOR: (Role.LEAD_INSPECTOR, Role.INSPECTOR),
    Role.INSPECTOR: (Role.INSPECTOR, Role.LEAD_INSPECTOR),
}
"""Role -> the posts that entitle to it, where that is not the post of the same name alone (para 10)."""


def may_serve(role: Role, posts: Collection[Role]) -> bool:
    """Returns whether a person with these posts in the inspectorate may have this role in an inspection (para 10)."""
    return not set(posts).isdisjoint(MAY_SERVE_AS.get(role, (role,)))


def with_lead(people: People, person: str, *, stays: bool = False) -> dict[Role, tuple[str, ...]]:
    """Returns `people` with `person` as lead inspector; who led before leaves the team, or `stays` in it as an inspector.

    A person who was an inspector of the team holds that role no longer."""
    inspectors = tuple(inspector for inspector in people.get(Role.INSPECTOR, ()) if inspector != person)
    before = people.get(Role.LEAD_INSPECTOR, ()) if stays else ()
    return {**people, Role.LEAD_INSPECTOR: (person,), Role.INSPECTOR: (*inspectors, *before)}


def with_member(people: People, role: Role, person: str, *, leaves: bool) -> dict[Role, tuple[str, ...]]:
    """Returns `people` once `person` has joined or left; a new quality assurance manager replaces the one before."""
    others = tuple(member for member in people.get(role, ()) if member != person)
    if leaves:
        return {**people, role: others}
    return {**people, role: (person,) if role is Role.QUALITY_ASSURANCE_MANAGER else (*others, person)}


def with_contact(
    people: People, role: Role, person: str, *, leaves: bool, instead_of: str | None
) -> dict[Role, tuple[str, ...]]:
    """Returns `people` after `person` took or gave up a role of the authority.

    In a role that several people hold, `person` replaces only `instead_of`; in any other role, the present holder."""
    stay = tuple(holder for holder in people.get(role, ()) if holder not in (person, instead_of))
    if leaves:
        return {**people, role: stay}
    return {**people, role: (*stay, person) if role in HELD_BY_SEVERAL else (person,)}
