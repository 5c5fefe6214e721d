"""What must hold of the packaged program before anybody gets it: it runs where it says, names no path of the machine it
was made on, and is no larger than it should be."""

import re
import subprocess

NEWEST_GLIBC = (2, 28)
NEEDED = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
LARGEST = {"program": 75 << 20, "wheel": 34 << 20}


def said(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, errors="replace").stdout


def problems(program, sources):
    dynamic = said("objdump", "-p", str(program))
    needed = set(re.findall(r"NEEDED\s+(\S+)", dynamic))
    for name in sorted(needed - NEEDED):
        yield f"needs {name}, which a bare system may not have"
    for version in sorted({tuple(map(int, v.split("."))) for v in re.findall(r"GLIBC_([\d.]+)", dynamic)}):
        if version > NEWEST_GLIBC:
            yield f"needs GLIBC_{'.'.join(map(str, version))}; the wheel's tag promises {'.'.join(map(str, NEWEST_GLIBC))}"
    if re.search(r"\b(RPATH|RUNPATH)\b", dynamic):
        yield "looks for libraries along a path of its own"
    content = program.read_bytes()
    for path in sources:
        if str(path).encode() in content:
            yield f"names {path}, a path of the machine it was made on"
    if len(content) > LARGEST["program"]:
        yield f"is {len(content) >> 20} MB large; {LARGEST['program'] >> 20} MB are allowed"
