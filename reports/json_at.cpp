#include "reports/json_at.h"

#include <nlohmann/json.hpp>

namespace ftaudit::reports {
namespace {

using Json = nlohmann::json;

const Json& of(const void* json) { return *static_cast<const Json*>(json); }

}  // namespace

At At::operator[](const char* key) const {
  static const Json nothing;
  const std::string path = path_.empty() ? key : path_ + "." + key;
  const Json& json = of(json_);
  if (!json.is_object()) return complain("is not an object"), At(&nothing, path, error_);
  const auto it = json.find(key);
  if (it != json.end()) return At(&*it, path, error_);
  const At missing(&nothing, path, error_);
  missing.complain("is missing");
  return missing;
}

bool At::has(const char* key) const {
  const Json& json = of(json_);
  const auto it = json.is_object() ? json.find(key) : json.end();
  return it != json.end() && !it->is_null();
}

void At::get(std::string& out) const {
  if (of(json_).is_string()) out = of(json_).get_ref<const std::string&>();
  else complain("is not a text");
}

void At::get(bool& out) const {
  if (of(json_).is_boolean()) out = of(json_).get<bool>();
  else complain("is not true or false");
}

void At::get(double& out) const {
  if (of(json_).is_number()) out = of(json_).get<double>();
  else complain("is not a number");
}

std::optional<std::uint64_t> At::number(std::uint64_t most) const {
  if (of(json_).is_number_unsigned() && of(json_).get<std::uint64_t>() <= most) return of(json_).get<std::uint64_t>();
  complain("is not a number from 0 on");
  return std::nullopt;
}

std::size_t At::items() const {
  if (of(json_).is_array()) return of(json_).size();
  complain("is not a list");
  return 0;
}

At At::item(std::size_t at) const { return At(&of(json_)[at], path_ + "[" + std::to_string(at) + "]", error_); }

void At::complain(const std::string& what) const {
  if (error_.empty()) error_ = (path_.empty() ? "the report" : path_) + " " + what;
}

Status read_report(std::string_view text, const std::function<void(const At&)>& read) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Error{"this is not JSON, or it is cut short"};
  std::string error;
  read(At(&json, "", error));
  if (!error.empty()) return Error{error};
  return Done{};
}

}  // namespace ftaudit::reports
