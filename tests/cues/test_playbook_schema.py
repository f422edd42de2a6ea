"""The JSON Schema that editors read: the demo playbook has it beside it, and every key and label is explained."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from user import DEMO_PLAYBOOK, ROOT

from cues.playbook_schema import Schema, playbook_schema
from cues.playbook_tables import samples, tables


def test_the_demo_playbooks_schema_is_the_one_that_the_command_prints() -> None:
    kept = json.loads((DEMO_PLAYBOOK / "playbook.schema.json").read_text(encoding="utf-8"))
    assert kept == playbook_schema(), "offbook schema playbook > configs/playbooks/demo/playbook.schema.json"


def test_every_file_of_the_demo_playbook_names_its_schema() -> None:
    files = list(DEMO_PLAYBOOK.glob("*.yaml"))
    assert len(files) == 5
    for file in files:
        assert file.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=playbook.schema.json\n")


def keys(schema: Schema) -> Iterator[tuple[str, Any]]:
    """Each key of a playbook with what the schema says of it."""
    for name, part in (("Playbook", schema), *schema["$defs"].items()):
        for key, about in part["properties"].items():
            yield f"{name}.{key}", about


def test_every_key_has_a_text_for_hovering() -> None:
    found = dict(keys(playbook_schema()))
    assert len(found) > 40
    for key, about in found.items():
        assert about["description"].endswith("."), key


@pytest.mark.parametrize("head", ["stage", "role", "stance", "moment"])
def test_every_label_is_explained(head: str) -> None:
    one, several = playbook_schema()["$defs"]["Condition"]["properties"][head]["anyOf"]
    for choice in (one, several["items"]):
        assert len(choice["enumDescriptions"]) == len(choice["enum"]) > 1
        assert all(choice["enumDescriptions"])


def test_a_file_may_leave_the_name_to_another_and_no_condition_may_be_blank() -> None:
    schema = playbook_schema()
    assert "required" not in schema
    for about in schema["$defs"]["Condition"]["properties"].values():
        assert {"type": "null"} not in about["anyOf"]
        assert "default" not in about


def test_what_belongs_together_is_said() -> None:
    parts = playbook_schema()["$defs"]
    assert parts["Condition"]["dependentRequired"] == {"stance": ["competitor"], "within": ["earlier"]}
    assert parts["Condition"]["additionalProperties"] is False
    assert parts["Card"]["anyOf"] == [{"required": ["ask"]}, {"required": ["say"]}, {"required": ["proof"]}]


def test_the_tables_of_the_document_are_those_of_the_schema() -> None:
    text = (ROOT / "cues/PLAYBOOK.md").read_text(encoding="utf-8")
    assert tables() in text, "python -m cues.playbook_tables"
    for key, sample in samples().items():
        assert f"| `{key}` |" in text
        assert f"| `{sample}` |" in text
