"""Whisper's decoder over ONNX Runtime: tokens out of what the encoder heard. The worker calls it.

On a processor without VNNI a token costs a third of what CTranslate2 takes, which packs the weights anew for each; and
many at once cost little more than one. So a draft (what the passes before heard) is checked in one go, and only what
differs is decoded token by token: the text is the same as without it, but where two tokens are as likely.

Threads: ONNX Runtime's own, which inherit their lowered priority from the one that loads the weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from asr.beam import Followed, spread
from asr.decoder_file import DECODER, LISTENER, decoder_files
from asr.decoding import Vocabulary, choose, no_speech, probability
from asr.weights import WhisperWeights
from asr.whisper_file import HEAD, read_whisper

Floats = npt.NDArray[np.float32]
_NEVER = -1e9
"""Added to a score, so that nothing is seen there."""


@dataclass(frozen=True)
class Heard:
    """What each layer knows of some sound: keys (heads, 64, frames) and values (heads, frames, 64)."""

    keys: tuple[Floats, ...]
    values: tuple[Floats, ...]

    def part(self, begin: int, end: int, stride: int = 1) -> "Heard":
        return Heard(
            tuple(keys[:, :, begin:end:stride] for keys in self.keys),
            tuple(values[:, begin:end:stride] for values in self.values),
        )

    def then(self, other: "Heard") -> "Heard":
        return Heard(
            tuple(np.concatenate(pair, axis=2) for pair in zip(self.keys, other.keys, strict=True)),
            tuple(np.concatenate(pair, axis=1) for pair in zip(self.values, other.values, strict=True)),
        )


@dataclass(frozen=True)
class Beginning:
    """The tokens that a text is decoded after."""

    task: Sequence[int]
    """From the start of the transcript to "no timestamps", or to the first timestamp."""
    before: Sequence[int] = ()
    """What was said before the sound."""
    forced: Sequence[int] = ()
    """What the text begins with."""


@dataclass(frozen=True)
class Text:
    """Text tokens, how likely each is among text, and where the decoder looked for it."""

    tokens: list[int]
    probabilities: list[float]
    log_probability: float
    """Mean over the tokens."""
    no_speech: float
    looked: Floats
    """(heads, task's and text's tokens, frames): scores of the heads that follow the sound, before the softmax."""


class Decoder:
    """Weights in memory; deterministic."""

    def __init__(self, weights: WhisperWeights, vocabulary: Vocabulary, threads: int) -> None:
        """Raises BadInputError where the weights can't be read."""
        self._file, graphs = read_whisper(weights.folder), decoder_files(weights)
        self._vocabulary = vocabulary
        self._listener, self._decoder = (_session(graphs / name, threads) for name in (LISTENER, DECODER))
        self._names = [output.name for output in self._decoder.get_outputs()][2:]
        self._places = self._file.floats("decoder/position_encodings/encodings")
        heads = self._file.number("decoder/num_heads")
        empty = {
            "said_keys": np.zeros((heads, HEAD, 0), np.float32),
            "said_values": np.zeros((heads, 0, HEAD), np.float32),
        }
        self._nothing = {_said(name): empty[_said(name).rpartition("_")[0]] for name in self._names}

    def hear(self, states: Floats) -> Heard:
        """The encoder's states (frames, width) as the decoder's layers see them."""
        made = self._listener.run(None, {"states": states})
        return Heard(tuple(made[0::2]), tuple(made[1::2]))

    def decode(self, heard: Heard, begin: Beginning, most: int, draft: Sequence[int] = ()) -> Text:
        """The likeliest text, at most `most` tokens beyond the forced ones; `draft` is what probably follows those."""
        run, vocabulary, timed = _Run(self, heard), self._vocabulary, begin.task[-1] >= self._vocabulary.timestamps
        start = len(begin.before) + len(begin.task) + len(begin.forced)
        most = min(most, len(self._places) - start)
        draft = draft[:most]
        quiet, sure, rows = self._read(run, begin, draft)
        said, total = list(begin.forced), 0.0
        for at in range(most + 1):
            choice = choose(
                rows[0].copy(), said, vocabulary, timed=timed, rather=draft[at] if at < len(draft) else None
            )
            total += choice.log_probability
            if choice.token == vocabulary.eot or at == most:
                break
            said.append(choice.token)
            if choice.token < vocabulary.eot:
                sure.append(probability(rows[0], choice.token, vocabulary))
            if at < len(draft) and draft[at] == choice.token:
                rows = rows[1:]
            else:
                run.cut(start + at)
                draft, rows = (), run.feed([choice.token], wanted=[0])
        looked = run.looked()[:, len(begin.before) : start + len(said) - len(begin.forced)]
        text = [k for k, token in enumerate(said) if token < vocabulary.eot]
        rows_of_text = [*range(len(begin.task)), *(len(begin.task) + k for k in text)]
        return Text([said[k] for k in text], sure, total / max(1, len(said) + timed), quiet, looked[:, rows_of_text])

    def search(self, heard: Heard, begin: Beginning, most: int, width: int) -> Text:
        """The likeliest of `width` texts followed at once, without timestamps; at most `most` tokens, as above."""
        run, known = _Run(self, heard), len(begin.before) + len(begin.task) + len(begin.forced)
        _, _, rows = self._read(run, begin, ())
        followed, ended = [Followed()], list[Followed]()
        for _ in range(min(most, len(self._places) - known)):
            followed, done = spread(followed, rows, begin.forced, self._vocabulary, width)
            ended += done
            if len(ended) >= width:
                break
            followed, rows = run.branch(followed, known)
        best = max(ended or followed, key=lambda text: text.mean)
        text = self.read(heard, replace(begin, forced=[*begin.forced, *best.tokens]))
        return replace(text, log_probability=best.total / max(1, len(text.tokens)))

    def read(self, heard: Heard, begin: Beginning) -> Text:
        """The same of a text that is known: the forced one."""
        run = _Run(self, heard)
        quiet, sure, _ = self._read(run, begin, ())
        mean = float(np.mean(np.log(np.maximum(sure, 1e-9)))) if sure else 0.0
        return Text(list(begin.forced), sure, mean, quiet, run.looked()[:, len(begin.before) :])

    def _read(self, run: "_Run", begin: Beginning, draft: Sequence[int]) -> tuple[float, list[float], Floats]:
        """Probability of no speech, those of the forced tokens; logits after the last of them and each of the draft."""
        known = [*begin.before, *begin.task]
        after = range(len(known) - 1, len(known) + len(begin.forced) + len(draft))
        rows = run.feed([*known, *begin.forced, *draft], wanted=[len(begin.before), *after])
        sure = [probability(row, token, self._vocabulary) for row, token in zip(rows[1:], begin.forced, strict=False)]
        return no_speech(rows[0], self._vocabulary), sure, rows[1 + len(begin.forced) :]


