"""Fixtures of the tests of the doors."""

from pathlib import Path

import pytest

from tests.interfaces.counter import Counter


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """The command line at a fresh folder that can be read without an engine."""
    return Counter(tmp_path, monkeypatch)


@pytest.fixture
def lonely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """The command line at a fresh folder whose engine does not run."""
    return Counter(tmp_path, monkeypatch, marked=False)
