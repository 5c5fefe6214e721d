#include "packages/names/version.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace ftaudit::packages {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_separator(char c) { return c == '.' || c == '-' || c == '_'; }

std::string without_zeros(std::string_view digits) {
  std::size_t first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? "0" : std::string(digits.substr(first));
}

// Both without leading zeros.
std::strong_ordering compare_numbers(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

// Reads a lower-case text from the left.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}
  bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  void take_separator() {
    if (!rest_.empty() && is_separator(rest_.front())) rest_.remove_prefix(1);
  }
  std::string_view digits() { return run(is_digit); }
  std::string_view letters_and_digits() {
    return run([](char c) { return is_digit(c) || is_letter(c); });
  }
  char next(std::size_t ahead = 0) const { return ahead < rest_.size() ? rest_[ahead] : '\0'; }
  std::string_view mark() const { return rest_; }
  void back_to(std::string_view mark) { rest_ = mark; }

 private:
  template <class Fits> std::string_view run(Fits fits) {
    std::size_t length = 0;
    while (length < rest_.size() && fits(rest_[length])) ++length;
    std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }
  std::string_view rest_;
};

struct Word {
  std::string_view spelling;
  char meaning;
};
constexpr Word pre_words[] = {{"alpha", 'a'},   {"a", 'a'},   {"beta", 'b'}, {"b", 'b'},
                              {"preview", 'r'}, {"pre", 'r'}, {"c", 'r'},    {"rc", 'r'}};
constexpr Word post_words[] = {{"post", 'p'}, {"rev", 'p'}, {"r", 'p'}};
constexpr Word dev_words[] = {{"dev", 'd'}};

// [separator] word [separator] [number]; nothing is consumed where no word follows.
template <std::size_t n>
std::optional<std::pair<char, std::string>> read_phase(Reader& reader, const Word (&words)[n]) {
  std::string_view start = reader.mark();
  reader.take_separator();
  for (const Word& word : words) {
    if (!reader.take(word.spelling)) continue;
    reader.take_separator();
    return std::pair(word.meaning, without_zeros(reader.digits()));
  }
  reader.back_to(start);
  return std::nullopt;
}

std::strong_ordering compare_releases(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    static const std::string zero = "0";
    auto order = compare_numbers(i < a.size() ? a[i] : zero, i < b.size() ? b[i] : zero);
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

}  // namespace

std::optional<Version> Version::parse(std::string_view text) {
  std::string lower = to_lower(trim(text));
  Reader reader(lower);
  Version version;
  reader.take('v');
  std::string_view first = reader.digits();
  if (first.empty()) return std::nullopt;
  if (reader.take('!')) {
    version.epoch_ = without_zeros(first);
    first = reader.digits();
    if (first.empty()) return std::nullopt;
  }
  version.release_ = {without_zeros(first)};
  while (reader.next() == '.' && is_digit(reader.next(1))) {
    reader.take('.');
    version.release_.push_back(without_zeros(reader.digits()));
  }
  version.pre_ = read_phase(reader, pre_words);
  if (reader.next() == '-' && is_digit(reader.next(1))) {
    reader.take('-');
    version.post_ = without_zeros(reader.digits());
  } else if (auto post = read_phase(reader, post_words)) {
    version.post_ = post->second;
  }
  if (auto dev = read_phase(reader, dev_words)) version.dev_ = dev->second;
  if (reader.take('+')) {
    do {
      std::string_view part = reader.letters_and_digits();
      if (part.empty()) return std::nullopt;
      if (std::ranges::all_of(part, is_digit)) version.local_.emplace_back(std::in_place_index<1>, without_zeros(part));
      else version.local_.emplace_back(std::in_place_index<0>, part);
    } while (reader.take('.') || reader.take('-') || reader.take('_'));
  }
  if (!reader.at_end()) return std::nullopt;
  return version;
}

std::string Version::public_text() const {
  std::string text = epoch_ == "0" ? "" : epoch_ + "!";
  text += join(release_, ".");
  if (pre_) text += (pre_->first == 'r' ? "rc" : std::string(1, pre_->first)) + pre_->second;
  if (post_) text += ".post" + *post_;
  if (dev_) text += ".dev" + *dev_;
  return text;
}

std::string Version::text() const {
  std::string text = public_text();
  char separator = '+';
  for (const LocalPart& part : local_) {
    text += separator;
    text += std::visit([](const std::string& word) { return word; }, part);
    separator = '.';
  }
  return text;
}

Version Version::without_local() const {
  Version copy = *this;
  copy.local_.clear();
  return copy;
}

