#include "audit/audit.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "audit/cache.h"
#include "finding/rule.h"

using namespace ftaudit;

namespace {

// A list that every thread can reach gives a borrowed reference away; the second function does it under the list's
// lock.
constexpr const char* shelf =
    "#include <Python.h>\n"
    "static PyObject *shelf;\n"
    "static PyObject *first(PyObject *self, PyObject *none) {\n"
    "  PyObject *book = PyList_GetItem(shelf, 0);\n"
    "  Py_XINCREF(book);\n"
    "  return book;\n"
    "}\n"
    "static PyMethodDef methods[] = {{\"first\", first, METH_NOARGS, 0}, {0}};\n"
    "static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = \"shelf\", .m_size = -1, .m_methods = "
    "methods};\n"
    "PyMODINIT_FUNC PyInit_shelf(void) {\n"
    "  PyObject *out = PyModule_Create(&module);\n"
    "  shelf = PyList_New(0);\n"
    "  PyModule_AddObjectRef(out, \"shelf\", shelf);\n"
    "  return out;\n"
    "}\n";

struct Folder {
  ScratchFolder scratch = std::move(*ScratchFolder::make("audit"));
  fs::path path() const { return fs::canonical(scratch.path()); }
  std::string put(const std::string& name, const std::string& text) const {
    fs::create_directories((path() / name).parent_path());
    REQUIRE(write_file(path() / name, text).ok());
    return (path() / name).string();
  }
};

std::vector<std::string> rules_of(const Document& document) {
  std::vector<std::string> out;
  for (const Finding& finding : document.findings) out.push_back(finding.rule);
  return out;
}
bool finds(const Document& document, const std::string& rule) {
  const std::vector<std::string> all = rules_of(document);
  return std::find(all.begin(), all.end(), rule) != all.end();
}

Document audited(const audit::Sources& sources, const audit::Terms& terms = {}, const audit::Making& making = {}) {
  const Result<Selection> selection = audit::selection_of(terms);
  REQUIRE_MESSAGE(selection.ok(), (selection.ok() ? "" : selection.message()));
  const std::unique_ptr<Progress> quiet = make_progress(false);
  int code = 0;
  Result<audit::AuditedPaths> out = audit::audit_paths(sources, *selection, making, *quiet, code);
  REQUIRE_MESSAGE(out.ok(), (out.ok() ? "" : out.message()));
  return std::move(out->document);
}

}  // namespace

TEST_CASE(
    "paths become a document: findings with their texts and names, modules with a verdict, files that were read") {
  const Folder folder;
  folder.put("shelf.c", shelf);
  const Document document = audited({.paths = {folder.path().string()}, .no_cache = true});
  CHECK(document.root == folder.path().string());
  REQUIRE(document.analysed.size() == 1);
  CHECK(document.analysed[0].file == "shelf.c");
  CHECK_FALSE(document.analysed[0].partial);
  REQUIRE(document.modules.size() == 1);
  CHECK(document.modules[0].name == "shelf");
  CHECK(document.modules[0].gil == Gil::missing);
  REQUIRE(finds(document, "FT102"));
  for (const Finding& finding : document.findings) {
    CHECK(finding.location.file == "shelf.c");
    CHECK_FALSE(finding.fingerprint.empty());
  }
}

TEST_CASE("the terms say which rules judge, how strictly, and how severe they are") {
  const Folder folder;
  const audit::Sources sources{.paths = {folder.put("shelf.c", shelf)}, .no_cache = true};
  const Document only = audited(sources, {.select = {"FT102"}});
  CHECK(rules_of(only) == std::vector<std::string>{"FT102"});
  CHECK_FALSE(finds(audited(sources, {.ignore = {"FT102"}}), "FT102"));
  const Document lowered = audited(sources, {.select = {"FT102"}, .severities = {{"FT102", Severity::info}}});
  CHECK(lowered.findings.empty());
  CHECK(lowered.hidden.below_severity == 1);
  const Result<Selection> mistyped = audit::selection_of({.select = {"FT1O2"}});
  REQUIRE_FALSE(mistyped.ok());
  CHECK(mistyped.message().find("FT1O2") != std::string::npos);
}

TEST_CASE("edits are made only where they are asked for, and bear the sum of the file they are for") {
  const Folder folder;
  const audit::Sources sources{.paths = {folder.put("shelf.c", shelf)}, .no_cache = true};
  const Document plain = audited(sources, {.select = {"FT102"}}, {.edits = Spelling::plain});
  REQUIRE(plain.findings.size() == 1);
  for (const Fix& fix : plain.findings[0].fixes) CHECK(fix.of.size() == 64);
}

TEST_CASE("what was said of the same sources is said again without reading them, and not of others") {
  const Folder folder, cache;
  const char* before = std::getenv("XDG_CACHE_HOME");
  const std::string kept = before != nullptr ? before : "";
  ::setenv("XDG_CACHE_HOME", cache.path().c_str(), 1);
  const audit::Sources sources{.paths = {folder.put("shelf.c", shelf)}};
  const Document first = audited(sources), again = audited(sources);
  CHECK(rules_of(first) == rules_of(again));
  REQUIRE(finds(first, "FT102"));
  const auto store = audit::user_store();
  REQUIRE(store.ok());
  const auto full = store->size().entries;
  CHECK(full > 1);  // the facts of one unit, and the document
  std::string locked = shelf;
  locked.replace(locked.find("  PyObject *book"), std::string("  PyObject *book = PyList_GetItem(shelf, 0);\n").size(),
                 "  PyObject *book = PyList_GetItemRef(shelf, 0);\n");
  locked.erase(locked.find("  Py_XINCREF(book);\n"), std::string("  Py_XINCREF(book);\n").size());
  folder.put("shelf.c", locked);
  CHECK_FALSE(finds(audited(sources), "FT102"));
  CHECK(audit::user_store()->size().entries > full);
  ::setenv("FTAUDIT_CACHE_SIZE", "many", 1);
  CHECK_FALSE(audit::Cache::open(sources).ok());
  audit::Sources without = sources;
  without.no_cache = true;
  CHECK(audit::Cache::open(without).ok());
  ::unsetenv("FTAUDIT_CACHE_SIZE");
  if (before != nullptr) ::setenv("XDG_CACHE_HOME", kept.c_str(), 1);
  else ::unsetenv("XDG_CACHE_HOME");
}

