#include "finding/document.h"

namespace ftaudit {

std::string_view name_of(Gil gil) {
  switch (gil) {
    case Gil::not_used: return "not-used";
    case Gil::used: return "used";
    case Gil::missing: return "missing";
    case Gil::unknown: break;
  }
  return "unknown";
}

void Document::hold_back(Finding finding, HeldBack::Why why) {
  using Why = HeldBack::Why;
  ++(why == Why::allowed          ? hidden.allowed
     : why == Why::baseline       ? hidden.baseline
     : why == Why::ignored        ? hidden.ignored
     : why == Why::below_severity ? hidden.below_severity
                                  : hidden.below_confidence);
  held_back.push_back({std::move(finding), why});
}

std::optional<Gil> gil_named(std::string_view name) {
  for (const Gil gil : {Gil::not_used, Gil::used, Gil::missing, Gil::unknown})
    if (name_of(gil) == name) return gil;
  return std::nullopt;
}

}  // namespace ftaudit
