"""What is legal on a playbook's cards and dates, but bad: each a warning with its place and its mend. Pure."""

from collections.abc import Iterator
from datetime import date

from cues.card import Wording
from cues.card_text import in_braces
from cues.deal import DAYS_TO_RENEWAL, FACT_NAME, Deal, DealCondition
from cues.merge import Origin
from cues.playbook import Playbook
from cues.shown import named, shown
from cues.wording import nearest_of
from cues.yaml_source import Problem
from cues.yaml_tree import KEY, Path_

TITLE_WORDS = 8
SAY_CHARACTERS = 90


def long_titles(playbook: Playbook, origin: Origin) -> Iterator[Problem]:
    """Titles that don't read at a glance."""
    for path, wording in _wordings(playbook):
        words = len(wording.title.split())
        if words > TITLE_WORDS:
            message = f"the title {shown(wording.title)} has {words} words; shorten it to {TITLE_WORDS} at most."
            yield Problem(origin.place((*path, "title")), message)


def long_says(playbook: Playbook, origin: Origin) -> Iterator[Problem]:
    """Lines that no rep reads out while somebody waits."""
    for path, wording in _wordings(playbook):
        for k, line in ((k, line) for k, text in enumerate(wording.say or ()) for line in text.splitlines()):
            if len(line) > SAY_CHARACTERS:
                message = f"the line {shown(line)} has {len(line)} characters; shorten it to {SAY_CHARACTERS} at most."
                yield Problem(origin.place((*path, "say", k)), message)


def strange_variables(playbook: Playbook, origin: Origin) -> Iterator[Problem]:
    """Variables that no deal can have, and such as are probably misspelt."""
    known = {*Deal.model_fields, DAYS_TO_RENEWAL, *_facts_asked_for(playbook)}
    for path, wording in _wordings(playbook):
        for name in dict.fromkeys(each.name for text in wording.texts() for each in in_braces(text)):
            if not FACT_NAME.fullmatch(name):
                mend = "a deal's facts have names of small letters, digits and underscores, such as account."
                yield Problem(origin.place(path), f"{named('{' + name + '}')} is shown as it stands; {mend}")
            elif name not in known and (near := nearest_of(name, sorted(known))):
                message = f"no deal is known to have a fact {named(name)}; did you mean {named(near)}?"
                yield Problem(origin.place(path), message)


def misspelt_facts(playbook: Playbook, origin: Origin) -> Iterator[Problem]:
    """Conditions on a fact whose name is nearly that of one with a meaning."""
    conditions = ((("priorities", k, "deal"), priority.deal) for k, priority in enumerate(playbook.priorities))
    cues = (cue.when.placed_parts(("cues", k, "when")) for k, cue in enumerate(playbook.cues))
    in_cues = (((*path, "deal"), part.deal) for placed in cues for path, part in placed)
    known = sorted(DealCondition.model_fields)
    for path, condition in (*conditions, *in_cues):
        for name, _ in condition.wanted() if condition is not None else ():
            if name not in (*known, *Deal.model_fields) and (near := nearest_of(name, known)):
                message = f"no deal is known to have a fact {named(name)}; did you mean {named(near)}?"
                yield Problem(origin.place((*path, name, KEY)), message)


def _wordings(playbook: Playbook) -> Iterator[tuple[Path_, Wording]]:
    """What each card says, in each of its languages."""
    for k, cue in enumerate(playbook.cues):
        yield ("cues", k, "card"), cue.card
        for language, wording in cue.card.languages.items():
            yield ("cues", k, "card", "languages", language), wording


def _facts_asked_for(playbook: Playbook) -> Iterator[str]:
    conditions = (part.deal for cue in playbook.cues for part in cue.when.parts())
    for deal in (*conditions, *(priority.deal for priority in playbook.priorities)):
        yield from (name for name, _ in deal.wanted()) if deal is not None else ()


def past_dates(playbook: Playbook, origin: Origin, day: date) -> Iterator[Problem]:
    """Priorities that are over on `day`."""
    for k, priority in enumerate(playbook.priorities):
        if priority.until and priority.until < day:
            message = (
                f'the priority {shown(priority.id)} ended on "{priority.until}" and counts no more; '
                "set a later date, or take it out."
            )
            yield Problem(origin.place(("priorities", k, "until")), message)
