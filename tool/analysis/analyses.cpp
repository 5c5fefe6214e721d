// Audit, the part that makes the analyses: those that every audit needs at once, the others when they are first asked
// for.
#include "analysis/audit.h"
#include "analysis/lock_order.h"

namespace ftaudit::analysis {

Audit::Audit(const model::Facts& facts, Build build)
    : program_(facts, build.locks),
      build_(std::move(build)),
      entries_(find_entries(program_)),
      contexts_(program_, entries_),
      suspension_(program_),
      held_(program_, suspension_),
      attached_(program_, contexts_, entries_),
      ownership_(program_, contexts_, held_),
      views_(program_, contexts_, entries_, held_, ownership_),
      kept_(program_, contexts_, held_, ownership_),
      modules_(find_modules(program_, contexts_, build_.linked_into_others)) {
  held_.join([this](FunctionId id) { return views_.common_locks(id); });
  ownership_.join({.given = [this](FunctionId id, std::uint32_t parameter) { return views_.given(id, parameter); },
                   .behind_cell = [this](FunctionId id, const View* view, const Path& path,
                                         EventId at) { return views_.behind_cell(id, view, path, at); }});
}

Audit::~Audit() = default;

const Shared& Audit::shared() const {
  if (shared_ == nullptr)
    shared_ = std::make_unique<Shared>(program_, held_, views_, contexts_, ownership_, build_.contracts);
  return *shared_;
}

const std::vector<Count>& Audit::counts() const {
  if (!counts_) counts_ = plain_counts(program_, contexts_, held_, shared());
  return *counts_;
}

const Conflicts& Audit::conflicts() const {
  if (conflicts_ == nullptr) conflicts_ = std::make_unique<Conflicts>(program_, held_, shared(), counts());
  return *conflicts_;
}

const LockOrder& Audit::lock_order() const {
  if (lock_order_ == nullptr) lock_order_ = std::make_unique<LockOrder>(*this);
  return *lock_order_;
}

const std::vector<Load>& Audit::loads() const {
  if (!loads_) loads_ = endangered_loads(program_, held_, suspension_, shared(), conflicts());
  return *loads_;
}

}  // namespace ftaudit::analysis
