"""Colours, sizes and fonts of the overlay: all its styles in one place. Sizes are in logical pixels."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

from overlay.view import Mood

Scheme = Literal["light", "dark"]

WIDTH = 360
MARGIN = 16
"""From the edges of the screen."""
PAD = 18
GAP = 10
RADIUS = 14
LABEL_WIDTH = 52
DOT = 10

FAMILIES = ("Inter", "SF Pro Text", "Segoe UI Variable Text", "Segoe UI", "Noto Sans", "Open Sans", "Helvetica Neue")
"""The first that is installed; else the system's own."""


@dataclass(frozen=True)
class Theme:
    """Colours as #rrggbb. Every text colour keeps 7:1 on both grounds; a test computes it."""

    ground: str
    raised: str
    """The ground of the newest card."""
    edge: str
    text: str
    quiet: str
    accent: str
    alarm: str
    good: str

    def mood(self, mood: Mood) -> str:
        """The colour of the indicator."""
        return {"listening": self.good, "broken": self.alarm}.get(mood, self.quiet)


LIGHT = Theme(
    ground="#ffffff",
    raised="#f2f6fc",
    edge="#cfd6de",
    text="#12161c",
    quiet="#46505c",
    accent="#0a488f",
    alarm="#8a2c0d",
    good="#0b5c33",
)
DARK = Theme(
    ground="#14181d",
    raised="#1d242c",
    edge="#333c47",
    text="#f3f5f7",
    quiet="#b3bcc7",
    accent="#8fc1ff",
    alarm="#ffb38a",
    good="#6fdc9c",
)


@dataclass(frozen=True)
class Fonts:
    """One font for each use."""

    status: QFont
    stage: QFont
    live: QFont
    headline: QFont
    old_headline: QFont
    body: QFont
    label: QFont
    label_text: QFont
    """Beside a label."""
    small: QFont


def theme(scheme: Scheme | None) -> Theme:
    """The theme asked for, else the system's."""
    if scheme is None:
        scheme = "dark" if _system_is_dark() else "light"
    return DARK if scheme == "dark" else LIGHT


def fonts() -> Fonts:
    """The fonts for this machine; needs a QGuiApplication."""
    installed = set(QFontDatabase.families())
    family = next((name for name in FAMILIES if name in installed), QFont().family())
    weight = QFont.Weight
    return Fonts(
        status=_font(family, 13, weight.DemiBold),
        stage=_font(family, 13, weight.Medium),
        live=_font(family, 14),
        headline=_font(family, 24, weight.DemiBold),
        old_headline=_font(family, 17, weight.DemiBold),
        body=_font(family, 15),
        label=_font(family, 13, weight.DemiBold),
        label_text=_font(family, 13),
        small=_font(family, 12),
    )


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 defines it, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _font(family: str, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    # Glyphs at their true widths: hinting to whole pixels makes small text uneven.
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return font


def _system_is_dark() -> bool:
    scheme = QGuiApplication.styleHints().colorScheme()
    if scheme is not Qt.ColorScheme.Unknown:
        return scheme is Qt.ColorScheme.Dark
    window: QColor = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return window.lightness() < 128
