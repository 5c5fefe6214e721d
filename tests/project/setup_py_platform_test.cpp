// What setup.py asks of the platform is answered as a free-threaded CPython on Linux does.
#include "tree_on_disk.h"

using namespace ftaudit;
using namespace ftaudit::project;

namespace {

const std::string uses_python = "#include <Python.h>\n";

}  // namespace

TEST_CASE("setup.py: questions about the platform are answered as Linux does") {
  // What stands under each condition is compiled in, or not.
  const std::string in[] = {"platform.uname().system == 'Linux'",
                            "os.uname()[0] == 'Linux'",
                            "platform.uname()[0].lower() not in ('windows', 'darwin')",
                            "struct.calcsize('P') == 8",
                            "sysconfig.get_platform().startswith('linux-')",
                            "platform.machine() == os.uname().machine",
                            "{'linux': True, 'win32': False}[sys.platform]",
                            "{'win32': False}.get(sys.platform, True)",
                            "not hasattr(sys, 'getwindowsversion')",
                            "hasattr(os, 'uname') and os.name == 'posix'",
                            "re.match('linux|freebsd', sys.platform)",
                            "any(sys.platform.startswith(p) for p in ('linux', 'gnu'))",
                            "'win' not in platform.platform().lower()",
                            "sys.version_info.major == 3 and sys.version_info[:2] >= (3, 13)",
                            "'t' in sys.abiflags",
                            "getattr(sys, 'getwindowsversion', None) is None",
                            "('posix' if sys.platform != 'win32' else 'nt') == os.name",
                            "sysconfig.get_config_vars().get('MACHDEP') == 'linux'",
                            "'SPECIAL' not in os.environ",
                            "WINDOWS == False",
                            "name == 'l'"};
  std::string text =
      "import os, platform, re, struct, sys, sysconfig\nfrom setuptools import Extension, setup\nmacros = []\n"
      "try:\n    import winreg\n    WINDOWS = True\nexcept ImportError:\n    WINDOWS = False\n"
      "match sys.platform:\n    case 'win32' | 'cygwin':\n        name = 'w'\n    case 'linux':\n        name = 'l'\n";
  for (std::size_t i = 0; i < std::size(in); ++i)
    text += "if " + in[i] + ":\n    macros.append(('YES_" + std::to_string(i) +
            "', None))\nelse:\n    macros.append(('NO_" + std::to_string(i) + "', None))\n";
  text += "setup(ext_modules=[Extension('m', ['m.c'], define_macros=macros)])\n";
  const TreeOnDisk tree{{"setup.py", text}, {"m.c", uses_python}};
  const Project project = tree.discover();
  const Unit& unit = unit_of(project, "m.c");
  for (std::size_t i = 0; i < std::size(in); ++i) {
    CAPTURE(in[i]);
    CHECK(has_flag(unit, "-DYES_" + std::to_string(i)));
    CHECK_FALSE(has_flag(unit, "-DNO_" + std::to_string(i)));
  }
}

TEST_CASE("setup.py: modules of the project are found where sys.path was told to look") {
  for (const char* how : {"sys.path.insert(0, os.path.join(HERE, 'tools', 'lib'))", "sys.path.append('tools/lib')",
                          "sys.path[:0] = ['tools/lib']", "sys.path = ['tools/lib'] + sys.path"}) {
    const TreeOnDisk tree{
        {"setup.py", std::string("import os, sys\nHERE = os.path.dirname(os.path.abspath(__file__))\n") + how +
                         "\nfrom facts import ON_MAC\nfrom setuptools import Extension\n"
                         "Extension('m', ['mac.c' if ON_MAC else 'm.c'])\n"},
        {"tools/lib/facts.py", "import sys\nON_MAC = sys.platform == 'darwin'\n"},
        {"m.c", ""},
        {"mac.c", ""}};
    CAPTURE(how);
    CHECK(units_of(tree.discover()) == Texts{"m.c"});
  }
}

