// FieldWrites: which functions write to a field or a global, themselves or in what they call, and whether anybody puts
// something there that was made. Asked by name, whatever the object: an answer is kept for all who ask again.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "analysis/program.h"

namespace ftaudit::analysis {

class FieldWrites {
 public:
  explicit FieldWrites(const Program& program) : program_(program) {}

  // The name under which a place is asked about: its last field, or "g3" for a global itself; "" for other places.
  static std::string key(const model::Place& place);
  // The same of a name as Values::identity gives it.
  static std::string key(const std::string& identity);

  bool may_change(FunctionId function, const std::string& key) const;
  // A call's result or an address is stored there by somebody.
  bool is_made(const std::string& key) const;
  // The one number other than 0 that anybody writes there, nobody writing anything but numbers.
  std::optional<std::int64_t> only_number(const std::string& key) const;
  // Every event that writes there.
  const std::vector<std::pair<FunctionId, EventId>>& events(const std::string& key) const;

 private:
  struct Writers {
    Per<FunctionId, bool> reach;
    bool made = false;
  };
  const Writers& writers(const std::string& key) const;
  void gather() const;

  const Program& program_;
  mutable std::unordered_map<std::string, Writers> known_;
  mutable bool gathered_ = false;
  mutable std::unordered_map<std::string, std::vector<std::pair<FunctionId, EventId>>> writes_;
  mutable std::unordered_map<std::string, std::optional<std::int64_t>> numbers_;
};

}  // namespace ftaudit::analysis
