"""Which playbook showed which card, as `show`, `why` and the review say it."""

from dataclasses import replace

from call_events import STARTED, ZENDESK, card

from asr.events import Event
from cues.events import PlaybookChanged, PlaybookVersion
from overlay.call_log import log
from overlay.playbook_names import call_ran_under, shown_under
from overlay.why import explain

NAMELESS = "0123456789ab"
FOUR = PlaybookVersion("Northwind", "4", NAMELESS, "Zendesk's card is shorter")


def numbered(*events: Event) -> list[Event]:
    return [replace(event, seq=seq) for seq, event in enumerate(events)]


CALL = numbered(
    replace(STARTED, playbook=PlaybookVersion("Northwind", "3", NAMELESS)),
    card("c1", ZENDESK, "we run Zendesk", 20.0),
    PlaybookChanged(t=750.0, playbook=FOUR),
    card("c2", ZENDESK, "we run Zendesk", 800.0),
)


def test_a_call_under_one_playbook_has_its_name_and_version() -> None:
    assert call_ran_under(CALL[:2]) == "Northwind 3"
    assert call_ran_under([STARTED]) == "Northwind"


def test_a_call_under_two_says_from_when_on() -> None:
    assert call_ran_under(CALL) == "Northwind 3, from 12:30 on Northwind 4"


def test_two_versions_without_a_number_are_told_apart() -> None:
    events = numbered(STARTED, PlaybookChanged(t=60.0, playbook=PlaybookVersion("Northwind", None, NAMELESS)))
    assert call_ran_under(events) == "Northwind (0), from 1:00 on Northwind (01234567)"


def test_a_call_that_lost_its_beginning_says_nothing() -> None:
    assert call_ran_under(CALL[1:2]) == shown_under(CALL[1:2], CALL[1]) == ""


def test_each_card_has_the_version_that_showed_it() -> None:
    assert [explain(CALL, name).playbook for name in ("c1", "c2")] == ["Northwind 3", "Northwind 4"]


def test_the_log_tells_the_change_and_what_is_new_in_it() -> None:
    notes = [(line.at, line.text) for line in log(CALL) if line.kind == "note"]
    assert notes == [(750.0, "playbook is now Northwind 4: Zendesk's card is shorter")]
