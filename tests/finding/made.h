// Findings and rules made by hand, for tests of what is done with them.
#pragma once

#include <string>
#include <vector>

#include "finding/document.h"
#include "finding/report.h"

namespace ftaudit::test {

inline const std::vector<RuleInfo>& rules() {
  static const std::vector<RuleInfo> all{
      {"FT001", "missing-gil-slot", Category::missing_gil_slot, Severity::high, Confidence::certain, "s", "w", "0.1"},
      {"FT101", "borrowed-from-shared-container", Category::borrowed_ref, Severity::high, Confidence::likely, "s", "w",
       "0.1"},
      {"FT104", "dict-next-unlocked", Category::dict_next, Severity::high, Confidence::likely, "s", "w", "0.1"},
      {"FT106", "sequence-fast-unlocked", Category::container_internals, Severity::high, Confidence::likely, "s", "w",
       "0.1"},
      {"FT110", "borrowed-runtime-object", Category::borrowed_ref, Severity::medium, Confidence::likely, "s", "w",
       "0.1"},
      {"FT801", "non-threadsafe-libc", Category::non_threadsafe_libc, Severity::medium, Confidence::likely, "s", "w",
       "0.1"}};
  return all;
}

inline Finding made(std::string_view rule, std::string file, std::uint32_t line, std::string text = "call()") {
  for (const RuleInfo& info : rules())
    if (info.id == rule) {
      Report report(info);
      Finding& finding = report.add({file, line, 5, line, 11}, "it is wrong");
      finding.function = "f";
      finding.guilty_text = std::move(text);
      return finding;
    }
  return {};
}

}  // namespace ftaudit::test
