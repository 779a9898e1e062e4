"""Whoever alters what is kept is found, by whatever way; where nothing was altered, nothing is."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.records.verify.tampering import Tamperer
from tests.records.verify.verified_records import VerifiedRecords, verify

FEW, MANY = 60, 1000


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder as it was recorded."""
    with pytest.MonkeyPatch.context() as patch:
        yield VerifiedRecords(tmp_path_factory.mktemp("house"), patch).build()


def altered(data: Path, copy: Path, seed: int) -> str:
    """A copy, altered in one way; says how."""
    shutil.copytree(data, copy)
    return Tamperer(copy, Random(seed)).alter()


def check(data: Path, folder: Path, seeds: range) -> None:
    missed = []
    for seed in seeds:
        copy = folder / str(seed)
        how = altered(data, copy, seed)
        if not verify(copy).found:
            missed.append(f"{seed}: {how}")
        shutil.rmtree(copy)
    assert not missed, "\n".join(missed)


def test_nothing_is_found_where_nothing_was_altered(data: Path) -> None:
    report = verify(data)
    assert report.found == []
    assert min(report.checked.values()) > 0, report.checked


def test_sixty_alterations_are_all_found(data: Path, tmp_path: Path) -> None:
    check(data, tmp_path, range(FEW))


@pytest.mark.slow
def test_a_thousand_alterations_are_all_found(data: Path, tmp_path: Path) -> None:
    check(data, tmp_path, range(FEW, FEW + MANY))
