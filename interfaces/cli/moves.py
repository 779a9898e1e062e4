"""How commands tell what would move: limits with their old and new day, and appointments that would not fit."""

from collections.abc import Sequence

from application.queries.change_previews import Found
from application.serializers import wording
from interfaces.cli.output import print_line, print_table, print_text


def print_moves(found: Sequence[Found], empty: str) -> None:
    """Every limit that would move, then every appointment that would clash, then what was left out and why."""
    moved = [(one.inspection.id, limit) for one in found for limit in one.moves.moved]
    clashing = [(one.inspection.id, clash) for one in found for clash in one.moves.clashes]
    noted = [one for one in found if one.note]
    if not moved and not clashing:
        print_text(empty)
    if moved:
        rows = [
            (name, limit.title, wording.day(limit.was) if limit.was else None, wording.day(limit.now), limit.paragraph)
            for name, limit in moved
        ]
        print_table(("Inspection", "Limit", "Now due", "Would be", "Para"), rows)
    for name, clash in clashing:
        said = (
            f"{name}: {clash.title}, {wording.day(clash.day)}: {clash.why}. It stays until somebody agrees another day."
        )
        print_line(said)
    for one in noted:
        print_line(one.note)
