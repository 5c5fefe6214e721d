"""What the runner of unittest runs: each test once, however many patterns or folders lead to it, and none less where one file
makes several of one name."""

import os
import pathlib
import subprocess
import sys
import tempfile

RUNNER = pathlib.Path(__file__).resolve().parents[2] / "tool/dynamic/runtime/parallel_unittest.py"
# Its name fits two patterns; it makes one test with two numbers.
SEVERAL = """
import unittest
class Square(unittest.TestCase):
    def __init__(self, name="test_it", number=0):
        super().__init__(name)
        self.number = number
    def test_it(self):
        print("number", self.number)
def load_tests(loader, tests, pattern):
    return unittest.TestSuite([Square("test_it", 2), Square("test_it", 3)])
"""
PLAIN = """
import unittest
class Plain(unittest.TestCase):
    def test_alone(self):
        print("alone")
"""


def main():
    with tempfile.TemporaryDirectory(prefix="unittest-runner-") as scratch:
        folder = pathlib.Path(scratch)
        (folder / "test_square_test.py").write_text(SEVERAL)
        (folder / "plain_tests.py").write_text(PLAIN)
        outcomes = folder / "outcomes"
        ran = subprocess.run([sys.executable, "-B", RUNNER, "1", ".", "."], cwd=folder, capture_output=True, text=True, timeout=120,
                             env=dict(os.environ, FTAUDIT_OUTCOMES=str(outcomes)))
        said, ended = sorted(ran.stdout.split("\n")), sorted(outcomes.read_text().splitlines()) if outcomes.exists() else []
    wanted = ["passed plain_tests.Plain.test_alone", "passed test_square_test.Square.test_it", "passed test_square_test.Square.test_it"]
    if ran.returncode != 0 or [line for line in said if line] != ["alone", "number 2", "number 3"] or ended != wanted:
        print(f"exit {ran.returncode}, ran {said}, ended {ended}\n{ran.stderr}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
