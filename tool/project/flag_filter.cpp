#include "project/flag_filter.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace ftaudit::project {
namespace {

using Kind = Flag::Kind;
using Words = std::span<const std::string_view>;

bool is_one_of(std::string_view word, Words words) { return std::ranges::find(words, word) != words.end(); }

bool starts_with_one_of(std::string_view word, Words prefixes) {
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return word.starts_with(prefix); });
}

// Options whose value is the rest of the word, or the next word where there is no rest.
constexpr std::array<std::string_view, 4> search{"-isystem", "-iquote", "-idirafter", "-I"};
constexpr std::array<std::string_view, 2> include{"-include", "-imacros"};
constexpr std::array<std::string_view, 2> macro{"-D", "-U"};

// Options whose value is always the next word.
constexpr std::array<std::string_view, 15> indifferent_with_value{
    "-Xlinker",   "-Xassembler", "-arch", "-target",       "-u",     "-z",     "-T", "-L", "-l",
    "-framework", "-G",          "-e",    "-install_name", "-rpath", "--param"};
constexpr std::array<std::string_view, 9> product_with_value{
    "-o", "-MF", "-MT", "-MQ", "-MJ", "-dependency-file", "-aux-info", "-dumpdir", "-serialize-diagnostics"};
constexpr std::array<std::string_view, 22> refused_with_value{"-Xclang",
                                                              "-Xpreprocessor",
                                                              "-Xanalyzer",
                                                              "-mllvm",
                                                              "-load",
                                                              "-plugin",
                                                              "-add-plugin",
                                                              "-include-pch",
                                                              "-ivfsoverlay",
                                                              "-isysroot",
                                                              "--sysroot",
                                                              "-B",
                                                              "--config",
                                                              "-config",
                                                              "-resource-dir",
                                                              "-cxx-isystem",
                                                              "-working-directory",
                                                              "-iprefix",
                                                              "-iwithprefix",
                                                              "-specs",
                                                              "-fmodule-file",
                                                              "-header-include-file"};

constexpr std::array<std::string_view, 7> products{
    "-M", "-save-temps", "--save-temps", "-ftime-trace", "--serialize-diagnostics", "-serialize-diagnostics", "-dump"};
// Before the kept ones: some of these begin as harmless options do.
constexpr std::array<std::string_view, 25> refused{
    "-Wp,",         "-Xclang",       "-Xarch",        "-mllvm",       "-load",
    "-fplugin",     "-fpass-plugin", "-fmodule",      "-fprebuilt-",  "-fbuild-session",
    "-include-pch", "-ivfsoverlay",  "-isysroot",     "--sysroot",    "-B",
    "--config",     "-config",       "-resource-dir", "--gcc-",       "-fprofile-",
    "-fembed-",     "-specs",        "--specs",       "-iwithprefix", "@"};

// GCC knows many -f options that Clang refuses; these are the ones of both that change what a source means.
constexpr std::array<std::string_view, 33> code{"-pthread",
                                                "-fno-exceptions",
                                                "-fexceptions",
                                                "-fno-rtti",
                                                "-frtti",
                                                "-fms-extensions",
                                                "-fshort-enums",
                                                "-fshort-wchar",
                                                "-fsigned-char",
                                                "-funsigned-char",
                                                "-fchar8_t",
                                                "-fno-char8_t",
                                                "-fopenmp",
                                                "-fno-strict-aliasing",
                                                "-fwrapv",
                                                "-fPIC",
                                                "-fpic",
                                                "-fPIE",
                                                "-fpie",
                                                "-fblocks",
                                                "-fcoroutines",
                                                "-fno-builtin",
                                                "-ffreestanding",
                                                "-fgnu89-inline",
                                                "-ffast-math",
                                                "-fno-math-errno",
                                                "-fcommon",
                                                "-fno-common",
                                                "-fno-threadsafe-statics",
                                                "-fsized-deallocation",
                                                "-fno-operator-names",
                                                "-fopenmp-simd",
                                                "-fno-openmp"};
constexpr std::array<std::string_view, 4> code_with_number{
    "-ftemplate-depth=", "-fconstexpr-depth=", "-fconstexpr-steps=", "-fbracket-depth="};
constexpr std::array<std::string_view, 9> code_with_word{"-fvisibility=default",
                                                         "-fvisibility=hidden",
                                                         "-fvisibility=protected",
                                                         "-fvisibility=internal",
                                                         "-fopenmp=libomp",
                                                         "-fopenmp=libgomp",
                                                         "-fopenmp=libiomp5",
                                                         "-fvisibility-inlines-hidden",
                                                         "-fno-visibility-inlines-hidden"};

// How includes of headers begin that are the project's own wherever they are found. A comparison of texts, no place.
constexpr std::string_view own_headers = "--no-system-header-prefix=";

