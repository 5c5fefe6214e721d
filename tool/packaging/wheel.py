"""The wheel: one program in scripts/, a package of one file for `python -m ftaudit`, and the licences. Written by hand
since no build backend has anything to do: nothing is compiled, and the tag is that of the program. The same inputs give
the same bytes."""

import base64
import hashlib
import zipfile
from pathlib import Path

DATE = (1980, 1, 1, 0, 0, 0)

MAIN = '''"""Hands over to the program that this package installs: `python -m ftaudit`."""

import os
import sys
import sysconfig
from pathlib import Path


def program():
    here = Path(__file__).resolve().parent
    folders = [
        sysconfig.get_path("scripts"),
        here.parent / "bin",  # pip install --target
        here.parents[2] / "bin",
        sysconfig.get_path("scripts", f"{os.name}_user"),
    ]
    for folder in folders:
        if folder and os.access(Path(folder) / "ftaudit", os.X_OK):
            return os.path.join(folder, "ftaudit")
    sys.exit("ftaudit: its program is in none of " + ", ".join(str(folder) for folder in folders if folder))


if __name__ == "__main__":
    found = program()
    os.execv(found, [found, *sys.argv[1:]])
'''


def metadata(version, readme, licences):
    head = [
        "Metadata-Version: 2.4", "Name: ftaudit", f"Version: {version}",
        "Summary: Tells whether a C, C++ or Cython extension of CPython survives without the GIL, and what to change",
        "Keywords: free-threading,no-gil,C extension,static analysis,ThreadSanitizer",
        "Classifier: Development Status :: 4 - Beta",
        "Classifier: Environment :: Console",
        "Classifier: Intended Audience :: Developers",
        "Classifier: Operating System :: POSIX :: Linux",
        "Classifier: Programming Language :: C",
        "Classifier: Programming Language :: C++",
        "Classifier: Programming Language :: Cython",
        "Classifier: Programming Language :: Python :: Free Threading",
        "Classifier: Topic :: Software Development :: Quality Assurance",
        "Requires-Python: >=3.8",
        "License-Expression: MIT",
        "Provides-Extra: report",
        "Requires-Dist: uv; extra == 'report'",
        "Description-Content-Type: text/markdown",
        *(f"License-File: {name}" for name in licences),
    ]
    return "\n".join(head) + "\n\n" + readme


def write(program, version, tag, readme, licence, parts_licences, folder):
    info, data = f"ftaudit-{version}.dist-info", f"ftaudit-{version}.data"
    texts = {"LICENSE": licence} | {f"parts/{path.name}": path.read_bytes() for path in sorted(parts_licences.iterdir())}
    files = {
        f"{data}/scripts/ftaudit": program,
        "ftaudit/__init__.py": b'"""ftaudit is a program; `python -m ftaudit` runs it."""\n',
        "ftaudit/__main__.py": MAIN.encode(),
        f"{info}/METADATA": metadata(version, readme, list(texts)).encode(),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: ftaudit\nRoot-Is-Purelib: false\nTag: py3-none-{tag}\n".encode(),
    } | {f"{info}/licenses/{name}": text for name, text in texts.items()}
    rows = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.append(f"{name},sha256={digest},{len(content)}\n")
    files[f"{info}/RECORD"] = ("".join(rows) + f"{info}/RECORD,,\n").encode()
    wheel = Path(folder) / f"ftaudit-{version}-py3-none-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.external_attr = (0o100755 if "/scripts/" in name else 0o100644) << 16
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            archive.writestr(entry, content, compresslevel=9)
    return wheel
