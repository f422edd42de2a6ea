"""How long `offbook check` takes for the cues of a large company: `python -m tests.bench.playbook_check`."""

import tempfile
import time
from pathlib import Path

from rich.console import Console

from tests.user import DEMO_PLAYBOOK, OFFBOOK, run_command

CUES = 5_000
BAR_S = 3.0
RUNS = 3


def many_cues(folder: Path, cues: int) -> None:
    """Writes the demo playbook with its cues again and again, each time with other words, until there are so many."""
    # The demo's own tests name cues that are called otherwise here.
    written = [file for file in DEMO_PLAYBOOK.glob("*.yaml") if file.name != "tests.yaml"]
    files = {file: file.read_text(encoding="utf-8").partition("\ncues:\n") for file in written}
    blocks = [block for _, _, body in files.values() for block in f"\n{body}".split("\n  - id: ")[1:]]
    for file, (head, _, _) in files.items():
        (folder / file.name).write_text(f"{head}\n", encoding="utf-8")
    made = (_copy(blocks[number % len(blocks)], number) for number in range(cues))
    (folder / "many.yaml").write_text("cues:\n" + "\n".join(made) + "\n", encoding="utf-8")


def _copy(block: str, number: int) -> str:
    name, _, rest = block.rstrip().partition("\n")
    rest = rest.replace("      all:\n", f"      all:\n        - said: [phrase {number}, words {number}]\n", 1)
    return f"  - id: {name}-{number}\n{rest}"


def seconds(folder: Path) -> float:
    """Of the whole command, from its start to its exit; the best of a few runs."""
    took = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        checked = run_command([OFFBOOK, "check", folder], folder)
        took.append(time.perf_counter() - begun)
        assert f" {CUES} cues," in checked.stdout, checked.stderr
    return min(took)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        many_cues(Path(made), CUES)
        Console(highlight=False).print(f"{CUES} cues are checked in {seconds(Path(made)):.1f} s (bar: {BAR_S:g} s)")
