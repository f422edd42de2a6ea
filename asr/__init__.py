"""Sound -> utterances. Nothing leaves the machine: libraries that report home are told not to, before they begin."""

import os

# onnxruntime sends what it runs, and on what machine, to its maker since 1.29; only this, set before its import, stops
# all of it. The model hub's client adds its own report to downloads.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
# The recogniser's threads (libgomp's) would wait for each other by spinning: where others need the cores, each of
# 25 passes on two threads cost 1.29 s of work and took 1.11 s, against 0.34 s and 0.19 s when they sleep.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
