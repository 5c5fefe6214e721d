"""What is inside the packaged program and under which licence: a text for every part, and INSIDE.txt, which lists them with
the version and what of the part is used. A header or an archive that is carried or linked and has no row stops the packaging."""

import os
import shutil
import tarfile

# Debian's packages whose code or headers are inside: what of them, and the licence by its SPDX name.
PACKAGES = {
    "curl": ("linked", "curl"),
    "libacl1-dev": ("linked", "LGPL-2.1-or-later"),
    "libarchive-dev": ("linked", "BSD-2-Clause"),
    "libbz2-dev": ("linked", "bzip2-1.0.6"),
    "libc6-dev": ("headers; start-up code, linked", "LGPL-2.1-or-later"),
    "libclang-19-dev": ("linked; headers", "Apache-2.0 WITH LLVM-exception"),
    "libcli11-dev": ("compiled in", "BSD-3-Clause"),
    "libcrypt-dev": ("headers", "LGPL-2.1-or-later"),
    "libfmt-dev": ("compiled in", "MIT"),
    "libgcc-10-dev": ("linked", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "liblz4-dev": ("linked", "BSD-2-Clause"),
    "liblzma-dev": ("linked", "0BSD"),
    "libspdlog-dev": ("compiled in", "MIT"),
    "libssl-dev": ("linked", "Apache-2.0"),
    "libstdc++-12-dev": ("linked; headers", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "libtomlplusplus-dev": ("compiled in", "MIT"),
    "libzstd-dev": ("linked", "BSD-3-Clause"),
    "linux-libc-dev": ("headers", "GPL-2.0-only WITH Linux-syscall-note"),
    "llvm-19-dev": ("linked", "Apache-2.0 WITH LLVM-exception"),
    "nettle-dev": ("linked", "LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "nlohmann-json3-dev": ("compiled in", "MIT"),
    "zlib1g-dev": ("linked", "Zlib"),
}
# Projects of PyPI whose headers are carried.
PROJECTS = {"cppy": "BSD-3-Clause", "nanobind": "BSD-3-Clause, and MIT for its robin_map", "numpy": "BSD-3-Clause", "pybind11": "BSD-3-Clause"}
COMMON = ("Apache-2.0", "GPL-2", "GPL-3", "LGPL-2", "LGPL-2.1", "LGPL-3")


def copyright_of(release, name, places, scratch):
    """Debian's file. Packages of one source may share it: their folder is then a link to another one's."""
    for place in places:
        if (place / f"usr/share/doc/{name}/copyright").exists():
            return place / f"usr/share/doc/{name}/copyright"
    link = next(path for path in (place / f"usr/share/doc/{name}" for place in places) if path.is_symlink())
    other = os.readlink(link).rstrip("/")
    release.unpack([other], scratch)
    return copyright_of(release, other, [scratch], scratch)


def index(rows):
    """The list, a line a part; the columns are as wide as their widest."""
    table = [("part", "version", "what of it", "licence", "text"), *sorted(rows)]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    lines = ["".join(f"{cell:<{width + 2}}" for cell, width in zip(row, widths)) + row[4] for row in table]
    return "\n".join([
        "What is inside the program ftaudit besides its own code (MIT, see LICENSE), with the licence of each part.",
        "Parts under the LGPL can be replaced: tool/packaging in ftaudit's sources links the program anew with others.",
        "", *lines, ""])


def missing(folder, archives, rows):
    """What is carried or linked and has no row."""
    listed = {(row[0], row[1]) for row in rows}
    names = {name for name, _ in listed}
    carried = [("CPython", path.name.rsplit("-", 1)[1]) for path in sorted((folder / "headers/python").glob("*"))]
    carried += [tuple(path.name.rsplit("-", 1)) for path in sorted((folder / "headers/headers").glob("*"))]
    owners = {archive: package for package, files in archives.items() for archive in files} | {"libcurl.a": "curl"}
    return [f"{name} {version}" for name, version in carried if (name, version) not in listed] + \
        [path.name for path in sorted((folder / "lib").glob("*.a")) if owners.get(path.name) not in names]


def releases_of_python(target, downloads):
    """Those that ftaudit itself has fetched have their licence within."""
    for archive in sorted(downloads.glob("Python-*.tar.xz")):
        stem = archive.name.removesuffix(".tar.xz")
        with tarfile.open(archive) as source:
            (target / f"{stem}.txt").write_bytes(source.extractfile(f"{stem}/LICENSE").read())
        yield "CPython", stem.removeprefix("Python-"), "headers", "PSF-2.0", f"{stem}.txt"


def write(folder, archives, copyrights, versions, newest_python, downloads, of_projects):
    """The texts and their list. copyrights and versions are by package; newest_python is (version, text) of CPython's newest,
    which comes from a package; of_projects the folder of the texts that came with wheels, each named by its project."""
    target = folder / "licences"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    rows = list(releases_of_python(target, downloads))
    version, text = newest_python
    shutil.copyfile(text, target / f"Python-{version}.txt")
    rows.append(("CPython", version, "headers", "PSF-2.0", f"Python-{version}.txt"))
    for name, (what, licence) in PACKAGES.items():
        shutil.copyfile(copyrights[name], target / f"{name}.txt")
        rows.append((name, versions[name], what, licence, f"{name}.txt"))
    for path in sorted((folder / "headers/headers").glob("*")):
        name, version = path.name.rsplit("-", 1)
        texts = sorted(of_projects.glob(f"{name}-*"))
        for one in texts:
            shutil.copyfile(one, target / one.name)
        if texts:
            rows.append((name, version, "headers", PROJECTS[name], texts[0].name))
    for name in COMMON:
        shutil.copyfile(f"/usr/share/common-licenses/{name}", target / f"common-{name}.txt")
    if without := missing(folder, archives, rows):
        raise RuntimeError(f"inside the program, and without a licence in its list: {', '.join(without)}")
    (target / "INSIDE.txt").write_text(index(rows))
