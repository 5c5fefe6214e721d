"""Projects with Cython as their builds describe them: pure Python mode, templates, what a gate compares.

Run as: projects_test.py FTAUDIT FOLDER-FOR-CYTHONS
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sources_test import OLD, VERSIONS, fetched

TILL = """\
# cython: language_level=3, freethreading_compatible=True
cimport cython

cdef class Till:
    cdef long sum

    @cython.critical_section
    def pay(self, long amount):
        self.sum += amount

    def owed(self, long amount):
        self.sum -= amount

    @cython.critical_section
    def total(self):
        return self.sum
"""
PURE = """\
# cython: language_level=3
import cython


@cython.cclass
class Till:
    sum: cython.long

    @cython.critical_section
    def pay(self, amount: cython.long):
        self.sum += amount

    def owed(self, amount: cython.long):
        self.sum -= amount

    @cython.critical_section
    def total(self):
        return self.sum
"""
PURE_LINE = 14
TILL_LINE = 12
SETUP = "from setuptools import *\nfrom Cython.Build import cythonize\n"
BUILDS = {
    "setup.py": SETUP + "setup(ext_modules=cythonize([Extension('shop.till', ['shop/till.py'])],\n"
                        "      compiler_directives={'freethreading_compatible': True}))\n",
    "CMakeLists.txt": "project(shop)\nset(C ${CMAKE_CURRENT_BINARY_DIR}/till.c)\n"
                      "add_custom_command(OUTPUT ${C} COMMAND ${Python_EXECUTABLE} -mcython -Xfreethreading_compatible=True"
                      " --module-name shop.till -o ${C} ${CMAKE_CURRENT_SOURCE_DIR}/shop/till.py)\n"
                      "python_add_library(till MODULE ${C})\n",
    "meson.build": "project('shop', 'c')\npy = import('python').find_installation()\n"
                   "make = generator(cython, output: '@BASENAME@.c', arguments: ['-Xfreethreading_compatible=True', '@INPUT@'])\n"
                   "py.extension_module('till', make.process('shop/till.py'), subdir: 'shop')\n",
}


class Projects:
    def __init__(self, tool, folder, scratch):
        self.tool, self.folder, self.scratch = tool, folder, scratch
        self.complaints = []
        self.environment = dict(os.environ, VIRTUAL_ENV=str(fetched(VERSIONS[-1], folder)), GIT_CONFIG_GLOBAL="/dev/null",
                                XDG_CACHE_HOME=str(scratch / "cache"))

    def tree(self, name, **files):
        tree = self.scratch / name
        for file, text in files.items():
            path = tree / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tree

    def expect(self, what, is_so, shown):
        if not is_so:
            self.complaints.append(f"{what}: {shown}")

    def run(self, command, tree, *more):
        done = subprocess.run([self.tool, command, "--format", "json", *more, str(tree)], capture_output=True, text=True,
                              env=self.environment)
        return done.returncode, json.loads(done.stdout), done.stderr

    def pure(self):
        """A .py that a build has Cython compile is read, however the build says so."""
        for file, text in BUILDS.items():
            tree = self.tree("pure." + file, **{file: text, "shop/__init__.py": "", "shop/till.py": PURE,
                                                "shop/plain.py": "import cython\nx = 1\n"})
            code, report, _ = self.run("scan", tree)
            races = [(f["location"]["file"], f["location"]["line"], f["function"]) for f in report["findings"]
                     if f["rule"] != "FT005"]
            self.expect(file, races == [("shop/till.py", PURE_LINE, "Till.owed")], races)
            self.expect(file, [m["gil"] for m in report["modules"] if m["name"] == "shop.till"] == ["not-used"], report["modules"])
            self.expect(file, code == 1 and [a["file"] for a in report["analysed"]] == ["shop/till.py"], report["analysed"])

    def beside(self):
        """C of several modules in the tree: each has Cython's own structs, under the same names."""
        body = "# cython: language_level=3, freethreading_compatible=True\n"
        tree = self.tree("beside", **{"shop/__init__.py": "", "shop/till.pyx": body + "def pairs(xs):\n    for x in xs:\n        yield x, x\n",
                                      "shop/desk.pyx": body + "\n\ndef each(xs):\n    yield from xs\n    yield 1\n"})
        site = next(fetched(VERSIONS[-1], self.folder).glob("lib/python3*/site-packages"))
        for name in ("till", "desk"):
            subprocess.run([sys.executable, "-m", "cython", "-3", f"shop/{name}.pyx"], cwd=tree, check=True,
                           env=dict(os.environ, PYTHONPATH=str(site)), capture_output=True)
        code, report, _ = self.run("scan", tree)
        self.expect("C beside its sources", code == 0 and not report["findings"] and len(report["analysed"]) == 2,
                    (code, report["findings"], report["analysed"]))

    def missing(self):
        """What a build would make is named with what it makes it of, and what to do."""
        tree = self.tree("missing", **{"m.pyx": "include 'limits.pxi'\nx = LIMIT\n", "limits.pxi.in": "DEF LIMIT = @LIMIT@\n",
                                       "typed.templ.pyx": "### {{for t in types}}\ndef f_{{t}}(): pass\n### {{endfor}}\n",
                                       "n.pyx": "cdef handler():\n    raise MemoryError(undeclared)\ncimport nowhere\n",
                                       "o.pyx": "cimport somebody.theirs\n", "own/__init__.py": "", "p.pyx": "cimport own.made\n"})
        code, report, _ = self.run("scan", tree)
        reasons = {s["file"]: s["reason"] for s in report["skipped"]}
        self.expect("exit code", code == 3, code)
        for file, words in (("m.pyx", "the build makes it of limits.pxi.in: build first, or use --capture"),
                            ("typed.templ.pyx", "line 1: it depends on types, which only the build knows: build first"),
                            ("n.pyx", "'nowhere.pxd' not found"),
                            ("o.pyx", "`ftaudit headers install somebody` fetches what somebody declares to Cython"),
                            ("p.pyx", "'own/made.pxd' not found (made by the build: build first, or use --capture")):
            self.expect(file, words in reasons.get(file, ""), reasons)

    def unreadable(self):
        """What could not be translated is told as that, with what to do; nobody is told that none was translated."""
        tree = self.tree("unreadable", **{"my-till.pyx": TILL})
        for path in (tree, tree / "my-till.pyx"):
            code, report, said = self.run("scan", path)
            self.expect("name", code == 3 and "no source of an extension could be read: my-till.pyx: could not be translated: "
                        in said and "is not a valid module name; rename the file, or have the build name its module: "
                        "Extension(" in said and "there is no C" not in said, (code, said))
            self.expect("name", "translated 0" not in said + json.dumps(report), (said, report))
        # What it says to do, does.
        self.tree("unreadable", **{"setup.py": SETUP + "setup(ext_modules=[Extension('till', ['my-till.pyx'])])\n"})
        code, report, said = self.run("scan", tree)
        self.expect("named", [a["file"] for a in report["analysed"]] == ["my-till.pyx"], (report["skipped"], said))

    def comments(self):
        """Comments that a source or its build turns off are there all the same; C without them is never called calm."""
        races = [("till.pyx", TILL_LINE, "Till.owed")]
        off = TILL.replace("level=3,", "level=3, emit_code_comments=False,")
        by_build = "setup(ext_modules=cythonize(['till.pyx'], compiler_directives={'emit_code_comments': False}))\n"

        def told(tree, *more):
            code, report, said = self.run("scan", tree, *more)
            return code, [(f["location"]["file"], f["location"]["line"], f["function"]) for f in report["findings"]
                          if f["rule"] != "FT005"], report, said

        def make(tree, source):
            site = next(fetched(VERSIONS[-1], self.folder).glob("lib/python3*/site-packages"))
            subprocess.run([sys.executable, "-m", "cython", "-3", "-X", "emit_code_comments=False", source], cwd=tree, check=True,
                           env=dict(os.environ, PYTHONPATH=str(site)), capture_output=True)

        for what, files in (("head", {"till.pyx": off}), ("build", {"till.pyx": TILL, "setup.py": SETUP + by_build}),
                            ("C in the tree", {"till.pyx": off})):
            tree = self.tree("comments." + what.replace(" ", "."), **files)
            if what == "C in the tree":
                make(tree, "till.pyx")
            code, found, report, said = told(tree)
            self.expect(what, code == 1 and found == races and report["summary"]["functions"] == 3, (code, found, said))
        # Their right twins.
        right = off.replace("    def owed", "    @cython.critical_section\n    def owed")
        code, found, report, said = told(self.tree("comments.right", **{"till.pyx": right}))
        self.expect("right", code == 0 and not report["findings"] and report["summary"]["functions"] == 3, (code, found, said))
        # C alone, and C whose source cannot be translated.
        for what, text in (("alone", None), ("not translated", "cimport nowhere\n" + off)):
            tree = self.tree("comments." + what.replace(" ", "."), **{"till.pyx": off})
            make(tree, "till.pyx")
            (tree / "till.pyx").write_text(text) if text else (tree / "till.pyx").unlink()
            code, found, report, said = told(tree)
            reasons = {s["file"]: s["reason"] for s in report["skipped"]}
            self.expect(what, code == 3 and not report["analysed"] and
                        ("'nowhere.pxd' not found" if text else "audit its .pyx instead") in reasons.get("till.c", "") and
                        "does not tell the lines of its source" in said, (code, report["analysed"], reasons, said))

    def other_names(self):
        """C of another name than its .pyx, chosen by a setting of the build: one module, with one verdict."""
        setup = SETUP + ("import os\nif os.getenv('USE_CYTHON'):\n    source = 'till.pyx'\nelse:\n    source = 'till.made.c'\n"
                         "setup(ext_modules=[Extension('till', [source], include_dirs=['lib/include'])])\n")
        text = TILL.replace(", freethreading_compatible=True", "").replace("    @cython.critical_section\n", "").replace(
            "cdef class", "cdef extern from 'coins.h':\n    long COIN\n\ncdef class").replace("-= amount", "-= amount * COIN")
        for version in (OLD[-1], VERSIONS[-1]):
            tree = self.tree("names." + version, **{"setup.py": setup, "till.pyx": text,
                                                    "lib/include/coins.h": "#define COIN 5\n"})
            site = next(fetched(version, self.folder).glob("lib/python3*/site-packages"))
            subprocess.run([sys.executable, "-m", "cython", "-3", "till.pyx", "-o", "till.made.c"], cwd=tree, check=True,
                           env=dict(os.environ, PYTHONPATH=str(site)), capture_output=True)
            code, report, said = self.run("scan", tree)
            told = [f["rule"] for f in report["findings"] if f["rule"] in ("FT001", "FT002", "FT003")]
            self.expect(version, told == ["FT003"], told)
            self.expect(version, len(report["analysed"]) == 1 and not report["analysed"][0].get("partial"), report["analysed"])

    def templates(self):
        """Templates are expanded, and findings stand where the template says it; each of a loop's copies once."""
        body = ("{{py:\nkinds = [('Long', 'long'), ('Real', 'double')]\n\ndef all_kinds():\n    for n, t in kinds:\n"
                "        yield n + 'Till', t\n}}\n" + TILL)
        body = body.replace("cdef class Till", "{{for name, type in all_kinds()}}\ncdef class {{name}}").replace(
            "cdef long sum", "cdef {{type}} sum").replace("long amount", "{{type}} amount") + "{{endfor}}\n"
        line = body.splitlines().index("        self.sum -= amount") + 1
        meson = ("project('shop', 'c', 'cython')\npy = import('python').find_installation()\n"
                 "data = configuration_data()\nif meson.get_compiler('c').has_header('a.h')\n  data.set('LIMIT', '7')\n"
                 "else\n  data.set('LIMIT', '9')\nendif\n"
                 "configure_file(input: 'limits.pxi.in', output: 'limits.pxi', configuration: data)\n"
                 "py.extension_module('till', 'till.pyx')\n")
        for file, files in (("shop/till.pyx.in", {"shop/till.pyx.in": body}),
                            ("shop/till.templ.pyx", {"shop/till.templ.pyx": body}),
                            ("src/shop/till.pyx.tp", {"src/shop/till.pyx.tp": body, "src/shop/__init__.py": "",
                                                      "src/shop/till.pxd.tp": "# {{1 + 1}}\ncdef int spare\n"})):
            tree = self.tree(file.replace("/", "."), **{"shop/__init__.py": "", **files})
            code, report, _ = self.run("scan", tree)
            races = [(f["location"]["file"], f["location"]["line"], f["function"]) for f in report["findings"]
                     if f["rule"] == "FT303"]
            functions = {race[2] for race in races}
            self.expect(file, code == 1 and {race[:2] for race in races} == {(file, line)} and
                        functions <= {"LongTill.owed", "RealTill.owed"}, (races, report["skipped"]))
            allowed = body.replace("self.sum -= amount", "self.sum -= amount  # ftaudit: allow FT303 -- a test")
            (tree / file).write_text(allowed)
            code, report, _ = self.run("scan", tree)
            self.expect(file + ", allowed", not [f for f in report["findings"] if f["rule"] == "FT303"], report["findings"])
        tree = self.tree("settings", **{"meson.build": meson, "limits.pxi.in": "DEF LIMIT = @LIMIT@\n",
                                        "till.pyx": TILL.replace("cdef class", "include 'limits.pxi'\ncdef class")
                                                        .replace("+= amount", "+= LIMIT")})
        code, report, _ = self.run("scan", tree)
        self.expect("settings", not report["skipped"] and [f["function"] for f in report["findings"]
                                                           if f["rule"] == "FT303"] == ["Till.owed"], report["findings"])
        (tree / "meson.build").write_text(meson.replace("'7'", "run_command('x').stdout()").replace("'9'", "other"))
        code, report, _ = self.run("scan", tree)
        self.expect("settings that nobody knows", code == 3 and "limits.pxi.in" in report["skipped"][0]["reason"], report)

    def hostile_templates(self):
        """What stands in a template does not run, and does not keep the scan."""
        tree = self.tree("hostile", **{
            "a.pyx.in": "{{py:import os; os.system('touch ran'); open('ran', 'w').write('x')}}\nx = 1\n",
            "b.pyx.in": "x = {{__import__('os').system('touch ran')}}\n",
            "c.pyx.in": "{{for a in range(1000)}}{{for b in range(1000)}}{{for c in range(1000)}}x{{endfor}}{{endfor}}{{endfor}}",
            "d.pyx.in": "x = {{'%999999999d' % 1}}\n",
            "e.pyx.in": "{{if 1}}" * 5000,
            "f.pyx.in": "{{for x in y}}\n",
            "g.pyx.in": "include '/etc/hostname'\n",
            "h.pyx.in": "{{py:x = [0]\nwhile True: x.append(x)}}\n"})
        code, report, said = self.run("scan", tree)
        self.expect("nothing ran", not list(tree.rglob("ran")), code)
        told = {s["file"]: s["reason"] for s in report["skipped"]}
        self.expect("told", all(f"{name}.pyx.in" in told for name in "bcdefgh") and code in (1, 3), (code, told))

    def gate(self):
        """Text of the .pyx is compared: C made anew, by another Cython too, is no change; an edit is one, C or no C."""
        tree = self.tree("gate", **{"setup.py": SETUP + "setup(ext_modules=cythonize(['till.pyx']))\n", "till.pyx": TILL})

        def make(version):
            site = next(fetched(version, self.folder).glob("lib/python3*/site-packages"))
            subprocess.run([sys.executable, "-m", "cython", "-3", "till.pyx"], cwd=tree, check=True,
                           env=dict(os.environ, PYTHONPATH=str(site)), capture_output=True)

        def git(*words):
            subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words], cwd=tree, check=True,
                           env=self.environment, capture_output=True)

        def new():
            code, report, said = self.run("gate", tree, "--against", "HEAD")
            return code, [(f["location"]["file"], f["location"]["line"]) for f in report["findings"]], said

        make(VERSIONS[0])
        git("init", "-q")
        git("add", "-A")
        git("commit", "-qm", "all")
        for what, change in (("nothing", lambda: None), ("C by another Cython", lambda: make(VERSIONS[-1])),
                             ("no C", (tree / "till.c").unlink),
                             ("a comment", lambda: (tree / "till.pyx").write_text(TILL.replace("    def owed", "    # less\n    def owed")))):
            change()
            code, found, said = new()
            self.expect(f"gate after {what}", code == 0 and not found and "error" not in said, (code, found, said))
        edited = TILL + "\n    def undo(self):\n        self.sum = 0\n"
        (tree / "till.pyx").write_text(edited)
        for what, change in (("an edit", lambda: None), ("an edit and its C", lambda: make(VERSIONS[0]))):
            change()
            code, found, said = new()
            self.expect(f"gate after {what}", code == 1 and found == [("till.pyx", len(edited.splitlines()))],
                        (code, found, said))


def main():
    tool, folder = sys.argv[1], Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        projects = Projects(tool, folder, Path(scratch).resolve())
        for act in (projects.pure, projects.beside, projects.missing, projects.unreadable, projects.comments, projects.other_names,
                    projects.templates, projects.hostile_templates, projects.gate):
            act()
    print("\n".join(projects.complaints) or "all as expected")
    sys.exit(1 if projects.complaints else 0)


if __name__ == "__main__":
    main()
