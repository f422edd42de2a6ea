"""Sound that recognisers stumble over, made on the spot: what is no speech, and what speech suffers on its way. Pure.

Everything is mono float32 at 16 kHz, the same on each machine.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from asr.sound import SAMPLE_RATE, Samples

Floats = npt.NDArray[np.float64]
Make = Callable[[float], Samples]
Change = Callable[[Samples], Samples]


def _time(seconds: float) -> Floats:
    return np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def _noise(seconds: float, low: float, high: float, seed: int) -> Floats:
    """Noise between two frequencies (Hz), of RMS 1."""
    count = round(seconds * SAMPLE_RATE)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    frequencies = np.fft.rfftfreq(count, 1 / SAMPLE_RATE)
    spectrum[(frequencies < low) | (frequencies > high)] = 0
    made = np.fft.irfft(spectrum, count)
    return made / np.sqrt(np.mean(made**2))


def _events(seconds: float, every_s: float, one: Floats, seed: int) -> Floats:
    """The same short sound again and again, at uneven times and strengths."""
    rng = np.random.default_rng(seed)
    out = np.zeros(round(seconds * SAMPLE_RATE) + len(one))
    at = 0.3
    while at < seconds:
        begin = round(at * SAMPLE_RATE)
        out[begin : begin + len(one)] += rng.uniform(0.5, 1.0) * one
        at += every_s * rng.uniform(0.5, 1.5)
    return out[: round(seconds * SAMPLE_RATE)]


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)


def room(seconds: float) -> Samples:
    """Air conditioning and a street, at -45 dBFS."""
    return (10 ** (-45 / 20) * _noise(seconds, 40, 1200, 1)).astype(np.float32)


def typing(seconds: float) -> Samples:
    decay = np.exp(-_time(0.03) * 250)
    return (0.3 * _events(seconds, 0.16, decay * _noise(0.03, 800, 6000, 2), 3)).astype(np.float32)


def hold_music(seconds: float) -> Samples:
    """Four chords, an arpeggio above them, a beat."""
    time = _time(seconds)
    out = np.zeros(len(time))
    chords = ((220, 277.2, 329.6), (185, 220, 277.2), (146.8, 185, 220), (164.8, 207.7, 246.9))
    for bar, chord in enumerate(chords):
        on = (time // 2 % 4) == bar
        for note in chord:
            out += on * sum(np.sin(2 * np.pi * note * k * time) / k**2 for k in (1, 2, 3))
        step = np.array(chord)[(time * 4 % 3).astype(int)]
        out += on * np.sin(2 * np.pi * 2 * step * time) * np.exp(-(time * 4 % 1) * 3)
    beat = np.exp(-(time * 2 % 1) * 40) * _noise(seconds, 60, 6000, 4)
    return (0.04 * out + 0.05 * beat).astype(np.float32)


def coughs(seconds: float) -> Samples:
    """Two bursts of breath with a throat's resonance, every four seconds."""
    burst = np.exp(-_time(0.25) * 14) * _noise(0.25, 250, 2500, 5)
    cough = np.concatenate([burst, np.zeros(2000), 0.6 * burst])
    return (0.25 * _events(seconds, 4.0, cough, 6)).astype(np.float32)


def laughter(seconds: float) -> Samples:
    """Voiced, without words: 'ha' five times a second at a falling pitch, every five seconds."""
    time = _time(1.4)
    pitch = np.cumsum(260 - 60 * time) / SAMPLE_RATE
    voice = sum(np.sin(2 * np.pi * k * pitch) / k for k in range(1, 12))
    ha = voice * np.clip(np.sin(2 * np.pi * 5 * time), 0, 1) + 0.3 * _noise(1.4, 800, 4000, 7)
    return (0.08 * _events(seconds, 5.0, ha, 8)).astype(np.float32)


def dialling(seconds: float) -> Samples:
    """Keys of a telephone (DTMF), and the tone of a busy line."""
    time = _time(seconds)
    low = np.array([697, 770, 852, 941])[(time * 3 % 4).astype(int)]
    high = np.array([1209, 1336, 1477])[(time * 3 % 3).astype(int)]
    keys = (time * 3 % 1 < 0.5) * (np.sin(2 * np.pi * low * time) + np.sin(2 * np.pi * high * time))
    busy = (time * 2 % 1 < 0.5) * np.sin(2 * np.pi * 425 * time)
    return (0.15 * np.where(time % 10 < 5, keys, busy)).astype(np.float32)


NO_SPEECH: dict[str, Make] = {
    "silence": silence,
    "room": room,
    "typing": typing,
    "hold music": hold_music,
    "coughs": coughs,
    "laughter": laughter,
    "dialling": dialling,
}


def far_away(sound: Samples) -> Samples:
    """Its loudest second at -40 dBFS."""
    blocks = sound[: len(sound) // SAMPLE_RATE * SAMPLE_RATE].reshape(-1, SAMPLE_RATE)
    loudest = float(np.sqrt(np.mean(blocks.astype(np.float64) ** 2, axis=1)).max())
    return (sound * (10 ** (-40 / 20) / loudest)).astype(np.float32)


def clipped(sound: Samples) -> Samples:
    """Eight times too loud for its microphone."""
    return np.clip(8 * sound, -1, 1).astype(np.float32)


def telephone(sound: Samples) -> Samples:
    """300 to 3400 Hz, mu-law with 8 bits (ITU-T G.711), and a line's noise at -50 dBFS."""
    spectrum = np.fft.rfft(sound)
    frequencies = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    spectrum[(frequencies < 300) | (frequencies > 3400)] = 0
    narrow = np.clip(np.fft.irfft(spectrum, len(sound)), -1, 1)
    coded = np.round(127 * np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256)) / 127
    heard = np.sign(coded) * np.expm1(np.abs(coded) * np.log(256)) / 255
    return (heard + 10 ** (-50 / 20) * _noise(len(sound) / SAMPLE_RATE, 300, 3400, 9)).astype(np.float32)


HARD_WAYS: dict[str, Change] = {"-40 dBFS": far_away, "clipped": clipped, "telephone": telephone}
