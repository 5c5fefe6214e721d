// A value of a report in JSON and how to get there, for reading reports back: each get() says what it wants, and the
// first thing that is missing or of the wrong kind is kept as the error, with its place ("findings[3].location.line is
// not a number from 0 on"); after that everything reads as empty. Used by the readers of this folder.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.h"

namespace ftaudit::reports {

class At {
 public:
  At operator[](const char* key) const;
  // There, and not null: for what not every report has.
  bool has(const char* key) const;

  void get(std::string& out) const;
  void get(bool& out) const;
  void get(double& out) const;
  template <class Number>
    requires std::is_unsigned_v<Number>
  void get(Number& out) const {
    if (const auto value = number(std::numeric_limits<Number>::max())) out = static_cast<Number>(*value);
  }
  // One of a closed list of names.
  template <class Enum> void get(Enum& out, std::optional<Enum> (*named)(std::string_view)) const {
    std::string name;
    get(name);
    if (const std::optional<Enum> value = named(name)) out = *value;
    else complain("is '" + name + "', which this version does not know");
  }
  template <class T, class Read> void each(std::vector<T>& out, Read read) const {
    const std::size_t size = items();
    for (std::size_t i = 0; i < size && error_.empty(); ++i) read(item(i), out.emplace_back());
  }
  void get(std::vector<std::string>& out) const {
    each(out, [](const At& at, std::string& text) { at.get(text); });
  }

  void complain(const std::string& what) const;

 private:
  friend Status read_report(std::string_view text, const std::function<void(const At&)>& read);
  At(const void* json, std::string path, std::string& error) : json_(json), path_(std::move(path)), error_(error) {}
  std::optional<std::uint64_t> number(std::uint64_t most) const;
  std::size_t items() const;  // of a list; else 0, and it is said
  At item(std::size_t at) const;

  const void* json_;  // of the library that reads JSON, which no header knows
  std::string path_;
  std::string& error_;
};

// Any bytes are safe to give. The error is the first that `read` met, or that the text is no JSON.
Status read_report(std::string_view text, const std::function<void(const At&)>& read);

}  // namespace ftaudit::reports
