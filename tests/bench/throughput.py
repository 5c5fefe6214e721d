#!/usr/bin/env python3
"""throughput.py TREE [-j N] [--rounds N] [--peers]: how long a scan takes, beside the compiler's own parse of the same files.

Asks `ftaudit scan TREE -vv` how each file is read, then times in turns: Clang's -fsyntax-only over exactly these commands,
a scan that knows no cache, a scan that fills one, a scan that finds everything in it; with --peers also cppcheck with its
threadsafety addon and clang-tidy with its concurrency and bugprone checks, on the same files. Processor seconds (user and
system, of all processes) are what is compared: they do not depend on what else the machine does. Wall seconds stand beside.
A compiler stops at the first header that is missing, and a scan goes on: the compiler gets an empty one, so that both read all.
Not a test: it takes minutes and fails nothing."""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def timed(work):
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - wall


def quiet(argv, **options):
    return subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options).returncode


def commands_of(tree):
    """[(folder, argv)] of every file that a scan reads."""
    said = subprocess.run(["ftaudit", "scan", tree, "-vv", "--no-cache", "--format", "json", "-o", os.devnull], capture_output=True, text=True, errors="replace").stderr
    found = [(shlex.split(folder)[0], shlex.split(command)) for folder, command in re.findall(r"reads as: cd (.+?) && (clang .+)", said)]
    if not found:
        sys.exit(f"ftaudit read no file of {tree}:\n{said}")
    return found


def with_stand_ins(commands, clang, folder):
    """The commands, with an empty header last on the path for each that is nowhere."""
    folder.mkdir()
    commands = [(where, [*command[:-1], "-ferror-limit=0", "-idirafter", str(folder), command[-1]]) for where, command in commands]
    left, made = commands, 0
    while left:
        again = []
        for where, command in left:
            said = subprocess.run([clang, *command[1:]], cwd=where, capture_output=True, text=True, errors="replace").stderr
            missing = {name for name in re.findall(r"fatal error: '([^']+)' file not found", said) if not name.startswith(("/", "..")) and not (folder / name).exists()}
            for name in missing:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).touch()
            made += len(missing)
            if missing:
                again.append((where, command))
        left = again
    return commands, made


def syntax_only(commands, clang, jobs):
    def one(command):
        quiet([clang, *command[1][1:]], cwd=command[0])

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, commands))


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("tree")
    options.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--clang", default=shutil.which("clang-19") or "clang")
    options.add_argument("--peers", action="store_true")
    given = options.parse_args()
    commands = commands_of(given.tree)
    lines = sum(pathlib.Path(command[-1]).read_bytes().count(b"\n") for _, command in commands)
    print(f"{given.tree}: {len(commands)} files, {lines} lines, -j {given.jobs}, {given.rounds} rounds, median")

    with tempfile.TemporaryDirectory(prefix="ftaudit-bench-") as name:
        folder = pathlib.Path(name)
        commands, made = with_stand_ins(commands, given.clang, folder / "headers")
        if made:
            print(f"{made} headers are missing")
        database = [{"directory": where, "file": command[-1], "arguments": [given.clang, *[a for a in command[1:] if a not in ("-fsyntax-only",)]]} for where, command in commands]
        (folder / "compile_commands.json").write_text(json.dumps(database))
        environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
        scan = ["ftaudit", "scan", given.tree, "-j", str(given.jobs), "--format", "json", "-o", os.devnull]

        def filling():
            shutil.rmtree(folder / "cache", ignore_errors=True)
            quiet(scan, env=environment)

        contenders = {
            "clang -fsyntax-only": lambda: syntax_only(commands, given.clang, given.jobs),
            "scan, no cache": lambda: quiet([*scan, "--no-cache"], env=environment),
            "scan, cold cache": filling,
            "scan, warm cache": lambda: quiet(scan, env=environment),
        }
        if given.peers:
            if shutil.which("cppcheck"):
                contenders["cppcheck --addon=threadsafety"] = lambda: quiet(["cppcheck", f"--project={folder}/compile_commands.json", "--addon=threadsafety", "-q", "-j", str(given.jobs)])
            tidy = shutil.which("run-clang-tidy-19") or shutil.which("run-clang-tidy")
            if tidy:
                contenders["clang-tidy concurrency-*, bugprone-*"] = lambda: quiet([tidy, "-p", str(folder), "-j", str(given.jobs), "-quiet", "-checks=-*,concurrency-*,bugprone-*"])
        times = {contender: [] for contender in contenders}
        for _ in range(given.rounds):
            for contender, work in contenders.items():
                times[contender].append(timed(work))

    cpu = {contender: statistics.median(one for one, _ in rounds) for contender, rounds in times.items()}
    wall = {contender: statistics.median(one for _, one in rounds) for contender, rounds in times.items()}
    print(f"{'':38}{'CPU s':>9}{'wall s':>9}{'of parse':>10}{'of cold':>9}")
    for contender in contenders:
        print(f"{contender:38}{cpu[contender]:9.2f}{wall[contender]:9.2f}{cpu[contender] / cpu['clang -fsyntax-only']:10.2f}{100 * cpu[contender] / cpu['scan, cold cache']:8.1f}%")


if __name__ == "__main__":
    main()
