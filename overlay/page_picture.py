"""A picture of one page of this machine, by headless Chromium."""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from asr.errors import BadInputError

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars"
).split()
"""Without its sandbox it also runs as root; it sees pages of ours alone."""
NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_S = 60.0


def take_picture(url: str, file: Path, width: int, height: int) -> None:
    """Writes a PNG. Raises BadInputError where there is no Chromium or it gives none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise BadInputError(f"{file}: there is no picture of the page, for Chromium is not installed.")
    with TemporaryDirectory(prefix="offbook-", ignore_cleanup_errors=True) as profile:
        size = f"--window-size={width},{height}"
        command = [program, *FLAGS, f"--user-data-dir={profile}", size, f"--screenshot={file.resolve()}", url]
        file.unlink(missing_ok=True)
        try:
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PATIENCE_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BadInputError(f"{file}: there is no picture of the page, for {program} does not answer.") from error
    if not file.is_file():
        raise BadInputError(f"{file}: there is no picture of the page, for {program} could not draw it.")
