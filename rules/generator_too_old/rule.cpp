#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;

namespace {

constexpr std::uint32_t oldest = 0x03010000;  // CYTHON_HEX_VERSION of 3.1.0

// "(0x030209F0)" -> that number; 0 where it is none.
std::uint32_t hex(std::string_view text) {
  const std::size_t start = text.find("0x");
  std::uint32_t out = 0;
  if (start != std::string_view::npos) std::from_chars(text.data() + start + 2, text.data() + text.size(), out, 16);
  return out;
}

std::string version(std::uint32_t number) {
  return std::to_string(number >> 24) + "." + std::to_string(number >> 16 & 0xff) + "." +
         std::to_string(number >> 8 & 0xff);
}

void tell(Report& report, const Location& where, const std::string& file, const std::string& by) {
  Finding& finding = report.add(where, file + " was made by Cython " + by + ", whose own code needs the GIL");
  finding.place = file;
  finding.instead = "make it with Cython 3.1 or newer (`Cython>=3.1` in build-system.requires), or do not ship the C";
}

}  // namespace

static bool is_linked_into_other(const Audit& audit, const std::string& file) {
  const auto& functions = audit.facts().functions;
  return std::ranges::any_of(functions, [&](const model::Function& function) {
    return audit.build().linked_into_others.contains(function.name) && audit.location(function.name_span).file == file;
  });
}

static void check(const Audit& audit, Report& report) {
  std::vector<std::pair<Location, std::uint32_t>> whole, parts;
  for (const model::MacroFact& macro : audit.facts().macros) {
    if (!macro.definition || macro.name != "CYTHON_HEX_VERSION" || macro.arguments.empty()) continue;
    report.site();
    const Location where = audit.location(macro.span);
    const std::uint32_t number = hex(macro.arguments[0]);
    if (number != 0 && number < oldest)
      (is_linked_into_other(audit, where.file) ? parts : whole).emplace_back(where, number);
  }
  // What is linked into modules of other names is told with those; where they are by hand, by itself.
  for (const auto& [where, number] : whole.empty() ? parts : whole)
    tell(report, where, "the C of " + where.file, version(number));
  for (const analysis::Build::OldC& old : audit.build().old_c) {
    report.site();
    tell(report, old.location, old.file, old.version);
  }
}

extern const Rule generator_too_old{{.id = "FT012",
                                     .name = "generator-too-old",
                                     .category = Category::gil_reliance,
                                     .severity = Severity::high,
                                     .confidence = Confidence::certain,
                                     .summary = "The C was made by a Cython whose own code relies on the GIL",
                                     .why = "up to Cython 3.0 each module keeps caches, free lists and generators of "
                                            "Cython's own that nothing but the GIL "
                                            "guards, and most of its C does not compile for free-threaded builds",
                                     .since = "0.1"},
                                    check};

}  // namespace ftaudit::rules
