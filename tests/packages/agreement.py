"""Does what ftaudit reads in a binary agree with what CPython says after importing it?

    agreement.py DECLARED [PYTHON [FOLDER...]]

DECLARED is the program built from declared.cpp. Without PYTHON the newest free-threaded one below the user's data folder is
taken; without one the test is skipped (77). Without FOLDER the interpreter's own lib-dynload is compared. Each module is
imported in a process of its own, from its file, and sys._is_gil_enabled() asked."""

import glob
import importlib.machinery
import os
import subprocess
import sys

PROBE = """
import sys, warnings, importlib.util, importlib.machinery
warnings.simplefilter("ignore")
name, path = sys.argv[1:]
before = sys._is_gil_enabled()
spec = importlib.util.spec_from_file_location(name, path, loader=importlib.machinery.ExtensionFileLoader(name, path))
module = importlib.util.module_from_spec(spec)
try:
    spec.loader.exec_module(module)
except BaseException:
    pass  # of its package something is missing; what it declares was known before it ran
print("loaded", before, sys._is_gil_enabled(), flush=True)
"""

SKIP = 77


def interpreter():
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    for prefix in sorted(glob.glob(os.path.join(data, "ftaudit/python/3.*t-*")), reverse=True):
        for python in sorted(glob.glob(os.path.join(prefix, "bin/python3.*t"))):
            return python
    return None


def main():
    declared, *rest = sys.argv[1:]
    python = rest[0] if rest else interpreter()
    if python is None:
        print("skipped: no free-threaded interpreter; `ftaudit python install 3.13t` makes one")
        return SKIP
    folders = rest[1:] or [subprocess.run([python, "-c", "import sysconfig, os; print(os.path.join(sysconfig.get_path('stdlib'), 'lib-dynload'))"], capture_output=True, text=True, check=True).stdout.strip()]
    files = sorted(path for folder in folders for path in glob.glob(os.path.join(folder, "**/*.so"), recursive=True))
    if not files:
        print(f"no libraries in {folders}")
        return 1
    said = subprocess.run([declared, *files], capture_output=True, text=True, check=True).stdout
    agree, unknown, disagree, not_loaded = 0, [], [], []
    seen = set()
    for line in said.splitlines():
        path, module, style, gil, how, origin = line.split("\t")
        if not module or os.path.basename(path).partition(".")[0] != module:
            continue
        seen.add(path)
        environment = {k: v for k, v in os.environ.items() if k != "PYTHON_GIL"}
        probe = subprocess.run([python, "-c", PROBE, module, path], capture_output=True, text=True, timeout=120, env=environment)
        words = probe.stdout.split()
        if len(words) != 3 or words[0] != "loaded" or words[1] != "False":
            not_loaded.append(f"{path}: {probe.stderr.strip().splitlines()[-1:] or probe.returncode}")
        elif gil == "unknown":
            unknown.append(f"{path}: {how}; import: gil={words[2]}")
        elif (gil == "not-used") == (words[2] == "False"):
            agree += 1
        else:
            disagree.append(f"{path}: read {style} {gil} ({how}); after import the GIL is {'on' if words[2] == 'True' else 'off'}")
    print(f"{len(files)} libraries: {agree} agree, {len(disagree)} disagree, {len(unknown)} unknown, {len(not_loaded)} could not be loaded alone, {len(files) - len(seen)} without a module of their name")
    for title, lines in (("disagree", disagree), ("unknown", unknown), ("not loaded", not_loaded)):
        for line in lines:
            print(f"{title}: {line}")
    # An unknown is an honest answer elsewhere; of CPython's own modules every one can be followed.
    return 1 if disagree or agree == 0 or (unknown and not rest[1:]) else 0


sys.exit(main())
