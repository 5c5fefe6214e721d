"""What _draft.pyx does, in Python."""


def repeats(width, motif):
    """How often a motif goes into a width, and how many threads are left over."""
    if motif < 1:
        raise ValueError("a motif has one thread at least")
    return divmod(width, motif)


def treadle(pattern):
    """A pattern of '/', '-' and other characters as a list of lists of treadle numbers."""
    return [[at for at, mark in enumerate(row) if mark == "/"] for row in pattern.splitlines()]
