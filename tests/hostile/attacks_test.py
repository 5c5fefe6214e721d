"""Projects that attack whoever audits them, by everything that lies in their tree. Nothing of them runs, nothing outside is
written or shown, nothing waits or grows without end; the attempt is told, and the finding that each of them has is found.

Run with FTAUDIT_SANDBOX=strict: a reader that so much as tries what it may not do is killed, and its file is missing."""

import contextlib
import hashlib
import io
import json
import os
import pathlib
import resource
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest

PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())

COUNTER = """#include <Python.h>
static long visits;
static PyObject *visit(PyObject *self, PyObject *none) { visits = visits + 1; Py_RETURN_NONE; }
static PyMethodDef functions[] = {{"visit", visit, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef gate = {PyModuleDef_HEAD_INIT, .m_name = "gate", .m_methods = functions, .m_slots = slots};
PyMODINIT_FUNC PyInit_gate(void) { return PyModuleDef_Init(&gate); }
"""
SETUP = "from setuptools import Extension, setup\nsetup(name='gate', ext_modules=[Extension('gate', ['gate.c'])])\n"
KNOWN = "visits"  # what the one finding is about


class Attack(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.scratch = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="hostile-"))).resolve()
        self.outside = self.scratch / "outside"
        self.outside.mkdir()
        (self.outside / "notes.txt").write_text("confidential\n")
        (self.outside / "key.h").write_text("private_token_4711 of somebody;\n")
        self.ran = self.scratch / "ran"
        self.program = self.scratch / "program.sh"
        self.program.write_text(f"#!/bin/sh\ntouch '{self.ran}'\nexit 1\n")
        self.program.chmod(0o755)
        self.before = self.digest()
        self.tmp = self.scratch / "tmp"
        self.tmp.mkdir()

    def digest(self):
        state = hashlib.sha256()
        for path in sorted(self.outside.rglob("*")):
            state.update(f"{path} {path.lstat().st_mode} {path.lstat().st_mtime_ns}".encode())
            if path.is_file():
                state.update(path.read_bytes())
        return state.hexdigest()

    def project(self, name="project", **files):
        folder = self.scratch / name
        folder.mkdir(parents=True)
        for path, text in {"gate.c": COUNTER, "setup.py": SETUP, **files}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        return folder

    def ftaudit(self, *arguments, cwd, seconds=60, memory=None, env=None, mode="strict"):
        def limited():
            if memory:
                resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

        environment = {name: value for name, value in os.environ.items() if not name.startswith("FTAUDIT_")}
        environment.update({"FTAUDIT_SANDBOX": mode, "TMPDIR": str(self.tmp), "XDG_CONFIG_HOME": str(self.scratch / "config"), **(env or {})})
        try:
            done = subprocess.run([PROGRAM, *arguments], cwd=cwd, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=seconds, preexec_fn=limited)
        except subprocess.TimeoutExpired:
            self.fail(f"{arguments} did not end within {seconds} s")
        self.assertIn(done.returncode, (0, 1, 2, 3), done.stderr)
        return done

    def scan(self, folder, *arguments, **how):
        """What a scan says, as JSON and as text; the known finding is in it unless told otherwise."""
        found = how.pop("found", True)
        done = self.ftaudit("scan", ".", "--no-cache", "--format", "json", *arguments, cwd=folder, **how)
        report = json.loads(done.stdout) if done.stdout else {"findings": [], "notes": [], "skipped": [], "analysed": []}
        text = done.stdout + done.stderr
        if found:
            self.assertTrue(any(KNOWN in finding["what"] for finding in report["findings"]), text)
        self.held_off()
        return report, text

    def held_off(self):
        self.assertFalse(self.ran.exists(), "a program of the project ran")
        self.assertEqual(self.digest(), self.before, "something outside was changed")
        self.assertEqual([entry.name for entry in self.tmp.iterdir()], [], "scratch folders are left behind")


