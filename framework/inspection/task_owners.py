"""Which role each kind of task waits for: whose list of work it is on."""

from collections.abc import Mapping

from framework.vocabulary.roles import Role

TASK_OWNERS: Mapping[str, Role] = {
    # kind                 owner
    "gate":                Role.COORDINATOR,
    "notification":        Role.COORDINATOR,
    "address_missing":     Role.COORDINATOR,
    "letter":              Role.COORDINATOR,
    "letter_failed":       Role.COORDINATOR,
    "letter_stopped":      Role.COORDINATOR,
    "copy_refused":        Role.COORDINATOR,
    "document_failed":     Role.COORDINATOR,
    "document_failing":    Role.COORDINATOR,
    "publication_failing": Role.COORDINATOR,
    "workflow_stuck":      Role.COORDINATOR,
    "workflow_begun_again": Role.COORDINATOR,
    "appointment_clash":   Role.COORDINATOR,
    "dates_untold":        Role.COORDINATOR,
    "deferral":            Role.MANAGER,  # para 9: only a manager defers
    "connection":          Role.MANAGER,  # T2
}  # fmt: skip


def owner_of(kind: str) -> Role:
    """Returns the role that a kind of task waits for; the coordinator, who steers the inspection, for any other."""
    return TASK_OWNERS.get(kind, Role.COORDINATOR)
