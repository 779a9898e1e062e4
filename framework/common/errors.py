"""Errors raised on purpose, in families by who must act. Each family has one exit code of the command line."""


class InspectionError(Exception):
    """The base of every error that this product raises on purpose."""

    exit_code = 1


class BadInput(InspectionError):
    """The input is wrong: an unknown name, a missing or bad field. `faults` names each fault with its place."""

    exit_code = 2

    def __init__(self, message: str, faults: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults


class FaultyFile(BadInput):
    """A file has faults. Entry points print each on a line of its own, as PATH:LINE:COLUMN, which editors can jump to."""


class Refused(InspectionError):
    """A rule does not allow it. `paragraph` is the framework's; None where the rule is ours."""

    exit_code = 3

    def __init__(self, message: str, paragraph: int | None = None) -> None:
        super().__init__(message)
        self.paragraph = paragraph

    def __str__(self) -> str:
        message = str(self.args[0])
        has_paragraph = "(para " in message  # a message may cite another paragraph than the step's: that one is right
        return f"{message} (para {self.paragraph})" if self.paragraph and not has_paragraph else message


class Unreachable(InspectionError):
    """A service that is needed does not answer; the message names it and says what to do."""

    exit_code = 4


class CheckFailed(InspectionError):
    """A check found faults; the message names the first."""

    exit_code = 5
