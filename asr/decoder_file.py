"""The decoder's graphs as files beside the joined weights: made once for each model, in a process of its own.

`python -m asr.decoder_file MODEL_FOLDER OUT_FOLDER` makes them: the ONNX library and the weights as floats would stay
in the engine's memory otherwise.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from asr.errors import BadInputError
from asr.weights import WhisperWeights, models_folder, remove_stale, sha256

VERSION = 1
"""Of the graphs: another one is made anew."""
LISTENER, DECODER, SUM = "listener.onnx", "decoder.onnx", "sha256"
HALF = ".decoder-"
"""Begins the name of a folder that is being filled."""
_FOR_S = 600


def decoder_files(weights: WhisperWeights) -> Path:
    """The folder that holds LISTENER and DECODER of these weights. Raises BadInputError where it can't be made."""
    folder = models_folder() / f"decoder-{VERSION}-{weights.sha256[:16]}"
    if not _sound(folder):
        _make(weights.folder, folder)
    return folder


def _sound(folder: Path) -> bool:
    try:
        return (folder / SUM).read_text() == _sum(folder)
    except OSError:
        return False


def _sum(folder: Path) -> str:
    return "".join(sha256(folder / name) for name in (LISTENER, DECODER))


def _make(model: Path, folder: Path) -> None:
    """Renamed into place, so that a killed start leaves nothing half; who comes second keeps what the first made."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        remove_stale(folder.parent, f"{HALF}*")
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=HALF) as half:
            command = [sys.executable, "-m", "asr.decoder_file", str(model), half]
            made = subprocess.run(command, capture_output=True, text=True, timeout=_FOR_S)
            if made.returncode:
                raise BadInputError(made.stderr.strip().splitlines()[-1] if made.stderr.strip() else _failed(model))
            if not _sound(folder):
                shutil.rmtree(folder, ignore_errors=True)
                Path(half).rename(folder)
    except OSError as error:
        if _sound(folder):
            return  # another start was quicker
        raise BadInputError(f"{folder}: can't be written ({error.strerror}); check the disk.") from error
    except subprocess.TimeoutExpired as error:
        raise BadInputError(_failed(model)) from error


def _failed(model: Path) -> str:
    return f"{model}: no decoder could be made of this model; try again, or get it anew with `offbook models get NAME`."


def main(model: Path, folder: Path) -> int:
    """Writes the graphs of the model into the folder; its exit code."""
    from asr.whisper_file import read_whisper
    from asr.whisper_graph import decoder, listener, ready

    try:
        file = read_whisper(model)
    except BadInputError as error:
        print(error, file=sys.stderr)
        return 2
    for name, make in ((LISTENER, listener), (DECODER, decoder)):
        (folder / name).write_bytes(ready(*make(file)))
    (folder / SUM).write_text(_sum(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
