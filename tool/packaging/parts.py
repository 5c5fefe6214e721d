"""What the packaged program is linked from, besides its objects: a folder with
  sysroot/   an older C library to link against, so that the program runs on Linux from 2018 on
  lib/       archives of libraries that distributions give only as shared ones, or built for more than is used here
  headers/   the headers it carries, laid out as tool/headers/carried.h says, and headers.blob, which is these packed
  licences/  the licence of every part, and their list
Everything comes from Debian's archive (signed), or is a CPython release or a wheel with a pinned SHA-256."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import licences
from blob import pack
from debian import Release

HERE = Path(__file__).resolve().parent
SYSROOT_SUITE, LIBRARY_SUITE = "bullseye", "bookworm"

# The sysroot: the oldest C library that the objects link with; and of its gcc the unwinder, since a newer one asks the
# C library for what that lacks.
SYSROOT = ["libc6", "libc6-dev", "libcrypt1", "libcrypt-dev", "linux-libc-dev", "libgcc-10-dev"]
ARCHIVES = {
    "libarchive-dev": ["libarchive.a"], "nettle-dev": ["libnettle.a"], "libacl1-dev": ["libacl.a"], "liblzma-dev": ["liblzma.a"],
    "liblz4-dev": ["liblz4.a"], "libbz2-dev": ["libbz2.a"], "libzstd-dev": ["libzstd.a"], "zlib1g-dev": ["libz.a"],
    "libssl-dev": ["libssl.a", "libcrypto.a"],
}
# Linked from what is installed, or compiled in; here for their licences.
LINKED = ["llvm-19-dev", "libclang-19-dev", "libstdc++-12-dev", "libspdlog-dev", "libfmt-dev", "libtomlplusplus-dev", "libcli11-dev",
          "nlohmann-json3-dev"]
C_HEADERS = ["libc6-dev", "linux-libc-dev", "libcrypt-dev", "libstdc++-12-dev"]
# Of Clang's own headers those for other machines and languages stay out.
CLANG_LEFT_OUT = ("__clang_cuda", "__clang_hip", "opencl", "hlsl", "cuda_wrappers", "hvx_", "hexagon", "riscv", "sifive", "ppc_wrappers",
                  "altivec", "vecintrin", "s390", "msa.h", "larchintrin", "lasxintrin", "lsxintrin", "arm_mve", "arm_cde", "arm_sme", "fuzzer",
                  "xray", "openmp_wrappers", "llvm_libc_wrappers", "orc", "profile", "sanitizer")
PYTHONS = ["3.13t", "3.14t"]
# Not in a stable Debian yet: the headers of its package, whose pyconfig.h differs from a free-threaded build's in one line.
NEWEST_PYTHON, NEWEST_SUITE = "3.15", "sid"


def sysroot(release, target):
    if (target / "usr/include/stdio.h").exists():
        return
    release.unpack(SYSROOT, target)
    # Absolute links would lead back to this machine's own C library without a word.
    for link in [path for path in target.rglob("*") if path.is_symlink() and os.readlink(path).startswith("/")]:
        to = target / os.readlink(link).lstrip("/")
        link.unlink()
        link.symlink_to(os.path.relpath(to, link.parent))
    eh = next(target.glob("usr/lib/gcc/*/10/libgcc_eh.a"))
    shutil.copy(eh, target / "libgcc_eh.a")


def curl(release, sysroot_folder, openssl, target):
    """HTTP(S) alone: Debian's archive wants Kerberos, of which there are none."""
    if (target / "libcurl.a").exists():
        return
    source = release.source("curl")
    build = target.parent / "curl"
    subprocess.run(["cmake", "-G", "Ninja", "-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=OFF",
                    "-DBUILD_CURL_EXE=OFF", "-DHTTP_ONLY=ON", "-DCURL_USE_OPENSSL=ON", f"-DOPENSSL_ROOT_DIR={openssl}",
                    f"-DOPENSSL_INCLUDE_DIR={openssl}/include", f"-DOPENSSL_SSL_LIBRARY={target}/libssl.a",
                    f"-DOPENSSL_CRYPTO_LIBRARY={target}/libcrypto.a", f"-DZLIB_LIBRARY={target}/libz.a", "-DCURL_USE_LIBSSH2=OFF",
                    "-DCURL_USE_LIBPSL=OFF", "-DUSE_LIBIDN2=OFF", "-DCURL_BROTLI=OFF", "-DCURL_ZSTD=OFF", "-DUSE_NGHTTP2=OFF",
                    "-DCURL_CA_BUNDLE=none", "-DCURL_CA_PATH=none", "-DBUILD_TESTING=OFF", "-DENABLE_MANUAL=OFF",
                    "-DCMAKE_C_COMPILER=clang-19", f"-DCMAKE_C_FLAGS=-ffile-prefix-map={source}=curl -ffile-prefix-map={build}=curl"],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", build, "--target", "libcurl", "-j2"], check=True, stdout=subprocess.DEVNULL)
    shutil.copy(next(build.rglob("libcurl.a")), target / "libcurl.a")


def libraries(release, folder, sysroot_folder):
    target = folder / "lib"
    target.mkdir(exist_ok=True)
    unpacked = folder / "library-packages"
    release.unpack(list(ARCHIVES), unpacked)
    for names in ARCHIVES.values():
        for name in names:
            shutil.copy(next(unpacked.rglob(name)), target / name)
    openssl = folder / "openssl/include"
    if not openssl.exists():
        shutil.copytree(unpacked / "usr/include/openssl", openssl / "openssl")
        for configured in unpacked.glob("usr/include/*-linux-gnu/openssl"):
            shutil.copytree(configured, openssl / "openssl", dirs_exist_ok=True)
    curl(release, sysroot_folder, openssl.parent, target)


def copy_headers(source, target, wanted=lambda path: True):
    for path in sorted(source.rglob("*")):
        if path.is_file() and wanted(path):
            to = target / path.relative_to(source)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to)