constexpr std::array<std::string_view, 12> target_families{"-msse", "-mssse3",  "-mavx",    "-mf16c",
                                                           "-mfma", "-mbmi",    "-mpopcnt", "-mlzcnt",
                                                           "-maes", "-mpclmul", "-mcx16",   "-mxop"};
constexpr std::array<std::string_view, 3> target_words{"-m32", "-m64", "-mvsx"};
constexpr std::array<std::string_view, 3> target_values{"-march=", "-mcpu=", "-mfpu="};

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 7 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "armv8-a+crc", "sse4.1", "neon-fp16".
bool is_plain(std::string_view text) {
  return text.size() < 60 &&
         std::ranges::all_of(
             text,
             [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '+' || c == '-' || c == '_'; });
}

// The values of -std= that Clang 19 knows; another one ends its reading before the first line.
bool is_standard(std::string_view value) {
  static constexpr std::array<std::string_view, 8> iso{"1990", "199409", "1999", "199x",
                                                       "2011", "2017",   "2018", "2024"};
  static constexpr std::array<std::string_view, 11> c{"89", "90", "99", "9x", "11", "1x", "17", "18", "23", "2x", "2y"};
  static constexpr std::array<std::string_view, 14> cxx{"98", "03", "11", "0x", "14", "1y", "17",
                                                        "1z", "20", "2a", "23", "2b", "26", "2c"};
  if (value.starts_with("iso9899:")) return is_one_of(value.substr(8), iso);
  for (const std::string_view family : {"gnu", "c"}) {
    if (!value.starts_with(family)) continue;
    const std::string_view year = value.substr(family.size());
    return year.starts_with("++") ? is_one_of(year.substr(2), cxx) : is_one_of(year, c);
  }
  return false;
}

// The kind of a word that stands alone.
Kind kind_of(std::string_view word) {
  if (word == "-ansi" || (word.starts_with("-std=") && is_standard(word.substr(5)))) return Kind::language;
  if (starts_with_one_of(word, products)) return Kind::product;
  if (starts_with_one_of(word, refused) || (word.starts_with("-f") && word.find("-dir=") != word.npos))
    return Kind::refused;
  if (is_one_of(word, code) || is_one_of(word, code_with_word) || word.starts_with(own_headers)) return Kind::code;
  for (const std::string_view option : code_with_number)
    if (word.starts_with(option) && is_number(word.substr(option.size()))) return Kind::code;
  if (is_one_of(word, target_words)) return Kind::target;
  for (const std::string_view option : target_values)
    if (word.starts_with(option) && word.size() > option.size() && is_plain(word.substr(option.size())))
      return Kind::target;
  if (starts_with_one_of(word, target_families) && is_plain(word)) return Kind::target;
  return word.starts_with("-o") && !word.starts_with("-object") ? Kind::product : Kind::indifferent;
}

// Reads one flag after the other.
class Reader {
 public:
  explicit Reader(std::span<const std::string> words) : words_(words) {}

  std::vector<Flag> all() {
    for (; at_ < words_.size(); ++at_)
      if (words_[at_].size() > 1 && (words_[at_][0] == '-' || words_[at_][0] == '@')) one(words_[at_]);
      else add(Kind::input, {words_[at_]});
    return std::move(out_);
  }

 private:
  void add(Kind kind, std::vector<std::string> words) { out_.push_back({kind, std::move(words)}); }

  // The value of `option` at the start of `word`: its rest, or the next word; null when there is none.
  const std::string* value_of(const std::string& word, std::string_view option) {
    if (word.size() > option.size()) return &(rest_ = word.substr(option.size()));
    return at_ + 1 < words_.size() ? &words_[++at_] : nullptr;
  }

  bool valued(const std::string& word) {
    // What is longer comes first: -include-pch is no -include, -isystem no -I.
    if (is_one_of(word, refused_with_value)) return with_next(Kind::refused, word);
    if (is_one_of(word, product_with_value)) return with_next(Kind::product, word);
    if (is_one_of(word, indifferent_with_value)) return with_next(Kind::indifferent, word);
    if (starts_with_one_of(word, refused)) return false;
    for (const auto& [options, kind] :
         {std::pair<Words, Kind>(search, Kind::search), {include, Kind::include}, {macro, Kind::macro}})
      for (const std::string_view option : options) {
        if (!word.starts_with(option)) continue;
        const std::string* value = value_of(word, option);
        if (value == nullptr || value->empty()) return true;
        if (option.size() == 2) add(kind, {std::string(option) + *value});
        else add(kind, {std::string(option), *value});
        return true;
      }
    return false;
  }

  bool with_next(Kind kind, const std::string& word) {
    std::vector<std::string> words{word};
    if (at_ + 1 < words_.size()) words.push_back(words_[++at_]);
    add(kind, std::move(words));
    return true;
  }