class Settings(Attack):
    def test_a_python_of_its_own(self):
        folder = self.project(**{"pyproject.toml": f'[tool.ftaudit]\npython = "{self.program}"\n'})
        self.assertIn("pyproject.toml:2: python", self.scan(folder)[1])

    def test_settings_above_the_root(self):
        folder = self.project("up/project")
        (folder.parent / "ftaudit.toml").write_text(f'python = "{self.program}"\n')
        self.assertNotIn("is not taken", self.scan(folder)[1])

    def test_flags_that_load_write_or_read_something_else(self):
        target = str(self.outside / "notes.txt")
        for flags in (["-Xclang", "-load", "-Xclang", "./evil.so"], ["-fplugin=./evil.so"], ["-MD", "-MF", target], [f"-Wp,-MD,{target}"],
                      ["-Xclang", "-dependency-file", "-Xclang", target, "-Xclang", "-MT", "-Xclang", "x"], ["-serialize-diagnostics", target],
                      ["-MJ", target], ["-header-include-file", target], [f"-fmodules-cache-path={self.outside}/cache", "-fmodules"],
                      ["-include-pch", "x.pch"], ["-x", "ir"], ["-xast"], ["-include", "/dev/zero"]):
            with self.subTest(flags=flags):
                folder = self.project("flags" + hashlib.sha256(str(flags).encode()).hexdigest()[:8], **{"ftaudit.toml": f"flags = {json.dumps(flags)}\n", "x.pch": "CPCH" + "A" * 4000})
                self.assertIn("reading does not take", self.scan(folder)[1])

    def test_jobs_without_end(self):
        self.assertIn("jobs = 100000 is not taken", self.scan(self.project(**{"ftaudit.toml": "jobs = 100000\n"}))[1])

    def test_a_key_as_deep_as_the_stack(self):
        self.scan(self.project(**{"pyproject.toml": "a." * 60000 + "a = 1\n"}))


class Text(Attack):
    def test_text_of_a_file_outside(self):
        folder = self.project()
        (folder / "inside.h").symlink_to(self.outside / "key.h")
        for header in (str(self.outside / "key.h"), "../outside/key.h", "inside.h"):
            (folder / "gate.c").write_text(f'#include "{header}"\n' + COUNTER)
            for form in ("terminal", "concise", "github", "sarif", "html", "markdown", "junit", "gitlab", "csv"):
                done = self.ftaudit("scan", ".", "--no-cache", "-vv", "--format", form, cwd=folder)
                self.assertNotIn("token_4711", done.stdout + done.stderr)
            self.assertNotIn("token_4711", self.scan(folder)[1])

    def test_names_that_command_a_workflow(self):
        name = "::error file=x::a\n::warning::b##[group]c\x1b[31m.c"
        folder = self.project(**{name: COUNTER, "setup.py": SETUP.replace("'gate.c'", repr(name))})
        (folder / "gate.c").unlink()
        for form in ("terminal", "concise", "markdown", "csv", "junit", "gitlab", "sarif", "html"):
            with self.subTest(form=form):
                done = self.ftaudit("scan", ".", "--no-cache", "-v", "--format", form, cwd=folder)
                for line in (done.stdout + done.stderr).splitlines():
                    self.assertFalse(line.lstrip().startswith("::"), line)
                if form in ("terminal", "concise"):
                    self.assertNotIn("##[", done.stdout + done.stderr)
                    self.assertNotIn("\x1b", done.stdout + done.stderr)
        self.held_off()

    def test_a_foreign_report_names_local_files(self):
        folder = self.project()
        report = json.loads(self.ftaudit("scan", ".", "--no-cache", "--format", "json", cwd=folder).stdout)
        for victim in (str(self.outside / "notes.txt"), "../outside/notes.txt", "../outside/key.h"):
            for finding in report["findings"]:
                finding["location"].update(file=victim, line=1, column=1)
            (folder / "foreign.json").write_text(json.dumps(report))
            for form in ("terminal", "html", "sarif", "markdown"):
                done = self.ftaudit("merge", "foreign.json", "--format", form, cwd=folder)
                self.assertNotIn("confidential", done.stdout)
                self.assertNotIn("token_4711", done.stdout)


