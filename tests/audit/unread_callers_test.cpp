// What of C nobody calls who is seen, where the entry points lie in sources that were not read.
#include "audit/unread_callers.h"

#include <doctest/doctest.h>

#include "audit/audit.h"

using namespace ftaudit;

namespace {

constexpr const char* helper =
    "#include <stddef.h>\n"
    "static void *table;\n"
    "void *load_table(void);\n"
    "long library_init(void)\n"
    "{\n"
    "    static int first = 1;\n"
    "    if (first) {\n"
    "        table = load_table();\n"
    "        first = 0;\n"
    "    }\n"
    "    return table != NULL;\n"
    "}\n"
    "long get(void) { return library_init(); }\n";

// How sure the worst finding in the helper is, beside this interface; none: 0.
std::size_t likely_beside(const std::string& interface, const char* name = "m.i") {
  ScratchFolder scratch = std::move(*ScratchFolder::make("unread"));
  const fs::path root = fs::canonical(scratch.path());
  const std::string setup =
      "from setuptools import setup, Extension\n"
      "setup(ext_modules=[Extension('_m', ['" +
      std::string(name) + "', 'helper.c'])])\n";
  for (const auto& [file, text] : {std::pair<std::string, std::string>("helper.c", helper),
                                   {"setup.py", setup},
                                   {name, interface},
                                   {"more.i", "long library_init(void);\n"}})
    REQUIRE(write_file(root / file, text).ok());
  const Result<Selection> selection = audit::selection_of({});
  REQUIRE(selection.ok());
  const std::unique_ptr<Progress> quiet = make_progress(false);
  int code = 0;
  Result<audit::AuditedPaths> out =
      audit::audit_paths({.paths = {root.string()}, .no_cache = true}, *selection, {}, *quiet, code);
  REQUIRE_MESSAGE(out.ok(), (out.ok() ? "" : out.message()));
  CHECK(out->document.skipped.size() >= 1);
  std::size_t likely = 0;
  for (const Finding& finding : out->document.findings) likely += finding.confidence >= Confidence::likely;
  return likely;
}

const std::string head = "%module m\n%{\nlong library_init(void);\n%}\n";

}  // namespace

TEST_CASE("what a SWIG interface calls while others run") {
  using audit::names_called;
  CHECK(names_called(
            "%module m\n%{\nint at_top(void);\nstatic int f(void) { return in_body(); }\n%}\nint wrapped(void);\n",
            true) == std::set<std::string>{"module", "m", "return", "in_body", "int", "wrapped", "void"});
  CHECK_FALSE(names_called("%init %{\n  at_import();\n%}\n", true).contains("at_import"));
  CHECK_FALSE(names_called("%insert(\"init\") %{ at_import(); %}\n", true).contains("at_import"));
  CHECK_FALSE(names_called("/* removed(); */ // also_removed()\n", true).contains("removed"));
  CHECK(names_called("%inline %{\nint both(void);\n%}\n", true).contains("both"));
  CHECK(names_called("%typemap(in) T %{ $1 = convert($input); %}\n", true).contains("convert"));
  CHECK(names_called("%typemap(out) T *\n%{ $result = made($1); %}\n", true).contains("made"));
  CHECK_FALSE(names_called("%include \"typemaps.i\"\n%{\nint at_top(void);\n%}\n", true).contains("at_top"));
  CHECK_FALSE(names_called("int wrapped(void);\n%{\nint at_top(void);\n%}\n", true).contains("at_top"));
  CHECK(names_called("cdef extern int f()\nf()\n", false).contains("f"));
}

TEST_CASE("what only the init block of an unread interface calls is possible and no more") {
  CHECK(likely_beside(head + "%init %{\n    library_init();\n%}\n") == 0);
  CHECK(likely_beside(head + "%init %{\n    library_init();\n%}\nlong other(void);\n") == 0);
}

TEST_CASE("what an unread interface hands to Python is told as before") {
  CHECK(likely_beside(head + "long library_init(void);\n") > 0);
  CHECK(likely_beside(head + "long get(void);\n") > 0);
  CHECK(likely_beside(head + "%include \"more.i\"\n") > 0);
  CHECK(likely_beside(head + "%inline %{\nlong now(void) { return library_init(); }\n%}\n") > 0);
  CHECK(likely_beside("%module m\n%{\nstatic long now(void) { return library_init(); }\n%}\nlong now(void);\n") > 0);
}
