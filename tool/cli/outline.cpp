#include "cli/outline.h"

#include "plan/plan.h"

namespace ftaudit::cli {

audit::Adding with_outline(const Selection& selection) {
  return [selection](const audit::JoinedProject& joined, const analysis::Audit& audit, Document& document) {
    plan::outline(joined, audit, selection, document);
  };
}

}  // namespace ftaudit::cli
