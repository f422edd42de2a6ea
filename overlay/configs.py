"""Where the shipped playbook and demo call lie: in the wheel inside this package, in a checkout at the top."""

from pathlib import Path

_PACKAGED = Path(__file__).parent / "configs"
CONFIGS = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parent.parent / "configs"
DEMO_PLAYBOOK = CONFIGS / "playbooks" / "demo"
DEMO_CALL = CONFIGS / "demo"
