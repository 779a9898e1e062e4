"""An account, kept from the rows of the outbox alone, of who knows of an inspection and whose calendar holds its meeting.

Nothing of the code that picks recipients is called."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping

from framework.inspection.state import Inspection
from framework.vocabulary.roles import Role

SAY_NOTHING_NEW = {"reminder", "assignment", "report_waiting", "report_returned", "decision_waiting"}
"""Letters that are not the first notice of an inspection to a person, or go to the inspectorate's own people alone."""
FOLLOWS = {"deferred": "deferral_granted", "resumption_issued": "resumption", "cancelled": "cancellation",
           "notification_failed": "notification_failed"}  # fmt: skip
"""Event -> the letter that goes to each person who knows of the inspection."""
NEVER_ARRIVED = "notification_not_served"


class Correspondents:
    """People by their address."""

    def __init__(self, emails: Mapping[str, str]) -> None:
        self.emails = emails
        """Person -> address, as the directory has them."""
        self.informed: dict[str, set[str]] = {}
        """Address -> the letters that informed its holder."""
        self.calendars: dict[str, dict[str, Any]] = {}
        """Address -> the set-up meeting as it stands in its holder's calendar."""

    def take_in(self, before: Inspection, kinds: Iterable[str], after: Inspection, rows: Sequence[RowMapping]) -> None:
        """Requires of a decision's letters that each person who must be notified is, then adds them."""
        kinds = set(kinds)
        for event, kind in FOLLOWS.items():
            if event in kinds and before.was_notified:
                self._require_all(kind, before, rows)
        for row in rows:
            self._add(row)
        if NEVER_ARRIVED in kinds:
            lost = {"announcement", "resumption"}
            self.informed = {who: letters - lost for who, letters in self.informed.items() if letters - lost}
        if (
            "notification_failed" in kinds
        ):  # letters do not reach the directors: what was in their calendars did not either
            for person in before.people[Role.DCS]:
                self.calendars.pop(self.emails[person], None)
        self._require_calendars(after)

    def _require_all(self, kind: str, before: Inspection, rows: Sequence[RowMapping]) -> None:
        reached = {address for row in rows if row["kind"] == kind for address in addresses(row)}
        directors = before.people[Role.DCS] if kind == "notification_failed" else ()  # whom it did not reach
        missing = self.informed.keys() - reached - {self.emails[person] for person in directors}
        assert not missing, f"{missing} know of the inspection and get no «{kind}»"

    def _add(self, row: RowMapping) -> None:
        facts = row["data_json"]["facts"]
        for address in addresses(row):
            if row["kind"] not in SAY_NOTHING_NEW:
                self.informed.setdefault(address, set()).add(row["kind"])
            if "withdrawn" in facts:
                self.calendars.pop(address, None)
            elif row["kind"] == "set_up_invitation":
                self.calendars[address] = facts["meeting"]

    def _require_calendars(self, after: Inspection) -> None:
        """Requires that no calendar holds a meeting that is withdrawn, or is on another day or at another place now."""
        meeting = after.meeting
        if meeting is None or "set_up_meeting_held" in after.milestones_reached:
            return
        now = None if meeting.withdrawn else (str(meeting.day), meeting.at.isoformat("minutes"), meeting.place)
        for address, entry in self.calendars.items():
            assert (entry["day"], entry["time"], entry["place"]) == now, f"{address} has {entry}, and now it is {now}"


def addresses(row: RowMapping) -> set[str]:
    """Returns the addresses to which a letter goes."""
    return {person["email"] for person in (*row["to_json"], *row["cc_json"])}
