"""A process that writes a call into a journal and prints each event's number and time once it is emitted.

Arguments: the journal, the call's id, events a second, how many (0: until killed).
"""

import itertools
import sys
import time

from calls import talk

from cues.journal.open import open_journal
from cues.journal.writer import Writer

file, call, rate, count = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
writer = Writer(open_journal(file), lambda report: print(report.message, file=sys.stderr))
begun = time.monotonic()
for event in itertools.islice(talk(call), count or None):
    time.sleep(max(0.0, begun + event.seq / rate - time.monotonic()))
    writer.write(event)
    sys.stdout.write(f"{event.seq} {time.monotonic()}\n")
    sys.stdout.flush()
left = writer.close(30)
sys.exit(1 if left else 0)
