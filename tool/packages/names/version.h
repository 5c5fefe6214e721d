// Versions and specifiers as PEP 440 defines them: order, equality, pre-releases, "~=1.4", "==1.2.*". What pip's
// `packaging` accepts is accepted, what it refuses is refused. Knows nothing of which versions exist.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace ftaudit::packages {

class Version {
 public:
  Version() = default;
  // Nothing where PEP 440 knows no such version. Numbers may have any length.
  static std::optional<Version> parse(std::string_view text);

  // The normal form: "1.0.0-RC1" is "1.0.0rc1".
  std::string text() const;
  std::string public_text() const;  // without the local part
  bool is_prerelease() const { return pre_.has_value() || dev_.has_value(); }
  bool is_postrelease() const { return post_.has_value(); }
  bool has_local() const { return !local_.empty(); }
  Version without_local() const;

  std::strong_ordering operator<=>(const Version& other) const;
  bool operator==(const Version& other) const { return (*this <=> other) == 0; }

 private:
  friend class Specifier;
  using Number = std::string;                           // decimal digits without leading zeros: no overflow to be had
  using LocalPart = std::variant<std::string, Number>;  // 0: text, 1: number
  Number epoch_ = "0";
  std::vector<Number> release_{"0"};
  std::optional<std::pair<char, Number>> pre_;  // 'a', 'b', 'r' (rc)
  std::optional<Number> post_, dev_;
  std::vector<LocalPart> local_;
};

// One clause: an operator and a version, which may end in ".*".
class Specifier {
 public:
  static std::optional<Specifier> parse(std::string_view text);
  // Whether the version satisfies the clause; pre-releases are judged like any other.
  bool contains(const Version& version) const;
  // Whether the clause itself names a pre-release, which lets pre-releases in.
  bool admits_prereleases() const;
  std::string text() const { return operator_ + version_text_; }
  bool is_pin() const { return (operator_ == "==" || operator_ == "===") && !wildcard_; }
  const std::string& version_text() const { return version_text_; }

 private:
  std::string operator_, version_text_;
  Version version_;  // without ".*"
  bool wildcard_ = false;
  bool arbitrary_ = false;  // "===": the texts are compared
};

class Specifiers {
 public:
  static Result<Specifiers> parse(std::string_view text);  // "" holds everything
  // As pip chooses: pre-releases only where `prereleases` says so or a clause names one.
  bool contains(const Version& version, bool prereleases = false) const;
  std::string text() const;
  bool empty() const { return clauses_.empty(); }
  // The one version "==1.2.3" allows, when there is such a clause.
  std::optional<std::string> pinned() const;
  const std::vector<Specifier>& clauses() const { return clauses_; }

 private:
  std::vector<Specifier> clauses_;
};

}  // namespace ftaudit::packages
