"""What is legal on a playbook's cards and dates, but bad: each a warning with its place and its mend. Pure."""

from collections.abc import Iterator
from datetime import date

from cues.merge import Origin
from cues.playbook import Playbook
from cues.shown import shown
from cues.yaml_source import Problem

TITLE_WORDS = 8
SAY_CHARACTERS = 90


def long_titles(playbook: Playbook, origin: Origin) -> Iterator[Problem]:
    """Titles that don't read at a glance."""
    for k, cue in enumerate(playbook.cues):
        words = len(cue.card.title.split())
        if words > TITLE_WORDS:
            message = f"the title {shown(cue.card.title)} has {words} words; shorten it to {TITLE_WORDS} at most."
            yield Problem(origin.place(("cues", k, "card", "title")), message)


def long_says(playbook: Playbook, origin: Origin) -> Iterator[Problem]:
    """Lines that no rep reads out while somebody waits."""
    for k, cue in enumerate(playbook.cues):
        for line in (cue.card.say or "").splitlines():
            if len(line) > SAY_CHARACTERS:
                message = f"the line {shown(line)} has {len(line)} characters; shorten it to {SAY_CHARACTERS} at most."
                yield Problem(origin.place(("cues", k, "card", "say")), message)


def past_dates(playbook: Playbook, origin: Origin, day: date) -> Iterator[Problem]:
    """Priorities that are over on `day`."""
    for k, priority in enumerate(playbook.priorities):
        if priority.until and priority.until < day:
            message = (
                f'the priority {shown(priority.id)} ended on "{priority.until}" and counts no more; '
                "set a later date, or take it out."
            )
            yield Problem(origin.place(("priorities", k, "until")), message)
