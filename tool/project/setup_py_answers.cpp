#include "project/setup_py_answers.h"

#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/sha256.h"
#include "base/text.h"
#include "project/setup_py_reader.h"

namespace ftaudit::project {
namespace {

using nlohmann::json;

constexpr std::size_t states_kept = 4;  // of one text: branches, both sides of a comparison
constexpr std::size_t most_looks = 20'000;
constexpr std::uint64_t longest = 16u << 20;
constexpr std::string_view root_mark = "\1root\1";

// One thing that was looked at, and what was there.
struct Look {
  std::string kind, path, state;
};
struct Entry {
  std::vector<Look> looks;
  std::string answer;
};
template <class V> void fields(V& v, Look& x) { v(x.kind, x.path, x.state); }
template <class V> void fields(V& v, const Look& x) { v(x.kind, x.path, x.state); }
template <class V> void fields(V& v, Entry& x) { v(x.looks, x.answer); }
template <class V> void fields(V& v, const Entry& x) { v(x.looks, x.answer); }

// `from` wherever it is a whole path or the beginning of one.
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;) {
    const std::size_t end = at + from.size();
    const bool whole = end == text.size() || text[end] == '/';
    if (whole) text.replace(at, from.size(), to);
    at = text.find(from, at + (whole ? to.size() : 1));
  }
  return text;
}

json replaced(const json& value, std::string_view from, std::string_view to) {
  if (value.is_string()) return replaced(value.get<std::string>(), from, to);
  json out = value;
  if (value.is_structured())
    for (json& inner : out) inner = replaced(inner, from, to);
  return out;
}

char letter_of(const fs::path& path) {
  struct stat st{};
  if (::stat(path.c_str(), &st) != 0) return '-';
  return S_ISREG(st.st_mode) ? 'f' : S_ISDIR(st.st_mode) ? 'd' : 'o';
}

std::string state_of_folder(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator entry(path, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code unknown;
    const bool link = entry->is_symlink(unknown);
    names.push_back(entry->path().filename().string() + '\0' + (link ? 'l' : '-') +
                    (entry->is_directory(unknown) ? 'd' : '-') + '\0');
  }
  if (failed) return "unreadable";
  std::sort(names.begin(), names.end());
  return sha256(join(names, ""));
}

std::string state_of(const Look& look, const fs::path& root) {
  if (look.kind == "folder") return state_of_folder(look.path);
  if (look.kind == "file") {
    const auto text = read_file(look.path, longest);
    return text.ok() ? sha256(*text) : "unreadable";
  }
  std::error_code failed;
  const fs::path real = fs::weakly_canonical(look.path, failed), real_root = fs::weakly_canonical(root, failed);
  const std::string shown = shown_path(real, real_root);
  return (shown.starts_with('/') ? "outside" : shown) + '\0' + letter_of(real);
}

// It, or the nearest folder above that is there, is as it was then.
bool unchanged_since(fs::path path, const timespec& then) {
  struct stat st{};
  while (::stat(path.c_str(), &st) != 0 && path.has_relative_path()) path = path.parent_path();
  return std::tie(st.st_ctim.tv_sec, st.st_ctim.tv_nsec) < std::tie(then.tv_sec, then.tv_nsec);
}

std::vector<Entry> entries_of(Store& store, const std::string& key) {
  std::vector<Entry> out;
  if (const auto bytes = store.get(key)) {
    ByteReader reader(*bytes);
    reader(out);
    if (reader.failed() || !reader.at_end()) out.clear();
  }
  return out;
}

// Everything that the answer was made from, or nothing if that cannot be told.
std::optional<std::vector<Look>> looks_of(const json& answer, const fs::path& root, const timespec& started) {
  const auto looked = answer.find("looked");
  if (looked == answer.end() || !looked->is_array() || looked->size() > most_looks) return std::nullopt;
  std::vector<Look> out;
  for (const json& one : *looked) {
    if (!one.is_array() || one.size() != 2 || !one[0].is_string() || !one[1].is_string()) return std::nullopt;
    Look look{one[0].get<std::string>(), one[1].get<std::string>(), {}};
    if (!unchanged_since(look.path, started)) return std::nullopt;
    if (look.kind == "file")
      if (const auto text = read_file(look.path, longest); !text.ok() || text->find(root.native()) != std::string::npos)
        return std::nullopt;
    look.state = state_of(look, root);
    look.path = replaced(look.path, root.native(), root_mark);
    out.push_back(std::move(look));
  }
  return out;
}

}  // namespace

SetupPyAnswers::SetupPyAnswers(Store& store, const fs::path& parser, const fs::path& file, const fs::path& root)
    : store_(store), root_(root), file_(file) {
  // The clock that files are stamped by.
  ::clock_gettime(CLOCK_REALTIME_COARSE, &started_);
  const auto text = read_file(file, longest);
  struct stat program{};
  if (!text.ok() || ::stat(parser.c_str(), &program) != 0) return;
  const std::string made = std::to_string(program.st_size) + " " + std::to_string(program.st_mtim.tv_sec) + " " +
                           std::to_string(program.st_ino);
  static const std::string reader = sha256(setup_py_reader);
  key_ =
      sha256(reader + '\0' + parser.native() + '\0' + made + '\0' + shown_path(file, root) + '\0' + *text) + ".setup";
}

std::optional<std::string> SetupPyAnswers::find() {
  if (key_.empty()) return std::nullopt;
  for (Entry& entry : entries_of(store_, key_)) {
    const bool holds = std::all_of(entry.looks.begin(), entry.looks.end(), [&](const Look& look) {
      return state_of({look.kind, replaced(look.path, root_mark, root_.native()), {}}, root_) == look.state;
    });
    if (!holds) continue;
    const json answer = json::parse(entry.answer, nullptr, false);
    if (answer.is_object()) return replaced(answer, root_mark, root_.native()).dump(-1, ' ', true);
  }
  return std::nullopt;
}

void SetupPyAnswers::keep(const std::string& answer) {
  json known = json::parse(answer, nullptr, false);
  if (key_.empty() || !known.is_object() || answer.find("\\u0001root") != std::string::npos) return;
  const auto looks = looks_of(known, root_, started_);
  if (!looks) return;
  known.erase("looked");
  std::vector<Entry> all{{*looks, replaced(known, root_.native(), root_mark).dump(-1, ' ', true)}};
  for (Entry& other : entries_of(store_, key_))
    if (all.size() < states_kept) all.push_back(std::move(other));
  ByteWriter writer;
  writer(all);
  store_.put(key_, writer.bytes);
}

}  // namespace ftaudit::project
