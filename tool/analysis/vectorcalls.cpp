#include "analysis/vectorcalls.h"

#include "capi/fields.h"
#include "capi/records.h"

namespace ftaudit::analysis {

namespace fields = capi::fields;

namespace {

bool says(const model::Row& row, std::string_view field, std::string_view text) {
  const model::Operand* value = row.value(field);
  return value != nullptr && value->text == text;
}

}  // namespace

std::map<std::string, std::string> vectorcall_fields(const Program& program,
                                                     const std::map<model::GlobalId, std::string>& owners) {
  std::map<std::string, std::string> out;
  for (const model::Table& table : program.facts.tables)
    for (const model::Row& row : table.rows) {
      const bool member = capi::record_named(table.record) == capi::Record::member_def &&
                          says(row, fields::name, fields::vectorcall_member);
      const model::Operand* offset = row.value(member ? fields::member_offset : fields::vectorcall_offset);
      if (offset == nullptr || offset->offset_of().empty()) continue;
      std::string type;
      if (const model::Operand* name = row.value(fields::type_name); name != nullptr) type = name->text;
      if (const auto owner = owners.find(table.variable); member && owner != owners.end()) type = owner->second;
      out.emplace(std::string(offset->offset_of()),
                  (type.empty() ? "" : type + ".") + std::string(fields::call_method));
    }
  return out;
}

}  // namespace ftaudit::analysis
