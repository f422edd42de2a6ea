"""Cues that can never fire, and cues that always fire together: each a warning with its place and its mend. Pure."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cues.claims import Alternative, TooManyError, alternatives
from cues.contradiction import Clash, contradiction
from cues.merge import Origin
from cues.playbook import Condition, Playbook
from cues.shown import shown
from cues.yaml_source import Problem
from cues.yaml_tree import Path_


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
        yield from _empty_pasts(cue.when, path, playbook, origin)


def _empty_pasts(condition: Condition, path: Path_, playbook: Playbook, origin: Origin) -> Iterator[Problem]:
    """What is asked of the past, and can never have been."""
    competitors = frozenset(competitor.name for competitor in playbook.competitors)
    for place, part in condition.placed_parts(path):
        if part.earlier is None:
            continue
        with suppress(TooManyError):
            clash = contradiction(alternatives(part.earlier, (*place, "earlier"), competitors), playbook.language)
            if clash:
                yield _never(clash, origin, "this `earlier` never holds")


def _never(clash: Clash, origin: Origin, so: str = "this cue never fires") -> Problem:
    (first, one), (then, other) = sorted(
        ((origin.place(claim.path), claim) for claim in clash), key=lambda each: each[0]
    )
    if one == other:
        return Problem(then, f"{other} never holds, so {so}; mend it, or take it out.")
    where = "" if first.line == then.line else f" (line {first.line})"
    message = f"{other} never holds together with {one}{where}, so {so}; take one of the two out."
    return Problem(then, message)


def _together(playbook: Playbook, origin: Origin, before: int) -> str:
    place = origin.place(("cues", before, "when"))
    where = f"{Path(place.file).name}, line {place.line}"
    return (
        f"the cue {shown(playbook.cues[before].id)} ({where}) has the same condition, so both cards come at once; "
        "change one of the two, or make one cue of them."
    )