  void one(const std::string& word) {
    if (word.starts_with("-Wp,")) return passed_on(word);
    if (valued(word)) return;
    if (word.starts_with("-x")) return language(word);
    const std::string single = word.starts_with("--std=") ? word.substr(1) : word;
    add(kind_of(single), {single});
  }

  void language(const std::string& word) {
    const std::string* value = value_of(word, "-x");
    if (value == nullptr) return;
    if (*value == "c" || *value == "c++") add(Kind::language, {"-x", *value});
    else add(*value == "none" ? Kind::indifferent : Kind::refused, {"-x", *value});
  }

  // Distributions hand macros on in this way; everything else of it is refused.
  void passed_on(const std::string& word) {
    const std::vector<std::string> parts = split(std::string_view(word).substr(4), ',');
    if (parts.size() == 1 && (parts[0].starts_with("-D") || parts[0].starts_with("-U")) && parts[0].size() > 2)
      return add(Kind::macro, {parts[0]});
    add(Kind::refused, {word});
  }

  std::span<const std::string> words_;
  std::size_t at_ = 0;
  std::string rest_;
  std::vector<Flag> out_;
};

// What a flag of kind search or include names.
std::string named_by(const Flag& flag) { return flag.words.size() == 2 ? flag.words[1] : flag.words[0].substr(2); }

// -D without a name is an error that costs the file.
bool names_macro(const Flag& flag) {
  const std::string name = flag.words.size() == 2 ? flag.words[1] : flag.words[0].substr(2);
  return !name.empty() && (std::isalpha(static_cast<unsigned char>(name[0])) != 0 || name[0] == '_');
}

}  // namespace

std::vector<Flag> read_flags(std::span<const std::string> words) { return Reader(words).all(); }

std::vector<std::string> absolute_flags(std::span<const std::string> words, const fs::path& base) {
  std::vector<std::string> out;
  std::error_code failed;
  for (Flag& flag : read_flags(words)) {
    const std::string named = flag.kind == Kind::search || flag.kind == Kind::include ? named_by(flag) : std::string();
    const fs::path path = (base / named).lexically_normal();
    // A header that is not there is searched for as an #include of it would be.
    if (flag.kind == Kind::search || (flag.kind == Kind::include && fs::exists(path, failed))) {
      if (flag.words.size() == 2) flag.words[1] = path.string();
      else flag.words[0].replace(2, std::string::npos, path.string());
    }
    out.insert(out.end(), flag.words.begin(), flag.words.end());
  }
  return out;
}

std::vector<fs::path> named_places(std::span<const std::string> words, const fs::path& base) {
  std::vector<fs::path> out;
  for (const Flag& flag : read_flags(words))
    if (flag.kind == Kind::search || flag.kind == Kind::include)
      out.push_back((base / named_by(flag)).lexically_normal());
  return out;
}

bool FlagFilter::may_name(const Flag& flag, const fs::path& base) {
  const fs::path path = (base / named_by(flag)).lexically_normal();
  std::error_code failed;
  const fs::file_status there = fs::status(path, failed);
  if (flag.kind == Kind::search) return !fs::is_directory(there) || is_open_(path);
  // Where it is not below the folder, it is searched for like any header.
  if (there.type() == fs::file_type::not_found) return !path.is_absolute() || !fs::path(named_by(flag)).is_absolute();
  return fs::is_regular_file(there) && is_open_(path.parent_path());
}

bool FlagFilter::keeps_all(std::span<const std::string> words, const fs::path& base) {
  return std::ranges::all_of(read_flags(words), [&](const Flag& flag) {
    return flag.kept() && ((flag.kind != Kind::search && flag.kind != Kind::include) || may_name(flag, base));
  });
}

bool FlagFilter::may_search(const fs::path& folder) {
  if (!is_open_(folder)) leave_out({Kind::search, {"-I" + folder.string()}});
  return is_open_(folder);
}

void FlagFilter::leave_out(const Flag& flag) {
  const std::string text = join(flag.words, " ");
  if (std::ranges::find(left_out_, text) == left_out_.end()) left_out_.push_back(text);
}

std::vector<std::string> FlagFilter::kept(std::span<const std::string> words, const fs::path& base, From from) {
  std::vector<std::string> out;
  for (const Flag& flag : read_flags(words)) {
    bool keeps = flag.kept() && (flag.kind != Kind::macro || names_macro(flag));
    if (from != From::user && (flag.kind == Kind::search || flag.kind == Kind::include)) keeps = may_name(flag, base);
    if (keeps) out.insert(out.end(), flag.words.begin(), flag.words.end());
    else if (flag.kind != Kind::indifferent && flag.kind != Kind::input &&
             (flag.kind != Kind::product || from != From::build))
      leave_out(flag);
  }
  return out;
}

}  // namespace ftaudit::project
