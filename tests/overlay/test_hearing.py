"""When a call may be heard."""

from call_events import STARTED

from asr.events import Event
from cues.events import Action, RepAction
from overlay.hearing import DECLINED, GIVEN, Hearing, after, hearing_after


def act(action: Action, value: str | None = None) -> RepAction:
    return RepAction(action=action, value=value)


def on(*events: Event, consent: str = "none") -> bool:
    from dataclasses import replace

    return hearing_after((replace(STARTED, consent=consent), *events)).on  # type: ignore[arg-type]


def test_a_call_is_heard_unless_something_speaks_against_it() -> None:
    assert on()
    assert on(consent="remind")
    assert on(act("mark"), act("pin", "c1"))


def test_a_pause_ends_with_resume() -> None:
    assert not on(act("pause"))
    assert on(act("pause"), act("resume"))


def test_where_consent_is_required_nothing_is_heard_before_it() -> None:
    assert not on(consent="require")
    assert not on(act("resume"), consent="require")
    assert not on(act("consent"), consent="require")
    assert on(act("consent", GIVEN), consent="require")
    assert not on(act("consent", GIVEN), act("pause"), consent="require")


def test_a_declined_call_is_heard_no_more() -> None:
    assert not on(act("consent", DECLINED))
    assert after(Hearing(), act("consent", DECLINED)).declined
