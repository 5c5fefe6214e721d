"""Packages of a Debian release, got by apt itself without touching the machine's own set-up: lists, settings and
downloads are in a folder, and every file is checked against Debian's signature."""

import os
import platform
import subprocess
from pathlib import Path

# Debian's name for the machine that packages are made on, and for.
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())


def configured_mirror():
    """What apt is set up to fetch from, without the folder that a mirror keeps Debian in."""
    asked = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True).stdout.split()
    mirrors = [uri[:-len("/debian/")] for uri in asked if uri.endswith("/debian/")]
    if not mirrors:
        raise RuntimeError("apt is set up with no Debian mirror; name one in FTAUDIT_DEBIAN_MIRROR")
    return mirrors[0]


MIRROR = os.environ.get("FTAUDIT_DEBIAN_MIRROR") or configured_mirror()
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class Release:
    def __init__(self, suite, folder, architecture=ARCHITECTURE, security=True):
        self.folder = Path(folder).resolve() / f"{suite}-{architecture}"
        self.suite, self.architecture = suite, architecture
        for name in ("lists/partial", "archives/partial", "debs"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "status").touch()
        self.sources = self.folder / "sources.list"
        self.sources.write_text("".join(
            f"{kind} [signed-by={KEYRING}] {MIRROR}/{area} main\n"
            for kind in ("deb", "deb-src")
            for area in (f"debian {suite}", f"debian-security {suite}-security")[:1 + security]))
        if not any(self.folder.glob("lists/*Packages*")):
            self._apt("update")

    def _options(self):
        settings = {
            "Dir::State": self.folder, "Dir::State::lists": self.folder / "lists", "Dir::State::status": self.folder / "status",
            "Dir::Cache": self.folder, "Dir::Etc::SourceList": self.sources, "Dir::Etc::SourceParts": "/dev/null",
            "Dir::Etc::Preferences": "/dev/null", "Dir::Etc::PreferencesParts": "/dev/null",
            "APT::Architecture": self.architecture, "APT::Architectures": self.architecture, "APT::Get::List-Cleanup": "false",
            "APT::Sandbox::User": "root", "Acquire::Languages": "none",
        }
        return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]

    def _apt(self, *arguments):
        done = subprocess.run(["apt-get", "-q", *self._options(), *arguments], cwd=self.folder / "debs", capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"apt-get {' '.join(arguments)} ({self.suite}): {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def unpack(self, names, target):
        """The files of packages, one over the other, below target; what of them is there already is not fetched again."""
        target = Path(target)
        for name in names:
            found = self._deb(name)
            if not found:
                self._apt("download", name)
                found = self._deb(name)
            target.mkdir(parents=True, exist_ok=True)
            subprocess.run(["dpkg-deb", "-x", found, target], check=True)

    def _deb(self, name):
        return next(iter(sorted((self.folder / "debs").glob(f"{name}_*.deb"))), None)

    def versions(self, names):
        return {name: self._deb(name).name.split("_")[1].replace("%3a", ":") for name in names if self._deb(name)}

    def source(self, name):
        """The folder of a source package, unpacked and patched."""
        def unpacked():
            return next((path for path in sorted((self.folder / "debs").glob(f"{name}-*")) if path.is_dir()), None)
        if not unpacked():
            self._apt("source", "--only-source", name)
        return unpacked()
