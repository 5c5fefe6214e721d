// Writing: a remedy as edits of the sources, where they are mechanical: a method wrapped in its section, statements
// between lock and unlock, a word at a declaration, one call for another. Every place of a remedy or none: half of it
// would mend nothing. What is written is audited again by who makes the edits; nothing here says that it holds.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analysis/audit.h"
#include "finding/edits.h"
#include "plan/remedy.h"
#include "plan/source_text.h"

namespace ftaudit::plan {

class Writing {
 public:
  // Shown paths are relative to `root`. `made`: all that are to be written, which outlive this.
  Writing(const analysis::Audit& audit, std::string root, Spelling spelling, const std::vector<const Remedy*>& made);

  // The error is why it has to be made by hand, as the end of a sentence.
  Result<std::vector<Fix>> of(const Remedy& remedy);

 private:
  using Fixes = std::vector<Fix>;
  Result<const SourceText*> source(const std::string& file);
  Status write(const Edit& edit, Fixes& out);
  Status hold(const Edit& edit, Fixes& out);
  struct Wrapped;
  Result<Wrapped> wrapped(const model::Function& function, const std::string& inner);
  Status wrap(const model::Function& function, const std::vector<std::string>& open,
              const std::vector<std::string>& close, bool section, Fixes& out);
  void call_held(const Remedy& remedy, Fixes& out);
  Status keep(const model::Function& function, const std::vector<const Edit*>& reads, Fixes& out);
  static std::vector<const Edit*> references_in(const Remedy& remedy, FunctionId id);
  Status spell_sections(const std::string& file, Fixes& out);
  Status around(const model::Function& function, const Edit& edit, const std::vector<std::string>& open,
                const std::vector<std::string>& close, bool braces, Fixes& out);
  Status qualify(const model::Span& name, const std::string& with, bool after_static, Fixes& out);
  Status make_atomic(const Edit& edit, Fixes& out);
  Status new_mutex(const Edit& edit, Fixes& out);
  Status new_field(const Edit& edit, Fixes& out);
  Status make_mutex(const model::Function& function, EventId event, const std::string& field, Fixes& out);
  Status swap(const Edit& edit, Fixes& out);
  Status let_go_first(const Edit& edit, Fixes& out);
  Status call(const Edit& edit, Fixes& out);
  Status use_accessor(const Edit& edit, Fixes& out);
  Status declare(const Edit& edit, Fixes& out);
  Status declare_made(const model::Function& function, const Edit& edit, Fixes& out);
  Status fill_at_import(const Remedy& remedy, Fixes& out);
  std::vector<std::string> guarded(const std::vector<std::string>& lines, const std::string& indent,
                                   bool section) const;

  const analysis::Audit& audit_;
  const std::string root_;
  const Spelling spelling_;
  std::map<std::string, std::unique_ptr<SourceText>> sources_;
  std::map<std::string, std::set<std::string>> mutexes_;  // of this remedy, by file
  std::set<std::string> new_fields_;                      // of this remedy: structs that get a mutex
  std::map<FunctionId, std::vector<const Edit*>> whole_;  // sections all through a function, of all remedies
  std::set<FunctionId> sections_;                         // functions that hold one all through by what was written
};

}  // namespace ftaudit::plan
