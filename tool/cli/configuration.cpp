#include "cli/configuration.h"

#include <sys/stat.h>
#include <unistd.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cstdlib>
#include <functional>

#include "audit/audit.h"
#include "base/nesting.h"
#include "base/text.h"
#include "cli/project_limits.h"
#include "project/flag_filter.h"
#include "project/project.h"

namespace ftaudit::cli {
namespace {

using Texts = std::vector<std::string>;

// pyproject.toml by its [tool.ftaudit], others as they are; null when the file has no settings for us.
const toml::table* settings_of(const toml::table& file, const fs::path& path) {
  if (path.filename() != "pyproject.toml") return &file;
  const toml::table* tool = file["tool"].as_table();
  return tool != nullptr && tool->contains("ftaudit") ? (*tool)["ftaudit"].as_table() : nullptr;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "\"";
}
std::string quoted(const Texts& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + quoted(text);
  return "[" + out + "]";
}

Error of(const toml::node& value, std::string what) {
  return Error{std::to_string(value.source().begin.line) + ": " + std::move(what)};
}

Status text(const toml::node& value, std::string& out) {
  if (!value.is_string()) return of(value, "must be a string");
  out = **value.as_string();
  return Done{};
}
Status texts(const toml::node& value, Texts& out) {
  const toml::array* all = value.as_array();
  if (all == nullptr) return of(value, "must be an array of strings");
  out.clear();
  for (const toml::node& one : *all) {
    if (!one.is_string()) return of(one, "must be an array of strings");
    out.push_back(**one.as_string());
  }
  return Done{};
}
Status flag(const toml::node& value, bool& out) {
  if (!value.is_boolean()) return of(value, "must be true or false");
  out = **value.as_boolean();
  return Done{};
}
Status severity(const toml::node& value, Severity& out, bool* never = nullptr) {
  std::string name;
  if (Status read = text(value, name); !read.ok()) return read;
  if (never != nullptr && (*never = name == "never")) return Done{};
  const std::optional<Severity> level = severity_named(name);
  if (!level)
    return of(value, std::string("must be info, low, medium or high") + (never != nullptr ? ", or never" : ""));
  out = *level;
  return Done{};
}

// A key of a table inside a setting that is none, with the likeliest one meant.
Status only_keys(const toml::table& table, const Texts& known) {
  for (const auto& [key, value] : table) {
    const std::string name(key.str());
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = closest(name, known);
    return of(value, "has no key " + name + (near.empty() ? "" : "; did you mean " + near + "?"));
  }
  return Done{};
}

Status read_wrappers(const toml::node& value, std::vector<LockWrapper>& out) {
  const toml::array* all = value.as_array();
  if (all == nullptr)
    return of(value, "must be an array of tables like { lock = \"cache_lock\", unlock = \"cache_unlock\" }");
  out.clear();
  for (const toml::node& one : *all) {
    const toml::table* table = one.as_table();
    if (table == nullptr)
      return of(one, "must be an array of tables like { lock = \"cache_lock\", unlock = \"cache_unlock\" }");
    if (Status known = only_keys(*table, {"lock", "unlock", "argument", "detaches", "tries"}); !known.ok())
      return known;
    LockWrapper& wrapper = out.emplace_back();
    for (const auto& [key, entry] : *table) {
      Status read = Done{};
      if (key == "lock") read = text(entry, wrapper.lock);
      else if (key == "unlock") read = text(entry, wrapper.unlock);
      else if (key == "detaches") read = flag(entry, wrapper.detaches);
      else if (key == "tries") read = flag(entry, wrapper.tries);
      else if (!entry.is_integer() || **entry.as_integer() < 0 || **entry.as_integer() > 15)
        read = of(entry, "argument must be a number from 0 to 15: which parameter is the lock");
      else wrapper.argument = static_cast<int>(**entry.as_integer());
      if (!read.ok()) return read;
    }
    if (wrapper.lock.empty() || wrapper.unlock.empty()) return of(one, "must name both lock and unlock");
  }
  return Done{};
}

Status read_severities(const toml::node& value, std::vector<std::pair<std::string, Severity>>& out) {
  const toml::table* table = value.as_table();
  if (table == nullptr) return of(value, "must be a table like { FT801 = \"low\" }");
  out.clear();
  for (const auto& [key, level] : *table) {
    Severity named = Severity::low;
    if (Status read = severity(level, named); !read.ok()) return read;
    out.emplace_back(std::string(key.str()), named);
  }
  return Done{};
}

Status read_types(const toml::node& value, std::vector<std::pair<std::string, std::string>>& out) {
  const toml::table* table = value.as_table();
  if (table == nullptr) return of(value, "must be a table like { \"bag.Bag\" = \"external\" }");
  out.clear();
  for (const auto& [key, contract] : *table) {
    std::string words;
    if (Status read = text(contract, words); !read.ok()) return read;
    const auto known = audit::contract_name(words);
    if (!known) return of(contract, "must be external, one thread or immutable after init");
    out.emplace_back(std::string(key.str()), *known);
  }
  return Done{};
}

// What of a value is text, for a look before it is read.
std::string text_of(const toml::node& value) { return value.is_string() ? **value.as_string() : std::string(); }
Texts texts_of(const toml::node& value) {
  Texts out;
  if (const toml::array* all = value.as_array())
    for (const toml::node& one : *all) out.push_back(text_of(one));
  return out;
}

// One setting: how it is read and how it is shown. `folder` is where paths in the file start.
struct Setting {
  std::string_view name;
  std::function<Status(const toml::node& value, const fs::path& folder, ScanOptions& options)> read;
  std::function<std::string(const ScanOptions& options)> show;
  std::string_view limit{};  // what a project may say of it, where that is not everything
  // Why this value of a project's is not taken; "" when it is.
  std::function<std::string(const toml::node& value, const fs::path& folder)> refusal{};
};

std::string below(const fs::path& folder, const std::string& path) {
  return fs::path(path).is_absolute() ? path : shown_path(folder / path, fs::current_path());
}

const std::vector<Setting>& settings() {
  using Value = const toml::node&;
  using Folder = const fs::path&;
  using Options = ScanOptions&;
  using Shown = const ScanOptions&;
  static const std::vector<Setting> all{
      {"paths",
       [](Value v, Folder f, Options o) {
         Status read = texts(v, o.parse.paths);
         for (std::string& path : o.parse.paths) path = below(f, path);
         return read;
       },
       [](Shown o) { return quoted(o.parse.paths); }, "below its folder",
       [](Value v, Folder f) { return refuse_outside(texts_of(v), f); }},
      {"exclude", [](Value v, Folder, Options o) { return texts(v, o.parse.exclude); },
       [](Shown o) { return quoted(o.parse.exclude); }},
      {"include-tests", [](Value v, Folder, Options o) { return flag(v, o.parse.include_tests); },
       [](Shown o) { return o.parse.include_tests ? "true" : "false"; }},
      {"python", [](Value v, Folder, Options o) { return text(v, o.parse.python); },
       [](Shown o) { return quoted(o.parse.python); }, "a version",
       [](Value v, Folder) { return refuse_program(text_of(v)); }},
      {"flags",
       [](Value v, Folder f, Options o) {
         Status read = texts(v, o.parse.project_flags);
         if (read.ok()) o.parse.project_flags = project::absolute_flags(o.parse.project_flags, f);
         return read;
       },
       [](Shown o) {
         Texts all = o.parse.project_flags;
         all.insert(all.end(), o.parse.flags.begin(), o.parse.flags.end());
         return quoted(all);
       },
       "what only decides how sources read"},
      {"jobs",
       [](Value v, Folder, Options o) -> Status {
         if (!v.is_integer() || **v.as_integer() < 1 || **v.as_integer() > 100000)
           return of(v, "must be a number from 1 on");
         o.parse.jobs = static_cast<unsigned>(**v.as_integer());
         return Done{};
       },
       [](Shown o) { return std::to_string(o.parse.jobs); }, "at most one a core",
       [](Value v, Folder) { return refuse_many(v.is_integer() ? **v.as_integer() : 0); }},
      {"lock-wrappers", [](Value v, Folder, Options o) { return read_wrappers(v, o.parse.lock_wrappers); },
       [](Shown o) {
         std::string out;
         for (const LockWrapper& w : o.parse.lock_wrappers)
           out += (out.empty() ? "" : ", ") +
                  ("{ lock = " + quoted(w.lock) + ", unlock = " + quoted(w.unlock) +
                   ", argument = " + std::to_string(w.argument)) +
                  (w.detaches ? ", detaches = true" : "") + (w.tries ? ", tries = true" : "") + " }";
         return "[" + out + "]";
       },
       "at most 1000", [](Value v, Folder) { return refuse_long(v.is_array() ? v.as_array()->size() : 0); }},
      {"select", [](Value v, Folder, Options o) { return texts(v, o.select); },
       [](Shown o) { return quoted(o.select); }},
      {"ignore", [](Value v, Folder, Options o) { return texts(v, o.ignore); },
       [](Shown o) { return quoted(o.ignore); }},
      {"severity", [](Value v, Folder, Options o) { return read_severities(v, o.severities); },
       [](Shown o) {
         std::string out;
         for (const auto& [selector, level] : o.severities)
           out += (out.empty() ? " " : ", ") + quoted(selector) + " = " + quoted(std::string(name_of(level)));
         return "{" + out + " }";
       }},
      {"types", [](Value v, Folder, Options o) { return read_types(v, o.types); },
       [](Shown o) {
         std::string out;
         for (const auto& [name, contract] : o.types)
           out += (out.empty() ? " " : ", ") + quoted(name) + " = " + quoted(contract);
         return "{" + out + " }";
       }},
      {"min-severity", [](Value v, Folder, Options o) { return severity(v, o.min_severity); },
       [](Shown o) { return quoted(std::string(name_of(o.min_severity))); }},
      {"min-confidence",
       [](Value v, Folder, Options o) -> Status {
         std::string name;
         if (Status read = text(v, name); !read.ok()) return read;
         const std::optional<Confidence> level = confidence_named(name);
         if (!level) return of(v, "must be possible, likely or certain");
         o.min_confidence = *level;
         return Done{};
       },
       [](Shown o) { return quoted(std::string(name_of(o.min_confidence))); }},
      {"fail-on",
       [](Value v, Folder, Options o) {
         bool never = false;
         Severity level = Severity::low;
         Status read = severity(v, level, &never);
         if (read.ok()) o.fail_on = never ? std::nullopt : std::optional(level);
         return read;
       },
       [](Shown o) { return quoted(o.fail_on ? std::string(name_of(*o.fail_on)) : "never"); }},
      {"baseline",
       [](Value v, Folder f, Options o) {
         Status read = text(v, o.baseline);
         if (read.ok() && !o.baseline.empty()) o.baseline = below(f, o.baseline);
         return read;
       },
       [](Shown o) { return quoted(o.baseline); }, "below its folder",
       [](Value v, Folder f) { return refuse_special(text_of(v), f); }},
      {"test-command",
       [](Value v, Folder, Options o) -> Status {
         if (v.is_array()) return texts(v, o.test_command);
         std::string line;
         if (!text(v, line).ok()) return of(v, "must be a string for the shell, or an array of strings");
         o.test_command = {"/bin/sh", "-c", line};
         return Done{};
       },
       [](Shown o) { return quoted(o.test_command); }, "for confirm, which runs the project"},
  };
  return all;
}

// " = 3" of what fits into a sentence.
std::string shown_value(const toml::node& value) {
  if (value.is_string() && (**value.as_string()).size() < 80) return " = " + quoted(**value.as_string());
  if (value.is_integer()) return " = " + std::to_string(**value.as_integer());
  return "";
}

Status read_table(const toml::table& table, const fs::path& file, Owner owner, ScanOptions& options) {
  Texts known;
  for (const Setting& setting : settings()) known.emplace_back(setting.name);
  for (const auto& [key, value] : table) {
    const std::string name(key.str()), line = std::to_string(value.source().begin.line);
    const auto setting =
        std::find_if(settings().begin(), settings().end(), [&](const Setting& one) { return one.name == name; });
    if (setting == settings().end()) {
      const std::string near = closest(name, known);
      return Error{file.string() + ":" + line + ": unknown setting " + name +
                   (near.empty() ? "" : "; did you mean " + near + "?")};
    }
    if (owner == Owner::project && setting->refusal)
      if (const std::string why = setting->refusal(value, file.parent_path()); !why.empty()) {
        options.parse.warnings.push_back(file.string() + ":" + line + ": " + name + shown_value(value) +
                                         " is not taken from a project: " + why);
        continue;
      }
    if (const Status read = setting->read(value, file.parent_path(), options); !read.ok()) {
      const std::size_t colon = read.message().find(": ");  // the line stands before it
      return Error{file.string() + ":" + read.message().substr(0, colon) + ": " + name + " " +
                   read.message().substr(colon + 2)};
    }
    options.parse.origins[name] = file.string() + ":" + line;
  }
  if (owner == Owner::project) options.parse.configuration = file.string();
  return Done{};
}

// A plain file of ours, of root's, or of whoever owns the project: on machines that many use, anybody may put one into
// a folder that everybody may write to.
bool is_ours(const fs::path& file, const fs::path& asked, std::vector<std::string>& warnings) {
  struct stat own{}, around{};
  if (::stat(file.c_str(), &own) != 0) return false;
  if (!S_ISREG(own.st_mode)) {
    if (!S_ISDIR(own.st_mode)) warnings.push_back(file.string() + " is no regular file and is not read");
    return false;
  }
  if (own.st_uid == ::geteuid() || own.st_uid == 0 ||
      (::stat(asked.c_str(), &around) == 0 && own.st_uid == around.st_uid))
    return true;
  warnings.push_back(file.string() + " belongs to somebody else and is not read");
  return false;
}

constexpr std::uintmax_t largest_file = 16u << 20;

}  // namespace

fs::path user_configuration() { return config_folder() / "config.toml"; }

fs::path find_configuration(const fs::path& path, std::vector<std::string>& warnings) {
  std::error_code failed;
  fs::path asked = fs::absolute(path, failed).lexically_normal();
  if (!asked.has_filename()) asked = asked.parent_path();  // "project/"
  fs::path folder = asked;
  const fs::path last = project::last_folder_of(asked);
  for (; !folder.empty(); folder = folder.parent_path()) {
    if (const fs::path own = folder / "ftaudit.toml"; is_ours(own, asked, warnings)) return own;
    if (const fs::path candidate = folder / "pyproject.toml"; is_ours(candidate, asked, warnings)) {
      const auto text = read_file(candidate, largest_file);
      // The exact place of the table is for the TOML parser; a file that never names us is not ours to judge.
      if (text.ok() && text->find("tool.ftaudit") != std::string::npos) return candidate;
    }
    if (folder == last || folder == folder.root_path()) break;
  }
  return {};
}

Status read_configuration(const fs::path& file, Owner owner, ScanOptions& options) {
  const auto text = read_file(file, largest_file);
  if (!text.ok()) return text.error();
  if (const Status flat = check_toml_nesting(*text); !flat.ok()) return Error{file.string() + ":" + flat.message()};
  try {
    const toml::table parsed = toml::parse(*text, file.string());
    const toml::table* table = settings_of(parsed, file);
    return table == nullptr ? Status(Done{}) : read_table(*table, file, owner, options);
  } catch (const toml::parse_error& wrong) {
    return Error{file.string() + ":" + std::to_string(wrong.source().begin.line) + ": " +
                 std::string(wrong.description())};
  }
}

Status read_environment(ScanOptions& options) {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (const std::string python = variable("FTAUDIT_PYTHON"); !python.empty())
    options.parse.python = python, options.parse.origins["python"] = "FTAUDIT_PYTHON";
  if (const std::string level = variable("FTAUDIT_FAIL_ON"); !level.empty()) {
    options.fail_on = severity_named(level);
    options.parse.origins["fail-on"] = "FTAUDIT_FAIL_ON";
    if (!options.fail_on && level != "never") return Error{"FTAUDIT_FAIL_ON must be info, low, medium, high or never"};
  }
  if (const std::string jobs = variable("FTAUDIT_JOBS"); !jobs.empty()) {
    options.parse.jobs = static_cast<unsigned>(std::strtoul(jobs.c_str(), nullptr, 10));
    options.parse.origins["jobs"] = "FTAUDIT_JOBS";
    if (options.parse.jobs == 0) return Error{"FTAUDIT_JOBS must be a number from 1 on"};
  }
  return Done{};
}

std::vector<ShownSetting> shown_settings(const ScanOptions& options) {
  std::vector<ShownSetting> out;
  for (const Setting& setting : settings()) {
    const auto origin = options.parse.origins.find(std::string(setting.name));
    out.push_back({std::string(setting.name), setting.show(options),
                   origin == options.parse.origins.end() ? "default" : origin->second, std::string(setting.limit)});
  }
  return out;
}

}  // namespace ftaudit::cli
