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

}  // namespace ftaudit