def clang_headers(target):
    llvm = Path("/usr/lib/llvm-19/lib/clang/19/include")
    copy_headers(llvm, target / "clang/include", lambda path: not any(part.startswith(CLANG_LEFT_OUT) for part in path.relative_to(llvm).parts))


def library_headers(release, target, scratch):
    release.unpack(C_HEADERS, scratch)
    copy_headers(scratch / "usr/include", target / "sysroot/usr/include",
                 # Drivers and sound cards are of no use to an extension.
                 lambda path: not any(f"/{part}/" in str(path) for part in ("drm", "rdma", "scsi", "sound", "xen", "mtd", "video", "misc")))
    for gcc in scratch.glob("usr/lib/gcc/*/12"):
        # Clang knows a gcc, and with it where its C++ headers are, by this file.
        mark = target / "sysroot" / gcc.relative_to(scratch) / "crtbegin.o"
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def python_headers(program, target, cache):
    """Configured from the pinned source releases, by ftaudit itself."""
    environment = dict(os.environ, XDG_DATA_HOME=str(cache / "data"), XDG_CACHE_HOME=str(cache / "data/cache"))
    for name in PYTHONS:
        if not list((cache / "data/ftaudit/python").glob(f"{name}-*/include")):
            subprocess.run([program, "python", "install", name, "--headers"], env=environment, check=True, stdout=subprocess.DEVNULL)
    for prefix in sorted((cache / "data/ftaudit/python").glob("*/include")):
        copy_headers(prefix, target / "python" / prefix.parent.name / "include")


def newest_python_headers(release, target, cache):
    name = f"libpython{NEWEST_PYTHON}-dev"
    release.unpack([name], cache / name)
    version = release.versions([name])[name].split("-")[0]
    include = target / "python" / f"{NEWEST_PYTHON}t-{version}" / "include" / f"python{NEWEST_PYTHON}t"
    source = cache / name / "usr/include"
    copy_headers(source / f"python{NEWEST_PYTHON}", include)
    config = next(source.glob(f"*-linux-gnu/python{NEWEST_PYTHON}/pyconfig.h")).read_text()
    undefined = "/* #undef Py_GIL_DISABLED */"
    if config.count(undefined) != 1:
        raise RuntimeError(f"{name}: its pyconfig.h does not say once that there is a GIL")
    (include / "pyconfig.h").write_text(config.replace(undefined, "#define Py_GIL_DISABLED 1"))


