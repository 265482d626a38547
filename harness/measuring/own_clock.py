"""A program's own times over its launches in, why its clock cannot be believed out.

A program can link a clock of its own under std's. Whatever it says, the kernel counts how long
its processes kept their cores busy, and a core is busy for no longer than it is there.
"""

_CLOCKS_AGREE = 1.05
_ONCE_SECONDS = 0.1
"""Of processor time, for one launch that begins or ends far slower than the others."""
_LAUNCH_SECONDS = 0.01
"""Of processor time, before a program can read a clock and after it last did: seen are 1 to 3 ms,
on a busy machine and in a container a few more."""
_PAGE_SECONDS = 1e-6
"""The same for each page of its memory, which is given back after its report: seen is a fifth."""


class OwnClock:
    """The launches of one bench with one number of cores, held together against the kernel.

    Launches for a percentile are so short that one alone shows little.
    """

    def __init__(self, cores: int) -> None:
        self._cores = cores
        self._told = 0.0
        self._used = 0.0
        self._spare = _ONCE_SECONDS

    def fault(self, told: float, wall: float, used: float, pages: int) -> str:
        """Why the clock cannot be believed, now that one more launch has ended; empty if it can.

        `told` is how long that launch ran by its own clock, `wall` by ours, in seconds; `used`
        is the processor time that the kernel counted, `pages` those of memory that it gave.
        """
        self._told += told
        self._used += used
        self._spare += _LAUNCH_SECONDS + pages * _PAGE_SECONDS
        if told > wall * _CLOCKS_AGREE:
            return "the program reports more time than it ran"
        if self._used > self._told * self._cores * _CLOCKS_AGREE + self._spare:
            times = f"{self._used:.2f} s of its cores in {self._told:.2f} s of its own clock"
            return f"the program used {times}"
        return ""