class _Run:
    """One decoding: what was said so far, layer by layer."""

    def __init__(self, owner: Decoder, heard: Heard) -> None:
        self._owner = owner
        self._sound = {f"keys_{k}": keys for k, keys in enumerate(heard.keys)} | {
            f"values_{k}": values for k, values in enumerate(heard.values)
        }
        self._said: dict[str, Floats] = dict(owner._nothing)
        self._at = 0
        self._looked: list[Floats] = []

    def feed(self, tokens: Sequence[int], wanted: Sequence[int]) -> Floats:
        """Some more tokens; the logits of those of them that are `wanted`."""
        end = self._at + len(tokens)
        mask = np.triu(np.full((len(tokens), end), _NEVER, np.float32), 1 + self._at)
        return self._run(tokens, range(self._at, end), mask, wanted)

    def branch(self, texts: Sequence[Followed], known: int) -> tuple[list[Followed], Floats]:
        """The last token of each of these texts, side by side: each sees its own and the first `known`; the texts with
        its place, and the logits after each. The dead ones stay, unseen: to leave them out would cost more."""
        placed = [replace(text, places=(*text.places, self._at + k)) for k, text in enumerate(texts)]
        mask = np.full((len(texts), self._at + len(texts)), _NEVER, np.float32)
        mask[:, :known] = 0
        for row, text in zip(mask, placed, strict=True):
            row[list(text.places)] = 0
        tokens = [text.tokens[-1] for text in texts]
        positions = [known + len(text.tokens) - 1 for text in texts]
        return placed, self._run(tokens, positions, mask, range(len(texts)))

    def _run(self, tokens: Sequence[int], positions: Sequence[int], mask: Floats, wanted: Sequence[int]) -> Floats:
        owner, end = self._owner, self._at + len(tokens)
        x = owner._file.rows("decoder/embeddings/weight", tokens) + owner._places[list(positions)]
        inputs = {"x": x, "mask": mask, "wanted": np.asarray(wanted, np.int64), **self._said, **self._sound}
        logits, looked, *said = owner._decoder.run(None, inputs)
        self._said = {_said(name): value for name, value in zip(owner._names, said, strict=True)}
        self._at = end
        self._looked.append(looked)
        return np.asarray(logits)

    def cut(self, length: int) -> None:
        """Forgets the tokens from `length` on."""
        if length < self._at:
            self._said = {n: v[:, :, :length] if "keys" in n else v[:, :length] for n, v in self._said.items()}
            self._looked = [self.looked()[:, :length]]
            self._at = length

    def looked(self) -> Floats:
        """(heads, tokens so far, frames): where they looked."""
        return np.concatenate(self._looked, axis=1)


def _said(name: str) -> str:
    """The input that the output `name` is in the next run."""
    return name.replace("new_", "said_")


def _session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # The arena keeps the longest sound's buffers for ever; without it 50 MB less stay resident, and it is no slower.
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
