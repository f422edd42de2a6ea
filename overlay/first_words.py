"""The rep's own words, by the real engine, so that they see before the first call that they are understood.

Runs in the caller's thread; nothing is stored.
"""

from collections.abc import Generator
from contextlib import closing

from asr.events import Hypothesis, Levels, Utterance
from overlay.parent import Parent

REP = 0


def first_words(parent: Parent) -> Generator[str, None, None]:
    """What is understood of the rep so far, "" as soon as it listens; without end, until the parent is stopped.

    Raises BadInputError, EngineLostError.
    """
    listens = False
    with closing(parent.happenings()) as happenings:
        for happening in happenings:
            if isinstance(happening, Levels) and not listens:
                listens = True
                yield ""
            elif isinstance(happening, Hypothesis) and happening.channel == REP:
                yield f"{happening.stable} {happening.rest}".strip()
            elif isinstance(happening, Utterance) and happening.channel == REP:
                yield happening.text