TEST_CASE("the limited API is told once a file, and the wheel's tag for it as what it is") {
  const Folder folder;
  folder.put("shelf.c", shelf);
  const std::string from = "from setuptools import Extension, setup\n";
  const auto told = [&](const std::string& setup) {
    folder.put("setup.py", from + setup);
    return audited({.paths = {folder.path().string()}, .no_cache = true}, {.select = {"FT006"}}).findings;
  };
  const std::string named = "Extension('s', ['shelf.c'], py_limited_api=True)";
  CHECK(told("setup(ext_modules=[" + named + "])\n").empty());
  const std::string macro = ", ['shelf.c'],\n define_macros=[('Py_LIMITED_API', '0x03090000')])";
  const auto macros = told("setup(ext_modules=[Extension('a'" + macro + ", Extension('b'" + macro + "])\n");
  REQUIRE(macros.size() == 1);
  CHECK(macros[0].location.line == 3);
  CHECK(macros[0].what ==
        "the build asks for the limited API (Py_LIMITED_API) for free-threaded builds too, here and in 1 other place");
  CHECK(macros[0].trace.size() == 2);
  const auto wheel =
      told("setup(ext_modules=[" + named + "],\n options={'bdist_wheel': {'py_limited_api': 'cp39'}})\n");
  REQUIRE(wheel.size() == 1);
  CHECK(wheel[0].location.line == 3);
  CHECK(wheel[0].what.find("setuptools refuses it") != std::string::npos);
  CHECK(wheel[0].instead.find("sysconfig.get_config_var(\"Py_GIL_DISABLED\")") != std::string::npos);
}

TEST_CASE("an init function that is linked into a module of another name imports nothing") {
  const auto source = [](const std::string& name) {
    std::string text = shelf;
    text.replace(text.find("PyInit_shelf"), std::string("PyInit_shelf").size(), "PyInit_" + name);
    return text;
  };
  const auto told = [](const Folder& folder) {
    std::vector<std::string> out;
    for (const Finding& finding : audited({.paths = {folder.path()}}).findings)
      if (finding.rule == "FT002") out.push_back(finding.place);
    return out;
  };
  using Names = std::vector<std::string>;
  {
    const Folder folder;
    folder.put("shelf.c", source("shelf")), folder.put("helper.c", source("helper"));
    folder.put("setup.py",
               "from setuptools import setup, Extension\n"
               "setup(name='shelf', ext_modules=[Extension('lib.shelf', ['shelf.c', 'helper.c'])])\n");
    CHECK(told(folder) == Names{"shelf"});
  }
  {
    const Folder folder;  // of its own
    folder.put("shelf.c", source("shelf")), folder.put("helper.c", source("helper"));
    folder.put("setup.py",
               "from setuptools import setup, Extension\n"
               "setup(name='shelf', ext_modules=[Extension('lib.shelf', ['shelf.c']),\n"
               "                                 Extension('lib.helper', ['helper.c'])])\n");
    CHECK(told(folder) == Names{"helper", "shelf"});
  }
  {
    const Folder folder;  // the module of the described name is made elsewhere
    folder.put("helper.c", source("helper"));
    folder.put("setup.py",
               "from setuptools import setup, Extension\n"
               "setup(name='shelf', ext_modules=[Extension('lib.shelf', ['helper.c'])])\n");
    CHECK(told(folder) == Names{"helper"});
  }
  {
    const Folder folder;  // the import system is told of it
    folder.put("shelf.c", source("shelf") +
                              "PyObject *PyInit_helper(void);\n"
                              "int more(void) { return PyImport_AppendInittab(\"helper\", PyInit_helper); }\n");
    folder.put("helper.c", source("helper"));
    folder.put("setup.py",
               "from setuptools import setup, Extension\n"
               "setup(name='shelf', ext_modules=[Extension('lib.shelf', ['shelf.c', 'helper.c'])])\n");
    CHECK(told(folder) == Names{"helper", "shelf"});
  }
}

TEST_CASE("what is not there is an error with the exit code that fits") {
  const std::unique_ptr<Progress> quiet = make_progress(false);
  int code = 0;
  const Result<Selection> selection = audit::selection_of({});
  REQUIRE(selection.ok());
  const Folder folder;
  const auto missing =
      audit::audit_paths({.paths = {(folder.path() / "none.c").string()}}, *selection, {}, *quiet, code);
  CHECK_FALSE(missing.ok());
  CHECK(code == 2);
  const auto strange =
      audit::audit_paths({.paths = {folder.put("shelf.c", shelf)}, .python = "2.7"}, *selection, {}, *quiet, code);
  CHECK_FALSE(strange.ok());
  CHECK(code == 2);
  const auto baseline = audit::baseline_of((folder.path() / "none.txt").string());
  REQUIRE_FALSE(baseline.ok());
  CHECK(baseline.message().find("ftaudit baseline write") != std::string::npos);
  CHECK_FALSE(audit::baseline_of("")->has_value());
}
