"""The engine as a process of its own: plays a call, serves its feed, and tells its parent every event.

`python -m overlay.engine_process`; what goes in and out is in overlay/engine_messages.py. When the pipe from the parent
ends, because the overlay was closed or killed, the call ends cleanly: `call_ended` is recorded and the process stops.

Threads: `main` makes the events and gives each to its listeners in turn (pipe, log, feed; none of them waits);
`source` and `transcriber` as in asr/live.py; `feed` as in overlay/feed.py; `playbook` as in
overlay/changed_playbook.py; `parent` waits for the end of the pipe.
"""

import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import replace

from asr.capture.file import CHUNK, Chunk
from asr.echo import EchoGate
from asr.errors import BadInputError
from asr.events import Advice, Event, Levels
from asr.faults import described, say_what_ends_threads
from asr.live import Listening
from asr.priority import lower_engine
from asr.recogniser import THREADS as RECOGNISER_THREADS
from asr.sound import SAMPLE_RATE
from asr.transcriber import Transcriber
from cues.events import EVENT, AnyEvent, DealChanged, RepAction
from cues.playbook import Playbook
from cues.rank import History
from models.reader import Concepts
from overlay.call_setup import Setup, concepts_for, load_setup
from overlay.call_sound import open_sound
from overlay.changed_playbook import watched
from overlay.engine import OVER, Call, clock_since, follow
from overlay.engine_messages import END, FAILED, READY, START, Failed, Live, Ready, Resume, Start
from overlay.event_log import OpenLog, history_of, open_for, past_of
from overlay.feed import Feed
from overlay.hearing import GIVEN, REMINDED, Hearing, after, hearing_after
from overlay.journal_log import JournalLog
from overlay.kept_playbook import InUse, playbook_again, playbook_of
from overlay.pipe import Pipe
from overlay.resume import playbook_hash, rebuild
from overlay.token_file import feed_token

CLOSED = "the overlay was closed"
ENDED = "the rep ended it"
NO_CONSENT = "the other side did not agree"
REPORTS = 100
"""Reports kept until the call begins."""
CHUNK_S = CHUNK / SAMPLE_RATE
"""A call goes on at a whole chunk of its sound."""


class Inlet:
    """What reaches the call from outside, from any thread, even before it has begun: commands, reports, its end."""

    def __init__(self) -> None:
        self.reason: str | None = None
        """Why the call is to end before the sound is over."""
        self._listening: Listening | None = None
        self._reports: deque[Event] = deque(maxlen=REPORTS)

    def end(self, reason: str) -> None:
        self.reason = self.reason or reason
        if self._listening is not None:
            self._listening.stop()

    def command(self, action: RepAction | DealChanged) -> bool:
        """A client's command, into the bounded queue that the call is made from; False where it can't be taken."""
        return self._listening is not None and self._listening.offer(action)

    def report(self, event: Event) -> None:
        """A fault beside the call, its end, another playbook; what comes too early waits."""
        self._reports.append(event)
        self._hand_on()

    def open(self, listening: Listening) -> None:
        """The call hears now."""
        self._listening = listening
        self._hand_on()
        if self.reason is not None:
            listening.stop()

    def _hand_on(self) -> None:
        with suppress(IndexError):
            while self._listening is not None:
                self._listening.offer(self._reports.popleft())


def main(open_log: OpenLog | None = None) -> int:
    """Runs the process; its exit code."""
    # Ctrl-C reaches the whole group; the parent decides, and its pipe tells.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    say_what_ends_threads()
    pipe = Pipe(os.dup(sys.stdout.fileno()))
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        lines = _lines(sys.stdin.fileno())
        start, handed = _read_start(lines)
        if start.live is not None:
            lower_engine()
        inlet = Inlet()
        threading.Thread(target=_wait_for_end, args=(lines, inlet), name="parent", daemon=True).start()
        _run(start, handed, pipe, inlet, open_log)
    except BadInputError as error:
        pipe.say(FAILED.dump_json(Failed(message=str(error))))
        return 2
    except Exception as error:
        print(f"The engine stopped: {described(error)}.", file=sys.stderr)
        return 1
    finally:
        pipe.close()
    return 0


def _lines(descriptor: int) -> Iterator[bytes]:
    """Whole lines as they come, until the pipe ends. Not by a buffered file: a thread that waits in one keeps its lock,
    and the process can't end."""
    rest = b""
    while said := os.read(descriptor, 65_536):
        *whole, rest = (rest + said).split(b"\n")
        yield from whole


def _read_start(lines: Iterator[bytes]) -> tuple[Start, list[AnyEvent]]:
    start = START.validate_json(next(lines, b""))
    events = start.resume.events if start.resume else 0
    return start, [EVENT.validate_json(next(lines, b"")) for _ in range(events)]


def _wait_for_end(lines: Iterator[bytes], inlet: Inlet) -> None:
    for line in lines:
        if line == END.rstrip():
            inlet.end(ENDED)
    inlet.end(CLOSED)


def _run(start: Start, handed: list[AnyEvent], pipe: Pipe, inlet: Inlet, open_log: OpenLog | None) -> None:
    with ExitStack() as stack:
        log = open_for(start, open_log, inlet.report)
        if log is not None:
            stack.callback(log.close)
        past = past_of(start.resume, handed, log)
        feed = Feed(feed_token(), inlet.command, start.port)
        port = feed.start(past)
        stack.callback(feed.stop)

        def ready(begun: float) -> None:
            pipe.say(READY.dump_json(_ready(start, port, begun)))

        resume = start.resume
        history = history_of(start, past, log, inlet.report)
        if resume is None:
            call = _begin(start, history, inlet, ready)
        else:
            call = _go_on(start, resume, past, history, inlet, ready)
        for event in call:
            pipe.say(EVENT.dump_json(event))
            if log is not None:
                log.append(event)
            feed.publish(event)


