"""Roles: of the inspectorate's people, of the authority's people, and of the system itself."""

from enum import StrEnum
from typing import Literal, get_args


class Role(StrEnum):
    """The capacity in which a person (or the system) acts or receives a letter."""

    COORDINATOR = "coordinator"
    MANAGER = "manager"
    LEAD_INSPECTOR = "lead_inspector"
    INSPECTOR = "inspector"
    CQC_INSPECTOR = "cqc_inspector"
    QUALITY_ASSURANCE_MANAGER = "quality_assurance_manager"
    AUDITOR = "auditor"
    DCS = "dcs"
    LINK_OFFICER = "link_officer"
    CHIEF_EXECUTIVE = "chief_executive"
    LEAD_MEMBER = "lead_member"
    LSCB_CHAIR = "lscb_chair"
    PCT_CHIEF_EXECUTIVE = "pct_chief_executive"
    CHILD_PROTECTION_CONTACT = "child_protection_contact"
    SYSTEM = "system"
    NONE = "no_role"
    """Of a person without a role in the inspection whose step was refused; no directory entry has it."""


AuthorityRole = Literal[
    Role.DCS,
    Role.LINK_OFFICER,
    Role.CHIEF_EXECUTIVE,
    Role.LEAD_MEMBER,
    Role.LSCB_CHAIR,
    Role.PCT_CHIEF_EXECUTIVE,
    Role.CHILD_PROTECTION_CONTACT,
]
AUTHORITY_ROLES: frozenset[Role] = frozenset(get_args(AuthorityRole))
"""Roles held in an authority, by the people the directory names."""
HELD_BY_SEVERAL: frozenset[Role] = frozenset({Role.PCT_CHIEF_EXECUTIVE})
"""Roles of an authority that several people may hold at once; any other has one holder."""

TEAM_ROLES = frozenset({Role.LEAD_INSPECTOR, Role.INSPECTOR, Role.CQC_INSPECTOR, Role.QUALITY_ASSURANCE_MANAGER})
"""Roles held in one inspection, by the people its order names."""

HELD_ROLES = tuple(role for role in Role if role not in (Role.SYSTEM, Role.NONE))
"""Roles that people hold."""

OFFICE_ROLES = frozenset({Role.COORDINATOR, Role.MANAGER, Role.AUDITOR})
"""Posts held in the inspectorate's office; they apply to every inspection."""

TITLES: dict[Role, str] = {
    Role.COORDINATOR: "Inspection coordinator",
    Role.MANAGER: "Inspection manager",
    Role.LEAD_INSPECTOR: "Lead inspector",
    Role.INSPECTOR: "Inspector",
    Role.CQC_INSPECTOR: "Care Quality Commission inspector",
    Role.QUALITY_ASSURANCE_MANAGER: "Quality assurance manager",
    Role.AUDITOR: "Auditor",
    Role.DCS: "Director of Children's Services",
    Role.LINK_OFFICER: "Link officer",
    Role.CHIEF_EXECUTIVE: "Chief executive of the authority",
    Role.LEAD_MEMBER: "Lead Member for Children's Services",
    Role.LSCB_CHAIR: "Chair of the Local Safeguarding Children Board",
    Role.PCT_CHIEF_EXECUTIVE: "Chief executive of the primary care trust",
    Role.CHILD_PROTECTION_CONTACT: "Child protection contact",
    Role.SYSTEM: "the system",
    Role.NONE: "no role",
}

_FORMAL_TITLES = frozenset({Role.DCS, Role.LEAD_MEMBER, Role.CQC_INSPECTOR})
"""Titles that begin with a capital wherever they stand."""


def title_of(role: Role, *, acting: bool = False) -> str:
    """Returns the title of a person in this role; «Acting …» for one who fills a vacant post for the time being."""
    title = TITLES[role]
    if not acting:
        return title
    return f"Acting {title_in_a_sentence(role)}"


def title_in_a_sentence(role: Role) -> str:
    """Returns the title of a role as it stands inside a sentence: «lead inspector», but «Director of Children's Services»."""
    title = TITLES[role]
    return title if role in _FORMAL_TITLES else title[0].lower() + title[1:]
