"""Utterance -> reading."""

import asr as asr  # before onnxruntime, which it keeps from reporting home
