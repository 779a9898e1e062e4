"""Workflows for tests of the supervisor: one that waits, one that fails."""

from temporalio import workflow


@workflow.defn
class Waiting:
    """Stays open until `finish`, and counts the updates before it."""

    def __init__(self) -> None:
        self._count = 0
        self._done = False

    @workflow.run
    async def run(self) -> int:
        """Waits for `finish`; returns the count."""
        await workflow.wait_condition(lambda: self._done)
        return self._count

    @workflow.update
    def count(self) -> int:
        """Adds one to the count; returns it."""
        self._count += 1
        return self._count

    @workflow.update
    def finish(self) -> None:
        """Ends the workflow."""
        self._done = True


@workflow.defn
class Broken:
    """Fails in every workflow task, as a workflow with a mistake in its code does."""

    @workflow.run
    async def run(self) -> None:
        """Raises an error, so that the workflow is stuck."""
        raise RuntimeError("a mistake in the code")
