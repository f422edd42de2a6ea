"""What a word sounds like, roughly: misheard names keep their consonants while their letters change."""

import re

_RULES = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"eau|ough|oe$|ow$", "o"),
        (r"ph", "f"),
        (r"gh(?=t)", ""),
        (r"gn(?![aeiouy])", "n"),
        (r"^x", "s"),
        (r"tion|sion", "shn"),
        (r"c(?=[eiy])|z", "s"),
        (r"ck|c(?!h)|q", "k"),
        (r"x", "ks"),
        (r"g(?=[eiy])|dg", "j"),
        (r"wr", "r"),
        (r"^kn", "n"),
        (r"(?<=[a-z])[hw]", ""),
        (r"[aeiouy]+", "a"),
        (r"(?<=[a-z])a$", ""),
        (r"(.)\1+", r"\1"),
    )
]


def sound_key(word: str) -> str:
    """Consonants by sound, each run of vowels as one "a"; "tablo" and "tableau" give the same key.

    A small cousin of Metaphone (Philips 1990) that keeps where the vowels are.
    """
    key = word.lower()
    for pattern, sound in _RULES:
        key = pattern.sub(sound, key)
    return key
