"""All guards of an inspection by the names that its table of steps calls them."""

from framework.inspection.guards import corrections, fieldwork, handed_in, limits, notice, people, report, withdrawal
from framework.lifecycle.guards import Guard

GUARDS: dict[str, Guard] = {
    **notice.GUARDS,
    **fieldwork.GUARDS,
    **report.GUARDS,
    **people.GUARDS,
    **handed_in.GUARDS,
    **corrections.GUARDS,
    **limits.GUARDS,
    **withdrawal.GUARDS,
}
