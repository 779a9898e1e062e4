"""The team of an inspection and what changes of it come to (paras 10, 11, 57): who holds which role, who may hold it.

Nothing here decides; what a team must have stands in `gates`."""

from collections.abc import Collection, Mapping

from framework.vocabulary.roles import Role

People = Mapping[Role, tuple[str, ...]]

MAY_SERVE_AS: Mapping[Role, tuple[Role, ...]] = {
    Role.LEAD_INSPECTOR: (Role.LEAD_INSPECTOR, Role.INSPECTOR),
    Role.INSPECTOR: (Role.INSPECTOR, Role.LEAD_INSPECTOR),
}
"""Posts that entitle to a role in an inspection, where it is not the post of the same name alone (para 10)."""


def may_serve(role: Role, posts: Collection[Role]) -> bool:
    """Whether somebody with these posts in the inspectorate may have this role in an inspection."""
    return not set(posts).isdisjoint(MAY_SERVE_AS.get(role, (role,)))


def with_lead(people: People, person: str) -> dict[Role, tuple[str, ...]]:
    """Another lead inspector: a new one leaves the ranks, the old one the team."""
    inspectors = people.get(Role.INSPECTOR, ())
    return {
        **people,
        Role.LEAD_INSPECTOR: (person,),
        Role.INSPECTOR: tuple(one for one in inspectors if one != person),
    }


def with_member(people: People, role: Role, person: str, *, leaves: bool) -> dict[Role, tuple[str, ...]]:
    """Somebody joins or leaves; there is one quality assurance manager, whom the next one follows."""
    others = tuple(one for one in people.get(role, ()) if one != person)
    if leaves:
        return {**people, role: others}
    return {**people, role: (person,) if role is Role.QUALITY_ASSURANCE_MANAGER else (*others, person)}
