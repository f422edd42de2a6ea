"""A recorded call as a source of sound: what plays, what is refused, and what a truncated file still gives."""

import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from asr.capture.file import CHUNK, BrokeOff, Chunk, Recording, open_stereo, open_two
from asr.errors import BadInputError
from asr.sound import SAMPLE_RATE

Sound = npt.NDArray[np.float32]


def tone(seconds: float, rate: int, hertz: float) -> Sound:
    return (0.4 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def two_tones(seconds: float, rate: int) -> Sound:
    """Left 440 Hz, right 1000 Hz."""
    return np.stack([tone(seconds, rate, 440), tone(seconds, rate, 1000)])


def write(file: Path, sound: Sound, rate: int, codec: str, sample_format: str) -> Path:
    """`sound` [channels, n] through FFmpeg's encoder."""
    layout = "stereo" if len(sound) == 2 else "mono"
    with av.open(str(file), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = layout  # type: ignore[union-attr]
        stream.time_base = Fraction(1, rate)
        convert = av.AudioResampler(format=sample_format, layout=layout, rate=rate)
        for begin in range(0, sound.shape[1], 1000):
            piece = np.ascontiguousarray(sound[:, begin : begin + 1000])
            frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
            frame.rate, frame.pts = rate, begin
            for out in convert.resample(frame):
                container.mux(stream.encode(out))  # type: ignore[union-attr,arg-type]
        container.mux(stream.encode(None))  # type: ignore[union-attr,arg-type]
    return file


def heard(recording: Recording) -> tuple[Sound, list[BrokeOff]]:
    """All the sound [2, n], and where it broke off."""
    items = list(recording.chunks())
    chunks = [item for item in items if isinstance(item, Chunk)]
    assert all(len(chunk.rep) == len(chunk.buyer) for chunk in chunks)
    assert all(len(chunk.rep) == CHUNK for chunk in chunks[:-1])
    assert all(chunk.rep.dtype == np.float32 for chunk in chunks)
    sides = [[chunk.rep for chunk in chunks], [chunk.buyer for chunk in chunks]]
    sound = np.stack([np.concatenate(side) for side in sides]) if chunks else np.zeros((2, 0), np.float32)
    return sound, [item for item in items if isinstance(item, BrokeOff)]


def loudest(side: Sound) -> float:
    """The loudest frequency (Hz)."""
    return float(np.abs(np.fft.rfft(side)).argmax() * SAMPLE_RATE / len(side))


FORMATS = [
    ("telephone.wav", 8_000, "pcm_s16le", "s16"),
    ("cd.wav", 44_100, "pcm_s16le", "s16"),
    ("studio.wav", 48_000, "pcm_s24le", "s32"),
    ("float.wav", 16_000, "pcm_f32le", "flt"),
    ("small.flac", 16_000, "flac", "s16"),
    ("call.opus", 48_000, "libopus", "flt"),
    ("call.mp3", 44_100, "libmp3lame", "fltp"),
    ("call.m4a", 44_100, "aac", "fltp"),
    ("call.webm", 48_000, "libopus", "flt"),
]


@pytest.mark.parametrize(("name", "rate", "codec", "sample_format"), FORMATS)
def test_every_usual_format_plays_whole_with_the_rep_left_and_the_buyer_right(
    tmp_path: Path, name: str, rate: int, codec: str, sample_format: str
) -> None:
    recording = open_stereo(write(tmp_path / name, two_tones(3, rate), rate, codec, sample_format))
    sound, broke_off = heard(recording)
    assert broke_off == []
    assert sound.shape[1] / SAMPLE_RATE == pytest.approx(3, abs=0.1)
    assert recording.duration_s == pytest.approx(3, abs=0.1)
    assert loudest(sound[0]) == pytest.approx(440, abs=2)
    assert loudest(sound[1]) == pytest.approx(1000, abs=2)
    assert np.abs(sound[:, 1600:-1600]).max() == pytest.approx(0.4, abs=0.2)


def cut(file: Path, share: float) -> Path:
    raw = file.read_bytes()
    out = file.with_name("cut" + file.suffix)
    out.write_bytes(raw[: int(len(raw) * share)])
    return out


@pytest.mark.parametrize(
    ("name", "rate", "codec", "sample_format"),
    [f for f in FORMATS if f[0] in {"cd.wav", "float.wav", "small.flac", "call.opus", "call.mp3", "call.webm"}],
)
def test_a_truncated_file_gives_what_was_there_and_says_where_it_breaks_off(
    tmp_path: Path, name: str, rate: int, codec: str, sample_format: str
) -> None:
    whole = write(tmp_path / name, two_tones(8, rate), rate, codec, sample_format)
    sound, broke_off = heard(open_stereo(cut(whole, 0.5)))
    seconds = sound.shape[1] / SAMPLE_RATE
    assert seconds == pytest.approx(4, abs=1.3)
    assert [(item.at, item.file) for item in broke_off] == [(pytest.approx(seconds, abs=0.01), f"cut{whole.suffix}")]


def test_a_wav_that_was_piped_and_says_no_length_is_whole(tmp_path: Path) -> None:
    file = write(tmp_path / "a.wav", two_tones(2, 16_000), 16_000, "pcm_s16le", "s16")
    raw = bytearray(file.read_bytes())
    data = raw.index(b"data")
    raw[4:8] = raw[data + 4 : data + 8] = b"\xff\xff\xff\xff"
    file.write_bytes(raw)
    sound, broke_off = heard(open_stereo(file))
    assert sound.shape[1] / SAMPLE_RATE == pytest.approx(2, abs=0.05)
    assert broke_off == []


def test_damage_in_the_middle_loses_no_more_than_the_damage(tmp_path: Path) -> None:
    for name, rate, codec, sample_format in (
        ("a.flac", 16_000, "flac", "s16"),
        ("a.mp3", 44_100, "libmp3lame", "fltp"),
    ):
        file = write(tmp_path / name, two_tones(8, rate), rate, codec, sample_format)
        raw = bytearray(file.read_bytes())
        middle = len(raw) // 2
        raw[middle : middle + 200] = bytes(200)
        file.write_bytes(raw)
        sound, _ = heard(open_stereo(file))
        assert sound.shape[1] / SAMPLE_RATE > 7, name


def test_a_wav_of_no_samples_is_a_call_without_sound(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    with wave.open(str(file), "wb") as out:
        out.setparams((2, 2, 16_000, 0, "NONE", ""))
    sound, broke_off = heard(open_stereo(file))
    assert (sound.shape, broke_off) == ((2, 0), [])


def test_two_mono_files_of_different_length_are_one_call(tmp_path: Path) -> None:
    rep = write(tmp_path / "rep.wav", tone(2.05, 8_000, 440)[None], 8_000, "pcm_s16le", "s16")
    buyer = write(tmp_path / "buyer.flac", tone(3, 44_100, 1000)[None], 44_100, "flac", "s16")
    recording = open_two(rep, buyer)
    sound, broke_off = heard(recording)
    assert broke_off == []
    assert recording.duration_s == pytest.approx(3, abs=0.05)
    assert sound.shape[1] / SAMPLE_RATE == pytest.approx(3, abs=0.05)
    assert loudest(sound[0][: 2 * SAMPLE_RATE]) == pytest.approx(440, abs=2)
    assert loudest(sound[1]) == pytest.approx(1000, abs=2)
    assert np.abs(sound[0][round(2.2 * SAMPLE_RATE) :]).max() == 0


def test_of_two_files_the_one_that_is_truncated_is_named(tmp_path: Path) -> None:
    rep = write(tmp_path / "rep.wav", tone(4, 16_000, 440)[None], 16_000, "pcm_s16le", "s16")
    buyer = write(tmp_path / "buyer.wav", tone(4, 16_000, 1000)[None], 16_000, "pcm_s16le", "s16")
    sound, broke_off = heard(open_two(cut(rep, 0.5), buyer))
    assert sound.shape[1] / SAMPLE_RATE == pytest.approx(4, abs=0.01)
    assert [(item.file, item.at) for item in broke_off] == [("cut.wav", pytest.approx(2, abs=0.02))]


def test_a_stereo_file_given_for_one_side_is_mixed(tmp_path: Path) -> None:
    both = write(tmp_path / "both.wav", two_tones(2, 16_000), 16_000, "pcm_s16le", "s16")
    sound, _ = heard(open_two(both, both))
    assert np.abs(np.fft.rfft(sound[0]))[[880, 2000]].min() > 1000


def test_a_name_with_a_colon_is_a_file_and_no_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "x.wav", two_tones(1, 16_000), 16_000, "pcm_s16le", "s16").rename(tmp_path / "call 10:30.wav")
    sound, _ = heard(open_stereo(Path("call 10:30.wav")))
    assert sound.shape[1] == SAMPLE_RATE


def test_sound_whose_rate_changes_on_the_way_plays_on(tmp_path: Path) -> None:
    first = write(tmp_path / "1.mp3", two_tones(2, 44_100), 44_100, "libmp3lame", "fltp")
    second = write(tmp_path / "2.mp3", two_tones(2, 32_000), 32_000, "libmp3lame", "fltp")
    both = tmp_path / "both.mp3"
    both.write_bytes(first.read_bytes() + second.read_bytes())
    sound, _ = heard(open_stereo(both))
    assert sound.shape[1] / SAMPLE_RATE == pytest.approx(4, abs=0.3)


def refused(file: Path) -> str:
    with pytest.raises(BadInputError) as error:
        open_stereo(file)
    sentence = str(error.value)
    assert sentence.startswith(f"{file}: ")
    assert "\n" not in sentence
    return sentence.removeprefix(f"{file}: ")


def test_a_mono_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    mono = write(tmp_path / "mono.wav", tone(1, 16_000, 440)[None], 16_000, "pcm_s16le", "s16")
    assert refused(mono) == (
        "has one channel where two are needed (left rep, right buyer); "
        "give a stereo file, or `--rep FILE --buyer FILE`."
    )


def test_a_missing_file_a_folder_and_an_empty_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    assert refused(tmp_path / "none.wav") == "no such file; check the path."
    assert refused(tmp_path) == "is a folder; give a sound file."
    assert refused(tmp_path / "empty.wav") == "is empty (0 bytes); record it again."


@pytest.mark.parametrize("name", ["notes.txt", "notes.wav", "notes.mp3", "notes.srt"])
@pytest.mark.parametrize("content", [b"hello\n" * 500, bytes(5000), bytes(range(256)) * 40, b"1\n00:00:01,000 --> x\n"])
def test_what_is_no_sound_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert refused(file) in {
        "is no sound file that can be read; give WAV, FLAC, Opus or MP3.",
        "holds no sound; give a sound file such as WAV, FLAC, Opus or MP3.",
    }


def test_a_video_without_sound_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "screen.mp4"
    with av.open(str(file), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64  # type: ignore[union-attr]
        for _ in range(5):
            picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(picture))  # type: ignore[union-attr,arg-type]
        container.mux(stream.encode(None))  # type: ignore[union-attr,arg-type]
    assert refused(file) == "holds no sound; give a sound file such as WAV, FLAC, Opus or MP3."
