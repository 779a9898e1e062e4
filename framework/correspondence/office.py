"""What letters name of the office itself, where it differs between installations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfficeAddresses:
    """Where the public turns to; empty where the office has set none."""

    reports_url: str = ""
    """The address under which the folder of published reports can be read."""
    complaints_to: str = ""
    """Where complaints are written to (para 67): an e-mail address, a postal address or both, on one line."""


NONE = OfficeAddresses()
