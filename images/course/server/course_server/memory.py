"""What the kernel has killed in this container for lack of memory.

Docker has a flag for it (``OOMKilled``), which stays false on some kernels with version 1 of control
groups. The counter in the container's own control group is always right, and gone with the container:
it is told in the log, where the hub looks for it.
"""

import sys
from pathlib import Path

COUNTERS = (
    Path("/sys/fs/cgroup/memory.events"),  # version 2
    Path("/sys/fs/cgroup/memory/memory.oom_control"),  # version 1
)

LINE = "course_server: oom_kill {count}"
"""What the hub looks for (``hub/workspace/ending.py``)."""


def killed(counters: tuple[Path, ...] = COUNTERS) -> int:
    """How many processes, of this container's life; 0 where the kernel does not count."""
    for counter in counters:
        try:
            lines = counter.read_text("ascii").splitlines()
        except OSError:
            continue
        return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
    return 0


def tell() -> None:
    """Say so in the log, if there were any."""
    if count := killed():
        print(LINE.format(count=count), file=sys.stderr, flush=True)