def package_headers(target, cache):
    pins = dict(line.split("  ")[::-1] for line in (HERE / "headers.sha256").read_text().split("\n") if line)
    folders = {"nanobind": ("nanobind/include", "nanobind/ext/robin_map/include"), "numpy": ("numpy/_core/include",),
               "pybind11": ("pybind11/include",), "cppy": ("cppy/include",)}
    for wheel, digest in sorted(pins.items()):
        name, version = wheel.split("-")[:2]
        file = cache / "wheels" / wheel
        if not file.exists():
            tags = wheel[:-len(".whl")].split("-")
            subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "--python-version=3.13",
                            f"--implementation={'cp' if tags[2] != 'py3' else 'py'}", f"--abi={tags[3]}",
                            *(f"--platform={tag}" for tag in tags[4].split(".")), "-d", file.parent, f"{name}=={version}"], check=True)
        if hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            raise RuntimeError(f"{wheel} is not the file that tool/packaging/headers.sha256 names")
        with zipfile.ZipFile(file) as archive:
            for member in archive.namelist():
                if member.startswith(tuple(f"{folder}/" for folder in folders[name])) and not member.endswith("/"):
                    to = target / "headers" / f"{name}-{version}" / member
                    to.parent.mkdir(parents=True, exist_ok=True)
                    to.write_bytes(archive.read(member))
                elif "dist-info" in member and Path(member).name.upper().startswith(("LICEN", "COPYING")) and not member.endswith("/"):
                    to = cache / "licences" / f"{name}-{'-'.join(Path(member).parts[1:]).removeprefix('licenses-')}"
                    to.parent.mkdir(exist_ok=True)
                    to.write_bytes(archive.read(member))


def written_licences(older, release, sysroot_folder, folder, cache, newest):
    scratch = cache / "linked-packages"
    if not scratch.exists():
        release.unpack(LINKED, scratch)
    places = [scratch, folder / "library-packages", cache / "library-headers", sysroot_folder]
    of = {name: older if name in SYSROOT and name not in C_HEADERS else release for name in licences.PACKAGES}
    texts = {name: licences.copyright_of(of[name], name, places, cache / "bases") for name in of if name != "curl"}
    versions = {name: of[name].versions([name])[name] for name in texts}
    source = release.source("curl")
    texts["curl"], versions["curl"] = source / "debian/copyright", source.name.removeprefix("curl-")
    package = f"libpython{NEWEST_PYTHON}-dev"
    python = licences.copyright_of(newest, package, [cache / package], cache / "bases")
    version = newest.versions([package])[package].split("-")[0]
    licences.write(folder, ARCHIVES, texts, versions, (version, python), cache / "data/cache/ftaudit/downloads", cache / "licences")


def make(folder, program):
    folder.mkdir(parents=True, exist_ok=True)
    cache = folder / "cache"
    for name in ("wheels", "apt", "licences"):
        (cache / name).mkdir(parents=True, exist_ok=True)
    # What is only linked against needs no updates, and those of an old release are not there for every machine.
    older, newer = Release(SYSROOT_SUITE, cache / "apt", security=False), Release(LIBRARY_SUITE, cache / "apt")
    sysroot(older, folder / "sysroot")
    libraries(newer, folder, folder / "sysroot")
    headers = folder / "headers"
    shutil.rmtree(headers, ignore_errors=True)
    clang_headers(headers)
    library_headers(newer, headers, cache / "library-headers")
    python_headers(program, headers, cache)
    newest = Release(NEWEST_SUITE, cache / "apt", security=False)
    newest_python_headers(newest, headers, cache)
    package_headers(headers, cache)
    (folder / "headers.blob").write_bytes(pack(headers))
    written_licences(older, newer, folder / "sysroot", folder, cache, newest)


if __name__ == "__main__":
    make(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
