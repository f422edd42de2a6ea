"""`--deal FILE`: the call begins with what is known of the deal, or not at all."""

import json
from pathlib import Path

from user import Run, refused


def test_the_call_begins_with_the_deals_facts(offbook: Run, silence: Path, tmp_path: Path) -> None:
    deal = tmp_path / "deal.yaml"
    deal.write_text("account: Contoso\nvalue: 50000\nrenewal: 2027-01-31\nseats: 40\n")
    result = offbook("replay", silence, "--deal", deal, "--speed", "max", "--events", "-", "--headless", "--no-journal")
    begin = json.loads(result.stdout.splitlines()[0])
    assert begin["deal"] == {"account": "Contoso", "value": 50000.0, "renewal": "2027-01-31", "seats": 40.0}


def test_a_wrong_file_begins_no_call(offbook: Run, silence: Path, tmp_path: Path) -> None:
    deal = tmp_path / "deal.yaml"
    deal.write_text("account: Contoso\nvalue: plenty\n")
    refused(offbook("replay", silence, "--deal", deal), 'deal.yaml:2:8: "plenty" is no number')
    refused(offbook("replay", silence, "--deal", tmp_path / "none.yaml"), "none.yaml:1:1: the file can't be read")
    refused(offbook("listen", "--now", "--deal", deal), 'deal.yaml:2:8: "plenty" is no number')
