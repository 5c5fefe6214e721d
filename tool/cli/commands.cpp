#include "cli/command.h"

namespace ftaudit::cli {

AddCommand add_scan, add_plan, add_confirm, add_gate, add_baseline, add_merge, add_facts, add_report, add_trial,
    add_measure, add_adopt, add_rules, add_explain, add_python, add_headers, add_cache, add_doctor, add_lsp, add_completion,
    add_manual;

std::span<AddCommand* const> commands() {
  static constexpr AddCommand* all[] = {
      add_scan,   add_plan,   add_confirm, add_gate,       add_baseline, add_merge,  add_facts,
      add_report, add_trial,  add_measure, add_adopt,  add_rules,      add_explain,  add_python, add_headers,
      add_cache,  add_doctor, add_lsp,     add_completion, add_manual,
  };
  return all;
}

}  // namespace ftaudit::cli
