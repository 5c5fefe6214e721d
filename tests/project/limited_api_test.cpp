// Which builds a project asks for the limited API: told only where a free-threaded build is one of them.
#include "tree_on_disk.h"

using namespace ftaudit;
using namespace ftaudit::project;

namespace {

const std::string uses_python = "#include <Python.h>\n";

// What of a project with these files asks a free-threaded build for the limited API: "file:line what".
Texts limited(std::initializer_list<std::pair<const char*, std::string>> files) {
  TreeOnDisk tree(files);
  tree.add("m.c", uses_python);
  Texts out;
  const Project project = tree.discover();
  for (const LimitedApi& place : project.limited_api)
    if (!place.unless_free_threaded)
      out.push_back(place.file.filename().string() + ":" + std::to_string(place.line) + " " + place.what);
  return out;
}

}  // namespace

TEST_CASE("requests for the limited API are told where a free-threaded build makes them") {
  const std::string from = "import os, sys, sysconfig\nfrom setuptools import Extension, setup\n";
  CHECK(limited({{"setup.py", from + "# py_limited_api=True would be nice\n"
                                     "Extension('m', ['m.c'], py_limited_api=True,\n"
                                     "          define_macros=[('Py_LIMITED_API', '0x03080000')])\n"}}) ==
        Texts{"setup.py:5 Py_LIMITED_API"});
  CHECK(limited({{"setup.py", from + "Extension('m', ['m.c'], define_macros=[('Py_LIMITED_API', '0x03080000')])\n"}}) ==
        Texts{"setup.py:3 Py_LIMITED_API"});
  CHECK(limited({{"setup.py", from + "Extension('m', ['m.c'], extra_compile_args=['-DPy_LIMITED_API=0x03080000'])\n"}})
            .size() == 1);
  CHECK(limited({{"setup.py", from + "setup(name='m',\n      options={'bdist_wheel': {\n"
                                     "          'py_limited_api': 'cp39'}})\n"}}) ==
        Texts{"setup.py:5 py_limited_api"});
  CHECK(limited({{"setup.py", from + "more = {}\nif sys.version_info >= (3, 9):\n"
                                     "    more['options'] = {'bdist_wheel': dict(py_limited_api='cp39')}\n"
                                     "Extension('m', ['m.c'], py_limited_api=True)\nsetup(**more)\n"}}) ==
        Texts{"setup.py:5 py_limited_api"});
  CHECK(limited({{"setup.cfg", "[bdist_wheel]\npy_limited_api = cp39\n"}}) == Texts{"setup.cfg:2 py_limited_api"});
  CHECK(limited({{"pyproject.toml", "[tool.meson-python]\nlimited-api = true\n"}}).size() == 1);
  CHECK(limited({{"pyproject.toml",
                  "[[tool.setuptools.ext-modules]]\nname='m'\nsources=['m.c']\npy-limited-api=true\n"
                  "define-macros=[['Py_LIMITED_API', '0x03080000']]\n"}}) == Texts{"pyproject.toml:5 Py_LIMITED_API"});
  CHECK(limited({{"meson.build", "py.extension_module('m', 'm.c', limited_api: '3.9')\n"}}).size() == 1);
  CHECK(limited({{"CMakeLists.txt", "set(abi USE_SABI 3.9)\npython_add_library(m MODULE ${abi} m.c)\n"}}) ==
        Texts{"CMakeLists.txt:2 USE_SABI"});
}

// setuptools defines no macro for it: the file is named m.abi3.so where the interpreter loads files of that name.
TEST_CASE("an extension named for the limited API is no request for it") {
  const std::string from = "from setuptools import Extension, setup\n";
  CHECK(limited({{"setup.py", from + "setup(ext_modules=[Extension('m', ['m.c'], py_limited_api=True)])\n"}}).empty());
  CHECK(limited({{"setup.py", from + "m = Extension('m', ['m.c'])\nm.py_limited_api = True\nsetup(ext_modules=[m])\n"}})
            .empty());
  CHECK(
      limited({{"pyproject.toml", "[[tool.setuptools.ext-modules]]\nname='m'\nsources=['m.c']\npy-limited-api=true\n"}})
          .empty());
}