TEST_CASE("setup.py: what a file of the project says is read, and of no other") {
  const TreeOnDisk elsewhere{{"secret", "hidden"}};
  const TreeOnDisk tree{
      {"setup.py",
       "from setuptools import *\nfrom pathlib import Path\nimport os\n"
       "HERE = os.path.dirname(__file__)\n"
       "with open(os.path.join(HERE, 'src', 'VERSION')) as f:\n    version = f.read().strip()\n"
       "names = [line.strip() for line in open('src/NAMES') if line.strip()]\n"
       "macros = [('VERSION', '\"%s\"' % version), ('LEVEL', Path('src/LEVEL').read_text().strip()),\n"
       "          ('SECRET', open('" +
           elsewhere.root().string() +
           "/secret').read()),\n"
           "          ('LINKED', open('link').read()), ('BINARY', open('src/NAMES', 'rb').read()),\n"
           "          ('NONE', open('gone').read())]\n"
           "setup(ext_modules=[Extension('m', ['src/%s.c' % n for n in names], define_macros=macros)])"},
      {"src/VERSION", "2025-04-26\n"},
      {"src/NAMES", "one\n\ntwo\n"},
      {"src/LEVEL", " 3 "},
      {"src/one.c", "#include <Python.h>\n"},
      {"src/two.c", "int two;"}};
  fs::create_symlink(elsewhere / "secret", tree / "link");
  const Project project = tree.discover();
  CHECK(units_of(project) == Texts{"src/one.c", "src/two.c"});
  const Unit& unit = unit_of(project, "src/two.c");
  for (const char* flag :
       {"-DVERSION=\"2025-04-26\"", "-DLEVEL=3", "-DSECRET=0", "-DLINKED=0", "-DBINARY=0", "-DNONE=0"})
    CHECK_MESSAGE(has_flag(unit, flag), flag);
}

TEST_CASE("setup.py: what Python would not do either costs its own statement") {
  const TreeOnDisk tree{{"setup.py",
                         "from setuptools import *\nsources = ['m.c']\n"
                         "def odd(x):\n  x = ['a'] + 'b'\n  return x\n"
                         "n = 1 / 0\nx = [1]\nx += 5\nx = {}['gone']\ny = odd(3)\n"
                         "for i in range(2):\n  x = 'a' - i\n  sources.append('%d.c' % i)\n"
                         "setup(ext_modules=[Extension('p.m', sources)])"},
                        {"m.c", "#include <Python.h>\n"},
                        {"0.c", ""},
                        {"1.c", ""}};
  const Project project = tree.discover();
  CHECK(units_of(project) == Texts{"0.c", "1.c", "m.c"});
  CHECK(unit_of(project, "0.c").modules == Texts{"p.m"});
  CHECK(project.notes.empty());
}

TEST_CASE("setup.py: work on large values takes steps, and what comes after is left unread") {
  const char* const heads = "from setuptools import *\nimport os, re\nExtension('m', ['m.c'])\n";
  const char* const twice = "for i in range(1000):\n  for j in range(1000):\n    ";
  const auto note = [&](const std::string& text) {
    const TreeOnDisk tree{{"m.c", "#include <Python.h>\n"}, {"setup.py", heads + text}};
    const Project project = tree.discover();
    CHECK(unit_of(project, "m.c").modules[0] == "m");
    return project.notes.empty() ? std::string() : project.notes[0];
  };
  for (const char* slow : {"x + ['b']", "i in x", "sorted(x)", "x[1:]", "list(x)", "Extension('n', x)"})
    CHECK(note("x = ['m.c'] * 90000\n" + std::string(twice) + slow).find("too long to be read") != std::string::npos);
  // Lists within lists, as often as they are there; expressions that go back and forth; text that grows by what it is.
  for (const char* deep :
       {"x = [1]\ny = [1]\nfor i in range(60): x = [x, x]; y = [y, y]\nz = x == y\ns = str(x)\nt = '%s' % x\n",
        "for i in range(100): re.match('(a|aa)+b', 'a' * 200); re.match('a*a*a*a*a*b', 'a' * 200)\n",
        "x = 'a' * 90000\nfor i in range(3): os.path.join(x, x); x.replace('a', x); x.join([x] * 90000)\n",
        "x = '%9999999999d' % 1\ny = '{:>9999999999}'.format(1)\n"})
    CHECK(note(deep) == "");
}

TEST_CASE(
    "setup.py that builds extensions for older Pythons alone is told so; where a command may add them it is not") {
  const auto notes = [](const std::string& end) {
    const TreeOnDisk tree{{"setup.py", R"(
import sys
from pathlib import Path
from setuptools import setup, Extension

sources = Path("src") / f"{sys.version_info[0]}_{sys.version_info[1]}"
common = dict(name="cold", version="1")

def extension():
    return Extension("_cold", [str(sources / "cold.c")])

)" + end},
                          {"src/3_9/cold.c", uses_python}};
    const Project project = tree.discover();
    CHECK(units_of(project) == Texts{"src/3_9/cold.c"});
    return project.notes;
  };
  const std::string choice =
      "if sources.exists():\n    setup(ext_modules=[extension()], **common)\nelse:\n    setup(**common)\n";
  CHECK(notes(choice) == Texts{"setup.py: builds no extension for CPython 3.14 on Linux; sources and flags are worked "
                               "out from the files alone"});
  CHECK(notes("setup(cmdclass={'build_ext': adds_them}, **common)\n").empty());
  CHECK(notes("setup(**told_elsewhere(common))\n").empty());
  CHECK(notes("setup(ext_modules=[extension()], **common)\n").empty());
}

