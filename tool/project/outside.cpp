#include "project/outside.h"

#include <fstream>
#include <map>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/process.h"
#include "project/ground.h"
#include "project/setup_py_answers.h"
#include "project/setup_py_reader.h"

namespace ftaudit::project {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

bool is_script(const fs::path& program) {
  std::ifstream file(program, std::ios::binary);
  return file.get() == '#' && file.get() == '!';
}

Result<std::string> read_by_python(const fs::path& file, const fs::path& root, Store* memory) {
  const fs::path python = reading_python();
  if (python.empty()) return Error{"not read, because there is no python3 to parse it with"};
  std::optional<SetupPyAnswers> known;
  if (memory != nullptr) known.emplace(*memory, python, file, root);
  if (known)
    if (auto found = known->find()) return std::move(*found);
  // It reads the project and what Python itself is made of, and writes nothing but its answer.
  sandbox::Places places = sandbox::places_of_lone_program(python);
  places.readable.insert(places.readable.end(), {root, repository_top(root)});
  const Result<sandbox::Ground> ground = sandbox::Ground::make(places);
  if (!ground.ok()) return Error{"not read (" + ground.message() + ")"};
  const json request{{"file", file.string()}, {"root", root.string()}};
  auto outcome = run({.argv = {python.string(), "-I", "-S", "-c", setup_py_reader},
                      .folder = file.parent_path(),
                      .input = request.dump(-1, ' ', false, json::error_handler_t::replace),
                      .timeout = 30s,
                      .memory_bytes = std::uint64_t{2} << 30,
                      .ground = &*ground,
                      .calls = sandbox::Calls::reading});
  if (!outcome.ok()) return Error{"not read (" + outcome.message() + ")"};
  if (!outcome->succeeded()) return Error{"not read (" + outcome->describe() + ")"};
  if (!json::parse(outcome->out, nullptr, false).is_object()) return Error{"not read (no answer from its parser)"};
  if (known) known->keep(outcome->out);
  return std::move(outcome->out);
}

}  // namespace

fs::path reading_python() {
  const fs::path found = find_program("python3"), system = "/usr/bin/python3";
  // A version manager's stand-in takes several times as long to find its Python as that takes to read a file.
  const bool stands_in =
      found.parent_path().filename() == "shims" || (sandbox::mode() != sandbox::Mode::off && is_script(found));
  std::error_code failed;
  return stands_in && fs::exists(system, failed) ? system : found;
}

Outside outside_of(const fs::path& root, Store* memory) {
  const auto known = std::make_shared<std::map<fs::path, bool>>();
  return {.setup_py = [root, memory](const fs::path& file) { return read_by_python(file, root, memory); },
          .is_open =
              [root, top = repository_top(root), known](const fs::path& folder) {
                const auto [at, is_new] = known->try_emplace(folder);
                if (is_new) at->second = is_open_folder(folder, root, top);
                return at->second;
              }};
}

}  // namespace ftaudit::project
