#include "audit/target_python.h"

#include <doctest/doctest.h>

using namespace ftaudit;

namespace {

python::Interpreter interpreter(const std::string& name, int minor, bool free_threaded, bool tsan = false) {
  return {.name = name, .major = 3, .minor = minor, .free_threaded = free_threaded, .tsan = tsan};
}

// As the search for them orders what is here: the newest settled one first.
const std::vector<python::Interpreter> all{interpreter("3.14t", 14, true), interpreter("3.13t", 13, true),
                                           interpreter("3.15t", 15, true), interpreter("3.14", 14, false),
                                           interpreter("3.13t-tsan", 13, true, true)};

Finding finding(const std::string& rule, const std::string& file, std::uint32_t line) {
  Finding out;
  out.rule = rule, out.fingerprint = rule + file + std::to_string(line), out.severity = Severity::high;
  out.location = {.file = file, .line = line, .column = 5};
  return out;
}

Document read_for(const std::string& python, std::vector<Finding> findings) {
  Document out;
  out.python = python, out.findings = std::move(findings);
  out.analysed = {{.file = "shelf.c", .functions = 2}};
  return out;
}

}  // namespace

TEST_CASE("what a project says it supports chooses the Python, and it is said which and why") {
  const audit::TargetPython floor =
      audit::target_python({.requires_python = ">=3.9,<3.14", .said_by = "pyproject.toml"}, all);
  CHECK(floor.name == "3.13t");
  CHECK(floor.note ==
        "read for 3.13t, the newest free-threaded Python that pyproject.toml (requires-python >=3.9,<3.14) names; "
        "--python chooses another");

  const audit::TargetPython newest = audit::target_python({.classified = {13, 14, 15}, .said_by = "PKG-INFO"}, all);
  CHECK(newest.name == "3.15t");
  const audit::TargetPython older = audit::target_python({.classified = {12, 13}, .said_by = "setup.cfg"}, all);
  CHECK(older.name == "3.13t");
  CHECK(older.note.find("setup.cfg names") != std::string::npos);
}

TEST_CASE("what says nothing of free-threaded Pythons leaves the newest settled one, without a word") {
  for (const project::PythonSupport& support :
       {project::PythonSupport{}, project::PythonSupport{.requires_python = ">=3.9", .said_by = "pyproject.toml"},
        project::PythonSupport{.classified = {9, 10, 11}, .said_by = "setup.cfg"}}) {
    const audit::TargetPython target = audit::target_python(support, all);
    CHECK(target.name.empty());
    CHECK(target.note.empty());
  }
  // A Python that is not settled is for those who name it; requires-python that merely admits it does not.
  CHECK(audit::target_python({.requires_python = ">=3.13", .said_by = "pyproject.toml"}, all).name.empty());
}

TEST_CASE("a project that admits no free-threaded Python is read all the same, and told so") {
  const audit::TargetPython none = audit::target_python({.requires_python = "<3.13", .said_by = "PKG-INFO"}, all);
  CHECK(none.name.empty());
  CHECK(none.note == "PKG-INFO (requires-python <3.13) admits no free-threaded Python that is here; read for 3.14t");
}

TEST_CASE("Pythons are asked for one by one") {
  CHECK(audit::requested_pythons("") == std::vector<std::string>{""});
  CHECK(audit::requested_pythons("3.14t") == std::vector<std::string>{"3.14t"});
  CHECK(audit::requested_pythons("3.13t, 3.14t,") == std::vector<std::string>{"3.13t", "3.14t"});
}

TEST_CASE("several Pythons: each finding once, in order, and what is not there for all is told") {
  const Finding both = finding("FT104", "shelf.c", 20), old_one = finding("FT101", "shelf.c", 9),
                new_one = finding("FT302", "shelf.c", 4);
  const Document all_of_them =
      audit::across_pythons({read_for("3.13t", {old_one, both}), read_for("3.14t", {new_one, both})});
  CHECK(all_of_them.python == "3.13t, 3.14t");
  REQUIRE(all_of_them.findings.size() == 3);
  CHECK(std::is_sorted(all_of_them.findings.begin(), all_of_them.findings.end(), before));
  CHECK(std::find(all_of_them.notes.begin(), all_of_them.notes.end(), "only for 3.13t: FT101 at shelf.c:9:5") !=
        all_of_them.notes.end());
  CHECK(std::find(all_of_them.notes.begin(), all_of_them.notes.end(), "only for 3.14t: FT302 at shelf.c:4:5") !=
        all_of_them.notes.end());
  CHECK(all_of_them.notes.size() == 2);

  const Document same = audit::across_pythons({read_for("3.13t", {both}), read_for("3.14t", {both})});
  CHECK(same.findings.size() == 1);
  CHECK(same.notes == std::vector<std::string>{"the findings are the same for 3.13t and 3.14t"});
}

TEST_CASE("several Pythons: what one of them could not read is not lost behind what the other could") {
  Document lame = read_for("3.15t", {});
  lame.analysed.front().partial = true, lame.analysed.front().reason = "no member named 'ob_refcnt'";
  lame.skipped = {{"late.c", "did not end in time", true}};
  const Document told = audit::across_pythons({read_for("3.14t", {}), lame});
  CHECK(std::find(told.notes.begin(), told.notes.end(),
                  "for 3.15t shelf.c is audited in part: no member named 'ob_refcnt'") != told.notes.end());
  REQUIRE(told.skipped.size() == 1);
  CHECK(told.skipped.front().file == "late.c");
}
