// Confirmation: the run that turns suspicion into evidence. Takes an audited project, prepares builds, sends the
// workloads over them one after the other within the budget, and brings what was seen together with what was found.
// Decides the order and the shares; what the workloads are and share is campaign.h's. Used by cli's confirm.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "base/result.h"
#include "dynamic/runs/runs.h"
#include "finding/document.h"
#include "project/project.h"
#include "python/interpreter.h"

namespace ftaudit::dynamic {

// The workloads by the names users give them: the tests as they are, each test by several threads, the plain build
// again and again, the stress driver.
inline constexpr const char* workload_names[] = {"tests", "parallel", "repeats", "stress"};

struct ConfirmationRequest {
  const project::Project* project = nullptr;
  std::string shown_path;     // as the user named it
  std::string shown_options;  // what a later run needs to use the same Pythons and modules: " --light"
  python::Interpreter plain;
  std::optional<python::Interpreter> tsan;
  bool light = false;
  bool build = true;
  std::set<std::string> workloads{"tests", "parallel", "repeats", "stress"};
  std::vector<std::string> with;  // requirements in place of those the project names
  std::string test_command;
  std::vector<fs::path> suppressions;
  std::chrono::seconds budget{600};   // everything, builds included; reports come after it
  std::chrono::seconds patience{60};  // a test that says nothing for so long at full speed hangs
  std::uint64_t seed = 1;
  unsigned threads = 4;
  fs::path keep;                    // where everything stays; empty: it is removed
  fs::path reproducers;             // where scripts go
  std::vector<EntryPoint> entries;  // from the facts
  std::function<std::string(const Location&)> function_at;
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const std::string&)> say;  // one line for people
};

// Gives every finding of the document its witness and adds what else was seen. The error says why nothing could be run
// at all; the document is complete in that case, too: its findings are "not run", for that reason.
Status confirm(const ConfirmationRequest& request, Document& document, Progress& progress);

}  // namespace ftaudit::dynamic
