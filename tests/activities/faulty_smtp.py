"""A mail server that misbehaves on request: it answers each verb as given, cuts the line, dawdles, or does not answer."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HERE = "127.0.0.1"
CUT = "cut"
"""Instead of an answer: the line is cut."""
SILENCE = "silence"
"""Instead of an answer: nothing, for ever."""
CUT_BEFORE_DOT = "cut before the dot"
"""As the answer to DATA: the line is cut while the letter is being given."""

USUAL = {
    "GREETING": "220 here",
    "EHLO": "250 here",
    "HELO": "250 here",
    "MAIL": "250 fine",
    "RCPT": "250 fine",
    "DATA": "354 go on",
    "DOT": "250 kept",
    "QUIT": "221 goodbye",
    "RSET": "250 fine",
}


@dataclass
class FaultySmtp:
    """What it answers, and what it was given."""

    answers: dict[str, str] = field(default_factory=dict)
    """Verb (or GREETING, DOT, or «RCPT address») -> answer, CUT or SILENCE."""
    port: int = 0
    heard: list[str] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    """The letters it answered 250 for, or would have."""
    given_to: list[str] = field(default_factory=list)
    """Who was named and not refused, in order."""
    pause: float = 0.0
    """Seconds before each answer."""
    at_dot: Callable[[], object] = lambda: None
    """Called when the letter was given and its answer is awaited."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation."""
        try:
            if await self._say(writer, "GREETING"):
                while line := await reader.readline():
                    if not await self._answer(line.decode().strip(), reader, writer):
                        break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self.heard.append(line)
        verb = line.split()[0].upper()
        if verb == "RCPT":
            return await self._name(line.split("<")[1].split(">")[0], writer)
        if verb == "DATA" and self.answers.get("DATA") == CUT_BEFORE_DOT:
            writer.write(b"354 go on\r\n")
            await reader.readline()
            return False
        if not await self._say(writer, verb):
            return False
        if verb == "DATA" and self._for("DATA").startswith("354"):
            self.taken.append(await reader.readuntil(b"\r\n.\r\n"))
            self.at_dot()
            return await self._say(writer, "DOT")
        return verb != "QUIT"

    async def _name(self, address: str, writer: asyncio.StreamWriter) -> bool:
        answer = self._for(f"RCPT {address}")
        if answer.startswith("2"):
            self.given_to.append(address)
        return await self._say(writer, f"RCPT {address}")

    async def _say(self, writer: asyncio.StreamWriter, what: str) -> bool:
        answer = self._for(what)
        if self.pause:
            await asyncio.sleep(self.pause)
        if answer == CUT:
            return False
        if answer == SILENCE:
            await asyncio.sleep(3600)
        writer.write(answer.encode() + b"\r\n")
        await writer.drain()
        return True

    def _for(self, what: str) -> str:
        verb = what.split()[0]
        return self.answers.get(what) or self.answers.get(verb) or USUAL.get(verb) or "502 what is that?"


@asynccontextmanager
async def misbehaving(answers: Mapping[str, str] | None = None, pause: float = 0.0) -> AsyncIterator[FaultySmtp]:
    """The server, listening on a free port while inside; its `answers` may be changed while it runs."""
    talks: set[asyncio.Task[None]] = set()
    faulty = FaultySmtp(answers=dict(answers or {}), pause=pause)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        talks.add(task)
        await faulty.serve(reader, writer)

    server = await asyncio.start_server(serve, HERE, 0, limit=50_000_000)
    faulty.port = server.sockets[0].getsockname()[1]
    try:
        yield faulty
    finally:
        server.close()
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
