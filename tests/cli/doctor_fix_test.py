"""doctor_fix_test.py FTAUDIT: `ftaudit doctor --fix` on a machine on which nothing is but an apt-get, made up by this test: what it
asks apt for, all in one go; what is there afterwards is not missing any more; where apt fails, or may not be used, each
failure is told with the command that a person has to give."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MOVE = shutil.which("mv")
ASK = "install -y --no-install-recommends "


def program(folder, name, *lines):
    path = folder / name
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)


def doctor(ftaudit, folder, *before):
    home = folder / "home"
    home.mkdir(exist_ok=True)
    home.chmod(0o777)
    done = subprocess.run([*before, ftaudit, "doctor", "--fix"], env={"PATH": str(folder / "bin"), "HOME": str(home)}, cwd=folder,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    asked = folder / "asked"
    words = asked.read_text().splitlines() if asked.exists() else []
    asked.unlink(missing_ok=True)
    return done, words


def state_of(done, what):
    found = re.search(rf"^(\w+) +{what} ", done.stdout, re.M)
    return found[1] if found else None


def main(ftaudit):
    ftaudit = pathlib.Path(ftaudit).resolve()
    failures = []

    def check(holds, what):
        if not holds:
            failures.append(what)

    with tempfile.TemporaryDirectory(prefix="doctor-") as name:
        folder = pathlib.Path(name).resolve()
        folder.chmod(0o755)
        (folder / "bin").mkdir()
        program(folder / "bin", "sudo", f'echo "$@" >> {folder}/sudo', "exit 1")
        as_root = os.geteuid() == 0
        program(folder / "bin", "apt-get", f'echo "$@" >> {folder}/asked', "echo 'no network here' >&2", "exit 100")
        if as_root:
            done, asked = doctor(ftaudit, folder)
            check(done.returncode == 3, f"exit {done.returncode} where apt-get failed")
            check(len(asked) == 1 and asked[0].startswith(ASK) and {"gcc", "make", "gdb"} <= set(asked[0].split()), f"asked apt-get: {asked}")
            check("that failed: no network here" in done.stderr, f"apt-get's words are not told: {done.stderr}")
            check("no C compiler found" in done.stderr and state_of(done, "debugger") == "optional", f"what stays away: {done.stderr}{done.stdout}")

            # What is there is not asked for again.
            program(folder / "bin", "gdb")
            done, asked = doctor(ftaudit, folder)
            check(len(asked) == 1 and "gdb" not in asked[0].split(), f"asked again for what is there: {asked}")
            check(state_of(done, "debugger") == "ok", f"gdb is there: {done.stdout}")

            # What apt brings is there once it is done, in the same run.
            (folder / "bin/gdb").rename(folder / "gdb")
            program(folder / "bin", "apt-get", f'echo "$@" >> {folder}/asked', f"exec {MOVE} {folder}/gdb {folder}/bin/gdb")
            done, asked = doctor(ftaudit, folder)
            check("gdb" in asked[0].split() and state_of(done, "debugger") == "ok", f"asked {asked}, then: {done.stdout}")
        drop = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if as_root else []
        if not drop or pathlib.Path(drop[0]).exists():
            done, asked = doctor(ftaudit, folder, *drop)
            if "failed to execute" in done.stderr:
                print("a user who is not root cannot start the program where it lies: not looked at")
                return 1 if failures else 0
            check(not asked, f"a user who is not root asked apt-get: {asked}")
            check("root is needed for packages; run: sudo apt-get install gcc" in done.stderr and done.returncode == 3,
                  f"exit {done.returncode}, {done.stderr}")
    print("\n".join(failures) or "asked for what is missing, and nothing else")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
