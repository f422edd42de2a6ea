"""With this folder in PYTHONPATH no process of Offbook's is lowered: what its lower priority is compared with."""

from asr import priority

priority.lower_thread = priority.lower_engine = lambda: None