namespace {

// What of a project with old.c, new.c and this setup.py is read; and why old.c is not.
struct Built {
  Texts units;
  std::string why;
};
Built built(const std::string& setup) {
  const TreeOnDisk tree{{"setup.py", "import os, platform, sys\nfrom setuptools import Extension, setup\n" + setup},
                        {"old.c", uses_python},
                        {"new.c", uses_python}};
  const Project project = tree.discover();
  return {units_of(project), skip_of(project, "old.c")};
}

}  // namespace

TEST_CASE("setup.py: what is made for other Pythons and other systems alone is not read") {
  const std::string made = "old = Extension('old', ['old.c'])\nnew = Extension('new', ['new.c'])\n";
  for (const std::string& setup :
       {made + "if platform.python_version().startswith('2'):\n    setup(ext_modules=[old])\n"
               "if platform.python_version().startswith('3'):\n    setup(ext_modules=[new])\n",
        made + "setup(ext_modules=[new] if sys.version_info[0] > 2 else [old])\n",
        std::string(
            "old = [Extension('old', ['old.c'])]\nnew = [Extension('new', ['new.c'])]\nWINDOWS = os.name == 'nt'\n"
            "if WINDOWS:\n    modules = old\nelse:\n    modules = new\nsetup(ext_modules=modules)\n"),
        std::string("modules = [Extension('new', ['new.c'])]\nif sys.platform == 'win32':\n"
                    "    modules.append(Extension('old', sources=['.\\\\old.c']))\nsetup(ext_modules=modules)\n")}) {
    CAPTURE(setup);
    const Built out = built(setup);
    CHECK(out.units == Texts{"new.c"});
    CHECK(out.why == "setup.py has it compiled on other systems or for other Pythons alone");
  }
  // Asked for by its name it is read.
  const TreeOnDisk tree{{"setup.py",
                         "import sys\nfrom setuptools import Extension, setup\nif sys.platform == 'win32':\n"
                         "    setup(ext_modules=[Extension('old', ['old.c'])])\n"},
                        {"old.c", uses_python}};
  CHECK(units_of(tree.discover_at(tree / "old.c")) == Texts{"old.c"});
}

TEST_CASE("setup.py: what this build may make is read, whatever other machines make") {
  const std::string made = "old = Extension('old', ['old.c'])\nnew = Extension('new', ['new.c'])\n";
  for (const std::string& setup :
       {// Given to the setup() that runs, too.
        made + "if sys.version_info[0] < 3:\n    setup(ext_modules=[old])\nelse:\n    setup(ext_modules=[new, old])\n",
        // Whoever builds may ask for it.
        made + "modules = [new]\nif os.environ.get('WITH_OLD'):\n    modules.append(old)\nsetup(ext_modules=modules)\n",
        made + "wanted = 'old' in sys.argv and sys.platform == 'linux'\nmodules = [new]\nif wanted:\n"
               "    modules.append(old)\nsetup(ext_modules=modules)\n",
        // A machine with the library, or without.
        made + "modules = [new]\nif os.path.exists('/usr/include/old.h'):\n    modules.append(old)\n"
               "setup(ext_modules=modules)\n",
        // A command makes it, or nobody who is seen.
        made + "class build(command):\n    def run(self):\n        self.extensions.append(old)\n"
               "if sys.platform == 'win32':\n    use(old)\nsetup(ext_modules=[new], cmdclass={'build_ext': build})\n",
        made + "setup(ext_modules=[new])\n",
        // Its sources are this machine's too, under another name.
        std::string("if sys.platform == 'win32':\n    m = Extension('m', ['old.c'])\nelse:\n"
                    "    m = Extension('m', ['old.c', 'new.c'])\nsetup(ext_modules=[m])\n"),
        // What this machine's module is made of is not known.
        std::string("if sys.platform == 'win32':\n    m = Extension('w', ['old.c'])\nelse:\n"
                    "    m = Extension('m', found_out())\nsetup(ext_modules=[m])\n"),
        std::string("import one\nif sys.platform == one.two():\n    setup(ext_modules=[Extension('o', ['old.c'])])\n"
                    "setup(ext_modules=[Extension('n', ['new.c'])])\n")}) {
    CAPTURE(setup);
    CHECK(built(setup).units == Texts{"new.c", "old.c"});
  }
}
