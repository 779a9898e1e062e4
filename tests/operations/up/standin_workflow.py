"""A workflow that only waits, for tests of what keeps engine and worker running."""

from temporalio import workflow


@workflow.defn
class Waiting:
    """Stays open until it is told to finish, and counts what it was told before."""

    def __init__(self) -> None:
        self._count = 0
        self._done = False

    @workflow.run
    async def run(self) -> int:
        """Waits for `finish`; answers the count."""
        await workflow.wait_condition(lambda: self._done)
        return self._count

    @workflow.update
    def count(self) -> int:
        """One more."""
        self._count += 1
        return self._count

    @workflow.update
    def finish(self) -> None:
        """Lets it end."""
        self._done = True


@workflow.defn
class Broken:
    """Fails in every attempt, as a workflow with a mistake in its code does."""

    @workflow.run
    async def run(self) -> None:
        """Stands still."""
        raise RuntimeError("a mistake in the code")
