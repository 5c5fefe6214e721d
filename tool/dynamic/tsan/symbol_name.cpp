#include "dynamic/tsan/symbol_name.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace ftaudit::dynamic {
namespace {

// The first "::" outside brackets that a lambda's name follows; npos if it is none.
std::size_t lambda_in(std::string_view name) {
  int depth = 0;
  for (std::size_t i = 0; i + 2 < name.size(); i++) {
    const char c = name[i];
    if (c == '(' || c == '<') depth++;
    if (c == ')' || c == '>') depth--;
    if (depth == 0 && name.substr(i).starts_with("::") &&
        (name.substr(i + 2).starts_with("$_") || name.substr(i + 2).starts_with("{lambda") ||
         name.substr(i + 2).starts_with("'lambda")))
      return i;
  }
  return std::string_view::npos;
}

}  // namespace

std::string without_parameters(std::string_view demangled) {
  if (const std::size_t lambda = lambda_in(demangled); lambda != std::string_view::npos)
    return "lambda in " + without_parameters(demangled.substr(0, lambda));
  std::string name;
  int depth = 0;
  for (std::size_t i = 0; i < demangled.size(); i++) {
    const std::string_view rest = demangled.substr(i);
    if (depth == 0 && rest.starts_with("operator") && (name.empty() || name.ends_with("::"))) {
      std::size_t end = rest.find('(', rest.starts_with("operator()") ? 10 : 8);
      return name + std::string(rest.substr(0, end));
    }
    if (depth == 0 && rest.starts_with("(anonymous namespace)")) {
      name += "(anonymous namespace)";
      i += 20;
      continue;
    }
    const char c = demangled[i];
    if (c == '<') depth++;
    if (depth == 0 && c == '(') break;
    if (depth == 0 && c == ' ') name.clear();  // a return type stands before
    else if (depth == 0) name += c;
    if (c == '>' && depth > 0) depth--;
  }
  return name;
}

std::string source_name(std::string_view symbol) {
  const std::string whole(symbol);
  if (!whole.starts_with("_Z")) return whole.substr(0, whole.find('.'));
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      abi::__cxa_demangle(whole.c_str(), nullptr, nullptr, &status), &std::free);
  if (status != 0 || !demangled) return whole;
  return without_parameters(demangled.get());
}

}  // namespace ftaudit::dynamic
