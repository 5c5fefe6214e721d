#include "rules/allowances.h"

#include <map>

namespace ftaudit::rules {
namespace {

struct Head {
  std::uint32_t first, last;  // lines from the first word of the definition to its name
  std::uint32_t end;          // last line of the body
};

// Functions by file and first line; what is nested in another (a lambda) is part of that.
using Heads = std::map<std::pair<model::FileId, std::uint32_t>, Head>;

Heads heads_of(const model::Facts& facts) {
  Heads out;
  for (const model::Function& function : facts.functions)
    if (!function.is_support && !function.is_implicit && !function.is_lambda && !function.is_initialiser &&
        function.span.line != 0)
      out[{function.span.file, function.span.line}] = {
          function.span.line, std::max(function.span.line, function.name_span.line), function.span.end_line};
  return out;
}

// The function whose head has this line.
const Head* head_at(const Heads& heads, model::FileId file, std::uint32_t line) {
  auto at = heads.upper_bound({file, line});
  if (at == heads.begin()) return nullptr;
  --at;
  return at->first.first == file && line <= at->second.last ? &at->second : nullptr;
}

}  // namespace

std::vector<Allowance> allowances_of(const model::Facts& facts) {
  const Heads heads = heads_of(facts);
  std::vector<Allowance> out;
  for (const model::Allowance& comment : facts.allowances)
    for (Allowance& allowance : allowances_in(comment.text, comment.alone)) {
      const model::Span& span = comment.span;
      const std::uint32_t last = std::max(span.line, span.end_line);
      allowance.location = {facts.files[span.file], span.line, span.column, last, span.end_column};
      allowance.first = allowance.last = allowance.scope == Allowance::Scope::next
                                             ? (comment.alone && comment.next_line != 0 ? comment.next_line : last + 1)
                                             : last;
      if (const Head* head =
              allowance.spelling == Allowance::Spelling::ours ? head_at(heads, span.file, allowance.first) : nullptr)
        allowance.first = head->first, allowance.last = head->end;
      out.push_back(std::move(allowance));
    }
  return out;
}

void count_allowances(const analysis::Audit& audit, Report& report) {
  report.sites(allowances_of(audit.facts()).size());
}

void tell_troubles(const Document& found, AllowanceTrouble::Kind kind, std::string_view instead, Report& report) {
  for (const AllowanceTrouble& trouble : found.allowance_troubles)
    if (trouble.kind == kind) report.add(trouble.location, trouble.what).instead = instead;
}

}  // namespace ftaudit::rules
