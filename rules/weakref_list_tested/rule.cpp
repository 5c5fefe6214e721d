#include <algorithm>
#include <set>

#include "capi/collector.h"
#include "capi/fields.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Path;
using model::Event;
using model::Operand;

namespace {

// The fields that types name as the place of their list of weak references, in tables and in code: as "Record.field"
// where offsetof says it, by their offset alone for records that no offsetof names, such as a common head of several.
struct Lists {
  std::set<std::string> fields;
  std::set<std::int64_t> offsets;

  void add(const Operand& value) {
    if (value.kind != Operand::Kind::number || value.number <= 0) return;
    offsets.insert(value.number);
    if (!value.offset_of().empty()) fields.insert(std::string(value.offset_of()));
  }
  bool contains(const model::Record& record, const model::Field& field) const {
    const auto own = fields.lower_bound(record.name + ".");
    if (own != fields.end() && own->starts_with(record.name + "."))
      return fields.contains(record.name + "." + field.name);
    return offsets.empty() || offsets.contains(static_cast<std::int64_t>(field.offset));
  }
};

Lists find_lists(const Audit& audit) {
  Lists out;
  for (const model::Table& table : audit.facts().tables)
    for (const model::Row& row : table.rows) {
      const bool member = std::any_of(row.cells.begin(), row.cells.end(), [](const model::Cell& cell) {
        return cell.value.kind == Operand::Kind::text && cell.value.text == "__weaklistoffset__";
      });
      for (const model::Cell& cell : row.cells)
        if (cell.field == capi::fields::weak_list_offset || (member && cell.field == capi::fields::member_offset))
          out.add(cell.value);
    }
  for (const model::Function& function : audit.facts().functions)
    for (const Event& event : function.events)
      if (event.kind == Event::Kind::write && event.place != model::none && !event.operands.empty()) {
        const std::vector<model::Step>& steps = function.places[event.place].steps;
        if (!steps.empty() && steps.back().field == capi::fields::weak_list_offset) out.add(event.operands[0]);
      }
  return out;
}

// The operand is a field of the object that `path` leads to, and that field is such a list.
const model::Field* list_field(const Audit& audit, FunctionId id, EventId at, const Operand& operand,
                               const Path& object, const Lists& lists) {
  if (operand.kind != Operand::Kind::place) return nullptr;
  const Path path = analysis::path_of(audit.program().function(id), audit.values(id), operand, at);
  if (path.steps.size() < object.steps.size() + 2 || path.steps.back().kind != model::Step::Kind::field ||
      path.text(object.steps.size()) != object.text())
    return nullptr;
  const model::Record* record = audit.program().record(path.steps.back().record);
  if (record == nullptr) return nullptr;
  for (const model::Field& field : record->fields)
    if (field.name == path.steps.back().field && field.type.to_object && lists.contains(*record, field)) return &field;
  return nullptr;
}

void look(const Audit& audit, Report& report, FunctionId id, EventId clear, const Lists& lists) {
  const model::Function& function = audit.program().function(id);
  const Path object = analysis::path_of(function, audit.values(id), function.events[clear].operands[0], clear);
  audit.values(id).each_condition(clear, [&](EventId test, bool) {
    for (const Operand& operand : function.events[test].operands) {
      const model::Field* field = list_field(audit, id, test, operand, object, lists);
      if (field == nullptr) continue;
      Finding& finding = add_at(report, audit, {id, test},
                                "the list of weak references is looked at here before PyObject_ClearWeakRefs, while "
                                "another thread may be dropping one of them");
      finding.place = field->name;
      finding.instead =
          "call PyObject_ClearWeakRefs without the test: it looks at the list atomically itself; leave the test to "
          "builds without Py_GIL_DISABLED, if it is to stay";
      finding.trace.push_back({audit.location(function.events[clear].span), "what the test decides about"});
      return;
    }
  });
}

}  // namespace

static void check(const Audit& audit, Report& report) {
  const Lists lists = find_lists(audit);
  audit.each_concurrent_call([](const Event& event) { return capi::clears_weak_references(event.callee); },
                             [&](const analysis::Site& site) {
                               report.site();
                               if (!audit.event(site).operands.empty())
                                 look(audit, report, site.function, site.event, lists);
                             });
}

extern const Rule weakref_list_tested{
    {.id = "FT317",
     .name = "weakref-list-tested",
     .category = Category::object_field,
     .severity = Severity::low,
     .confidence = Confidence::likely,
     .summary = "An object that goes away looks at its list of weak references without the lock of the list",
     .why = "a weak reference that goes away meanwhile takes itself out of the list, under a lock of the interpreter's "
            "and by an atomic store: a plain read beside it is a data race, which ThreadSanitizer reports",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