TEST_CASE("requests for the limited API that other builds make are no requests") {
  const std::string from = "import os, sys, sysconfig\nfrom setuptools import Extension, setup\n";
  for (const char* condition :
       {"not sysconfig.get_config_var('Py_GIL_DISABLED')", "'t' not in sys.abiflags", "sys.platform == 'win32'",
        "os.environ.get('KIT_LIMITED_API') == '1'", "not hasattr(sys, '_is_gil_enabled') or sys._is_gil_enabled()",
        "not sysconfig.get_config_var('SOABI').startswith('cpython-314t')", "compiler_can()"}) {
    CAPTURE(condition);
    const std::string abi3 = from + "abi3 = " + condition + "\n";
    CHECK(limited({{"setup.py", abi3 + "macros = [('Py_LIMITED_API', '0x03090000')] if abi3 else []\n"
                                       "Extension('m', ['m.c'], define_macros=macros)\n"}})
              .empty());
    CHECK(limited({{"setup.py", abi3 + "more = {}\nif abi3:\n    more['bdist_wheel'] = {'py_limited_api': 'cp39'}\n"
                                       "setup(options=more)\n"}})
              .empty());
    CHECK(limited({{"setup.py", abi3 + "macros = []\nif abi3:\n    macros.append(('Py_LIMITED_API', '0x03090000'))\n"
                                       "Extension('m', ['m.c'], define_macros=macros)\n"}})
              .empty());
    CHECK(limited({{"setup.py", from + "tag = None\nif " + condition +
                                    ":\n    tag = 'cp39'\nsetup(options={'bdist_wheel': {'py_limited_api': tag}})\n"}})
              .empty());
  }
  CHECK(limited({{"setup.py", from + "setup(options={'bdist_wheel': {'py_limited_api': None}})\n"}}).empty());
  // scikit-build-core leaves it aside in such a build, and nanobind its own.
  CHECK(limited({{"pyproject.toml", "[tool.scikit-build]\nwheel.py-api = 'cp312'\n"},
                 {"CMakeLists.txt", "nanobind_add_module(m STABLE_ABI FREE_THREADED m.cpp)\n"}})
            .empty());
  CHECK(limited({{"pyproject.toml",
                  "[[tool.cibuildwheel.overrides]]\nselect = 'cp311-* cp312-*'\n"
                  "config-settings.'--build-option' = '--py-limited-api=cp311'\n"}})
            .empty());
  CHECK(limited({{"pyproject.toml",
                  "[[tool.cibuildwheel.overrides]]\nselect = 'cp31*'\n"
                  "config-settings.'--build-option' = '--py-limited-api=cp311'\n"}})
            .size() == 1);
  CHECK(limited({{"meson.build",
                  "project('m', default_options: ['python.allow_limited_api=false'])\n"
                  "py.extension_module('m', 'm.c', limited_api: '3.9')\n"}})
            .empty());
  CHECK(limited({{"meson.build",
                  "abi = ''\nif py.get_variable('Py_GIL_DISABLED', 0) == 0\n abi = '3.9'\nendif\n"
                  "py.extension_module('m', 'm.c', limited_api: abi)\n"}})
            .empty());
  for (const char* condition :
       {"NOT \"${SKBUILD_SABI_COMPONENT}\" STREQUAL \"\"", "SKBUILD_SABI_VERSION",
        "NOT Python_SOABI MATCHES \"^cpython-3[0-9]+t\"", "WIN32", "CAN_DO_ABI3", "Python_VERSION VERSION_LESS 3.13"}) {
    CAPTURE(condition);
    CHECK(limited({{"CMakeLists.txt", std::string("set(abi \"\")\nif(") + condition +
                                          ")\n  set(abi USE_SABI 3.9)\nendif()\n"
                                          "python_add_library(m MODULE ${abi} m.c)\n"}})
              .empty());
  }
}
