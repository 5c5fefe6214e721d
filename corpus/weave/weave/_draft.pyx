# cython: language_level=3, freethreading_compatible=True
"""Drafts: which treadle is pressed for which row."""


def repeats(Py_ssize_t width, Py_ssize_t motif):
    """How often a motif goes into a width, and how many threads are left over."""
    if motif < 1:
        raise ValueError("a motif has one thread at least")
    return width // motif, width % motif


def treadle(str pattern):
    """A pattern of '/', '-' and other characters as a list of lists of treadle numbers."""
    cdef Py_ssize_t at
    cdef list rows = []
    for row in pattern.splitlines():
        pressed = []
        for at in range(len(row)):
            if row[at] == "/":
                pressed.append(at)
        rows.append(pressed)
    return rows
