"""The WordPiece tokenizer of the sentence encoder, and which words it takes for everyday ones."""

from pathlib import Path

from tokenizers import Tokenizer

from asr.weights import check_sha256

MAX_TOKENS = 192
"""Longer texts keep their end: what was said last is what a card answers."""
TOKENIZER_FILE = Path(__file__).parent / "minilm" / "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


def load_tokenizer() -> Tokenizer:
    """The tokenizer that ships with models/. Raises BadInputError if its file was changed."""
    check_sha256(TOKENIZER_FILE, TOKENIZER_SHA256)
    tokenizer = Tokenizer.from_file(str(TOKENIZER_FILE))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS, direction="left")
    return tokenizer


def is_word(tokenizer: Tokenizer, word: str) -> bool:
    """Whether lower-case `word` is an everyday one: the tokenizer's 30,000 pieces hold those whole."""
    return tokenizer.token_to_id(word) is not None
