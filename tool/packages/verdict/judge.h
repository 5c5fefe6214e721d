// Verdict: from what was gathered about one package to where it stands, with reasons and how sure they are. Decides and
// fetches nothing; evidence comes as plain values, so every rung of the ladder is tested by hand. Used by report.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "finding/adoption.h"
#include "packages/wheels/wheels.h"

namespace ftaudit::packages {

// What the index offers of this release, as far as this target is concerned.
enum class Offer : std::uint8_t {
  pure_wheel,     // py3-none-any
  free_threaded,  // an ABI tag of the target: cp313t, cp314t, abi3t
  foreign_wheel,  // py3-none-PLATFORM: native code that is no extension module
  gil_only,       // wheels, but only for builds with the GIL (cp313, abi3)
  source_only,    // an sdist and no wheel that fits
  nothing,
};

struct Evidence {
  std::string name, version, target;  // target "3.13t"
  Offer offer = Offer::nothing;
  std::string file;  // the wheel or sdist looked at
  std::string wheel_tag;
  std::string offer_detail;  // "cp313, abi3": the tags there are
  bool has_source = false;   // an sdist is there
  std::vector<std::string> classifiers;
  std::string homepage;
  std::optional<Result<Wheel>> wheel;  // none: not looked into (see not_checked)
  std::optional<Result<SourceArchive>> source;
  std::string first_version;  // first version whose wheels fit the target; "" not known
  std::string upgrade_to;     // newest version that fits better than this one
  std::string pin_to;         // older version that fits, where no newer does
  std::string yanked;
  std::string resolution_error;  // why there is no version at all
  std::string not_asked;         // why no index could be asked about it; "" when one was
  bool no_such_name = false;     // no index knows it
  std::string newest;            // the version that would do by itself, where the resolver chose an older one
  bool for_its_wheel = false;    // ... because it has a free-threaded wheel
  std::vector<std::string> other_free_threaded;  // versions of Python that its free-threaded wheels are for: "3.14"
  std::vector<std::string> not_checked;
  const std::map<std::string, Declaration>* others =
      nullptr;  // top-level modules of the whole report, by name; outlives the verdict
  std::optional<ScanSummary> scan;
  std::optional<ProbeSummary> probe;
  std::optional<ConfirmSummary> confirm;
};

// Everything of a PackageReport but who asks for it and who needs it.
PackageReport judge(const Evidence& evidence);

// The extension modules of a wheel that are imported by their bare name, with what they declare, added to `all`.
void add_top_level(const Evidence& evidence, std::map<std::string, Declaration>& all);

// "3 - Stable" of "Programming Language :: Python :: Free Threading :: 3 - Stable"; "" when there is none.
std::string free_threading_classifier(const std::vector<std::string>& classifiers);

}  // namespace ftaudit::packages
