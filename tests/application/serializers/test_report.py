"""The file of a report says what stands in it: whatever text is kept comes back from the file as it was."""

from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from application.commands.report_validation import read_sections
from application.files.yaml_files import YamlFile
from application.queries.report_contents import ReportContents, SectionContent
from application.serializers.report import report_as_yaml
from framework.inspection.report_forms import Area, WriteSection
from framework.report.areas import When
from tests.orders import an_order

CHARACTERS = st.one_of(st.sampled_from("\n\t :-#'\"|>{}[]&*!%@`\\,?~"), st.characters(codec="utf-8"))
ORDER = an_order()


def as_stored(text: str) -> str:
    """The text as the records keep it; empty for one that no form takes."""
    try:
        return WriteSection(heading="about", text=text).text or ""
    except ValidationError:
        return ""


texts = st.text(CHARACTERS, min_size=1).map(as_stored).filter(bool)


@given(texts, texts, texts)
@example("what no line of YAML can hold: \uffff", "spaces alone:\n   \nand on", "a\ttab:\n\tand another\n- # point")
def test_every_text_that_the_records_can_keep_comes_back_from_the_file(text: str, remark: str, area: str) -> None:
    written = {
        "about": SectionContent(None, text, (), remark),
        "safeguarding.ambition": SectionContent("good", text, (), remark),
        "safeguarding.areas_for_improvement": SectionContent(None, None, (Area(when=When.IMMEDIATELY, text=area),)),
        "looked_after.outcomes": SectionContent(None, area, (), None),
    }
    file = YamlFile("report.yaml", report_as_yaml(ReportContents("SLAC-2010-001", ORDER, written)))
    assert {section.heading: section.content for section in read_sections(file, ORDER, written)} == written


def test_a_text_stands_in_the_file_as_people_read_it() -> None:
    written = {"about": SectionContent(None, 'One: "two".\n\n- three', (), None)}
    text = report_as_yaml(ReportContents("SLAC-2010-001", ORDER, written))
    assert 'about:\n  text: |-\n    One: "two".\n\n    - three\n' in text
