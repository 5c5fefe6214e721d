// Evidence: what five ways of looking at a package say of it without the GIL, side by side, from the weakest to the
// strongest, as plain data: what its files declare, what a scan of its sources found, what confirm saw happen, what the
// application's own tests did, what the measured workload did. None of them says that it is safe: silence is silence.
// Made by adoption, rendered by reports.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ftaudit {

enum class Look : std::uint8_t { declared, scanned, confirmed, tried, measured };
constexpr std::size_t looks = 5;
constexpr std::array<Look, looks> all_looks{Look::declared, Look::scanned, Look::confirmed, Look::tried,
                                            Look::measured};
std::string_view name_of(Look look);

enum class Says : std::uint8_t { not_looked, silent, in_favour, against };
std::string_view name_of(Says says);   // "not-looked", "silent", "for", "against"
std::string_view title_of(Says says);  // "-", "silent", "for", "AGAINST"

struct EvidenceCell {
  Says says = Says::not_looked;
  std::string what;  // one sentence without a full stop; "" where not looked
  std::string when;  // a date, or the version that was looked at
};

struct EvidenceRow {
  std::array<EvidenceCell, looks> by_look;

  const EvidenceCell& of(Look look) const { return by_look[static_cast<std::size_t>(look)]; }
  EvidenceCell& of(Look look) { return by_look[static_cast<std::size_t>(look)]; }
};

}  // namespace ftaudit
