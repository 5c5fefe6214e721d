// Facts in which no field has the value it is born with, so that one that is not written down shows.
#pragma once

#include <string>
#include <type_traits>

#include "model/fields.h"

namespace ftaudit::test {

// A visitor that gives every field of every fact a value of its own. Numbers that point somewhere point at 0 or 1, of
// which there are always two.
class Filler {
 public:
  template <class... T> void operator()(T&... values) { (fill(values), ...); }

 private:
  void fill(bool& x) { x = !x; }
  void fill(std::string& x) { x = "text " + std::to_string(++next_); }
  void fill(std::int64_t& x) { x = -1000000007LL * ++next_; }
  void fill(std::uint64_t& x) { x = std::uint64_t{1} << 63 | static_cast<std::uint64_t>(++next_); }
  void fill(std::uint8_t& x) { x = static_cast<std::uint8_t>(200 + ++next_ % 50); }
  void fill(std::uint32_t& x) { x = static_cast<std::uint32_t>(++next_ % 2); }
  template <class T> void fill(std::vector<T>& all) {
    all.resize(2);
    for (T& x : all) fill(x);
  }
  void fill(std::vector<model::Operand>& all) {
    all.resize(depth_ < 2 ? 2 : 0);
    ++depth_;
    for (model::Operand& x : all) fill(x);
    --depth_;
  }
  template <class T> void fill(T& x) {
    if constexpr (std::is_enum_v<T>) x = static_cast<T>(1);
    else fields(*this, x);
  }
  int next_ = 0, depth_ = 0;
};

// What stands in a table is part of no function, and points into none.
inline void outside(model::Operand& operand) {
  operand.place = model::none, operand.event = model::none;
  operand.kind = model::Operand::Kind::number;
  for (model::Operand& part : operand.parts) outside(part);
}

inline model::Facts whole_facts() {
  model::Facts out;
  Filler()(out);
  for (model::Table& table : out.tables)
    for (model::Row& row : table.rows)
      for (model::Cell& cell : row.cells) outside(cell.value);
  for (model::Function& function : out.functions) {
    function.parameters = 1;
    for (std::uint32_t b = 0; b < 2; ++b)
      function.blocks[b].first = model::EventId(b), function.blocks[b].last = model::EventId(b + 1);
  }
  return out;
}

}  // namespace ftaudit::test
