// Document: everything one run has to say, in the order it is said. Commands fill it, reports render it and know
// nothing else. No finding is lost on the way here: what is hidden is counted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/confinement.h"
#include "finding/finding.h"
#include "finding/plan.h"
#include "finding/type_report.h"

namespace ftaudit {

enum class Gil : std::uint8_t { not_used, used, missing, unknown };
std::string_view name_of(Gil gil);  // "not-used"
std::optional<Gil> gil_named(std::string_view name);

// One importable extension module of the project.
struct ModuleReport {
  std::string name;   // "spam._speedups"
  std::string init;   // "PyInit__speedups"; "" where a binding makes it
  std::string style;  // "multi-phase", "single-phase", "pybind11", "nanobind", "cython", ...
  Gil gil = Gil::unknown;
  std::string unread;              // of an unknown one: the expression that could not be read
  Location location;               // of the init function or of the binding's macro
  std::vector<std::string> files;  // the sources it is made of; empty where they are not known
  // Fingerprints of findings that stand against declaring it free-threaded, worst first.
  std::vector<std::string> blockers;
  std::uint64_t hidden = 0;         // findings about it that are not shown
  std::uint64_t hidden_before = 0;  // of these, the ones counted before its report was joined with others
  std::string verdict;  // one sentence: "declares the GIL unused, and 3 findings of severity high stand against it"
};

struct AnalysedFile {
  std::string file;
  bool partial = false;
  std::string reason;           // why partial: "missing header SDL.h"
  std::uint32_t functions = 0;  // function definitions seen in project files of this translation unit
  std::uint32_t errors = 0;     // errors the compiler reported
};

struct SkippedFile {
  std::string file;
  std::string reason;
  bool asked = true;  // counts as incomplete (exit code 3); false for generated sources that are only named
};

struct RuleTally {
  std::string rule;
  std::uint64_t sites = 0;  // places the rule looked at
  std::uint64_t findings = 0;
};

// A comment that allows findings and is itself not in order. The rules about allowances report these.
struct AllowanceTrouble {
  enum class Kind : std::uint8_t { names_no_rule, without_reason, ended, unused };
  Kind kind = Kind::unused;
  Location location;  // of the comment
  std::string what;   // one sentence
};

// A finding that is not shown, and what held it back.
struct HeldBack {
  enum class Why : std::uint8_t { allowed, baseline, ignored, below_severity, below_confidence };
  Finding finding;
  Why why = Why::allowed;
  bool part = false;  // only some sides of a finding that is shown with the others; not counted
};

// What became of findings since an earlier state of the project; the document's own findings are then the new ones.
struct Comparison {
  std::string revision;         // of the earlier state, as people name it
  std::vector<Finding> fixed;   // there and gone since, in report order; locations are of the earlier state
  std::uint64_t unchanged = 0;  // there and still here: not listed
  std::uint64_t unread = 0;     // there, and now in files that were not read whole: nobody knows
  // Of the unchanged those that have lost sides.
  struct Progress {
    Finding finding;  // as it was
    std::uint64_t left = 0, total = 0;
  };
  std::vector<Progress> progress;
};

struct Document {
  std::string tool_version;
  std::optional<Confinement> sandbox;  // of those who read the project; null: of a report that does not say
  std::string python;                  // "3.13t", whose headers were used; "" if none
  std::string root;                    // absolute; never part of a machine-readable report
  std::vector<Finding> findings;
  std::vector<RuleTally> rules;
  std::vector<AnalysedFile> analysed;
  std::vector<SkippedFile> skipped;
  std::vector<ModuleReport> modules;
  std::vector<TypeReport> types;
  std::optional<Plan> plan;        // of what ends the findings; none where nobody asked
  std::vector<std::string> notes;  // about the run as a whole
  struct Hidden {
    std::uint64_t allowed = 0, baseline = 0, below_severity = 0, below_confidence = 0, ignored = 0;
    std::uint64_t total() const { return allowed + baseline + below_severity + below_confidence + ignored; }
  } hidden;
  std::vector<HeldBack> held_back;                     // those counted in `hidden`; for comparisons, in no report
  void hold_back(Finding finding, HeldBack::Why why);  // and counts it
  void hold_back_sides(Finding finding, HeldBack::Why why) { held_back.push_back({std::move(finding), why, true}); }
  std::uint64_t held_counted = 0;     // of held_back the first so many are in the modules' hidden_before
  std::optional<Comparison> against;  // only where two states were compared
  std::uint64_t allowances = 0;       // comments that allow findings, in the sources
  std::vector<AllowanceTrouble>
      allowance_troubles;            // only while rules conclude; reports show the findings made of them
  std::uint64_t rules_left_out = 0;  // not run, because others were selected
  std::uint64_t functions = 0;       // distinct function definitions in project files
};

// After findings were hidden or joined: the plan speaks of those that are shown.
void fit_plan(Document& document);

}  // namespace ftaudit
