"""The table of SETTINGS.md, made from the model; `python -m overlay.settings_table` prints it."""

from collections.abc import Iterator
from typing import get_args

from pydantic.fields import FieldInfo

from overlay.settings import Consent, Settings

_KINDS = {
    "model": "a name or a folder",
    "threads": "a whole number",
    "consent": ", ".join(get_args(Consent)),
    "silence_minutes": "minutes",
    "playbook": "a folder",
}


def table() -> str:
    """All settings as a Markdown table: name, type, default, sentence."""
    return "\n".join(("| setting | value | default | |", "| --- | --- | --- | --- |", *_rows()))


def _rows() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        kind = "true or false" if field.annotation is bool else _KINDS.get(name, "a name")
        yield f"| `{name}` | {kind} | {_default(field)} | {field.description} |"


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is None:
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    print(table())
