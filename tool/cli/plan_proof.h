// Proof of a plan: the project is copied, the plan's mechanical steps are made in the copy, and `confirm` runs on both
// with the same seed and budget. What was seen to happen before, and after, side by side. The project itself stays as
// it is. Both runs are of this very program, as the command line would start them.
#pragma once

#include <chrono>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "finding/document.h"

namespace ftaudit::cli {

struct ProofOptions {
  std::chrono::seconds budget{300};  // of each run
  std::uint64_t seed = 1;
  bool light = false;
  std::string python, tsan_python;  // "" for what confirm takes
  std::string fix_compat;
  std::vector<std::string> accept;
};

// How much longer one call takes with the plan made, one thread alone on the plain build: ratios, by operation.
struct CallCost {
  std::string operation;
  double median = 1, lowest = 1, highest = 1;  // over pairs of runs, one of each build
};

struct Proof {
  Document before, after;
  std::string made;               // what was made in the copy, in one line
  std::set<std::uint32_t> steps;  // their numbers; others were mechanical, and did not hold
  std::vector<CallCost> costs;    // of the calls that the findings' scenarios make
  std::string why_no_costs;
};

// `path`: a folder. Errors say which of the three runs failed, and how.
Result<Proof> prove(const std::string& path, const ProofOptions& options, const std::vector<Document>& plans);

// What the plan's steps end and was seen, before and after; what only the second run saw; in how many runs.
void write_proof(std::ostream& out, const Proof& proof, const std::vector<Document>& plans);

// Something that a step ends was seen in the copy.
bool is_refuted(const Proof& proof, const std::vector<Document>& plans);

}  // namespace ftaudit::cli
