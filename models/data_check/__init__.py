"""Checks labelled calls before anything is trained or measured on them: `offbook data check`."""
