"""missing_python_test.py FTAUDIT: commands that compare two Pythons, on a machine that has none. One that was asked for by
name and is not there is bad usage, whatever else is missing; a machine that lacks them is incomplete. Both say what to do."""

import pathlib
import subprocess
import sys
import tempfile

COMMANDS = (("trial", "app"), ("adopt", "app", "-r", "app/requirements.txt"), ("measure", "--command", "true"))


def main(ftaudit):
    with tempfile.TemporaryDirectory(prefix="missing-python-") as name:
        folder = pathlib.Path(name).resolve()
        (folder / "app").mkdir()
        (folder / "bin").mkdir()
        (folder / "app/requirements.txt").write_text("six\n")
        environment = {"HOME": str(folder), "PATH": str(folder / "bin"), "LC_ALL": "C.UTF-8"}
        listed = subprocess.run([ftaudit, "python", "list"], env=environment, capture_output=True, text=True, timeout=60).stdout
        if any(line[2:].split()[0].endswith("t") for line in listed.splitlines() if " interpreter " in line):
            print("skipped: this machine has a free-threaded Python for everybody")
            return 77
        wrong = []
        for command in COMMANDS:
            for more, code, said in (
                ((), 3, "ftaudit python install"),
                (("--gil-python", "2.7"), 2, "no CPython 2.7 with the GIL"),
                (("--python", "9.9t"), 2, "9.9t"),
                (("--python", "9.9t", "--gil-python", "2.7"), 2, "2.7"),
            ):
                done = subprocess.run([ftaudit, *command, *more], cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
                if done.returncode != code or said not in done.stderr:
                    wrong.append(f"{' '.join([*command, *more])}: ended {done.returncode}, not {code} with {said!r}: {done.stderr.strip()}")
        print(*wrong, sep="\n", end="\n" if wrong else "")
        return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
