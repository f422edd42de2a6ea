"""The tables of PLAYBOOK.md, made from the JSON Schema; `python -m cues.playbook_tables` prints them."""

from collections.abc import Iterator
from typing import Any

import yaml

from cues.playbook_schema import Schema, playbook_schema

_PARTS = {
    "priorities": "Priority",
    "behaviours": "Behaviour",
    "competitors": "Competitor",
    "trackers": "Tracker",
    "cues": "Cue",
    "card": "Card",
    "deal": "DealCondition",
    "tests": "Scenario",
    "said": "Line",
}
"""By key, what stands behind it, or in its list."""


def tables() -> str:
    """A Markdown table of the keys of each part of a playbook, then one of the conditions."""
    schema = playbook_schema()
    parts = [("A file", schema), *((f"`{key}`", schema["$defs"][name]) for key, name in _PARTS.items())]
    blocks = [f"### {heading}\n{_keys(part)}" for heading, part in parts]
    return "\n\n".join([*blocks, f"### `when`\n{_conditions(schema['$defs']['Condition'])}"])


def samples() -> dict[str, str]:
    """For each condition a sample of it, in YAML."""
    condition: Schema = playbook_schema()["$defs"]["Condition"]
    return {key: _sample(condition, key) for key in condition["properties"]}


def _keys(part: Schema) -> str:
    return "\n".join(("| key | | if left out |", "| --- | --- | --- |", *_key_rows(part)))


def _key_rows(part: Schema) -> Iterator[str]:
    for key, about in part["properties"].items():
        yield f"| `{key}` | {_sentence(about)} | {_default(part, key, about.get('default'))} |"


def _default(part: Schema, key: str, default: Any) -> str:
    if key in part.get("required", ()):
        return "an error"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`" if default else ""


def _conditions(condition: Schema) -> str:
    rows = (
        f"| `{key}` | {_sentence(about)} | `{_sample(condition, key)}` |"
        for key, about in condition["properties"].items()
    )
    return "\n".join(("| condition | holds when | sample |", "| --- | --- | --- |", *rows))


def _sentence(about: Schema) -> str:
    return " ".join(about["description"].split())


def _sample(condition: Schema, key: str) -> str:
    """One condition in a line, with the keys that it can't do without."""
    keys = [*condition["dependentRequired"].get(key, ()), key]
    value = {name: condition["properties"][name]["examples"][0] for name in keys}
    line = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=1000).strip()
    return line if len(keys) > 1 else line[1:-1]


if __name__ == "__main__":
    print(tables())
