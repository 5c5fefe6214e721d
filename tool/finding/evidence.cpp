#include "finding/evidence.h"

namespace ftaudit {

std::string_view name_of(Look look) {
  constexpr std::array<std::string_view, looks> names{"declared", "scanned", "confirmed", "tried", "measured"};
  return names[static_cast<std::size_t>(look)];
}

std::string_view name_of(Says says) {
  constexpr std::array<std::string_view, 4> names{"not-looked", "silent", "for", "against"};
  return names[static_cast<std::size_t>(says)];
}

std::string_view title_of(Says says) {
  constexpr std::array<std::string_view, 4> titles{"-", "silent", "for", "AGAINST"};
  return titles[static_cast<std::size_t>(says)];
}

}  // namespace ftaudit
