#include "packages/binaries/declared.h"

namespace ftaudit::packages {

std::string_view name_of(InitStyle style) {
  switch (style) {
    case InitStyle::multi_phase: return "multi-phase";
    case InitStyle::single_phase: return "single-phase";
    case InitStyle::export_hook: return "export-hook";
    case InitStyle::delegated: return "delegated";
    case InitStyle::unknown: break;
  }
  return "unknown";
}

}  // namespace ftaudit::packages
