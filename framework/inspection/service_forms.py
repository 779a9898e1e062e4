"""The forms of serving a notification, and of finding that it was not served (para 8)."""

from enum import StrEnum

from pydantic import model_validator

from framework.common.forms import Strict
from framework.common.free_text import FreeText, Reason


class Service(StrEnum):
    """How a notification reached the Director of Children's Services (para 8)."""

    EMAIL = "email"
    BY_HAND = "by_hand"
    POST = "post"


class ServiceProof(Strict):
    """How the notification was served, and what proves it."""

    method: Service
    letter: str | None = None
    """The letter whose acceptance proves it, when it went by e-mail."""
    proof: FreeText | None = None

    @model_validator(mode="after")
    def _hand_and_post_need_proof(self) -> "ServiceProof":
        if self.method is not Service.EMAIL and not self.proof:
            raise ValueError("proof: say who took the letter, or how it was posted")
        return self


class Notify(Strict):
    """Nothing, but after a notification that did not arrive."""

    address_confirmed: bool = False
    """That the Director's address was looked at since, and is right."""


class FailedService(Strict):
    """The letter that did not reach the person it is addressed to."""

    letter: str = ""
    """Which letter; before fieldwork it may be left empty for the notification."""
    reason: Reason | None = None
    """What shows that it did not arrive; asked of persons."""
