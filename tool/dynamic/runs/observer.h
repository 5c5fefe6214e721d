// Observer: runs one program on one build of the project under watch, and keeps what is learnt of it: sightings out of
// the sanitizer's logs and of how the program ended, which functions were reached and met. Every workload goes through
// here. Knows nothing of what the program does. Used by test_runs, stress_runs, proving and confirmation.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "dynamic/build/build.h"
#include "dynamic/sightings/sightings.h"
#include "dynamic/watch/watch.h"

namespace ftaudit::dynamic {

// One build of the project, with how it is run.
struct Variant {
  BuildMode mode = BuildMode::tsan;
  fs::path python;                       // of its environment
  fs::path source;                       // the copy of the project that tests are run in
  std::vector<std::string> environment;  // LD_PRELOAD in light mode
  std::vector<fs::path> modules;
  std::vector<std::string> names;  // of the modules
  bool sanitized() const { return mode != BuildMode::plain; }
};

struct Observed {
  std::vector<std::string> argv;
  fs::path folder;
  std::vector<std::string> environment;
  std::chrono::milliseconds timeout{0}, silence{0};
  fs::path progress_file;
  std::chrono::milliseconds park{20};   // of the rendezvous; 0: nobody is made to wait
  std::vector<std::string> suppressed;  // further suppressions, for a round that unmasks
};

// What one run showed.
struct Observation {
  Ending ending;
  std::vector<Sighting> sightings;   // without repetition within the run
  std::vector<std::string> trouble;  // of the sanitizer's runtime itself: nothing is proven where it gave up
};

class Observer {
 public:
  struct Setting {
    Ours ours;
    fs::path folder;           // for logs
    fs::path sites;            // where threads are made to meet; empty: nowhere
    std::string suppressions;  // text of the sanitizer's file
    std::vector<std::string> known_options;
    const std::atomic<bool>* stop = nullptr;
    // Called with each sighting that is new.
    std::function<void(const Sighting&)> news;
  };
  explicit Observer(Setting setting) : setting_(std::move(setting)) {}

  // `keep`: what is seen counts; without it the caller looks for himself (a script that is being cut down).
  Result<Observation> run(const Variant& variant, const Observed& what, Seen seen, bool keep = true);

  Sightings& sightings() { return sightings_; }
  const Sightings& sightings() const { return sightings_; }
  const Coverage& coverage() const { return coverage_; }
  const Setting& setting() const { return setting_; }
  bool stopped() const { return setting_.stop != nullptr && setting_.stop->load(); }
  std::uint64_t runs() const { return runs_; }

 private:
  Setting setting_;
  Sightings sightings_;
  Coverage coverage_;
  std::uint64_t runs_ = 0;
};

}  // namespace ftaudit::dynamic
