"""check_imports.py MODULE...: imports each and says, one JSON line a module, whether that switched the GIL on."""
import importlib
import json
import sys
import warnings

warnings.simplefilter("ignore")
enabled = getattr(sys, "_is_gil_enabled", lambda: True)
for name in sys.argv[1:]:
    before = enabled()
    problem = ""
    try:
        importlib.import_module(name)
    except BaseException as error:  # SystemExit among them: it says as much of a module as any other
        problem = f"{type(error).__name__}: {error}"
    print(json.dumps({"module": name, "before": before, "after": enabled(), "problem": problem}), flush=True)
