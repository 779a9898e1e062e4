"""What people write in YAML: every fault named with its place, whatever the file is."""

import pytest

from application.files.yaml_files import YamlFile
from framework.common.errors import BadInput
from framework.inspection.order import Order


def test_a_part_that_contains_itself_is_a_fault_of_the_file() -> None:
    with pytest.raises(BadInput, match="contains itself"):
        YamlFile("order.yaml", "a: &a [*a]\n")


def test_a_fault_of_form_names_line_and_column() -> None:
    with pytest.raises(BadInput, match=r"order\.yaml:2:1: "):
        YamlFile("order.yaml", "a: [1, 2\n")


def test_a_key_that_stands_twice_is_a_fault() -> None:
    with pytest.raises(BadInput, match="stands here twice"):
        YamlFile("order.yaml", "a: 1\na: 2\n")


def test_each_fault_of_an_order_names_where_it_stands() -> None:
    with pytest.raises(BadInput) as caught:
        YamlFile("order.yaml", "reference: x\nauthority: 33\nscope: both\n").read(Order)
    places = {fault.split(": ")[0] + ": " + fault.split(": ")[1] for fault in caught.value.faults}
    assert {"order.yaml:1:1: reference", "order.yaml:2:1: authority", "order.yaml:3:1: scope"} <= places
