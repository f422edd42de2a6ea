"""What the encoder made of some texts, as bytes to keep: exact, and without the texts."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping

import numpy as np

from models.encoder import Encoded

_BROKEN = (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile)


def pack(encodings: Mapping[str, Encoded]) -> bytes:
    """About 1.5 kB for each token; texts are told apart by their SHA-256."""
    made, out = list(encodings.values()), io.BytesIO()
    np.savez(
        out,
        texts=np.array([_digest(text) for text in encodings], "S64"),
        lengths=np.array([len(one.tokens) for one in made], np.int64),
        vectors=np.stack([one.vector for one in made]),
        tokens=np.concatenate([one.tokens for one in made]),
        offsets=np.concatenate([one.offsets for one in made]),
    )
    return out.getvalue()


def unpack(content: bytes, texts: Iterable[str]) -> dict[str, Encoded]:
    """What was kept of these texts; nothing where the bytes are damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            ends = np.cumsum(kept["lengths"])[:-1]
            parts = zip(kept["vectors"], np.split(kept["tokens"], ends), np.split(kept["offsets"], ends), strict=True)
            known = {bytes(text).decode(): Encoded(*part) for text, part in zip(kept["texts"], parts, strict=True)}
    except _BROKEN:
        return {}
    return {text: known[digest] for text in texts if (digest := _digest(text)) in known}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