class Files(Attack):
    def test_a_command_that_is_a_pipe(self):
        folder = self.project(**{"compile_commands.json": '[{"directory": ".", "file": "gate.c", "command": "cc @more -c gate.c"}]'})
        os.mkfifo(folder / "more")
        began = time.monotonic()
        self.assertIn("@more", self.scan(folder)[1])
        self.assertLess(time.monotonic() - began, 20)

    def test_pipes_where_files_are_expected(self):
        folder = self.project()
        for name in ("pyproject.toml", "second.c", "CMakeLists.txt", "meson.build", "setup.cfg", "ftaudit.toml", "header.h"):
            os.mkfifo(folder / name)
        self.assertIn("second.c", [skipped["file"] for skipped in self.scan(folder)[0]["skipped"]])

    def test_a_report_that_is_a_pipe(self):
        folder = self.project()
        os.mkfifo(folder / "report.json")
        self.assertEqual(self.ftaudit("merge", "report.json", cwd=folder, seconds=20).returncode, 2)

    def test_lists_that_grow(self):
        growing = "cmake_minimum_required(VERSION 3.18)\nproject(gate C)\nset(a x)\n" + 'set(a "${a}${a}${a}${a}")\n' * 12 + "list(APPEND b ${a} ${b} ${b})\n" * 12 + "Python_add_library(gate MODULE gate.c)\n"
        folder = self.project(**{"CMakeLists.txt": growing})
        (folder / "setup.py").unlink()
        self.scan(folder, memory=5 << 30)

    def test_a_folder_that_adds_itself(self):
        self.scan(self.project(**{"CMakeLists.txt": "project(gate C)\nadd_subdirectory(.)\nadd_subdirectory(../project)\n"}))

    def test_a_database_as_deep_as_the_stack(self):
        folder = self.project(**{"compile_commands.json": "[" * 200000})
        done = self.ftaudit("scan", ".", "--no-cache", cwd=folder)
        self.assertIn("nested deeper than 64 levels", done.stdout + done.stderr)

    def test_files_larger_than_any_source(self):
        folder = self.project()
        with open(folder / "large.c", "wb") as large:
            large.truncate(3 << 30)
        self.assertIn("large.c", [skipped["file"] for skipped in self.scan(folder)[0]["skipped"]])

    def test_folders_without_end(self):
        folder = self.project()
        deep = folder
        for _ in range(80):
            deep = deep / "d"
        deep.mkdir(parents=True)
        (deep / "far.c").write_text(COUNTER)
        self.assertTrue(any("folders deep" in skipped["reason"] for skipped in self.scan(folder)[0]["skipped"]))

    def test_archives_that_leave_their_folder(self):
        def entry(name, kind=tarfile.REGTYPE, target="", text=b"x"):
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, target, len(text) if kind == tarfile.REGTYPE else 0
            return info, io.BytesIO(text)

        evil = {"above": [entry("gate-1/../../escaped.c")], "absolute": [entry(str(self.outside / "made.c"))],
                "link": [entry("gate-1/l", tarfile.SYMTYPE, str(self.outside)), entry("gate-1/l/made.c")],
                "device": [entry("gate-1/zero.c", tarfile.CHRTYPE)], "pipe": [entry("gate-1/wait.c", tarfile.FIFOTYPE)]}
        for name, entries in evil.items():
            with self.subTest(name=name):
                path = self.scratch / f"{name}.tar.gz"
                with tarfile.open(path, "w:gz") as archive:
                    for info, text in entries:
                        archive.addfile(info, text)
                done = self.ftaudit("scan", str(path), "--no-cache", cwd=self.scratch)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(path.name, done.stderr)
                self.held_off()

    def test_an_archive_that_fills_the_disk(self):
        path = self.scratch / "bomb.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            info = tarfile.TarInfo("gate-1/big.c")
            info.size = 200 << 20
            archive.addfile(info, io.BytesIO(b"\0" * info.size))
        done = self.ftaudit("scan", str(path), "--no-cache", cwd=self.scratch)
        self.assertEqual(done.returncode, 2)
        self.assertIn("times its size", done.stderr)
        self.held_off()


