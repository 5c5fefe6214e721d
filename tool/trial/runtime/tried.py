"""Goes into every Python process of a trial, as sitecustomize found through PYTHONPATH: has the native stack of a crash told
(the library that FTAUDIT_CRASH_STACK_LIBRARY names), and notes in FTAUDIT_GIL, a line each, which module switches the GIL on.
A sitecustomize of the environment's own still runs."""
import ctypes
import importlib.machinery
import importlib.util
import os
import sys


def note(path, line):
    try:
        with open(path, "a", encoding="utf-8", errors="replace") as file:
            file.write(line + "\n")
    except OSError:
        pass


def watch_gil(path):
    gil = sys._is_gil_enabled
    loader = importlib.machinery.ExtensionFileLoader

    def watched(method):
        def run(self, argument):
            before = gil()
            try:
                return method(self, argument)
            finally:
                if not before and gil():
                    note(path, self.name)
        return run

    loader.create_module, loader.exec_module = watched(loader.create_module), watched(loader.exec_module)


def hand_on():
    here = os.path.dirname(os.path.abspath(__file__))
    others = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if os.environ.get("FTAUDIT_CRASH_STACK_LIBRARY"):
    try:
        ctypes.CDLL(os.environ["FTAUDIT_CRASH_STACK_LIBRARY"])
    except OSError:
        pass
if os.environ.get("FTAUDIT_GIL") and hasattr(sys, "_is_gil_enabled") and not sys._is_gil_enabled():
    watch_gil(os.environ["FTAUDIT_GIL"])
hand_on()
