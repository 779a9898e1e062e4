"""What people write in YAML: every fault named with its place, and refused at once whatever the file is."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from application.files.text_files import LARGEST
from application.files.yaml_files import MOST_LEVELS, MOST_NODES, YamlFile, read_yaml
from framework.common.errors import BadInput
from framework.inspection.order import Order
from interfaces.cli.fields import GivenFields
from rehearsal import script_reader
from tests.cli_harness import run

ALIASES_WITHIN_ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
"""The order of 441 bytes that ran a minute at full processor and grew."""
COSTLY = {
    "aliases within aliases": (ALIASES_WITHIN_ALIASES, "stands for another part"),
    "a part that contains itself": ("a: &a [*a]\n", "stands for another part"),
    "flow lists within each other": ("a: " + "[" * 400_000, "nested deeper"),
    "mappings within each other": ("{a: " * 200_000, "nested deeper"),
    "block lists within each other": ("- " * 400_000, "nested deeper"),
    "more values than a form can have": ("a: [" + "x," * 400_000 + "]", "more than 10000 values"),
    "more characters than anybody writes": ("a: " + "x y " * 300_000, "more than 1000000 characters"),
}


@contextmanager
def within_a_second() -> Iterator[None]:
    """Fails where it took this process longer; what else the machine does meanwhile is not counted."""
    began = time.process_time()
    yield
    assert time.process_time() - began < 1.0


@pytest.fixture(params=sorted(COSTLY))
def costly(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    text, why = COSTLY[request.param]
    path = tmp_path / "costly.yaml"
    path.write_text(text)
    return path, why


def test_an_order_that_costs_more_to_build_than_to_write_is_refused_within_a_second(costly: tuple[Path, str]) -> None:
    path, why = costly
    with within_a_second(), pytest.raises(BadInput, match=why):
        read_yaml(path)


def test_so_are_the_fields_of_a_step_in_a_file(costly: tuple[Path, str]) -> None:
    path, why = costly
    with within_a_second(), pytest.raises(BadInput, match=why):
        GivenFields("X-1", "cancel", path, ()).values()


def test_so_is_a_script_of_a_rehearsal(costly: tuple[Path, str]) -> None:
    path, why = costly
    with within_a_second(), pytest.raises(BadInput, match=why):
        script_reader.read(path)


def test_the_command_says_where_in_one_line_and_ends_with_2(tmp_path: Path) -> None:
    order = tmp_path / "order.yaml"
    order.write_text(ALIASES_WITHIN_ALIASES)
    ended = run("start", str(order), "--dry-run", "--data", str(tmp_path))
    assert ended.exit_code == 2
    assert ended.stderr == f"{order}:2:8: *a stands for another part: write that part out\n"


def test_a_file_without_an_end_is_not_read_to_it() -> None:
    with within_a_second(), pytest.raises(BadInput, match="/dev/zero: holds more than"):
        read_yaml(Path("/dev/zero"))


def test_the_largest_that_is_taken_is_taken_quickly() -> None:
    with within_a_second():
        assert YamlFile("f", "a: " + "x" * (LARGEST - 3)).data
        assert len(YamlFile("f", f"[{'x,' * (MOST_NODES - 1)}]").data) == MOST_NODES - 1  # type: ignore[arg-type]
        assert YamlFile("f", "[" * MOST_LEVELS + "]" * MOST_LEVELS).data


def test_a_fault_of_form_names_line_and_column() -> None:
    with pytest.raises(BadInput, match=r"order\.yaml:2:1: "):
        YamlFile("order.yaml", "a: [1, 2\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: 1\na: 2\n", "stands here twice"),
        ("? [a, b]\n: 1\n", "the name of a field must be a word"),
        ("a: !!bool perhaps\n", "is not what its tag"),
        ("a: !!python/object:os.system x\n", "could not determine a constructor"),
    ],
)
def test_what_no_form_holds_is_a_fault_with_its_place(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=rf"^order\.yaml:\d+:\d+: .*{why}"):
        YamlFile("order.yaml", text)


def test_each_fault_of_an_order_names_where_it_stands() -> None:
    with pytest.raises(BadInput) as caught:
        YamlFile("order.yaml", "reference: x\nauthority: 33\nscope: both\n").read(Order)
    places = {fault.split(": ")[0] + ": " + fault.split(": ")[1] for fault in caught.value.faults}
    assert {"order.yaml:1:1: reference", "order.yaml:2:1: authority", "order.yaml:3:1: scope"} <= places
