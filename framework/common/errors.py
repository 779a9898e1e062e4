"""Errors raised on purpose, in families by who must act. Each family has one exit code of the command line.

A message says what is wrong. How to correct it depends on the entry point: an error names its `Remedy`, and the entry
point adds its own words for it (a command, a button, a link)."""

from enum import StrEnum


class Remedy(StrEnum):
    """What corrects an error. The error's `subject` completes it where it needs an identifier."""

    LIST_INSPECTIONS = "list inspections"
    LIST_AUTHORITIES = "list authorities"
    LIST_HOLIDAYS = "list holidays"
    LIST_STEPS = "list steps"
    LIST_COMMENTS = "list comments of the inspection"
    LIST_TASKS = "list tasks of the inspection"
    LIST_MAIL = "list mail"
    LIST_LETTERS = "list letters of the inspection"
    LIST_EVENTS = "list events of the inspection"
    VERIFY = "verify the inspection"
    SHOW_INSPECTION = "show the inspection"
    IMPORT_PEOPLE = "import people"
    CONFIRM_START = "confirm the start"
    START_SYSTEM = "start the system"
    MAKE_RECORDS = "start the system, which makes the records"
    MIGRATE = "migrate the tables"
    FINISH_RESTORE = "start the system, which finishes the restore"
    AWAIT_SYSTEM = "await the system"
    REPEAT_COMMAND = "repeat the command under its identifier"
    RENEW_COMMAND = "send the command under another identifier"
    CHOOSE_DATA = "choose another data folder"
    STOP_OTHER_SYSTEM = "stop the other system, or choose another data folder"
    CHOOSE_TARGET = "choose another target"
    LEAVE_OUT_PERSONAL = "leave personal data out"


class InspectionError(Exception):
    """The base of every error that this product raises on purpose."""

    exit_code = 1

    def __init__(self, message: str, *, remedy: Remedy | None = None, subject: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy
        self.subject = subject


class BadInput(InspectionError):
    """The input is wrong: an unknown name, a missing or bad field. `faults` names each fault with its place; `field` is
    the field of the request that the message begins with, where it is about one."""

    exit_code = 2

    def __init__(
        self,
        message: str,
        faults: tuple[str, ...] = (),
        *,
        field: str = "",
        remedy: Remedy | None = None,
        subject: str = "",
    ) -> None:
        super().__init__(message, remedy=remedy, subject=subject)
        self.faults = faults
        self.field = field


class FaultyFile(BadInput):
    """A file has faults. Entry points print each on a line of its own, as PATH:LINE:COLUMN, which editors can jump to."""


class BeingMade(BadInput):
    """What is asked for, or what a step rests on, is being made and will be there in a moment: no rule refuses it.

    Answered as invalid input is, to the sender alone: nothing is recorded. Ask again."""

    exit_code = 4


class Refused(InspectionError):
    """A rule does not allow it. `paragraph` is the framework's; None where the rule is ours."""

    exit_code = 3

    def __init__(
        self, message: str, paragraph: int | None = None, *, remedy: Remedy | None = None, subject: str = ""
    ) -> None:
        super().__init__(message, remedy=remedy, subject=subject)
        self.paragraph = paragraph

    def __str__(self) -> str:
        message = str(self.args[0])
        has_paragraph = "(para " in message  # a message may cite another paragraph than the step's: that one is right
        return f"{message} (para {self.paragraph})" if self.paragraph and not has_paragraph else message


class Unaddressed(Refused):
    """Letters find no recipient with an address. `letters` are their keys: for reminders, whom each was to go to."""

    def __init__(self, message: str, paragraph: int | None = None, letters: tuple[str, ...] = ()) -> None:
        super().__init__(message, paragraph, remedy=Remedy.IMPORT_PEOPLE)
        self.letters = letters


class Unreachable(InspectionError):
    """A service that is needed does not answer; the message names it."""

    exit_code = 4


class CheckFailed(InspectionError):
    """A check found faults; the message names the first."""

    exit_code = 5
