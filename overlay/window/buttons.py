"""The style sheet of windows with buttons, from the theme's colours. Pure."""

from overlay.window.theme import Theme


def sheet(theme: Theme) -> str:
    """Qt's style sheet; a default button is filled, as what is chosen; what has the keyboard is ringed."""
    return f"""
        QWidget {{ background: {theme.ground}; color: {theme.text}; }}
        QPushButton {{ background: {theme.raised}; border: 1px solid {theme.edge}; border-radius: 7px;
                       padding: 8px 16px; }}
        QPushButton:hover, QPushButton:focus {{ border: 1px solid {theme.accent}; }}
        QPushButton:default {{ background: {theme.accent}; color: {theme.ground}; border-color: {theme.accent}; }}
        QPushButton:default:focus {{ border: 1px solid {theme.text}; }}
        QPushButton:disabled {{ background: {theme.raised}; color: {theme.quiet}; border-color: {theme.edge}; }}
        QCheckBox, QRadioButton {{ spacing: 8px; padding: 6px 4px; border: 1px solid {theme.ground}; }}
        QCheckBox:focus, QRadioButton:focus {{ border: 1px solid {theme.accent}; border-radius: 5px; }}
        QCheckBox::indicator, QRadioButton::indicator {{ width: 12px; height: 12px; border: 2px solid {theme.quiet}; }}
        QCheckBox::indicator {{ border-radius: 3px; }}
        QRadioButton::indicator {{ border-radius: 8px; }}
        QCheckBox::indicator:checked {{ background: {theme.accent}; border-color: {theme.accent}; }}
        QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 5px solid {theme.accent}; }}
    """
