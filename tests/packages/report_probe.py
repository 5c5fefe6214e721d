"""report_probe.py FTAUDIT CORPUS: `ftaudit report --probe` of wheels made of the corpus with the machine's own free-threaded
Python: one that switches the GIL on, one that leaves it off, one that dies on import. Returns 77 where there is no such Python."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

SKIPPED = 77
QUESTION = "import json, platform, sys, sysconfig; print(json.dumps([sysconfig.get_path('include'), sysconfig.get_config_var('EXT_SUFFIX'), f'cp3{sys.version_info.minor}', platform.machine(), f'3.{sys.version_info.minor}t']))"
DIES = "#include <Python.h>\n#include <stdlib.h>\nPyMODINIT_FUNC PyInit_dies(void) { abort(); }\n"


def interpreters(ftaudit):
    """Free-threaded Pythons that can be run, not those with a sanitizer."""
    for line in subprocess.run([ftaudit, "python", "list"], capture_output=True, text=True, timeout=120).stdout.splitlines():
        words = line.lstrip("* ").split()
        if len(words) > 2 and words[0].endswith("t") and " interpreter " in line and "TSan" not in line:
            yield words[-1]


def executable(place):
    path = pathlib.Path(place)
    return path if path.is_file() else next((one for one in sorted(path.glob("bin/python3*t")) if one.is_file()), None)


def main(ftaudit, corpus):
    ftaudit = pathlib.Path(ftaudit).resolve()
    python = next(filter(None, map(executable, interpreters(ftaudit))), None)
    compiler = next((path for program in ("cc", "clang", "gcc", "clang-19") if (path := shutil.which(program))), None)
    if python is None or compiler is None:
        print("skipped: this needs a free-threaded Python (`ftaudit python install 3.13t`) and a C compiler")
        return SKIPPED
    include, suffix, abi, machine, target = json.loads(subprocess.run([python, "-I", "-c", QUESTION], capture_output=True, text=True, check=True).stdout)
    failures = []
    with tempfile.TemporaryDirectory(prefix="report-probe-") as folder:
        folder = pathlib.Path(folder)
        (folder / "dies.c").write_text(DIES)

        def wheel(name, source):
            tag = f"{abi}-{abi}t-linux_{machine}"
            made = folder / f"{name}{suffix}"
            subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-w", f"-I{include}", "-DPy_GIL_DISABLED=1", "-o", made, *source, "-lm"], check=True)
            with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as out:
                out.write(made, made.name)
                info = f"{name}-1.0.dist-info"
                out.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
                out.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: {tag}\n")
                out.writestr(f"{info}/RECORD", "".join(f"{one},,\n" for one in [*out.namelist(), f"{info}/RECORD"]))
            return str(folder / f"{name}-1.0-{tag}.whl")

        def sources(name):
            return [str(path) for path in sorted(pathlib.Path(corpus, name).rglob("*.c"))]

        wheels = [wheel("heritage", sources("heritage")), wheel("odometer", sources("odometer")), wheel("dies", [str(folder / "dies.c")])]
        os.mkdir(folder / "work")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "FTAUDIT_"))}
        environment.update(PIP_CONFIG_FILE="/dev/null", UV_NO_CONFIG="1", XDG_CACHE_HOME=str(folder / "cache"), HOME=str(folder), TMPDIR=str(folder / "work"))
        done = subprocess.run([ftaudit, "report", *wheels, "--probe", "--python", str(python), "--target", target, "--no-index", "--format", "json"],
                              env=environment, cwd=folder / "work", capture_output=True, text=True, timeout=500)
        report = json.loads(done.stdout)
        packages = {package["name"]: package for package in report["packages"]}

        def that(what, is_so):
            if not is_so:
                failures.append(what)

        for name, package in packages.items():
            print(f"{name}: {package['standing']} ({package['confidence']}): {package['summary']}; {package['probe']} {package['not_checked']}")
        guilty, quiet, dead = (packages[name] for name in ("heritage", "odometer", "dies"))
        that("heritage does not switch it on for certain", guilty["standing"] == "switches-gil-on" and guilty["confidence"] == "certain")
        that("heritage is not named", guilty["probe"]["gil_after"] is True and guilty["probe"]["culprits"] == ["heritage"])
        that("odometer does not leave it off", quiet["probe"]["gil_after"] is False and quiet["standing"] == "supports" and not quiet["probe"]["culprits"])
        that("how dies ends is not told", dead["probe"]["gil_after"] is None and "signal 6" in dead["probe"]["failed"] and dead["standing"] != "supports")
        that(f"exit code {done.returncode}", done.returncode == 1)
        that("it is not said that code runs", "their code runs" in done.stderr)
        that(f"something was left behind: {list((folder / 'work').iterdir())}", not list((folder / "work").iterdir()))
    for failure in failures:
        print("FAILED:", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
