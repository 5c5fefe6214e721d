// The reference set: small workloads of the standard library, of the kinds that comparisons of Pythons with and without
// the GIL are about. The functions themselves are runtime/ftaudit_reference.py. Used by cli.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ftaudit::trial {

struct ReferenceRow {
  std::string_view name;  // of the function
  std::string_view kind;
};

std::span<const ReferenceRow> reference_rows();
std::string reference_names();  // "mandelbrot, chaos, ..."

}  // namespace ftaudit::trial
