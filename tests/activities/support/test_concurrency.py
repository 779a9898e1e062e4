"""Acting on many things, a few at a time."""

import asyncio

import pytest

from activities.support.concurrency import bounded_gather


async def test_no_more_act_at_once_than_may_and_the_answers_keep_their_order() -> None:
    acting: set[int] = set()
    seen: list[int] = []

    async def act(number: int) -> int:
        acting.add(number)
        seen.append(len(acting))
        for _ in range(10 - number):
            await asyncio.sleep(0)
        acting.remove(number)
        return number * number

    assert await bounded_gather(range(10), act, 3) == [number * number for number in range(10)]
    assert max(seen) == 3


async def test_what_acting_on_one_raises_is_raised() -> None:
    async def act(name: str) -> None:
        if name == "b":
            raise ValueError(name)

    with pytest.raises(ValueError, match="b"):
        await bounded_gather("abcd", act, 2)


async def test_nothing_to_act_on_is_nothing_done() -> None:
    async def act(name: str) -> str:
        raise AssertionError(name)

    assert await bounded_gather((), act, 5) == []
