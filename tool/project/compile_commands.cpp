#include "project/compile_commands.h"

#include <nlohmann/json.hpp>

#include <algorithm>

#include "base/nesting.h"
#include "base/text.h"
#include "project/flags.h"
#include "project/tree.h"

namespace ftaudit::project {
namespace {

using nlohmann::json;

Error broken(const fs::path& file, const std::string& what) {
  return Error{file.string() + ": not a compile database: " + what};
}

std::string position(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = newline == std::string_view::npos ? before.size() : before.size() - newline - 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(std::max<std::size_t>(column, 1));
}

std::string text_of(const json& entry, const char* key) {
  const auto found = entry.find(key);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// "CMakeFiles/x.dir/src/a.c.o" -> "CMakeFiles/x.dir"; "x.cpython-314t.so.p/a.c.o" -> "x.cpython-314t.so.p".
std::string target_of(const std::string& output) {
  fs::path path;
  for (const fs::path& part : fs::path(output)) {
    path /= part;
    if (part.native().ends_with(".dir") || part.native().ends_with(".p")) return path.native();
  }
  return {};
}

constexpr int option_file_depth = 8;
constexpr std::size_t option_file_bytes = 1u << 20, command_bytes = 4u << 20;

// Options files (@file) are how meson and MSVC-like tools shorten long lines; they are part of the command.
void add_words(std::vector<std::string>& out, std::size_t& bytes, std::vector<std::string> words,
               const fs::path& folder, int depth) {
  for (std::string& word : words) {
    if (word.size() > 1 && word[0] == '@' && depth < option_file_depth && bytes < command_bytes)
      if (auto text = read_file(folder / word.substr(1), option_file_bytes); text.ok()) {
        bytes += text->size();
        add_words(out, bytes, split_command(*text), folder, depth + 1);
        continue;
      }
    out.push_back(std::move(word));
  }
}

std::vector<std::string> with_option_files(std::vector<std::string> words, const fs::path& folder) {
  std::vector<std::string> out;
  std::size_t bytes = 0;
  add_words(out, bytes, std::move(words), folder, 0);
  return out;
}

}  // namespace

Result<std::vector<CompileEntry>> read_compile_commands(const fs::path& file) {
  constexpr std::uintmax_t largest = 256u << 20;
  constexpr std::size_t most_entries = 200'000;
  auto text = read_file(file, largest);
  if (!text.ok()) return text.error();
  if (const Status flat = check_json_nesting(*text); !flat.ok()) return broken(file, "line " + flat.message());
  json document;
  try {
    document = json::parse(*text);
  } catch (const json::parse_error& error) {
    return broken(file, "broken JSON at " + position(*text, error.byte));
  } catch (const json::exception&) {
    return broken(file, "broken JSON");
  }
  if (!document.is_array()) return broken(file, "a list of entries is expected");
  if (document.size() > most_entries) return broken(file, "more than " + std::to_string(most_entries) + " entries");

  std::vector<CompileEntry> out;
  std::size_t number = 0;
  for (const json& entry : document) {
    ++number;
    const std::string source = entry.is_object() ? text_of(entry, "file") : std::string();
    if (source.empty()) return broken(file, "entry " + std::to_string(number) + " names no file");
    fs::path folder = text_of(entry, "directory");
    if (folder.empty()) folder = ".";
    folder = (fs::absolute(file).parent_path() / folder).lexically_normal();
    std::vector<std::string> words;
    if (const auto arguments = entry.find("arguments"); arguments != entry.end() && arguments->is_array()) {
      for (const json& word : *arguments)
        if (word.is_string()) words.push_back(word.get<std::string>());
    } else {
      words = split_command(text_of(entry, "command"));
    }
    if (words.empty()) return broken(file, "entry " + std::to_string(number) + " has no command");
    words = with_option_files(std::move(words), folder);
    std::string output = text_of(entry, "output");
    if (output.empty()) output = output_of(words);
    words.erase(words.begin());
    out.push_back({.file = (folder / source).lexically_normal(),
                   .folder = folder,
                   .flags = std::move(words),
                   .target = target_of(output)});
  }
  return out;
}

fs::path find_compile_commands(const fs::path& root) {
  const auto in = [](const fs::path& folder) {
    std::error_code failed;
    const fs::path file = folder / "compile_commands.json";
    return fs::is_regular_file(file, failed) ? file : fs::path();
  };
  if (fs::path own = in(root); !own.empty()) return own;
  std::vector<fs::path> found;
  std::error_code failed;
  const auto is_build = [](const std::string& name) {
    return name.starts_with("build") || name.starts_with("cmake-build-") || name == "out" || name == "_build" ||
           name == ".build";
  };
  for (fs::directory_iterator entry(root, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (!is_build(entry->path().filename().string())) continue;
    if (fs::path file = in(entry->path()); !file.empty()) found.push_back(file);
    // meson-python and scikit-build keep one folder an interpreter: build/cp314/.
    std::error_code inner_failed;
    for (fs::directory_iterator inner(entry->path(), inner_failed); !inner_failed && inner != end;
         inner.increment(inner_failed))
      if (fs::path file = in(inner->path()); !file.empty()) found.push_back(file);
  }
  // Equal times happen after a checkout: then the first by name.
  std::ranges::sort(found);
  fs::path best;
  for (const fs::path& file : found)
    if (best.empty() || fs::last_write_time(file, failed) > fs::last_write_time(best, failed)) best = file;
  return best;
}

std::vector<CompileEntry> entries_of_call(const fs::path& folder, const std::vector<std::string>& argv) {
  std::vector<CompileEntry> out;
  if (argv.empty()) return out;
  const std::vector<std::string> words =
      with_option_files(std::vector<std::string>(argv.begin() + 1, argv.end()), folder);
  // Preprocessing and questions about the compiler are not compilations.
  if (std::ranges::find(words, "-E") != words.end() || std::ranges::find(words, "-M") != words.end()) return out;
  const std::string output = output_of(words);
  for (const std::string& input : inputs_of(words))
    if (is_source_suffix(fs::path(input).extension().native()))
      out.push_back(
          {.file = (folder / input).lexically_normal(), .folder = folder, .flags = words, .target = target_of(output)});
  return out;
}

}  // namespace ftaudit::project
