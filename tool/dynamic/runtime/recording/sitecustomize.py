"""Found by every Python started with this folder on its path: starts the recorder, then lets the environment's own have its turn."""

import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))


def _start():
    if os.environ.get("FTAUDIT_RECORD") and sys.version_info >= (3, 12):
        try:
            import recorder
            recorder.start(os.environ["FTAUDIT_RECORD"], os.environ.get("FTAUDIT_RECORD_MODULES", "").split(","))
        except Exception as error:  # recording is a help, never a reason for a test run to fail
            print(f"ftaudit: calls are not recorded: {error}", file=sys.stderr)


def _next():
    kept, module = list(sys.path), sys.modules.pop("sitecustomize", None)
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != _here]
    try:
        import sitecustomize  # noqa: F401
    except ImportError:
        sys.modules["sitecustomize"] = module
    sys.path[:] = kept


_start()
_next()
