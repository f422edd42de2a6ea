"""Reads a deal's file, YAML or JSON."""

from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from asr.errors import BadInputError
from cues.deal import FACT_NAME, Deal, Fact
from cues.shown import named, shown
from cues.yaml_source import Problem, Source, read_source
from cues.yaml_tree import KEY


def read_deal(file: Path) -> dict[str, Fact]:
    """The facts in it. Raises BadInputError, with a line for each thing that is wrong."""
    source = read_source(file, str(file))
    # JSON is YAML, but for rare escapes.
    facts = _facts(source) if not source.problems else {}
    if source.problems:
        raise BadInputError("\n".join(map(str, sorted(source.problems))))
    return facts


def _facts(source: Source) -> dict[str, Fact]:
    if not isinstance(source.data, dict):
        source.problems.append(Problem(source.place(()), "a deal is made of facts; write each as `account: Contoso`."))
        return {}
    for name, value in source.data.items():
        if not FACT_NAME.fullmatch(name):
            message = f"{named(name)} is no name of a fact; use small letters, digits and underscores, such as seats."
            source.problems.append(Problem(source.place((name, KEY)), message))
        elif not value:
            source.problems.append(Problem(source.place((name,)), f'"{name}" has no value; write one, or take it out.'))
    try:
        return Deal.model_validate(source.data).facts()
    except ValidationError as error:
        wrong = {details["loc"][:1]: details for details in error.errors(include_url=False)}
        told = [Problem(source.place(loc), _sentence(each)) for loc, each in wrong.items() if each["input"]]
        source.problems.extend(told)
        return {}


def _sentence(details: ErrorDetails) -> str:
    value, name = details["input"], str(details["loc"][0])
    if not isinstance(value, str):
        return f'"{name}" must be one text or number, not a list or a mapping.'
    if details["loc"] == ("value",):
        return f"{shown(value)} is no number; write it without signs, such as 50000."
    if details["loc"] == ("renewal",):
        return f"{shown(value)} is no date; write it as year-month-day, such as 2026-10-31."
    return f'"{name}" is longer than 500 characters; shorten it.'
