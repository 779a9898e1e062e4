"""The forms of the steps on concerns raised during an inspection, and how each was settled (para 64)."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from framework.common.forms import Strict
from framework.common.free_text import FreeText


class Raiser(StrEnum):
    """Who raised a concern, in general terms."""

    USER_OF_SERVICES = "user_of_services"
    PARENT_OR_CARER = "parent_or_carer"
    YOUNG_PERSON = "young_person"
    STAFF_OF_AUTHORITY = "staff_of_authority"
    PARTNER_AGENCY = "partner_agency"
    DIRECTOR_OR_LINK_OFFICER = "director_or_link_officer"
    OTHER = "other"


def _never_a_name(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError:
        # The value is left out of the message: it may be the name that does not belong here.
        raise ValueError(f"must say in general terms who raised it, never a name: one of {', '.join(Raiser)}") from None


class AddConcern(Strict):
    """A concern that was raised, in the team's words. There is no field for a name: see `Raiser`."""

    raised_by: Annotated[Raiser, WrapValidator(_never_a_name)]
    text: FreeText


class SettleConcern(Strict):
    """How one concern was settled."""

    number: int = Field(ge=1)
    text: FreeText
