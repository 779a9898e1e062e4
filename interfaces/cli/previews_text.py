"""How commands print what would move: limits with their old and new day, and appointments that would not fit."""

from collections.abc import Sequence

from application.queries.change_previews import InspectionPreview
from application.serializers import wording
from interfaces.cli.output import print_text
from interfaces.cli.screen import print_line, print_table


def print_previews(previews: Sequence[InspectionPreview], empty: str) -> None:
    """Prints every limit that would move, then every appointment that would clash, then what was left out and why."""
    moved = [(preview.inspection.id, limit) for preview in previews for limit in preview.changes.moved]
    clashing = [(preview.inspection.id, clash) for preview in previews for clash in preview.changes.clashes]
    if not moved and not clashing:
        print_text(empty)
    if moved:
        rows = [
            (name, limit.title, wording.day(limit.was) if limit.was else None, wording.day(limit.now), limit.paragraph)
            for name, limit in moved
        ]
        print_table(("Inspection", "Limit", "Now due", "Would be", "Para"), rows)
    for name, clash in clashing:
        what = f"{name}: {clash.title}, {wording.day(clash.day)}: {clash.why}"
        print_line(f"{what}. It stays until somebody agrees another day.")
    for preview in previews:
        if preview.note:
            print_line(preview.note)
