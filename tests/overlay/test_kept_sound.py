"""The sound of a call that a rep wants kept: real Opus files, a process that is killed, a disk that is full."""

import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from calls import a_call
from disks import Disk
from user import DEMO_CALL, ROOT, Run, refused

from asr.capture.file import CHUNK, BrokeOff, Chunk, open_stereo
from asr.events import Fault
from asr.vad import Samples
from cues.journal.open import open_journal
from cues.journal.writer import Writer
from overlay.kept_sound import KeptSound, forget_sound, parts, sound_folder

CALL = "aa11" * 8
OTHER = "aa22" * 8
WRITES = """
import sys, time
from itertools import islice
from pathlib import Path
from asr.capture.file import open_stereo
from overlay.kept_sound import KeptSound
kept = KeptSound(Path(sys.argv[1]), sys.argv[2], print)
for chunk in islice(open_stereo(Path(sys.argv[3])).chunks(), 100):
    kept.take(chunk)
time.sleep(1.5)
print("said", flush=True)
time.sleep(60)
"""


def spoken(seconds: float) -> list[Chunk]:
    chunks = [item for item in open_stereo(DEMO_CALL).chunks() if isinstance(item, Chunk)]
    return chunks[: round(seconds * 10)]


def noise(count: int) -> list[Chunk]:
    random = np.random.default_rng(5)
    one = [Chunk(*(random.uniform(-0.5, 0.5, (2, CHUNK)).astype(np.float32))) for _ in range(50)]
    return (one * (count // 50 + 1))[:count]


def sides(chunks: list[Chunk]) -> Samples:
    return np.stack([np.concatenate([getattr(chunk, side) for chunk in chunks]) for side in ("rep", "buyer")])


def heard(file: Path) -> tuple[Samples, bool]:
    """Both sides of a kept file, and whether its end was written."""
    items = list(open_stereo(file).chunks())
    return sides([item for item in items if isinstance(item, Chunk)]), not any(isinstance(i, BrokeOff) for i in items)


def likeness(one: Samples, other: Samples) -> float:
    length = min(len(one), len(other))
    return float(np.corrcoef(one[:length], other[:length])[0, 1])


def nobody(fault: Fault) -> None:
    raise AssertionError(fault.message)


def test_both_sides_are_kept_in_time_and_apart(tmp_path: Path) -> None:
    folder = sound_folder(tmp_path / "journal.db")
    said = spoken(20)
    kept = KeptSound(folder, CALL, nobody)
    for chunk in said:
        kept.take(chunk)
    kept.close()
    (file,) = parts(folder, CALL)
    assert file == tmp_path / "sound" / f"{CALL}.1.opus"
    assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(file.stat().st_mode)) == (0o700, 0o600)
    (rep, buyer), whole = heard(file)
    before = sides(said)
    assert whole
    assert len(rep) == before.shape[1]
    assert likeness(rep, before[0]) > 0.9
    assert likeness(buyer, before[1]) > 0.9
    assert abs(likeness(rep, before[1])) < 0.1
    assert file.stat().st_size < 20 * 9_000


def test_a_call_that_goes_on_gets_another_part(tmp_path: Path) -> None:
    for _ in range(3):
        kept = KeptSound(tmp_path, CALL, nobody)
        kept.take(spoken(0.1)[0])
        kept.close()
    KeptSound(tmp_path, OTHER, nobody).close()
    assert [file.name for file in parts(tmp_path, CALL)] == [f"{CALL}.{part}.opus" for part in (1, 2, 3)]


def test_a_killed_process_leaves_a_file_that_plays(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITES, tmp_path / "sound", CALL, DEMO_CALL], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "said\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    (rep, buyer), whole = heard(parts(tmp_path / "sound", CALL)[0])
    before = sides(spoken(10))
    assert not whole
    assert 9.0 <= len(rep) / 16_000 <= 10.0
    assert likeness(rep, before[0]) > 0.9
    assert likeness(buyer, before[1]) > 0.9


def test_a_full_disk_is_told_once_and_stops_nothing(disk: Disk) -> None:
    told: list[Fault] = []
    kept = KeptSound(disk.folder / "sound", CALL, told.append, 10_000)
    chunks = noise(3_000)
    begun = time.monotonic()
    for chunk in chunks:
        kept.take(chunk)
    assert time.monotonic() - begun < 1
    kept.close(60)
    assert [(fault.part, fault.message) for fault in told] == [
        ("sound", "The sound of this call is not kept any longer (the disk is full); the call goes on.")
    ]
    kept.take(chunks[0])
    (rep, _), _ = heard(parts(disk.folder / "sound", CALL)[0])
    assert len(rep) / 16_000 > 60


def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "sound").write_text("in the way")
    told: list[Fault] = []
    kept = KeptSound(tmp_path / "sound", CALL, told.append)
    kept.take(spoken(0.1)[0])
    kept.close()
    (fault,) = told
    assert "is not kept any longer (" in fault.message
    assert "the call goes on" in fault.message


def test_what_a_slow_disk_missed_is_silence_of_the_same_length(tmp_path: Path) -> None:
    told: list[Fault] = []
    kept = KeptSound(tmp_path / "sound", CALL, told.append, 10)
    chunks = spoken(20)
    for chunk in chunks:  # far faster than they are encoded
        kept.take(chunk)
    time.sleep(1)
    for chunk in chunks[:5]:
        kept.take(chunk)
    kept.close()
    (rep, _), whole = heard(parts(tmp_path / "sound", CALL)[0])
    assert whole
    assert len(rep) == (len(chunks) + 5) * CHUNK
    (fault,) = told
    assert "too slow" in fault.message


def test_forget_deletes_every_part_of_the_call_and_no_other(
    offbook: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "journal.db"
    monkeypatch.setenv("OFFBOOK_JOURNAL", str(file))
    writer = Writer(open_journal(str(file)), print)
    for call in (CALL, OTHER):
        for event in a_call(call):
            writer.write(event)
        for _ in range(2):
            KeptSound(sound_folder(file), call, nobody).close()
    assert writer.close() == 0
    refused(offbook("forget", "aa"), "Several calls begin with aa")
    assert len(list((tmp_path / "sound").iterdir())) == 4
    forgotten = offbook("forget", "aa11")
    assert forgotten.returncode == 0, forgotten.stderr
    assert f"Call {CALL} and its sound are forgotten." in forgotten.stdout
    assert parts(tmp_path / "sound", CALL) == []
    assert len(parts(tmp_path / "sound", OTHER)) == 2
    assert f"Call {CALL} is forgotten." in offbook("forget", "aa11").stdout


def test_where_no_sound_was_kept_there_is_nothing_to_forget(tmp_path: Path) -> None:
    assert forget_sound(tmp_path / "sound", CALL) == 0
