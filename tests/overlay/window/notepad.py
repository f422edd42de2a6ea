"""Another program of the rep's: a window to type into, which prints each change. Run by the tests as a process."""

import sys

from PySide6.QtWidgets import QApplication, QPlainTextEdit

app = QApplication(sys.argv)
page = QPlainTextEdit()
page.setWindowTitle("Notepad")
page.textChanged.connect(lambda: print(repr(page.toPlainText()), flush=True))
page.cursorPositionChanged.connect(lambda: print("cursor", flush=True))
page.setGeometry(0, 0, 1280, 800)
page.show()
page.activateWindow()
app.exec()
