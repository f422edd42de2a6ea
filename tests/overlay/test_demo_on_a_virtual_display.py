"""`offbook demo` and `offbook replay` where there is no display."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from user import DEMO_PLAYBOOK, OFFBOOK, Result, demo_cut

from overlay.engine_messages import START, Start

PORT_TAKEN = "Port "
"""Another call of this machine may go on."""
PNG = b"\x89PNG"
DEMO = """
import sys
from pathlib import Path
from overlay.demo import run_demo
from overlay.engine_messages import START
for picture in run_demo(START.validate_json(sys.argv[1]), list, Path(sys.argv[2])):
    print(picture)
"""

pytestmark = pytest.mark.usefixtures("machine")


def without_display(*command: str | Path) -> Result:
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.run(list(map(str, command)), env=kept, capture_output=True, text=True, timeout=120, check=False)


def demo(folder: Path, seconds: float, journal: str | None) -> Result:
    sound = demo_cut(folder / "call.wav", 16_000, "pcm_s16le", "s16", seconds=seconds)
    start = START.dump_json(Start((sound,), DEMO_PLAYBOOK, "base", journal=journal)).decode()
    return without_display(sys.executable, "-c", DEMO, start, folder / "out")


def test_the_demo_leaves_pictures_of_overlay_and_review(tmp_path: Path) -> None:
    result = demo(tmp_path, 22.0, str(tmp_path / "journal.db"))
    assert result.returncode == 0, result.stderr
    pictures = [Path(line) for line in result.stdout.splitlines()]
    assert [p.name for p in pictures] == [
        "overlay-listening.png",
        "overlay-one-card.png",
        "overlay-end.png",
        "review.png",
    ]
    for picture in pictures:
        assert picture.read_bytes().startswith(PNG)
        assert picture.stat().st_size > 10_000


def test_a_folder_that_can_t_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    result = demo(tmp_path, 2.0, None)
    assert (result.returncode, result.stdout) == (0, "")
    said = next(line for line in result.stderr.splitlines() if not line.startswith(PORT_TAKEN))
    assert said.endswith("so there are no pictures. The call is shown in the terminal alone.")


def test_a_replay_without_a_display_goes_on_in_the_terminal_and_says_so(silence: Path) -> None:
    result = without_display(OFFBOOK, "replay", silence, "--no-journal")
    assert result.returncode == 0, result.stderr
    assert "The call" in result.stdout
    lines = [line for line in result.stderr.splitlines() if not line.startswith(PORT_TAKEN)]
    assert lines[0] == (
        "There is no display to show the overlay on; start it in a desktop, or use --headless. "
        "The call goes on without it."
    )
