"""What a YAML syntax error means for a person who writes playbooks, and where its mend belongs. Pure."""

from typing import Protocol

import yaml

Spot = tuple[int, int]
"""Line and column, counted from 1."""


class Mark(Protocol):
    """A place in the text as PyYAML's parsers give it, in Python and in C; all count from 0."""

    index: int
    line: int
    column: int


_QUOTE = "put the text in quotes."
BEGINS_WITH_ANCHOR = f'a text can\'t begin with "*" or "&", which YAML keeps for itself; {_QUOTE}'


def spot_of(mark: Mark | None) -> Spot:
    """Where `mark` stands; the beginning where there is none."""
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def explain(error: yaml.MarkedYAMLError, text: str) -> tuple[Spot, str]:
    """Where the mend belongs, and what is wrong with how to mend it."""
    problem, context = (error.problem or "").strip(), (error.context or "").strip()
    at, begun = error.problem_mark or error.context_mark, error.context_mark
    if begun and "quoted scalar" in context and "end of stream" in problem:
        return spot_of(begun), "the quotes opened here are not closed; put the same quote at the end of the text."
    if begun and context.startswith("while parsing a flow"):
        bracket = text[begun.index : begun.index + 1]
        stop = at.line + 1 if at else begun.line + 1
        return spot_of(begun), (
            f'the bracket "{bracket}" opened here is not closed (reading stopped on line {stop}); '
            "close it, or put the texts inside it in quotes."
        )
    if begun and "alphabetic or numeric" in problem:
        at = begun
    return spot_of(at), _sentence(problem, context, text[at.index : at.index + 1] if at else "")


def explain_character(error: Exception, text: str) -> tuple[Spot, str]:
    """A character that YAML does not allow anywhere."""
    position = getattr(error, "position", 0)
    before = text[:position]
    spot = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    return spot, f"the control character U+{ord(text[position : position + 1] or chr(0)):04X} stands here; take it out."


def _sentence(problem: str, context: str, character: str) -> str:
    if "mapping values are not allowed" in problem:
        return (
            "a colon stands where none can; put the text in quotes, "
            "or check this line's indentation and the colon of the line above."
        )
    if "tab character" in problem or character == "\t":
        return "a tab is used as indentation; indent with spaces."
    if "cannot start any token" in problem:
        return f'a text can\'t begin with "{character}"; {_QUOTE}'
    if "alphabetic or numeric" in problem:
        return BEGINS_WITH_ANCHOR
    if "directive" in context or "incompatible" in problem:
        return f'a line can\'t begin with "%"; {_QUOTE}'
    if "expected a single document" in context or "document" in problem:
        return 'a second document begins here; take the line "---" out.'
    if "escape" in problem:
        return "a backslash inside double quotes; use single quotes around the text."
    if "could not find expected ':'" in problem:
        return "this line has no colon; write `key: value`, or put a text of several lines in quotes."
    if "mapping keys are not allowed" in problem:
        return f'a text can\'t begin with "?"; {_QUOTE}'
    if "block sequence entries" in problem:
        return "a list begins in the middle of a line; begin each entry on a line of its own."
    if "expected '-' indicator" in problem:
        return "this line is indented less than the entry it belongs to, or misses its dash; line it up with the rest."
    if "did not find expected key" in problem:
        return (
            "this is no `key: value` like the lines before it; check its indentation, "
            "and that quotes and brackets before it are closed only once."
        )
    return f"this is not YAML ({problem or context}); check indentation, quotes and brackets around here."
