#include "cli/configuration.h"

#include <cstdlib>
#include <toml++/toml.h>

#include "base/text.h"

namespace ftaudit::cli {
namespace {

// ftaudit.toml as it is, pyproject.toml by its [tool.ftaudit]; null when the file has no settings for us.
const toml::table* settings_of(const toml::table& file, const fs::path& path) {
  if (path.filename() == "ftaudit.toml") return &file;
  const toml::table* tool = file["tool"].as_table();
  return tool != nullptr && tool->contains("ftaudit") ? (*tool)["ftaudit"].as_table() : nullptr;
}

class Reader {
 public:
  Reader(const fs::path& file, ScanOptions& options) : file_(file), options_(options) {}

  Status read(const toml::table& settings) {
    static const std::vector<std::string> known{"python", "exclude", "flags", "select", "ignore", "min-severity", "min-confidence", "fail-on", "jobs", "include-tests"};
    for (const auto& [key, value] : settings) {
      const std::string name(key.str());
      Status done = set(name, value);
      if (!done.ok()) {
        const std::string near = std::find(known.begin(), known.end(), name) == known.end() ? closest(name, known) : "";
        return Error{file_.string() + ":" + std::to_string(value.source().begin.line) + ": " + done.message() + (near.empty() ? "" : "; did you mean " + near + "?")};
      }
    }
    return Done{};
  }

 private:
  Status set(const std::string& name, const toml::node& value) {
    if (name == "python") return text(name, value, options_.parse.python);
    if (name == "exclude") return texts(name, value, options_.parse.exclude);
    if (name == "flags") return texts(name, value, options_.parse.flags);
    if (name == "select") return texts(name, value, options_.select);
    if (name == "ignore") return texts(name, value, options_.ignore);
    if (name == "include-tests") {
      if (!value.is_boolean()) return Error{name + " must be true or false"};
      options_.parse.include_tests = **value.as_boolean();
      return Done{};
    }
    if (name == "jobs") {
      if (!value.is_integer() || **value.as_integer() < 1) return Error{name + " must be a number from 1 on"};
      options_.parse.jobs = static_cast<unsigned>(**value.as_integer());
      return Done{};
    }
    std::string level;
    if (name == "min-severity" || name == "min-confidence" || name == "fail-on") {
      if (Status read = text(name, value, level); !read.ok()) return read;
      if (name == "min-confidence") {
        const std::optional<Confidence> confidence = confidence_named(level);
        if (!confidence) return Error{name + " must be possible, likely or certain"};
        options_.min_confidence = *confidence;
        return Done{};
      }
      const std::optional<Severity> severity = severity_named(level);
      if (!severity && !(name == "fail-on" && level == "never")) return Error{name + " must be info, low, medium or high" + (name == "fail-on" ? ", or never" : "")};
      if (name == "fail-on") options_.fail_on = severity;
      else options_.min_severity = *severity;
      return Done{};
    }
    return Error{"unknown setting " + name};
  }

  static Status text(const std::string& name, const toml::node& value, std::string& out) {
    if (!value.is_string()) return Error{name + " must be a string"};
    out = **value.as_string();
    return Done{};
  }

  static Status texts(const std::string& name, const toml::node& value, std::vector<std::string>& out) {
    const toml::array* all = value.as_array();
    if (all == nullptr) return Error{name + " must be an array of strings"};
    out.clear();
    for (const toml::node& one : *all) {
      if (!one.is_string()) return Error{name + " must be an array of strings"};
      out.push_back(**one.as_string());
    }
    return Done{};
  }

  const fs::path& file_;
  ScanOptions& options_;
};

}  // namespace

fs::path find_configuration(const fs::path& path) {
  std::error_code failed;
  fs::path folder = fs::absolute(path, failed).lexically_normal();
  for (; !folder.empty(); folder = folder.parent_path()) {
    if (fs::is_regular_file(folder / "ftaudit.toml", failed)) return folder / "ftaudit.toml";
    if (const fs::path candidate = folder / "pyproject.toml"; fs::is_regular_file(candidate, failed)) {
      const auto text = read_file(candidate, 16u << 20);
      // The exact place of the table is for the TOML parser; a file that never names us is not ours to judge.
      if (text.ok() && text->find("tool.ftaudit") != std::string::npos) return candidate;
    }
    if (fs::exists(folder / ".git", failed) || folder == folder.root_path()) break;
  }
  return {};
}

Status read_configuration(const fs::path& file, ScanOptions& options) {
  const auto text = read_file(file, 16u << 20);
  if (!text.ok()) return text.error();
  try {
    const toml::table parsed = toml::parse(*text, file.string());
    const toml::table* settings = settings_of(parsed, file);
    return settings == nullptr ? Status(Done{}) : Reader(file, options).read(*settings);
  } catch (const toml::parse_error& wrong) {
    return Error{file.string() + ":" + std::to_string(wrong.source().begin.line) + ": " + std::string(wrong.description())};
  }
}

Status read_environment(ScanOptions& options) {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (const std::string python = variable("FTAUDIT_PYTHON"); !python.empty()) options.parse.python = python;
  if (const std::string level = variable("FTAUDIT_FAIL_ON"); !level.empty()) {
    options.fail_on = severity_named(level);
    if (!options.fail_on && level != "never") return Error{"FTAUDIT_FAIL_ON must be info, low, medium, high or never"};
  }
  if (const std::string jobs = variable("FTAUDIT_JOBS"); !jobs.empty()) {
    options.parse.jobs = static_cast<unsigned>(std::strtoul(jobs.c_str(), nullptr, 10));
    if (options.parse.jobs == 0) return Error{"FTAUDIT_JOBS must be a number from 1 on"};
  }
  return Done{};
}

}  // namespace ftaudit::cli
