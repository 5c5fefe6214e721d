#include "project/meson_value.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "base/text.h"

namespace ftaudit::project::meson {

Value of_text(std::string text) { return {.kind = Value::Kind::string, .text = std::move(text)}; }
Value of_truth(bool truth) { return {.kind = Value::Kind::boolean, .truth = truth}; }

void set(const std::string& how, const std::string& name, const Value& value,
         std::map<std::string, std::string>& settings) {
  if (value.kind == Value::Kind::string) settings[name] = how == "set_quoted" ? '"' + value.text + '"' : value.text;
  else if (value.kind == Value::Kind::boolean) settings[name] = value.truth ? "1" : "0";
}

void set_all(const Value& dict, std::map<std::string, std::string>& settings) {
  if (dict.kind != Value::Kind::dict) return;
  for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2)
    set("set", dict.items[i].text, dict.items[i + 1], settings);
}

std::optional<std::string> configured(std::string_view text, const std::map<std::string, std::string>& settings) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::size_t end = at + 1;
    while (text[at] == '@' && end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_' || text[end] == '-'))
      ++end;
    if (text[at] != '@' || end == at + 1 || end == text.size() || text[end] != '@') {
      out += text[at];
      continue;
    }
    const auto set = settings.find(std::string(text.substr(at + 1, end - at - 1)));
    if (set == settings.end()) return std::nullopt;
    out += set->second, at = end;
  }
  return out;
}

Value index(const Value& owner, const Value& key) {
  // The one output of a custom target.
  if (owner.kind == Value::Kind::parts && key.text == "0") return owner;
  if (owner.kind == Value::Kind::list && !key.text.empty() && key.text.size() < 6) {
    const std::size_t at = static_cast<std::size_t>(std::strtoul(key.text.c_str(), nullptr, 10));
    if (at < owner.items.size()) return owner.items[at];
  }
  if (owner.kind == Value::Kind::dict)
    for (std::size_t i = 0; i + 1 < owner.items.size(); i += 2)
      if (owner.items[i].text == key.text) return owner.items[i + 1];
  return {};
}

Value string_method(const std::string& text, const std::string& name, const std::vector<Value>& arguments) {
  const std::string first = arguments.empty() ? std::string() : arguments[0].text;
  if (name == "startswith") return of_truth(text.starts_with(first));
  if (name == "endswith") return of_truth(text.ends_with(first));
  if (name == "contains") return of_truth(text.find(first) != std::string::npos);
  if (name == "to_lower") return of_text(to_lower(text));
  if (name == "strip") return of_text(std::string(trim(text)));
  if (name == "underscorify") {
    std::string out = text;
    for (char& c : out)
      if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
    return of_text(out);
  }
  if (name == "split") {
    Value out{.kind = Value::Kind::list};
    for (std::string& part : split(text, first.size() == 1 ? first[0] : ' '))
      out.items.push_back(of_text(std::move(part)));
    return out;
  }
  if (name == "join") {
    std::vector<std::string> parts;
    for (const Value& value : arguments) parts.push_back(value.text);
    return of_text(join(parts, text));
  }
  if (name == "format") {
    std::string out = text;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string mark = "@" + std::to_string(i) + "@";
      for (std::size_t at = out.find(mark); at != std::string::npos && out.size() < 100'000;
           at = out.find(mark, at + arguments[i].text.size()))
        out.replace(at, mark.size(), arguments[i].text);
    }
    return of_text(out);
  }
  return {};
}

}  // namespace ftaudit::project::meson
