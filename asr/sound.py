"""What sound is, everywhere after capture: mono float32 from -1 to 1 at 16 kHz. Imports nothing heavy."""

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 16_000
Samples = npt.NDArray[np.float32]
