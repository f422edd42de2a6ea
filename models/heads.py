"""The trained heads: one ONNX graph from features to calibrated probabilities, and what else reading needs."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from asr.errors import BadInputError
from models.encoder import DIMENSIONS, Vectors
from models.features import TURN_WIDTH
from models.labels import Labels, load_labels
from models.lexicon import Lexicon
from models.mentions import MENTION_WIDTH
from models.stage import Belief, StageFilter
from models.trackers import CLOSENESS_WIDTH

HEADS_FILE = Path(__file__).parent / "heads.onnx"
BASE = "base"
"""The metadata key of `Heads.base`."""
WIDTHS = {"turn": TURN_WIDTH, "mention": MENTION_WIDTH, "closeness": CLOSENESS_WIDTH}

Probabilities = npt.NDArray[np.float32]


@dataclass(frozen=True)
class TurnHeads:
    """What one utterance alone says, in the order of the labels: roles sum to 1, moments each stand alone."""

    role: Probabilities
    moments: Probabilities


@dataclass(frozen=True)
class MentionHeads:
    """`stance` [5] sums to 1; `named` is the probability that the vendor was meant at all."""

    stance: Probabilities
    named: float


class Heads:
    """heads.onnx in memory. Raises BadInputError if the file is missing, broken or made for other labels."""

    def __init__(self, file: Path = HEADS_FILE) -> None:
        self.labels = load_labels()
        content = _read(file)
        self.sha256 = hashlib.sha256(content).hexdigest()
        """Of the very bytes that read the call."""
        self._session = _open(file, content)
        meta: Mapping[str, str] = self._session.get_modelmeta().custom_metadata_map
        self.base = meta.get(BASE)
        """SHA-256 of the heads that these were learned on top of; None of those that were trained from nothing."""
        _check_labels(file, meta, self.labels)
        background, rarity, *course = self._run(
            {}, ["background", "rarity", *(one.name for one in fields(StageFilter))]
        )
        self.lexicon = Lexicon({term: place for place, term in enumerate(json.loads(meta["terms"]))}, rarity)
        self.stage_filter = StageFilter(*course)
        self.background: Vectors = background
        """Unit vectors [n, 384] of ordinary sentences, for the trackers."""

    def turn(self, features: Vectors, text: str) -> TurnHeads:
        """Reads `features` [TURN_WIDTH] of an utterance with its words."""
        feeds = {"turn": features[None], "words": self.lexicon.bag(text)[None]}
        role, moments = self._run(feeds, ["role", "moments"])
        return TurnHeads(role[0], moments[0])

    def moments_by_token(self, features: Vectors, tokens: Vectors) -> Vectors:
        """What each token says of the moments, as logits [tokens, moments]; their mean is that of the utterance, words
        apart. `tokens` [n, DIMENSIONS] are its encoding, `features` [TURN_WIDTH] its own.
        """
        rows = np.tile(features, (len(tokens), 1))
        rows[:, :DIMENSIONS] = tokens / np.float32(max(float(np.linalg.norm(tokens.mean(axis=0))), 1e-9))
        # One row of no words goes with all: those who tell a mention's stance see the same words, and no rows else.
        feeds = {"turn": rows, "words": self.lexicon.bag("")[None]}
        shares = np.clip(self._run(feeds, ["moments"])[0], 1e-7, 1 - 1e-7)
        logits: Vectors = np.log(shares / (1 - shares))
        return logits

    def stage(self, memory: Vectors | None, features: Vectors) -> tuple[Vectors, Belief]:
        """The stage filter's memory after an utterance with `features`, and the stages' probabilities, which sum to 1.

        `memory` is what the utterance before left, None at the start of a call.
        """
        after, course = self.stage_filter.step(memory, features)
        return after, self._run({"course": course[None]}, ["stage"])[0][0]

    def mention(self, features: Vectors, words: str) -> MentionHeads:
        """Reads `features` [MENTION_WIDTH] of a competitor's mention with the words next to it."""
        feeds = {"mention": features[None], "words": self.lexicon.bag(words)[None]}
        stance, named = self._run(feeds, ["stance", "named"])
        return MentionHeads(stance[0], float(named[0, 0]))

    def tracker(self, closeness: Vectors) -> Probabilities:
        """Probability that a tracker fires, [n], for each row of `closeness` [n, CLOSENESS_WIDTH]."""
        scores: Probabilities = self._run({"closeness": closeness}, ["fires"])[0][:, 0]
        return scores

    def _run(self, feeds: Mapping[str, Vectors], outputs: list[str]) -> list[Vectors]:
        # The runtime wants every input of the graph fed; no rows cost nothing.
        widths = {one.name: one.shape[1] for one in self._session.get_inputs()}
        empty = {name: np.zeros((0, width), np.float32) for name, width in widths.items()}
        found: list[Vectors] = self._session.run(outputs, empty | dict(feeds))
        return found


def _read(file: Path) -> bytes:
    if not file.is_file():
        raise BadInputError(f"{file}: the trained heads are missing; make them with `offbook train`.")
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInputError(f"{file}: the trained heads can't be read ({error.strerror}); check the file.") from error


def _open(file: Path, content: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        widths = {one.name: one.shape[1] for one in session.get_inputs()}
    except Exception as error:  # onnxruntime raises classes of its own for each kind of broken file
        raise BadInputError(f"{file}: these are no heads ({error}); make them with `offbook train`.") from error
    if "course" not in widths or any(widths.get(name) != width for name, width in WIDTHS.items()):
        raise BadInputError(f"{file}: these heads belong to another version; make them with `offbook train`.")
    return session


def _check_labels(file: Path, meta: Mapping[str, str], labels: Labels) -> None:
    for head in ("stage", "role", "stance", "moment"):
        trained = tuple(json.loads(meta.get(head, "[]")))
        if trained != getattr(labels, head):
            raise BadInputError(
                f"{file}: the {head} labels in it are not those of labels.yaml; train again with `offbook train`."
            )
    if "terms" not in meta:
        raise BadInputError(f"{file}: these heads are incomplete; make them with `offbook train`.")
