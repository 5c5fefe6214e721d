// The reference set: small workloads of the standard library, of the kinds that comparisons of Pythons with and without
// the GIL are about. The functions themselves are runtime/ftaudit_reference.py, the services
// runtime/ftaudit_reference_http.py. Used by cli.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ftaudit::trial {

struct ReferenceRow {
  std::string_view name;  // of the function
  std::string_view kind;
  std::string_view path = {};  // of a service: what it is asked for
};

std::span<const ReferenceRow> reference_rows();
std::string reference_names();    // "mandelbrot, chaos, ..."
std::string reference_service();  // the command that starts the services on {port}

}  // namespace ftaudit::trial