std::strong_ordering Version::operator<=>(const Version& other) const {
  if (auto order = compare_numbers(epoch_, other.epoch_); order != 0) return order;
  if (auto order = compare_releases(release_, other.release_); order != 0) return order;
  // 1.0.dev1 < 1.0a1.dev1 < 1.0a1 < 1.0a1.post1 < 1.0rc1 < 1.0 < 1.0.post1.dev1 < 1.0.post1
  auto phase = [](const Version& v) { return v.pre_ ? v.pre_->first : !v.post_ && v.dev_ ? '\0' : '~'; };
  if (auto order = phase(*this) <=> phase(other); order != 0) return order;
  if (pre_)
    if (auto order = compare_numbers(pre_->second, other.pre_->second); order != 0) return order;
  if (auto order = post_.has_value() <=> other.post_.has_value(); order != 0) return order;
  if (post_)
    if (auto order = compare_numbers(*post_, *other.post_); order != 0) return order;
  if (auto order = other.dev_.has_value() <=> dev_.has_value(); order != 0) return order;
  if (dev_)
    if (auto order = compare_numbers(*dev_, *other.dev_); order != 0) return order;
  for (std::size_t i = 0; i < std::min(local_.size(), other.local_.size()); ++i) {
    const LocalPart &mine = local_[i], &theirs = other.local_[i];
    if (auto order = mine.index() <=> theirs.index(); order != 0) return order;
    auto order = mine.index() == 1 ? compare_numbers(std::get<1>(mine), std::get<1>(theirs))
                                   : std::get<0>(mine).compare(std::get<0>(theirs)) <=> 0;
    if (order != 0) return order;
  }
  return local_.size() <=> other.local_.size();
}

// ---- clauses

std::optional<Specifier> Specifier::parse(std::string_view text) {
  text = trim(text);
  Specifier clause;
  for (std::string_view op : {"===", "~=", "==", "!=", "<=", ">=", "<", ">"}) {
    if (!text.starts_with(op)) continue;
    clause.operator_ = op;
    break;
  }
  if (clause.operator_.empty()) return std::nullopt;
  std::string_view version = trim(text.substr(clause.operator_.size()));
  clause.version_text_ = version;
  if (clause.operator_ == "===") {
    clause.arbitrary_ = true;
    if (version.find_first_of(" \t\r\n\f\v;)") != std::string_view::npos) return std::nullopt;
    return clause;
  }
  bool equality = clause.operator_ == "==" || clause.operator_ == "!=";
  if (equality && version.ends_with(".*")) {
    clause.wildcard_ = true;
    version.remove_suffix(2);
  }
  if (!version.empty() && trim(version).size() != version.size()) return std::nullopt;
  auto parsed = Version::parse(version);
  if (!parsed) return std::nullopt;
  if (clause.wildcard_ && (parsed->pre_ || parsed->post_ || parsed->dev_)) return std::nullopt;
  if (parsed->has_local() && (!equality || clause.wildcard_)) return std::nullopt;
  if (clause.operator_ == "~=" && parsed->release_.size() < 2) return std::nullopt;
  clause.version_ = std::move(*parsed);
  return clause;
}

bool Specifier::admits_prereleases() const {
  if (arbitrary_) {
    auto version = Version::parse(version_text_);
    return version && version->is_prerelease();
  }
  return operator_ != "!=" && !wildcard_ && version_.is_prerelease();
}

namespace {

bool release_begins_with(const std::vector<std::string>& release, const std::vector<std::string>& prefix,
                         std::size_t length) {
  for (std::size_t i = 0; i < length; ++i)
    if ((i < release.size() ? release[i] : "0") != prefix[i]) return false;
  return true;
}

}  // namespace

bool Specifier::contains(const Version& version) const {
  if (arbitrary_) return to_lower(version.text()) == to_lower(version_text_);
  auto begins = [&](std::size_t length) {
    return version.epoch_ == version_.epoch_ && release_begins_with(version.release_, version_.release_, length);
  };
  if (operator_ == "==" || operator_ == "!=") {
    bool equal = wildcard_ ? begins(version_.release_.size())
                           : (version_.has_local() ? version : version.without_local()) == version_;
    return equal == (operator_ == "==");
  }
  const Version plain = version.without_local();
  if (operator_ == "<=") return plain <= version_;
  if (operator_ == ">=") return plain >= version_;
  if (operator_ == "~=") return plain >= version_ && begins(version_.release_.size() - 1);
  if (operator_ == "<") {  // the pre-releases of what is excluded are excluded with it
    Version bound = version_;
    if (!bound.is_prerelease()) bound.dev_ = "0";
    return version < bound;
  }
  if (plain <= version_) return false;
  if (version_.dev_ || version_.post_ || !version.post_) return true;
  Version before_post = plain;  // a post-release of what is excluded is excluded with it
  before_post.post_.reset();
  before_post.dev_.reset();
  return before_post != version_;
}

Result<Specifiers> Specifiers::parse(std::string_view text) {
  Specifiers all;
  for (const std::string& part : split(text, ',')) {
    if (trim(part).empty()) continue;
    auto clause = Specifier::parse(part);
    if (!clause) return Error{"\"" + std::string(trim(part)).substr(0, 80) + "\" is no version specifier"};
    all.clauses_.push_back(std::move(*clause));
  }
  return all;
}

bool Specifiers::contains(const Version& version, bool prereleases) const {
  if (version.is_prerelease() && !prereleases &&
      std::ranges::none_of(clauses_, [](const Specifier& clause) { return clause.admits_prereleases(); }))
    return false;
  return std::ranges::all_of(clauses_, [&](const Specifier& clause) { return clause.contains(version); });
}

std::string Specifiers::text() const {
  std::string text;
  for (const Specifier& clause : clauses_) text += (text.empty() ? "" : ",") + clause.text();
  return text;
}

std::optional<std::string> Specifiers::pinned() const {
  for (const Specifier& clause : clauses_)
    if (clause.is_pin()) return clause.version_text();
  return std::nullopt;
}

}  // namespace ftaudit::packages
