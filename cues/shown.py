"""What a person wrote, as a sentence repeats it: on one line, cut to what fits it. Pure."""

MOST_SHOWN = 60
"""Characters of it that a sentence repeats."""


def plain(text: str) -> str:
    """Without quotes around it."""
    line = "".join(char for char in " ".join(text.split()) if char.isprintable())
    return line if len(line) <= MOST_SHOWN else f"{line[:MOST_SHOWN]}..."


def shown(value: object) -> str:
    """In quotes; nothing where there is no text."""
    return f'"{plain(value)}"' if isinstance(value, str) and value.strip() else ""


def named(name: str) -> str:
    """In quotes, whatever it is."""
    return f'"{plain(name)}"'
