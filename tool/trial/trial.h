// Trial: an application installed, imported and tested on a CPython without the GIL, beside the same on one with it.
// RUNS CODE: that of the application, of its tests and of all they need. The project itself is never written to. What
// fails becomes a row of the result; only where nothing at all can be done is it an error. Used by cli.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "base/result.h"
#include "finding/trial.h"
#include "python/interpreter.h"

namespace ftaudit::trial {

struct TrialRequest {
  fs::path application;                // a folder
  std::string shown;                   // as the user named it
  std::vector<fs::path> requirements;  // files
  std::vector<std::string> with;       // what the tests need, in place of what the project says
  std::vector<std::string> tests;      // paths below the application; empty: where they lie
  std::string test_command;            // in place of pytest or unittest
  std::string serve;                   // a service that is tried, too: "uvicorn app:app --port {port}"
  std::vector<std::string> urls{};     // of it, paths that are asked for
  unsigned port = 0;                   // of it, where the command has no {port}
  python::Interpreter gil, free;
  std::string index_url;
  std::vector<std::string> find_links;
  bool no_index = false;
  unsigned threads = 4, rounds = 3;
  bool parallel = true, control = true;
  std::chrono::seconds budget{900};  // of the runs; installing is not in it
  std::chrono::seconds silence{60};
  std::string keep;  // a folder
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const std::string&)> say;  // one line for people, as things are done
};

Result<Trial> try_application(const TrialRequest& request, Progress& progress);

}  // namespace ftaudit::trial
