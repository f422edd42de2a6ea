"""The conventions of labels.yaml that a rule can check, line by line and call by call."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.data_check.finding import Finding, Level
from models.data_check.lines import Line, Split


@dataclass(frozen=True)
class Vendors:
    """The listed vendors: `names` by what is said of them in small letters, `spoken` finds them inside a sentence."""

    names: Mapping[str, str]
    spoken: re.Pattern[str]


Rule = Callable[[Line, Vendors], str | None]
"""What is wrong with a line's labels, or None."""

_NUMBERED = (
    r"\d+(st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth"
)
_MONTHS = r"january|february|march|april|may|june|july|august|september|october|november|december"
_DAYS = r"(mon|tues|wednes|thurs|fri|satur|sun)day"
_SPANS = r"(day|night|week|weekend|month|quarter|year|season)s?|spring|summer|autumn|fall|winter|today|tomorrow|tonight"
_FEASTS = r"christmas|easter|whitsun|thanksgiving|ramadan|eid|diwali|new year"
_DATED = re.compile(
    rf"\b({_NUMBERED}|twentieth|thirtieth|{_MONTHS}|{_DAYS}|{_SPANS}|{_FEASTS}|q[1-4]|\d+)\b",
    re.IGNORECASE,
)
_ALWAYS_CAPITAL = frozenset("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())


def broken_rules(split: Split) -> Iterator[Finding]:
    """Every line and every call of `split` that breaks a rule."""
    vendors = _vendors(split)
    for line in split.lines:
        for level, rule in _LINE_RULES:
            sentence = rule(line, vendors)
            if sentence is not None:
                yield Finding(level, "convention", line.place, sentence)
    for lines in _files(split):
        yield from _broken_calls(lines)
    yield from _calls_twice(split)


def _role_of_no_buyer(line: Line, vendors: Vendors) -> str | None:
    said = line.said
    if said.role is None or said.speaker == "buyer":
        return None
    return f"the {said.speaker} has the role {said.role}; a role is evidence in a buyer's utterance"


def _objection_of_a_rep(line: Line, vendors: Vendors) -> str | None:
    objections = [
        moment for moment in line.said.moments if moment.startswith("objection_") or moment == "buying_signal"
    ]
    if line.said.speaker != "rep" or not objections:
        return None
    return f"the rep has {', '.join(objections)}; a rep who quotes what others object carries no moment"


def _moment_twice(line: Line, vendors: Vendors) -> str | None:
    twice = [moment for moment, count in Counter(line.said.moments).items() if count > 1]
    return f"{', '.join(twice)} stands there twice; name each moment once" if twice else None


def _vendor_twice(line: Line, vendors: Vendors) -> str | None:
    counts = Counter(mention.name or mention.said.lower() for mention in line.said.competitors)
    twice = [vendor for vendor, count in counts.items() if count > 1]
    return f"{', '.join(twice)} is mentioned twice; one mention per vendor and utterance" if twice else None


def _vendor_unlisted(line: Line, vendors: Vendors) -> str | None:
    listed = {None, *vendors.names.values()}
    told = [name.removeprefix("competitor:") for name in line.said.labelled or () if name.startswith("competitor:")]
    named = dict.fromkeys([*(mention.name for mention in line.said.competitors), *sorted(told)])
    odd = [name for name in named if name and name not in listed]
    return f"{', '.join(odd)} is not in competitors.json; its name is null, or list it there" if odd else None


def _vendor_unnamed(line: Line, vendors: Vendors) -> str | None:
    for mention in line.said.competitors:
        if mention.name is None and mention.said.lower() in vendors.names:
            return (
                f'"{mention.said}" has the name null, but {vendors.names[mention.said.lower()]} is in competitors.json'
            )
    return None


def _vendor_unlabelled(line: Line, vendors: Vendors) -> str | None:
    """Only a name in capitals inside a sentence is surely one: "slack" and "Monday" are words too."""
    if line.said.labelled is not None:
        return None
    labelled = {mention.name for mention in line.said.competitors}
    said = {mention.said.lower() for mention in line.said.competitors}
    for spoken in vendors.spoken.findall(line.said.text):
        name = vendors.names[spoken.lower()]
        capital = spoken[0].isupper() and spoken not in _ALWAYS_CAPITAL
        if capital and name not in labelled and spoken.lower() not in said:
            return f'"{spoken}" is spoken, but no mention of {name} is labelled'
    return None


def _timeline_without_date(line: Line, vendors: Vendors) -> str | None:
    if "timeline" not in line.said.moments or _DATED.search(line.said.text):
        return None
    return "timeline without a date or a span in the text"


def _next_step_only_asked(line: Line, vendors: Vendors) -> str | None:
    text = line.said.text.rstrip()
    asked = text.endswith("?") and not re.search(r"[.!?]\s", text)
    return "next_step is only asked; it is a commitment" if asked and "next_step" in line.said.moments else None


_LINE_RULES: tuple[tuple[Level, Rule], ...] = (
    ("error", _role_of_no_buyer),
    ("error", _objection_of_a_rep),
    ("error", _moment_twice),
    ("error", _vendor_twice),
    ("error", _vendor_unlisted),
    ("error", _vendor_unnamed),
    ("warning", _vendor_unlabelled),
    ("warning", _timeline_without_date),
    ("warning", _next_step_only_asked),
)


def _broken_calls(lines: Sequence[Line]) -> Iterator[Finding]:
    first = lines[0]
    for before, line in itertools.pairwise(lines):
        if line.said.call != first.said.call:
            told = f"call is {line.said.call!r} but the file began with {first.said.call!r}; one call per file"
            yield Finding("error", "convention", line.place, told, (first.place,))
        if line.said.i <= before.said.i or line.said.t0 < before.said.t0:
            yield Finding("error", "convention", line.place, "comes before the line above it (i, t0)", (before.place,))
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if before.said.stage == after.said.stage != line.said.stage and before.said.stage and line.said.stage:
            told = f"{line.said.stage} for one utterance inside {before.said.stage}"
            sentence = f"{told}; a single aside does not move the stage"
            yield Finding("warning", "convention", line.place, sentence)
    yield from _persons_on_both_sides(lines)


def _persons_on_both_sides(lines: Sequence[Line]) -> Iterator[Finding]:
    sides: dict[str, Line] = {}
    for line in lines:
        person = line.said.person
        if person is not None and sides.setdefault(person, line).said.speaker != line.said.speaker:
            told = f"{person} speaks as {line.said.speaker} here and as {sides[person].said.speaker} before"
            yield Finding("error", "convention", line.place, told, (sides[person].place,))


def _calls_twice(split: Split) -> Iterator[Finding]:
    files: dict[str, Line] = {}
    for lines in _files(split):
        first = files.setdefault(lines[0].said.call, lines[0])
        if first is not lines[0]:
            told = f"{first.place.file} holds the call {first.said.call!r} too; name each call once"
            yield Finding("error", "convention", lines[0].place, told, (first.place,))


def _files(split: Split) -> list[list[Line]]:
    files: defaultdict[str, list[Line]] = defaultdict(list)
    for line in split.lines:
        files[line.place.file].append(line)
    return list(files.values())


def _vendors(split: Split) -> Vendors:
    names = {said.lower(): one.name for one in split.competitors for said in (one.name, *one.aliases)}
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    # Without vendors the pattern must find nothing, not everything.
    spoken = rf"(?<=[\w,;] )({longest_first})\b" if names else r"(?!)"
    return Vendors(names, re.compile(spoken, re.IGNORECASE))
