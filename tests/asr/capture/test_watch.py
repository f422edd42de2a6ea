"""What is decided about one side, from looks at a Windows loopback and a Mac's tap, which can't be run here."""

from dataclasses import replace

from asr.capture.devices import Device
from asr.capture.watch import SETTLE_S, STALLED_S, ZEROS_S, Do, Look, Watch, step
from asr.events import Event, Fault, Recovered

TAP = Device("tap:BuiltInSpeakerDevice@48000", "System sound (MacBook Pro Speakers)", "loopback", True, 48_000, 2)
AIRPODS = Device("tap:AirPods:output@48000", "System sound (AirPods Pro)", "loopback", True, 48_000, 2)
AIRPODS_IN_CALL = replace(AIRPODS, id="tap:AirPods:output@24000", rate=24_000)
SPEAKERS = Device("loopback:Speakers", "Speakers", "loopback", True, 48_000, 2)
EVERY_S = 0.25


def look(now: float, device: Device, **seen: object) -> Look:
    """Sound that flows, with what was seen otherwise."""
    usual = Look(now, "14:03:05", True, device, device, 0.0, now, False, False, 0.0, 0.0)
    return replace(usual, **seen)  # type: ignore[arg-type]


def looks(watch: Watch, seen: list[Look]) -> tuple[Watch, list[Event], list[Do]]:
    events, done = [], []
    for one in seen:
        watch, said, do = step(watch, one)
        events += said
        done.append(do)
    return watch, events, done


def times(start: float, end: float) -> list[float]:
    return [start + EVERY_S * k for k in range(round((end - start) / EVERY_S))]


def test_a_silent_buyer_on_windows_is_not_a_lost_device() -> None:
    """Filled-in silence comes every 0.1 s, and nothing tells whether a program plays."""
    seen = [look(t, SPEAKERS, heard_at=t - 0.1, zeros_s=t) for t in times(1, 600)]
    _, events, done = looks(Watch("buyer"), seen)
    assert not events
    assert set(done) == {"wait"}


def test_zeros_while_a_program_plays_are_a_missing_permission_on_a_mac() -> None:
    seen = [look(t, TAP, zeros_s=t, busy_s=t) for t in times(1, 60)]
    _, events, _ = looks(Watch("buyer"), seen)
    (fault,) = events
    assert isinstance(fault, Fault)
    assert fault.t >= ZEROS_S
    assert "Screen & System Audio Recording" in fault.message


def test_a_program_that_has_just_begun_to_play_after_long_silence_is_given_time() -> None:
    seen = [look(t, TAP, zeros_s=t, busy_s=max(0.0, t - 300)) for t in times(1, 300 + ZEROS_S)]
    assert not looks(Watch("buyer"), seen)[1]


def test_a_tap_with_permission_is_told_as_heard_again() -> None:
    watch, _, _ = looks(Watch("buyer"), [look(t, TAP, zeros_s=t, busy_s=t) for t in times(1, 15)])
    _, events, _ = looks(watch, [look(15.0, TAP, busy_s=15.0)])
    assert [type(event) for event in events] == [Recovered]


def test_a_tap_that_delivers_nothing_from_its_start_is_made_anew() -> None:
    """As one does that was made while a headset changed its profile."""
    watch = Watch("buyer", last=TAP)
    before = [look(t, TAP, opened_at=0.0, heard_at=None) for t in times(0, SETTLE_S)]
    watch, _, done = looks(watch, before)
    assert set(done) == {"wait"}
    _, _, done = looks(watch, [look(SETTLE_S, TAP, opened_at=0.0, heard_at=None)])
    assert done == ["open"]


def test_a_tap_that_stops_delivering_in_a_call_is_made_anew_within_two_seconds() -> None:
    watch, _, _ = looks(Watch("buyer"), [look(t, TAP) for t in times(0, 10)])
    seen = [look(t, TAP, heard_at=9.75) for t in times(10, 9.75 + STALLED_S + 2 * EVERY_S)]
    watch, events, done = looks(watch, seen)
    assert "open" in done
    assert "is opened again" in next(event.message for event in events if isinstance(event, Fault))
    _, events, _ = looks(watch, [look(13.0, TAP)])
    assert isinstance(events[0], Recovered)


def test_another_default_output_and_another_profile_get_a_new_tap_at_once() -> None:
    watch, _, _ = looks(Watch("buyer"), [look(t, TAP) for t in times(0, 5)])
    for opened, target in ((TAP, AIRPODS), (AIRPODS, AIRPODS_IN_CALL)):
        watch, _, _ = looks(watch, [look(10.0, opened)])
        _, events, do = step(watch, look(20.0, opened, target=target))
        assert do == "open"
        assert not events
        watch, events, _ = step(watch, look(20.5, target))
        assert "AirPods Pro" in events[0].message  # type: ignore[union-attr]


def test_a_device_that_is_gone_ends_its_process_and_is_told() -> None:
    watch, _, _ = looks(Watch("buyer"), [look(t, SPEAKERS) for t in times(0, 5)])
    seen = [look(t, SPEAKERS, target=None, opened=None, heard_at=None) for t in times(5, 7)]
    _, events, _ = looks(watch, seen)
    (fault,) = events
    assert isinstance(fault, Fault)
    assert "“Speakers” went away" in fault.message