def _ready(start: Start, port: int, begun: float) -> Ready:
    notice = f"Port {start.port} is in use; the feed is at port {port}." if start.port not in (0, port) else None
    return Ready(port=port, pid=os.getpid(), begun=begun, notice=notice)


def _begin(start: Start, history: History, inlet: Inlet, ready: Callable[[float], None]) -> Iterator[AnyEvent]:
    """A new call. A recording begins when the weights are loaded; a live one at once: what is said meanwhile waits."""
    used, source = playbook_of(start), open_sound(start)
    setup = _setup(start, used, history) if start.live is None else None
    begun = time.monotonic()
    clock = clock_since(begun)
    sound = source.sound(clock, 0.0)
    setup = setup or _setup(start, used, history)
    ready(begun)
    call, live = Call(setup.call, source.name, clock), start.live or Live()
    hearing = Hearing()
    for event in _opening(call, live, start.deal):
        hearing = after(hearing, event)
        yield event
    with _kept(start, call, inlet) as kept, _watched(start, used, setup, inlet):
        transcriber = Transcriber(setup.recogniser, clock, spare=setup.spare)
        listening = Listening(sound, transcriber, clock, hears=hearing.on, keep=kept, echo=_echo(start))
        yield from _follow(call, listening, clock, inlet, hearing, live)


def _go_on(
    start: Start,
    resume: Resume,
    past: list[AnyEvent],
    history: History,
    inlet: Inlet,
    ready: Callable[[float], None],
) -> Iterator[AnyEvent]:
    """The call from where it is now. What is said while the weights load is heard after that."""
    clock = clock_since(resume.begun)
    begins = int(clock() / CHUNK_S) * CHUNK_S
    ready(resume.begun)
    used, source = playbook_again(start, playbook_hash(past)), open_sound(start)
    sound = source.sound(clock, begins)
    setup = _setup(start, used, history)
    so_far, hearing = rebuild(used.playbook, resume.call, resume.seq, past, history), hearing_after(past)
    call = Call(setup.call, source.name, clock, so_far)
    transcriber = Transcriber(setup.recogniser, clock, spare=setup.spare, begins=begins, first=so_far.utterance)
    with _kept(start, call, inlet) as kept, _watched(start, used, setup, inlet):
        listening = Listening(sound, transcriber, clock, hears=hearing.on, keep=kept, echo=_echo(start))
        yield from call.resume(so_far, resume.died, begins)
        yield from _follow(call, listening, clock, inlet, hearing, start.live or Live())


def _setup(start: Start, used: InUse, history: History) -> Setup:
    threads = (start.live.threads if start.live is not None else None) or RECOGNISER_THREADS
    setup = load_setup(used.playbook, start.model, threads, start.language)
    advice = () if used.notice is None else (Advice(part="playbook", message=used.notice),)
    return replace(setup, call=replace(setup.call, history=history, advice=(*setup.call.advice, *advice)))


def _watched(start: Start, used: InUse, setup: Setup, inlet: Inlet) -> AbstractContextManager[None]:
    """Takes what changes in the playbook's folder while the call runs; what is spoken stays as it began."""

    def prepare(changed: Playbook) -> Concepts:
        setup.recogniser.know(changed.names_said())
        return concepts_for(changed, setup.call.reader)

    return watched(start.playbook, used, prepare, inlet.report)


def _opening(call: Call, live: Live, deal: dict[str, str | float] | None) -> Iterator[AnyEvent]:
    """The call's first events: that it began, and what was said about consent before it."""
    yield from call.begin(live.rep, live.consent, deal)
    if live.agreed:
        yield from call.take(RepAction(action="consent", value=GIVEN))
    elif live.consent == "remind":
        yield from call.take(RepAction(action="consent", value=REMINDED))


def _echo(start: Start) -> EchoGate | None:
    """A recording's sides are apart; a live microphone may hear the loudspeakers."""
    return None if start.live is None else EchoGate()


@contextmanager
def _kept(start: Start, call: Call, inlet: Inlet) -> Iterator[Callable[[Chunk], None] | None]:
    """Keeps the sound beside the journal, where the rep wants that and there is one."""
    if start.journal is None or start.live is None or not start.live.keep_audio:
        yield None
        return
    from cues.journal.open import journal_file
    from overlay.kept_sound import KeptSound, sound_folder

    with closing(KeptSound(sound_folder(journal_file(start.journal or None)), call.id, inlet.report)) as kept:
        yield kept.take


def _follow(
    call: Call, listening: Listening, clock: Callable[[], float], inlet: Inlet, hearing: Hearing, live: Live
) -> Iterator[AnyEvent]:
    """The call until its sound is over, or somebody or long silence ends it."""
    inlet.open(listening)
    since = clock()
    for event in follow(call, listening, clock):
        yield event
        hearing = after(hearing, event)
        listening.hear(hearing.on)
        if hearing.declined:
            inlet.end(NO_CONSENT)
        if isinstance(event, Levels) and live.silence_s is not None:
            since = max(since, event.rep_heard_t or 0.0, event.buyer_heard_t or 0.0)
            if event.t - since > live.silence_s:
                inlet.end(f"both sides were silent for {live.silence_s / 60:g} minutes")
    yield from call.end(clock(), inlet.reason or OVER)


if __name__ == "__main__":
    sys.exit(main(JournalLog))
