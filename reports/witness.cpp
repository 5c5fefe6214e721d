#include "reports/witness.h"

#include <algorithm>

#include "base/text.h"

namespace ftaudit::reports {

std::string times(std::uint64_t count) { return count == 1 ? "once" : counted(count, "time"); }

std::string in_words(const Witness& witness) {
  std::string text(name_of(witness.verdict));
  std::replace(text.begin(), text.end(), '-', ' ');
  if (!witness.why.empty()) text += ": " + witness.why;
  if (witness.seen > 0) text += ", seen " + times(witness.seen);
  if (!witness.workload.empty()) text += " by " + witness.workload;
  if (witness.verdict == Witness::Verdict::reached_not_raced)
    text += (witness.why.empty() ? ": " : "; ") + std::string("entered ") + counted(witness.reached, "time") +
            ", two threads in both its sides at once " + counted(witness.overlaps, "time");
  const Witness::Repeats& repeats = witness.repeats;
  if (repeats.of > 0) text += "; again in " + std::to_string(repeats.seen) + " of " + counted(repeats.of, "repeat");
  if (repeats.gil_of > 0)
    text += ", with the GIL on in " + std::to_string(repeats.gil_seen) + " of " + std::to_string(repeats.gil_of);
  if (witness.places.size() > 1) text += "; at " + counted(witness.places.size(), "place");
  if (witness.crashes_plain) text += "; on the plain build, too";
  if (witness.screened) text += "; screened only: the interpreter was not instrumented";
  return text;
}

std::string said_by(const Witness& witness) {
  return in_words(witness) + (witness.reproducer.empty() ? "" : "; again with: " + witness.reproducer);
}

}  // namespace ftaudit::reports
