"""The project's measurements: `make bench`."""
