"""The overlay's window: the only place that imports Qt. It draws what overlay/presenter.py decides."""
