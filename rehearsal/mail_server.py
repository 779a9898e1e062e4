"""The mail server of a rehearsal: the local mailbox, which the script can stop and start."""

from contextlib import AsyncExitStack
from pathlib import Path

from application.runtime import dev_mailbox


class ScriptedMailServer:
    """A mailbox on one port, up or down. While it is down nothing listens on the port, as in an outage."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._serving: AsyncExitStack | None = None
        self.port = 0

    @property
    def up(self) -> bool:
        """Returns whether it accepts letters."""
        return self._serving is not None

    async def open(self) -> None:
        """Starts the mailbox, on its previous port if it had one."""
        if self._serving is None:
            stack = AsyncExitStack()
            self.port = await stack.enter_async_context(dev_mailbox.serve(self._folder, self.port))
            self._serving = stack

    async def close(self) -> None:
        """Stops the mailbox."""
        if self._serving is not None:
            await self._serving.aclose()
            self._serving = None
