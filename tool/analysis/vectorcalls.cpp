#include "analysis/vectorcalls.h"

#include <algorithm>

#include "capi/fields.h"
#include "capi/records.h"

namespace ftaudit::analysis {

namespace fields = capi::fields;

namespace {

const model::Operand* cell(const model::Row& row, std::string_view field) {
  const auto found = std::ranges::find(row.cells, field, &model::Cell::field);
  return found == row.cells.end() ? nullptr : &found->value;
}

bool says(const model::Row& row, std::string_view field, std::string_view text) {
  const model::Operand* value = cell(row, field);
  return value != nullptr && value->text == text;
}

}  // namespace

std::map<std::string, std::string> vectorcall_fields(const Program& program,
                                                     const std::map<model::GlobalId, std::string>& owners) {
  constexpr std::string_view measured = "offsetof ";
  std::map<std::string, std::string> out;
  for (const model::Table& table : program.facts.tables)
    for (const model::Row& row : table.rows) {
      const bool member = capi::record_named(table.record) == capi::Record::member_def &&
                          says(row, fields::name, fields::vectorcall_member);
      const model::Operand* offset = cell(row, member ? fields::member_offset : fields::vectorcall_offset);
      if (offset == nullptr || !offset->text.starts_with(measured)) continue;
      std::string type;
      if (const model::Operand* name = cell(row, fields::type_name); name != nullptr) type = name->text;
      if (const auto owner = owners.find(table.variable); member && owner != owners.end()) type = owner->second;
      out.emplace(offset->text.substr(measured.size()),
                  (type.empty() ? "" : type + ".") + std::string(fields::call_method));
    }
  return out;
}

}  // namespace ftaudit::analysis
