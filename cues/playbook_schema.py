"""The JSON Schema of a playbook's files, from which editors complete keys and show what they mean."""

from collections.abc import Iterator
from typing import Any

from cues.playbook import Playbook
from models.labels import load_meanings

Schema = dict[str, Any]

_NULL = {"type": "null"}


def playbook_schema() -> Schema:
    """The schema of any one file of a playbook's folder: each of them may leave the name to another."""
    schema = Playbook.model_json_schema(by_alias=True)
    del schema["required"]
    schema["description"] = "A file of a playbook; the files of its folder are merged."
    for part in (schema, *schema["$defs"].values()):
        for key in part["properties"].values():
            if key.get("default", _NULL) is None:
                # Editors would offer it as a value to write.
                del key["default"]
    conditions: Schema = schema["$defs"]["Condition"]["properties"]
    for condition in conditions.values():
        # A condition left blank is refused: it would be wider than it was meant.
        condition["anyOf"].remove(_NULL)
    for key, meanings in load_meanings().items():
        for choice in _choices(conditions[key]):
            choice["enumDescriptions"] = [meanings[label] for label in choice["enum"]]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _choices(condition: Schema) -> Iterator[Schema]:
    """What of a condition's schema is one of some labels: the value itself, and each in a list."""
    for form in condition["anyOf"]:
        yield from (part for part in (form, form.get("items", {})) if "enum" in part)
