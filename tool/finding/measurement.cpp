#include "finding/measurement.h"

namespace ftaudit {

std::string_view name_of(MeasuredAnswer answer) {
  switch (answer) {
    case MeasuredAnswer::cannot_tell: return "cannot-tell";
    case MeasuredAnswer::equal: return "equal";
    case MeasuredAnswer::more: return "more";
    case MeasuredAnswer::less: return "less";
  }
  return "cannot-tell";
}

std::optional<MeasuredAnswer> measured_answer_named(std::string_view name) {
  using enum MeasuredAnswer;
  for (const MeasuredAnswer one : {cannot_tell, equal, more, less})
    if (name_of(one) == name) return one;
  return std::nullopt;
}

}  // namespace ftaudit
