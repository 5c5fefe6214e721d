#include "audit/types.h"

#include <algorithm>
#include <set>

#include "analysis/matrix.h"
#include "audit/cython_findings.h"

namespace ftaudit::audit {

std::vector<TypeReport> type_reports(const analysis::Audit& audit, const cython::Retold& retold) {
  std::vector<TypeReport> out;
  for (analysis::TypeMatrix& type : analysis::type_matrices(audit.program(), audit.shared())) {
    tell_in_cython(type, retold);
    const analysis::TypeMatrix::Count count = type.count();
    out.push_back({.name = std::move(type.name),
                   .record = std::move(type.record),
                   .contract = std::string(type.contract ? name_of(*type.contract) : ""),
                   .entries = std::move(type.entries),
                   .rows = std::move(type.rows),
                   .racing = std::move(type.racing),
                   .pairs = count.pairs,
                   .ordered = count.ordered,
                   .by_contract = count.by_contract,
                   .possible = count.possible,
                   .races = count.races});
  }
  return out;
}

// A contract of a type that nothing here is called keeps nobody off anything.
void note_unknown_types(Document& document, const analysis::Audit& audit) {
  std::set<std::string> known;
  for (const TypeReport& type : document.types) known.insert(type.name), known.insert(type.record);
  for (const model::Record& record : audit.facts().records) known.insert(record.name);
  for (const model::Table& table : audit.facts().tables)
    for (const model::Row& row : table.rows)
      for (const model::Cell& cell : row.cells)
        if (cell.field == "tp_name" || cell.field == "name") known.insert(cell.value.text);
  const auto last = [](const std::string& name) { return name.substr(name.rfind('.') + 1); };
  for (const auto& [name, contract] : audit.build().contracts) {
    if (known.contains(name)) continue;
    const auto meant =
        std::ranges::find_if(document.types, [&](const TypeReport& type) { return last(type.name) == last(name); });
    document.notes.push_back("the setting `types` names " + name + ", and no type here is called so" +
                             (meant == document.types.end() ? "" : "; " + meant->name + " is one"));
  }
}

}  // namespace ftaudit::audit
