"""A bag of words beside the sentence vector: "procurement" or "sign" is often all the evidence there is."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


@dataclass(frozen=True)
class Lexicon:
    """Terms (words and pairs of words) that the heads know, each with its place in the bag, and its rarity."""

    places: Mapping[str, int]
    rarity: npt.NDArray[np.float32]

    def bag(self, text: str) -> npt.NDArray[np.float32]:
        """float32 [terms], length 1 (or 0 if no term is known): tf-idf with 1 + log(tf) (Manning et al. 2008, 6.4)."""
        found = Counter(place for term in terms(text) if (place := self.places.get(term)) is not None)
        bag = np.zeros(len(self.rarity), np.float32)
        for place, count in found.items():
            bag[place] = (1 + math.log(count)) * self.rarity[place]
        length = float(np.linalg.norm(bag))
        return bag / np.float32(length) if length else bag


def terms(text: str) -> list[str]:
    """Lower-case words of `text`, then each pair of neighbours."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    return words + [f"{one} {two}" for one, two in itertools.pairwise(words)]


def learn_lexicon(texts: Iterable[str], least: int) -> Lexicon:
    """Lexicon of the terms that occur in at least `least` of the texts, in alphabetical order."""
    documents = [set(terms(text)) for text in texts]
    counts = Counter(term for document in documents for term in document)
    kept = sorted(term for term, count in counts.items() if count >= least)
    rarity = [math.log((1 + len(documents)) / (1 + counts[term])) + 1 for term in kept]
    return Lexicon({term: place for place, term in enumerate(kept)}, np.array(rarity, np.float32))
