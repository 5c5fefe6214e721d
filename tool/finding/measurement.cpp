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

}  // namespace ftaudit
