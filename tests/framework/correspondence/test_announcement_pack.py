"""The pack that goes with an announcement or a resumption says what its letter says: what is open, and which meeting is proposed."""

from framework.messages.orders import DocumentOrder
from tests.framework.in_memory import InMemoryInspection
from tests.framework.ordinary_path import REASON
from tests.orders import an_order


def pack(documents: tuple[DocumentOrder, ...]) -> DocumentOrder:
    (document,) = [document for document in documents if document.kind == "announcement"]
    return document


def resumed(scenario: InMemoryInspection) -> DocumentOrder:
    scenario.do("receive_case_lists", "link.330")
    scenario.do("defer", "m.okafor", ground="other", **REASON)
    scenario.until("2011-01-10")
    return pack(scenario.do("resume", "c.marsh", fieldwork="2011-01-24").documents)


def test_the_pack_of_a_resumption_knows_what_was_handed_in() -> None:
    document = resumed(InMemoryInspection().until("2010-11-05"))
    assert document.facts["handed_in"] == ["case_lists_received"]
    assert "set_up_meeting_held" not in document.facts["so_far"]


def test_a_meeting_day_of_the_order_is_in_the_pack_until_it_is_over() -> None:
    meeting = {"day": "2010-11-08", "at": "11:30", "place": "Town Hall"}
    scenario = InMemoryInspection(an_order(set_up_meeting=meeting, notify="now"))
    announced = scenario.do("notify", "c.marsh") if scenario.inspection.stage == "planned" else None
    assert announced is not None
    proposed = {"day": "2010-11-08", "time": "11:30", "place": "Town Hall"}
    assert pack(announced.documents).facts["set_up_meeting"] == proposed
    assert resumed(scenario.until("2010-11-05")).facts["set_up_meeting"] == proposed | {"day": ""}
