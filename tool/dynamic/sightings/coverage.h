// Coverage: which functions of the extension were entered and which pairs of them two threads stood in at the same
// time, as the rendezvous counted it in all processes of a run. "No race" means something only where this says that
// both sides met. Files are written by the code under audit and are read as hostile.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::dynamic {

struct Reached {
  std::uint64_t count = 0;   // entries; functions that are no rendezvous site are only known to be reached (count 1)
  std::uint64_t parked = 0;  // how often a thread was made to wait here
  std::uint64_t met = 0;     // and how often another one came
};

class Coverage {
 public:
  // Adds one file. Fails when it is not a whole coverage file; then nothing was added.
  Status add_file(const fs::path& path);
  // Adds all files of a run's folder; returns how many. Unreadable ones are named in `complaints`.
  std::size_t add_folder(const fs::path& folder, std::vector<std::string>& complaints);
  void add(const Coverage& other);

  // Functions by their name without parameters and template arguments ("grid::Lattice::add").
  const std::map<std::string, Reached>& functions() const { return functions_; }
  const std::map<std::pair<std::string, std::string>, std::uint64_t>& pairs() const { return pairs_; }

  // How often any function of that name was entered. A finding's "add" matches "grid::Lattice::add" when it is the last
  // part.
  std::uint64_t reached(std::string_view function) const;
  // How often two threads stood in the two at the same time; the order does not matter, both may be the same function.
  std::uint64_t overlapped(std::string_view a, std::string_view b) const;

 private:
  std::map<std::string, Reached> functions_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> pairs_;  // each pair sorted
};

}  // namespace ftaudit::dynamic
