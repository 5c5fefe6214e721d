#!/usr/bin/env python3
"""make_wheel NAME VERSION [--tag PYTHON-ABI] [--gil not-used|used|missing] [--needs REQUIREMENT]... [--classifier N] [--into FOLDER]

A wheel made on the spot. With --gil it holds one extension module, a real shared library whose definition declares that (it
is read and never loaded). Its platform is this machine's; without --tag it is pure Python."""

import argparse
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile

# CPython's shapes, so that nothing of CPython is needed: a module definition of the free-threaded build.
MODULE = """
typedef struct {{ void *tid; void *bits; void *shared; void *type; }} Object;
typedef struct {{ int slot; void *value; }} Slot;
typedef struct {{ Object base; void *init; long index; void *copy; const char *name, *doc; long size; void *methods; Slot *slots; void *traverse, *clear, *free; }} Definition;
void *PyModuleDef_Init(Definition *);
static int run(void *module) {{ return module == 0; }}
static Slot slots[] = {{ {{2, (void *)run}}, {slot} {{0, 0}} }};
static Definition definition = {{ .name = "{name}", .slots = slots }};
__attribute__((visibility("default"))) void *PyInit_{name}(void) {{ return PyModuleDef_Init(&definition); }}
"""
SLOT = {"not-used": "{4, (void *)1},", "used": "{4, (void *)0},", "missing": ""}


def library(name, gil):
    compiler = next(path for program in ("cc", "clang", "gcc", "clang-19") if (path := shutil.which(program)))
    with tempfile.TemporaryDirectory() as folder:
        source, made = pathlib.Path(folder, "module.c"), pathlib.Path(folder, "module.so")
        source.write_text(MODULE.format(name=name, slot=SLOT[gil]))
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-w", "-o", made, source], check=True)
        return made.read_bytes()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("name"), options.add_argument("version")
    options.add_argument("--tag"), options.add_argument("--gil", choices=SLOT)
    options.add_argument("--needs", action="append", default=[]), options.add_argument("--classifier")
    options.add_argument("--into", default="wheels", type=pathlib.Path)
    given = options.parse_args()
    tag = f"{given.tag}-manylinux_2_17_{platform.machine()}" if given.tag else "py3-none-any"
    info = f"{given.name}-{given.version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {given.name}\nVersion: {given.version}\n"
    metadata += "".join(f"Requires-Dist: {one}\n" for one in given.needs)
    if given.classifier:
        metadata += f"Classifier: Programming Language :: Python :: Free Threading :: {given.classifier}\n"
    files = {f"{info}/METADATA": metadata, f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: make_wheel\nRoot-Is-Purelib: {str(not given.gil).lower()}\nTag: {tag}\n"}
    if given.gil:
        files[f"{given.name}.so"] = library(given.name, given.gil)
    else:
        files[f"{given.name}.py"] = "value = 1\n"
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    given.into.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(given.into / f"{given.name}-{given.version}-{tag}.whl", "w") as wheel:
        for name, content in files.items():
            wheel.writestr(name, content)


if __name__ == "__main__":
    sys.exit(main())
