"""Calls to review, in memory: one whole call of 25 utterances, hostile words, and a list of many calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from asr.errors import BadInputError
from asr.events import Event, Fault, Recovered, Utterance, Word
from cues.corrections import Correction
from cues.events import (
    AnyEvent,
    CallEnded,
    CallStarted,
    CardContent,
    CardHidden,
    CardResolved,
    CardShown,
    Help,
    HideReason,
    Opportunity,
    Outcome,
    PlaybookVersion,
    RepAction,
    Withheld,
)
from cues.summary import Tally, add, summary
from models.events import Mention, Reading, Stance
from overlay.review.calls import EVERY_CALL, Filters

HOSTILE = "<script>alert(1)</script> \"quoted\" & 'single'"
_PACE_S = 0.36
_STARTED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def said(name: str, who: str, start: float, text: str) -> Utterance:
    """A final utterance at a calm pace."""
    spoken = text.split()
    words = tuple(Word(w, start + k * _PACE_S, start + (k + 0.9) * _PACE_S, 0.9) for k, w in enumerate(spoken))
    end = start + len(spoken) * _PACE_S
    return Utterance(
        t=end + 0.5,
        id=name,
        channel=0 if who == "rep" else 1,
        speaker="rep" if who == "rep" else "buyer",
        audio_start=start,
        audio_end=end,
        text=text,
        words=words,
    )


def read(line: Utterance, stage: str, *found: str) -> Reading:
    """A reading; `found` like "moment:pain=words" or "competitor:Zendesk,incumbent=zen desk"."""
    scores: dict[str, dict[str, float]] = {"moment": {}, "tracker": {}, "behaviour": {}, "role": {}}
    mentions, spans = [], {}
    for k, one in enumerate(found):
        key, _, words = one.partition("=")
        kind, _, name = key.partition(":")
        if kind == "competitor":
            name, stance = name.split(",")
            mentions.append(Mention(name, words, _stance(stance), 0.84))
        else:
            scores[kind][name] = 0.94 - 0.11 * k
        start = line.text.find(words) if words else 0
        spans[f"{kind}:{name}"] = (start, start + len(words or line.text))
    return Reading(
        t=line.t + 0.02,
        utterance=line.id,
        partial=False,
        person=None,
        stage={stage: 0.81, "renewal": 0.02},
        role={},
        role_evidence={**scores["role"], "none": 0.1},
        competitors=tuple(mentions),
        moments={**scores["moment"], "authority": 0.04},
        trackers=scores["tracker"],
        behaviours=scores["behaviour"],
        spans=spans,
    )


def _stance(name: str) -> Stance:
    stances: dict[str, Stance] = {"incumbent": "incumbent", "evaluating": "evaluating", "compared": "compared"}
    return stances[name]


def card(
    number: int,
    line: Utterance,
    words: tuple[int, int],
    content: CardContent,
    behaviour: str | None,
    end: tuple[float, HideReason, Outcome | None, str | None],
    lag: float = 0.7,
) -> list[Event]:
    """A card from coming to outcome; `words` are the numbers of those it rests on."""
    because = line.words[words[0] : words[1]]
    t = because[-1].end + lag
    cue = content.title.lower().replace(" ", "-").replace(",", "")
    opportunity = f"o{number}" if behaviour else None
    ended, reason, outcome, evidence = end
    events: list[Event] = []
    if behaviour and opportunity:
        events.append(_opportunity(opportunity, cue, behaviour, line, t, "full", None))
    shown = CardShown(
        t=t,
        cue=cue,
        card=f"c{number}",
        content=content,
        opportunity=opportunity,
        utterance=line.id,
        because=because,
        audio_end=because[-1].end,
        rank=2.0,
    )
    hidden = CardHidden(t=ended, cue=cue, card=shown.card, opportunity=opportunity, reason=reason)
    resolved = CardResolved(
        t=ended,
        cue=cue,
        card=shown.card,
        opportunity=opportunity,
        behaviour=behaviour,
        outcome=outcome,
        evidence=evidence,
    )
    return [*events, shown, hidden, resolved]


def _opportunity(
    name: str, cue: str, behaviour: str, line: Utterance, t: float, given: Help, withheld: Withheld | None
) -> Opportunity:
    return Opportunity(
        t=t, id=name, cue=cue, behaviour=behaviour, utterance=line.id, help=given, withheld=withheld, chance=0.9
    )


LINES = (
    said("u1", "rep", 2, "Hi Laura, thanks for making the time. Is this still a good moment?"),
    said("u2", "buyer", 8, "Hi Tom, yes, I have half an hour."),
    said(
        "u3",
        "rep",
        12,
        "Great. I would like to hear how your support team works today, then see whether Northwind fits.",
    ),
    said("u4", "buyer", 20, "Sure. We are on zen desk today, and we have had it for three years."),
    said("u5", "rep", 27, "Three years. What made you start looking beyond it?"),
    said(
        "u6",
        "buyer",
        32,
        "The weekly reports. Two people put them together by hand in spreadsheets, every single Friday.",
    ),
    said("u7", "rep", 40, "How many hours does that cost you in a week?"),
    said(
        "u8",
        "buyer",
        45,
        "About twelve, and sometimes the numbers are still wrong, which our board noticed last quarter.",
    ),
    said("u9", "rep", 53, "So a day and a half. Northwind Cloud builds those reports for you across every queue."),
    said("u10", "buyer", 61, "Nice. We are also looking at Freshdesk, they gave us a demo last week."),
    said("u11", "rep", 68, "Let me show you the reporting page. This is one view for all of your queues."),
    said("u12", "buyer", 77, "That looks clean. And the triage, does it work in German too?"),
    said("u13", "rep", 83, "It does. It reads the ticket in any of nine languages and puts it into the right queue."),
    said("u14", "buyer", 92, "Good. Who do you have that looks like us?"),
    said("u15", "rep", 96, "Contoso. They won back eleven hours a week and their first reply time halved."),
    said("u16", "rep", 148, "Sorry, my line was gone for a moment. Where were we?"),
    said("u17", "buyer", 153, "The price, I think. What does it cost for forty agents?"),
    said("u18", "rep", 159, "Northwind Cloud is thirty two dollars per agent and month."),
    said("u19", "buyer", 165, "That is too expensive for us. We pay twenty today and I can't justify twelve more."),
    said("u20", "rep", 173, "If you sign for two years I can come down to twenty eight."),
    said("u21", "buyer", 180, "That is closer. Where would you store our customer data, and is it encrypted?"),
    said("u22", "rep", 188, "In Ireland, encrypted, audited every year. I will send you the report."),
    said(
        "u23",
        "buyer",
        195,
        "Fine. Our head of finance, Maria, signs anything above ten thousand. How soon could we start?",
    ),
    said("u24", "rep", 204, "We could begin in about a week. I will send you some material, and then we see."),
    said("u25", "buyer", 212, "Okay, send me something. Thank you, Tom. Bye."),
)
_U = {line.id: line for line in LINES}
_READ = (
    ("u1", "opening"),
    ("u2", "opening"),
    ("u3", "opening"),
    ("u4", "discovery", "competitor:Zendesk,incumbent=zen desk"),
    ("u5", "discovery", "behaviour:ask-why-change=What made you start looking beyond it?"),
    ("u6", "discovery", "tracker:manual-work=put them together by hand in spreadsheets", "moment:pain=every single"),
    ("u7", "discovery", "behaviour:quantify-impact=How many hours does that cost you in a week?"),
    ("u8", "discovery", "moment:pain=sometimes the numbers are still wrong"),
    ("u9", "demo", "behaviour:position-triage="),
    ("u10", "demo", "competitor:Freshdesk,evaluating=Freshdesk"),
    ("u11", "demo"),
    ("u12", "demo", "moment:buying_signal=does it work in German too?"),
    ("u13", "demo", "behaviour:position-triage=puts it into the right queue"),
    ("u14", "demo"),
    ("u15", "demo"),
    ("u16", "demo"),
    ("u17", "pricing", "moment:budget=What does it cost"),
    ("u18", "pricing"),
    ("u19", "pricing", "moment:objection_price=too expensive for us", "moment:budget=We pay twenty today"),
    ("u20", "negotiation", "behaviour:trade-not-discount=If you sign for two years"),
    ("u21", "negotiation", "tracker:security-review=Where would you store our customer data"),
    ("u22", "negotiation", "moment:next_step=I will send you the report"),
    ("u23", "closing", "role:champion=", "moment:authority=Maria, signs", "moment:buying_signal=How soon could we"),
    ("u24", "closing"),
    ("u25", "closing", "moment:objection_timing=send me something"),
)  # fmt: skip
HANDWORK = CardContent(
    "Put a number on the handwork",
    ask="How many hours a week does that take, and whose?",
    say="Reports in Cloud build themselves, across every queue.",
    proof="Contoso won back eleven hours a week.",
)
_FRESHDESK = CardContent(
    "Freshdesk is in the race",
    ask="What will decide it between the two of us?",
    say="Ask them to show reports across all queues; theirs stop at one.",
    link="https://example.com/northwind/freshdesk",
)
_PRICE = CardContent(
    "Trade, never discount",
    ask="What could you commit to, for a lower price?",
    say="Two years: 12 percent. Paid up front: 5 more.",
    avoid="Naming a lower number first",
)
_SECURITY = CardContent(
    "Security: a short, exact answer",
    ask="Who on your side runs the review?",
    say="Data stays in the EU, encrypted; audited every year.",
    avoid="Guessing. Offer the trust pack instead.",
)
_DATE = CardContent(
    "They want it. Set a date.",
    ask="Shall we put the kickoff in the calendar now?",
    say="Week one import, week two training, live in week three.",
)


def whole_call(call: str = "call-1") -> list[AnyEvent]:
    """25 utterances with readings, five cards, a withheld one, every outcome, a fault, a pause."""
    started = CallStarted(
        started=_STARTED.isoformat(),
        rep="tom",
        deal={"account": "Fabrikam Retail", "amount": 15360.0, "quarter": "Q4"},
        source="headset",
        channels=("rep", "buyer"),
        playbook=PlaybookVersion("Northwind", "2026.11", "0"),
        models=(),
    )
    silent = _opportunity("o9", "zendesk-in-place", "ask-why-change", _U["u4"], 24.5, "none", "holdout")
    done_alone = CardResolved(
        t=30.6, cue=silent.cue, card=None, opportunity="o9", behaviour=silent.behaviour, outcome="unprompted",
        evidence="u5",
    )  # fmt: skip
    body: list[Event] = [
        *LINES,
        *(read(_U[name], stage, *found) for name, stage, *found in _READ),
        silent,
        done_alone,
        *card(1, _U["u6"], (3, 11), HANDWORK, "quantify-impact", (44.2, "done", "prompted", "u7")),
        *card(2, _U["u10"], (6, 7), _FRESHDESK, "map-decision", (101, "expired", "missed", None), 1.1),
        *card(3, _U["u19"], (0, 4), _PRICE, "trade-not-discount", (178.7, "done", "prompted", "u20"), 0.5),
        *card(4, _U["u21"], (3, 9), _SECURITY, None, (196, "expired", None, None), 1.6),
        *card(5, _U["u23"], (11, 16), _DATE, "book-next-step", (206, "dismissed", "dismissed", None), 0.9),
        RepAction(t=175, action="feedback", target="c3", value="useful"),
        RepAction(t=46, action="mark", target="u8"),
        Fault(t=104, part="engine", message="The listener stopped and is starting again; words may be missing."),
        Recovered(t=107.5, part="engine", message="Listening again."),
        RepAction(t=110, action="pause"),
        RepAction(t=140, action="resume"),
    ]
    return stamped(call, started, body, 216.0)


def stamped(call: str, started: CallStarted, body: Sequence[Event], ended: float | None) -> list[AnyEvent]:
    """The events in order of time, numbered, with the ending if it has one."""
    events: list[Event] = [started, *sorted(body, key=lambda event: event.t)]
    if ended is not None:
        tally = Tally()
        for event in events:
            tally = add(tally, event)
        events.append(CallEnded(t=ended, reason="the rep ended it", summary=summary(tally, ended)))
    return [replace(event, call=call, seq=k) for k, event in enumerate(events)]  # type: ignore[misc]


def hostile_call(call: str = "hostile") -> list[AnyEvent]:
    """Every text that a person can bring in is markup."""
    started = CallStarted(
        started=_STARTED.isoformat(), rep=HOSTILE, deal={HOSTILE: HOSTILE}, source=HOSTILE, channels=("rep", "buyer"),
        playbook=PlaybookVersion(HOSTILE, HOSTILE, "0"), models=(),
    )  # fmt: skip
    line = said("u1", "buyer", 1, f"{HOSTILE} and more")
    content = CardContent(HOSTILE, ask=HOSTILE, say=HOSTILE, proof=HOSTILE, avoid=HOSTILE, link="javascript:alert(1)")
    body = [
        line,
        read(line, HOSTILE, f"tracker:{HOSTILE}=<script>", f"competitor:{HOSTILE},incumbent=alert"),
        *card(1, line, (0, 2), content, HOSTILE, (9, "done", "prompted", "u1")),
        RepAction(t=5, action="feedback", target="c1", value=HOSTILE),
        Fault(t=6, part=HOSTILE, message=HOSTILE),
    ]
    return stamped(call, started, body, None)


@dataclass(frozen=True)
class ARow:
    """What the journal keeps of a call for the list."""

    id: str
    started: datetime
    rep: str
    deal: Mapping[str, str | float] | None
    playbook: PlaybookVersion | None
    ended: str | None
    duration_s: float
    last_stage: str | None
    competitors: Sequence[str]
    cards: int
    outcomes: Mapping[str, int]


class CallsInMemory:
    """A journal of lists."""

    def __init__(self, rows: Sequence[ARow], events: Mapping[str, Sequence[AnyEvent]]) -> None:
        self.rows = rows
        self._events = events
        self._corrections: list[Correction] = []

    def calls(self, filters: Filters = EVERY_CALL) -> Sequence[ARow]:
        f = filters
        return [
            row
            for row in self.rows
            if (f.rep is None or row.rep == f.rep)
            and (f.stage is None or row.last_stage == f.stage)
            and (f.competitor is None or f.competitor in row.competitors)
            and (f.outcome is None or row.outcomes.get(f.outcome))
            and (f.since is None or row.started.date() >= f.since)
            and (f.until is None or row.started.date() <= f.until)
            and (f.text is None or self._said(row.id, f.text))
        ]

    def events(self, call_id: str) -> Sequence[AnyEvent]:
        if call_id not in self._events:
            raise BadInputError(f"There is no call {call_id!r}.")
        return self._events[call_id]

    def corrections(self, call_id: str) -> Sequence[Correction]:
        return self._corrections

    def correct(self, call_id: str, made: Sequence[Correction]) -> None:
        self._corrections += made

    def _said(self, call: str, text: str) -> bool:
        spoken = (event.text for event in self._events.get(call, ()) if isinstance(event, Utterance))
        return any(text.casefold() in line.casefold() for line in spoken)


_OTHERS = (
    ("ann", "Contoso", 1834, "closing", ("Zendesk", "Salesforce"), 9, {"unprompted": 4, "prompted": 3, "missed": 1}),
    ("tom", "Wide World Importers", 412, "discovery", (), 2, {"missed": 2}),
    ("ravi", "Tailspin Toys", 2710, "negotiation", ("Freshdesk",), 11,
     {"unprompted": 2, "prompted": 5, "missed": 2, "dismissed": 2}),
    ("ann", "Adventure Works", 965, "demo", ("Intercom",), 4, {"unprompted": 3, "prompted": 1}),
    ("mei", "Proseware", 1320, "pricing", ("Zendesk", "Monday.com", "Intercom"), 6, {"prompted": 2, "missed": 3}),
    ("ravi", "Litware", 188, "opening", (), 0, {}),
    ("tom", "Fourth Coffee", 1502, "renewal", ("Salesforce",), 5, {"unprompted": 1, "prompted": 2, "dismissed": 1}),
    ("mei", "Coho Winery", 611, "qualification", ("Freshdesk",), 3, {"unprompted": 1, "missed": 1}),
)  # fmt: skip


_NORTHWIND = PlaybookVersion("Northwind", "2026.11", "0")


def some_calls() -> CallsInMemory:
    """Nine calls; the first has its events."""
    whole = whole_call()
    rows = [
        ARow("call-1", _STARTED, "tom", {"account": "Fabrikam Retail"}, _NORTHWIND, "over", 216.0, "closing",
             ("Zendesk", "Freshdesk"), 5, {"unprompted": 1, "prompted": 2, "missed": 1, "dismissed": 1}),
    ]  # fmt: skip
    for k, (rep, deal, length, stage, rivals, cards, outcomes) in enumerate(_OTHERS, 1):
        started = _STARTED - timedelta(hours=11 * k, minutes=17 * k)
        ended = None if deal == "Coho Winery" else "over"
        rows.append(
            ARow(
                f"other-{k}", started, rep, {"account": deal}, _NORTHWIND, ended, length, stage, rivals, cards, outcomes
            )
        )
    return CallsInMemory(rows, {"call-1": whole})


def hostile_calls() -> CallsInMemory:
    """One call, of which every text is markup."""
    playbook = PlaybookVersion(HOSTILE, None, "0")
    row = ARow("hostile", _STARTED, HOSTILE, {"name": HOSTILE}, playbook, None, 9.0, HOSTILE, (HOSTILE,), 1, {})
    return CallsInMemory([row], {"hostile": hostile_call()})
