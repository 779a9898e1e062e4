"""What can go wrong, in families that tell who must act. Each maps to one exit code of the command line."""


class InspectionError(Exception):
    """The root of what this product raises on purpose."""

    exit_code = 1


class BadInput(InspectionError):
    """What came in is wrong: an unknown name, a missing or bad field. `faults` names every one with its place."""

    exit_code = 2

    def __init__(self, message: str, faults: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults


class FaultyFile(BadInput):
    """A file that somebody wrote has faults, each at a place of its own: told on a line each, as editors jump to them."""


class Refused(InspectionError):
    """A rule says no. `paragraph` is where the framework (or the design, when None) says so."""

    exit_code = 3

    def __init__(self, message: str, paragraph: int | None = None) -> None:
        super().__init__(message)
        self.paragraph = paragraph

    def __str__(self) -> str:
        message = str(self.args[0])
        named = "(para " in message  # where a sentence names the paragraph itself, that is the one to look up
        return f"{message} (para {self.paragraph})" if self.paragraph and not named else message


class Unreachable(InspectionError):
    """A service we need does not answer; the message names it and says what to do."""

    exit_code = 4


class CheckFailed(InspectionError):
    """A check found something wrong; the message names the first thing."""

    exit_code = 5
