#include "cython/templates.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <nlohmann/json.hpp>

#include "base/process.h"
#include "base/sha256.h"
#include "base/text.h"
#include "cython/template_reader.h"
#include "project/outside.h"
#include "project/setup_py_reader.h"

namespace ftaudit::cython {
namespace {

using nlohmann::json;
using project::CythonTemplate;

struct Outcome {
  const CythonTemplate* from;
  std::string text, lines;  // lines: as they are kept, a number each
};

// The answers of the reader, one a template, or why there are none.
Result<json> read(const std::vector<const CythonTemplate*>& templates, const fs::path& root,
                  std::chrono::seconds timeout) {
  const fs::path python = project::reading_python();
  if (python.empty()) return Error{"there is no python3 to read it with"};
  sandbox::Places places = sandbox::places_of_lone_program(python);
  places.readable.push_back(root);
  const Result<sandbox::Ground> ground = sandbox::Ground::make(places);
  if (!ground.ok()) return Error{ground.message()};
  json request{{"root", root.string()}, {"templates", json::array()}};
  for (const CythonTemplate* each : templates) request["templates"].push_back(each->file.string());
  // Under another name than __main__ the reader of setup.py only lends its evaluator.
  const std::string program = std::string("__name__ = 'evaluator'\n") + setup_py_reader + template_reader;
  const auto ended = run({.argv = {python.string(), "-I", "-S", "-c", program},
                          .folder = root,
                          .input = request.dump(-1, ' ', false, json::error_handler_t::replace),
                          .timeout = timeout,
                          .memory_bytes = std::uint64_t{2} << 30,
                          .ground = &*ground,
                          .calls = sandbox::Calls::reading});
  if (!ended.ok()) return Error{ended.message()};
  if (!ended->succeeded()) return Error{ended->describe()};
  json answers = json::parse(ended->out, nullptr, false);
  if (!answers.is_array() || answers.size() != templates.size()) return Error{"no answer from its reader"};
  return answers;
}

std::string one_to_one(std::string_view text) {
  std::string out;
  const auto count = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  for (std::size_t i = 0; i <= count; ++i) out += std::to_string(i + 1) + "\n";
  return out;
}

bool is_package(const fs::path& folder) {
  std::error_code failed;
  return std::ranges::any_of(std::array{"__init__.py", "__init__.pyx", "__init__.pxd"},
                             [&](const char* name) { return fs::exists(folder / name, failed); });
}

// Packages in the project are packages there.
Status write(const Outcome& outcome, const fs::path& root, const fs::path& folder) {
  const fs::path place = fs::path(shown_path(outcome.from->made, root));
  const fs::path target = folder / place;
  std::error_code failed;
  fs::create_directories(target.parent_path(), failed);
  for (fs::path up = place.parent_path(); !up.empty(); up = up.parent_path())
    if (is_package(root / up))
      if (Status done = write_file(folder / up / "__init__.py", ""); !done.ok()) return done;
  if (Status done = write_file(target, outcome.text); !done.ok()) return done;
  return write_file(target.string() + ".lines", outcome.from->file.string() + "\n" + outcome.lines);
}

}  // namespace

fs::path package_base(const fs::path& file, const fs::path& root) {
  fs::path out = file.parent_path();
  while (out != root && out.has_relative_path() && is_package(out)) out = out.parent_path();
  return out;
}

Expanded expand(const std::vector<CythonTemplate>& templates, const fs::path& root, const fs::path& cache,
                std::chrono::seconds timeout) {
  Expanded out;
  std::vector<Outcome> outcomes;
  std::vector<const CythonTemplate*> unread;
  for (const CythonTemplate& each : templates) {
    if (shown_path(each.made, root).starts_with("/")) continue;
    if (each.expanded) outcomes.push_back({&each, each.text, one_to_one(each.text)});
    else unread.push_back(&each);
  }
  if (!unread.empty()) {
    const Result<json> answers = read(unread, root, timeout);
    for (std::size_t i = 0; i < unread.size(); ++i) {
      const json none = json::object();
      const json& answer = answers.ok() ? (*answers)[i] : none;
      const auto text = answer.find("text"), lines = answer.find("lines");
      if (text != answer.end() && text->is_string() && lines != answer.end() && lines->is_array()) {
        std::string numbers;
        for (const json& line : *lines)
          numbers += std::to_string(line.is_number_unsigned() ? line.get<unsigned>() : 0) + "\n";
        outcomes.push_back({unread[i], text->get<std::string>(), std::move(numbers)});
      } else {
        out.problems[unread[i]->file] =
            answers.ok() ? answer.value("problem", std::string("it was not read")) : answers.message();
      }
    }
  }
  if (outcomes.empty()) return out;
  Sha256 key;
  key.add(root.string());
  for (const Outcome& outcome : outcomes)
    for (const std::string& part :
         {outcome.from->file.string(), outcome.from->made.string(), outcome.text, outcome.lines})
      key.add(part), key.add(std::string_view("\0", 1));
  const fs::path folder = cache / ("templates-" + key.hex().substr(0, 24));
  std::set<fs::path> bases;
  for (const Outcome& outcome : outcomes) {
    if (const Status done = write(outcome, root, folder); !done.ok()) {
      out.problems[outcome.from->file] = done.message();
      continue;
    }
    out.made[outcome.from->file] = folder / shown_path(outcome.from->made, root);
    const std::string base = shown_path(package_base(outcome.from->made, root), root);
    bases.insert(base == "." ? folder : folder / base);
  }
  if (!out.made.empty()) out.folder = folder;
  out.search.assign(bases.begin(), bases.end());
  return out;
}

std::optional<Origin> origin_of(const fs::path& made) {
  const auto text = read_file(made.string() + ".lines", 64u << 20);
  if (!text.ok()) return std::nullopt;
  Origin out;
  for (const std::string& line : split(*text, '\n')) {
    if (out.file.empty()) {
      out.file = line;
      continue;
    }
    std::uint32_t number = 0;
    std::from_chars(line.data(), line.data() + line.size(), number);
    out.lines.push_back(number);
  }
  return out;
}

}  // namespace ftaudit::cython
