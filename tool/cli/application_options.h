// What `trial` and `adopt` are both told: an application's folder, what it needs, tests of it, the two Pythons. And
// where packages come from, which `report` is told, too. `Options` has a member of the name of each option.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/arguments.h"

namespace ftaudit::cli {

template <class Options> void add_application_options(Arguments& command, Options& options) {
  command.text("PATH", options.path, "The application's folder").required().single();
  command
      .texts("-r,--requirements", options.requirements,
             "What it needs (repeatable; default: its lock file or pyproject.toml)")
      .named("FILE")
      .repeatable();
  command.texts("--with", options.with, "What its tests need, in place of what it says (repeatable)")
      .named("REQUIREMENT")
      .repeatable();
  command.texts("--tests", options.tests, "Only these tests: files, folders, ids (repeatable)")
      .named("TEST")
      .repeatable();
  command
      .text("--test-command", options.test_command,
            "A shell's line that runs the tests, in place of pytest or unittest")
      .named("COMMAND");
  command.time("--hang-after", options.hang, "A test that says nothing for so long hangs (default: 60s)");
  command.text("--python", options.python, "The free-threaded Python").named("PYTHON");
  command.text("--gil-python", options.gil_python, "The one with the GIL (default: its twin)").named("PYTHON");
}

template <class Options> void add_package_source(Arguments& command, Options& options) {
  command.text("--index-url", options.index_url, "Package index (default: pip's own setting)").named("URL");
  command.texts("--find-links", options.find_links, "Folder or page of wheels").named("PLACE").repeatable();
  command.flag("--no-index", options.no_index, "Only --find-links");
}

// The files and folders that are named must be there; the error says which is not, and what to name instead. A test may
// name what is in its file: "tests/test_a.py::test_b".
Status check_application_paths(const std::string& application, const std::vector<std::string>& requirements,
                               const std::vector<std::string>& tests);

}  // namespace ftaudit::cli
