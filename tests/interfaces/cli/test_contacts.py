"""A role of the authority that several people hold, in an inspection that runs: who is in it, and to whom its letters go."""

from tests.cli_harness import ID, CliHarness

THIRD = """person,name,email,organisation,role,authority
new.pct,Third Executive,new.pct@trust.example,Third primary care trust,pct_chief_executive,330
"""


def _holders(cli: CliHarness) -> list[str]:
    people = cli.json("show", ID)["people"]
    return [person["person"] for person in people if person["role"] == "pct_chief_executive"]


def test_a_third_chief_executive_is_added_to_two_and_one_of_them_is_removed_by_name(cli: CliHarness) -> None:
    cli.notified()
    path = cli.data / "third.csv"
    path.write_text(THIRD)
    cli.run("authorities", "import", str(path), "--by", "c.marsh")
    two = _holders(cli)
    assert len(two) == 2
    changed = {"role": "pct_chief_executive", "reason": "Trusts were joined"}
    cli.take("change_contact", "c.marsh", person="new.pct", **changed)
    assert _holders(cli) == [*two, "new.pct"]
    cli.take("change_contact", "c.marsh", person=two[0], leaves=True, **changed)
    assert _holders(cli) == [two[1], "new.pct"]
