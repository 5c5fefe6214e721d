"""conditions_test.py FTAUDIT: plays conditions.txt beside this file. Returns 77 when there is no free-threaded Python with its twin."""

import pathlib
import sys

import trial_test

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))
import transcript_test  # noqa: E402

if not trial_test.has_both(sys.argv[1]):
    print("skipped: this needs a free-threaded Python and its twin with the GIL (`ftaudit python install 3.13t`, `... 3.13`)")
    sys.exit(trial_test.SKIPPED)
sys.exit(transcript_test.play(HERE / "conditions.txt", pathlib.Path(sys.argv[1]).resolve(), HERE / "inputs"))
