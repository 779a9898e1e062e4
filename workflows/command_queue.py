"""The commands that an inspection's workflow has still to take, one at a time, and the answers to those it took."""

from collections import deque

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from framework.inspection.stages import Stage
    from framework.messages.commands import Answer, Command


class CommandQueue:
    """The queue of commands; each is taken once, however often and from wherever it is sent."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        """Identifier of a command -> its answer."""
        self._waiting: deque[Command] = deque()
        self._ignored: list[Command] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    @property
    def first(self) -> Command:
        """Returns the command that is taken next."""
        return self._waiting[0]

    def add(self, command: Command) -> None:
        """Queues a command, unless it was answered or waits already."""
        # By the whole command: one that is sent past the entry points must not take the place of another under its identifier.
        if command.id not in self.answers and command not in self._waiting:
            self._waiting.append(command)

    def remove_first(self) -> None:
        """Takes the first command out of the queue."""
        self._waiting.popleft()

    def ignore(self, command: Command) -> None:
        """Leaves a command that the records do not hold without an answer under its identifier."""
        self._ignored.append(command)

    def is_settled(self, command: Command) -> bool:
        """Returns whether the command was answered or ignored."""
        return command.id in self.answers or command in self._ignored

    def answer_to(self, command: Command, stage: Stage) -> Answer:
        """Returns the answer to a settled command; one that was ignored is refused."""
        what = "the records hold no such command: take the step again, through the system"
        return self.answers.get(command.id) or Answer(stage=stage, refused=what)
