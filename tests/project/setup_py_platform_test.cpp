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