class Programs(Attack):
    def test_programs_beside_the_project(self):
        folder = self.project()
        for name in ("python3", "python3.14", "git", "uv", "clang", "cc", "pg_config", "pkg-config"):
            (folder / name).write_bytes(self.program.read_bytes())
            (folder / name).chmod(0o755)
        for path in (":" + os.environ["PATH"], ".:" + os.environ["PATH"], os.environ["PATH"] + ":"):
            self.scan(folder, env={"PATH": path})

    def test_nobody_is_called(self):
        """A connection, should anything open one, would arrive here."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.01)
            port = server.getsockname()[1]
            self.scan(self.project(**{"pyproject.toml": f'[build-system]\nrequires = ["http://127.0.0.1:{port}/x"]\n'}))
            with self.assertRaises(TimeoutError):
                server.accept()


class Git(Attack):
    def git(self, folder, *arguments):
        subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", *arguments], cwd=folder, check=True, capture_output=True)

    def repository(self):
        folder = self.project(**{".gitattributes": "*.c filter=evil diff=evil\n", "gate.c": COUNTER.replace("visits = visits + 1", "(void)visits")})
        self.git(folder, "init", "-q")
        self.git(folder, "add", "-A")
        self.git(folder, "commit", "-qm", "before")
        (folder / "gate.c").write_text(COUNTER)
        self.git(folder, "commit", "-qam", "after")
        return folder

    def gate(self, folder, *arguments):
        done = self.ftaudit("gate", ".", "--against", "HEAD~1", "--no-cache", "--format", "json", *arguments, cwd=folder)
        self.held_off()
        return done

    def test_monitors_filters_hooks_and_helpers(self):
        folder = self.repository()
        for key in ("core.fsmonitor", "filter.evil.smudge", "filter.evil.clean", "filter.evil.process", "core.sshCommand", "diff.external", "diff.evil.textconv", "core.pager", "credential.helper"):
            self.git(folder, "config", key, str(self.program))
        (folder / ".git/hooks").mkdir(exist_ok=True)
        for hook in ("post-checkout", "post-index-change", "reference-transaction"):
            (folder / ".git/hooks" / hook).write_bytes(self.program.read_bytes())
            (folder / ".git/hooks" / hook).chmod(0o755)
        for further in ((), ("--head", "HEAD")):
            done = self.gate(folder, *further)
            self.assertTrue(any(KNOWN in finding["what"] for finding in json.loads(done.stdout)["findings"]), done.stderr)

    def test_objects_that_a_helper_would_fetch(self):
        folder = self.repository()
        blob = subprocess.run(["git", "rev-parse", "HEAD~1:gate.c"], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
        for key, value in (("core.repositoryformatversion", "1"), ("extensions.partialClone", "x"), ("remote.x.url", "ssh://nowhere/x"), ("remote.x.promisor", "true"), ("protocol.ssh.allow", "always"), ("core.sshCommand", str(self.program)), ("remote.x.uploadpack", str(self.program))):
            self.git(folder, "config", key, value)
        (folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
        done = self.gate(folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("ftaudit: error", done.stderr)

    def test_a_work_tree_elsewhere(self):
        folder = self.repository()
        self.git(folder, "config", "core.worktree", str(self.outside))
        self.assertIn("work tree is elsewhere", self.gate(folder).stderr)

    def test_a_repository_within_a_folder(self):
        folder = self.repository()
        self.git(folder, "init", "-q", "--bare", "inner")
        subprocess.run(["git", "--git-dir=inner", "config", "core.fsmonitor", str(self.program)], cwd=folder, check=True)
        done = self.ftaudit("gate", "inner", cwd=folder)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.held_off()


class Ends(Attack):
    def test_what_a_killed_run_leaves_is_gone_after_the_next(self):
        folder = self.project()
        sdist = self.scratch / "gate-1.tar.gz"
        with tarfile.open(sdist, "w:gz") as archive:
            archive.add(folder, "gate-1")
            for i in range(3000):
                info = tarfile.TarInfo(f"gate-1/more/{i}.txt")
                archive.addfile(info, io.BytesIO())
        running = subprocess.Popen([PROGRAM, "scan", str(sdist), "--no-cache"], env={**os.environ, "TMPDIR": str(self.tmp)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while not list(self.tmp.glob("ftaudit-*")) and time.monotonic() < until:
            time.sleep(0.005)
        running.send_signal(signal.SIGKILL)
        running.wait()
        self.assertTrue(list(self.tmp.iterdir()))
        self.ftaudit("scan", str(sdist), "--no-cache", cwd=self.scratch)
        self.held_off()

    def test_whoever_stops_reading_leaves_nothing_behind(self):
        folder = self.project()
        sdist = self.scratch / "gate-1.tar.gz"
        with tarfile.open(sdist, "w:gz") as archive:
            archive.add(folder, "gate-1")
        running = subprocess.Popen([PROGRAM, "scan", str(sdist), "--no-cache"], env={**os.environ, "TMPDIR": str(self.tmp)}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        running.stdout.close()
        running.wait(timeout=60)
        self.held_off()

    def test_without_a_home(self):
        folder = self.project()
        headers = os.environ.get("XDG_DATA_HOME") or str(pathlib.Path.home() / ".local/share")
        for home in ("", "relative"):
            self.scan(folder, env={"HOME": home, "XDG_DATA_HOME": headers})
            done = self.ftaudit("scan", ".", cwd=folder, env={"HOME": home, "XDG_DATA_HOME": headers, "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": ""})
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertEqual(sorted(entry.name for entry in folder.iterdir()), ["gate.c", "setup.py"])
            self.held_off()

    def test_reports_into_folders_that_are_not_there(self):
        folder = self.project()
        began = time.monotonic()
        for arguments in (("scan", ".", "-o", "none/report.txt"), ("scan", ".", "--report", "json:none/report.json"), ("baseline", "write", ".", "-o", "none/known.txt")):
            done = self.ftaudit(*arguments, cwd=folder)
            self.assertEqual(done.returncode, 2)
            self.assertIn("there is no folder", done.stderr)
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(self.ftaudit("baseline", "write", ".", "--no-cache", "-o", "known.txt", cwd=folder).returncode, 0)
        self.assertFalse((folder / "ftaudit-baseline.txt").exists())
        self.assertTrue((folder / "known.txt").stat().st_size > 0)

    def test_a_machine_that_cannot_confine_is_refused_on_request(self):
        done = self.ftaudit("scan", ".", "--no-cache", "--require-sandbox", cwd=self.project(), mode="on")
        self.assertIn(done.returncode, (1, 2))
        if done.returncode == 2:
            self.assertIn("a sandbox is required", done.stderr)


if __name__ == "__main__":
    unittest.main()
