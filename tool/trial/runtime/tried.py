"""Goes into every Python process of a trial, as sitecustomize found through PYTHONPATH: has the native stack of a crash told
(the library that FTAUDIT_CRASH_STACK_LIBRARY names), and notes in FTAUDIT_GIL, a line each, which module switches the GIL on.
A sitecustomize of the environment's own still runs. Behind gil_watch.py and hand_on.py."""
import ctypes
import os
import sys


def note(path, line):
    try:
        with open(path, "a", encoding="utf-8", errors="replace") as file:
            file.write(line + "\n")
    except OSError:
        pass


if os.environ.get("FTAUDIT_CRASH_STACK_LIBRARY"):
    try:
        ctypes.CDLL(os.environ["FTAUDIT_CRASH_STACK_LIBRARY"])
    except OSError:
        pass
if os.environ.get("FTAUDIT_GIL") and hasattr(sys, "_is_gil_enabled") and not sys._is_gil_enabled():
    watch_gil(lambda module: note(os.environ["FTAUDIT_GIL"], module))
hand_on()
