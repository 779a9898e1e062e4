"""Bounded concurrency."""

import asyncio

import pytest

from activities.support.concurrency import bounded_gather


async def test_calls_are_bounded_and_results_keep_the_order_of_the_items() -> None:
    running: set[int] = set()
    counts: list[int] = []

    async def square(number: int) -> int:
        running.add(number)
        counts.append(len(running))
        for _ in range(10 - number):
            await asyncio.sleep(0)
        running.remove(number)
        return number * number

    assert await bounded_gather(range(10), square, 3) == [number * number for number in range(10)]
    assert max(counts) == 3


async def test_an_error_of_one_call_is_raised() -> None:
    async def fail_on_b(name: str) -> None:
        if name == "b":
            raise ValueError(name)

    with pytest.raises(ValueError, match="b"):
        await bounded_gather("abcd", fail_on_b, 2)


async def test_without_items_nothing_is_called() -> None:
    async def call(name: str) -> str:
        raise AssertionError(name)

    assert await bounded_gather((), call, 5) == []
