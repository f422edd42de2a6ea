"""Sound -> utterances. Nothing leaves the machine: libraries that report home are told not to, before they begin."""

import os

# onnxruntime sends what it runs, and on what machine, to its maker since 1.29; only this, set before its import, stops
# all of it. The model hub's client adds its own report to downloads.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
