// A location, the same in every report that is JSON. Json is nlohmann's, which headers do not name.
#pragma once

#include "base/location.h"

namespace ftaudit::reports {

template <class Json> Json json_location(const Location& of) {
  return {{"file", of.file},
          {"line", of.line},
          {"column", of.column},
          {"end_line", of.end_line},
          {"end_column", of.end_column}};
}

}  // namespace ftaudit::reports
