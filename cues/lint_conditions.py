"""Cues that can never fire, and cues that always fire together: each a warning with its place and its mend. Pure."""

from collections.abc import Iterator
from pathlib import Path

from cues.claims import Alternative, TooManyError, alternatives
from cues.contradiction import Clash, contradiction
from cues.merge import Origin
from cues.playbook import Playbook
from cues.shown import shown
from cues.yaml_source import Problem


def bad_conditions(playbook: Playbook, origin: Origin) -> Iterator[Problem]:
    """Contradictions, and conditions that an earlier cue has too."""
    competitors = frozenset(competitor.name for competitor in playbook.competitors)
    first: dict[frozenset[Alternative], int] = {}
    for k, cue in enumerate(playbook.cues):
        path = ("cues", k, "when")
        try:
            found = alternatives(cue.when, path, competitors)
        except TooManyError:
            continue
        before = first.setdefault(frozenset(found), k)
        clash = contradiction(found, playbook.language)
        if clash:
            yield _never(clash, origin)
        elif before != k:
            yield Problem(origin.place(path), _together(playbook, origin, before))


def _never(clash: Clash, origin: Origin) -> Problem:
    (first, one), (then, other) = sorted(
        ((origin.place(claim.path), claim) for claim in clash), key=lambda each: each[0]
    )
    if one == other:
        return Problem(then, f"{other} never holds, so this cue never fires; mend it, or take it out.")
    where = "" if first.line == then.line else f" (line {first.line})"
    message = f"{other} never holds together with {one}{where}, so this cue never fires; take one of the two out."
    return Problem(then, message)


def _together(playbook: Playbook, origin: Origin, before: int) -> str:
    place = origin.place(("cues", before, "when"))
    where = f"{Path(place.file).name}, line {place.line}"
    return (
        f"the cue {shown(playbook.cues[before].id)} ({where}) has the same condition, so both cards come at once; "
        "change one of the two, or make one cue of them."
    )
