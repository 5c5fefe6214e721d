#include "packages/resolution/resolver.h"

#include <nlohmann/json.hpp>

#include <algorithm>

#include "base/process.h"
#include "base/text.h"
#include "packages/index/index.h"
#include "packages/inputs/inputs.h"
#include "packages/names/names.h"

namespace ftaudit::packages {
namespace {

using nlohmann::json;

std::string lines_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// The newest manylinux of those uv has a name for.
std::string uv_platform(const Platform& platform) {
  using System = Platform::System;
  switch (platform.system) {
    case System::macos: return platform.machine == "arm64" ? "aarch64-apple-darwin" : "x86_64-apple-darwin";
    case System::windows:
      return platform.machine == "amd64"   ? "x86_64-pc-windows-msvc"
             : platform.machine == "arm64" ? "aarch64-pc-windows-msvc"
                                           : "i686-pc-windows-msvc";
    case System::linux_musl: return platform.machine + "-unknown-linux-musl";
    case System::linux_glibc: break;
  }
  int minor = platform.minor >= 40 ? 40 : platform.minor >= 31 ? platform.minor : platform.minor >= 28 ? 28 : 17;
  return platform.machine + "-manylinux_2_" + std::to_string(minor);
}

class Uv : public Resolver {
 public:
  Uv(fs::path uv, std::string version, const ResolveOptions& options)
      : uv_(std::move(uv)), version_(std::move(version)), options_(options) {}
  std::string name() const override { return version_; }

  Result<ResolverAnswer> ask(const ResolverQuestion& question) override {
    auto scratch = ScratchFolder::make("resolve");
    if (!scratch.ok()) return scratch.error();
    const fs::path wanted = scratch->path() / "wanted.in", constraints = scratch->path() / "constraints.txt";
    for (const auto& [file, lines] : {std::pair{wanted, &question.requirements}, {constraints, &question.constraints}})
      if (auto status = write_file(file, lines_of(*lines)); !status.ok()) return status.error();
    Command command;
    command.argv = {uv_.string(),
                    "pip",
                    "compile",
                    wanted.string(),
                    "--constraint",
                    constraints.string(),
                    "--python-version",
                    options_.target.python(),
                    "--python-platform",
                    uv_platform(options_.target.platform),
                    "--only-binary",
                    ":all:",
                    "--no-header",
                    "--no-progress",
                    "--color",
                    "never",
                    "--annotation-style",
                    "line",
                    "--quiet",
                    "--no-strip-extras",
                    "--index-strategy",
                    "unsafe-best-match",
                    "--no-python-downloads"};
    auto add = [&](std::initializer_list<std::string> more) { command.argv.insert(command.argv.end(), more); };
    // It must find some interpreter, though it reads nothing but its own markers from it.
    if (const fs::path& python = installer_settings().python; !python.empty()) add({"--python", python.string()});
    if (!question.stand_ins.empty()) add({"--find-links", question.stand_ins.string()});
    for (const std::string& place : options_.index.find_links) add({"--find-links", place});
    if (options_.index.no_index) add({"--no-index"});
    if (options_.index.offline) add({"--offline"});
    if (options_.index.prereleases) add({"--prerelease", "allow"});
    command.environment = uv_environment(options_.index);
    command.timeout = options_.timeout, command.silence = options_.silence;
    command.on_line = question.told;
    command.folder = scratch->path();  // no uv.toml or pyproject.toml of a stranger's folder
    auto outcome = run(command);
    if (!outcome.ok()) return outcome.error();
    ResolverAnswer answer;
    answer.solved = outcome->succeeded();
    if (answer.solved) {
      answer.choices = parse_uv_output(outcome->out);
    } else {
      answer.gave_up = outcome->timed_out;
      answer.error = outcome->timed_out     ? "uv timed out"
                     : outcome->err.empty() ? "uv: " + outcome->describe()
                                            : outcome->err;
      answer.blamed = blamed_names(answer.error);
    }
    return answer;
  }

 private:
  fs::path uv_;
  std::string version_;
  ResolveOptions options_;
};

// pip takes every platform tag by itself: it unfolds only the oldest manylinux ones.
std::vector<std::string> pip_platforms(const Target& target) {
  std::vector<std::string> platforms;
  const std::string start = target.abi().substr(0, target.abi().size() - target.free_threaded) + "-";
  for (const std::string& tag : accepted_tags(with_gil(target))) {
    const std::string exact = start + start;
    if (tag.starts_with(exact)) platforms.push_back(tag.substr(exact.size()));
  }
  return platforms;
}

// pip gives its reasons on stdout, and names lines of our files where it means what stands there.
std::string explained(const Outcome& outcome, const ResolverQuestion& question, const fs::path& wanted,
                      const fs::path& constraints) {
  std::string text = outcome.err;
  std::size_t reasons = outcome.out.find("The conflict is caused by:");
  if (reasons != std::string::npos)
    text = outcome.out.substr(reasons, outcome.out.find("To fix this", reasons) - reasons);
  for (const auto& [file, lines] : {std::pair{"-r " + wanted.string(), &question.requirements},
                                    {"-c " + constraints.string(), &question.constraints}})
    for (std::size_t i = lines->size(); i > 0; --i) {
      const std::string where = file + " (line " + std::to_string(i) + ")";
      for (std::size_t at = text.find(where); at != std::string::npos; at = text.find(where, at))
        text.replace(at, where.size(), (*lines)[i - 1]);
    }
  return text;
}

class Pip : public Resolver {
 public:
  Pip(fs::path python, std::string version, const ResolveOptions& options)
      : python_(std::move(python)), version_(std::move(version)), options_(options) {}
  std::string name() const override { return "pip " + version_; }

  std::string caveat() const override {
    if (!options_.python.empty()) return {};
    auto outcome = run({.argv = {python_.string(), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"},
                        .timeout = std::chrono::seconds(30)});
    const std::string own = outcome.ok() ? std::string(trim(outcome->out)) : std::string();
    if (own == options_.target.python()) return {};
    return "pip looks at markers of dependencies with its own Python (" + own + ") instead of " +
           options_.target.python() + "; install uv for an exact answer, or name an interpreter of that version";
  }

  Result<ResolverAnswer> ask(const ResolverQuestion& question) override {
    auto scratch = ScratchFolder::make("resolve");
    if (!scratch.ok()) return scratch.error();
    const fs::path wanted = scratch->path() / "wanted.txt", constraints = scratch->path() / "constraints.txt",
                   report = scratch->path() / "report.json";
    for (const auto& [file, lines] : {std::pair{wanted, &question.requirements}, {constraints, &question.constraints}})
      if (auto status = write_file(file, lines_of(*lines)); !status.ok()) return status.error();
    Command command;
    command.argv = {python_.string(), "-m", "pip"};
    auto add = [&](std::initializer_list<std::string> more) { command.argv.insert(command.argv.end(), more); };
    if (!options_.python.empty()) add({"--python", options_.python.string()});
    add({"install",
         "--dry-run",
         "--ignore-installed",
         "--no-color",
         "--progress-bar",
         "off",
         "--no-input",
         "--disable-pip-version-check",
         "--report",
         report.string(),
         "--only-binary",
         ":all:",
         "--target",
         (scratch->path() / "nowhere").string(),
         "--implementation",
         "cp",
         "--python-version",
         options_.target.python(),
         "-r",
         wanted.string(),
         "-c",
         constraints.string()});
    const std::string abi = with_gil(options_.target).abi();
    for (const std::string& one : {abi, std::string("abi3"), std::string("none")}) add({"--abi", one});
    for (const std::string& platform : pip_platforms(options_.target)) add({"--platform", platform});
    if (!question.stand_ins.empty()) add({"--find-links", question.stand_ins.string()});
    if (options_.index.no_index) add({"--no-index"});
    if (options_.index.prereleases) add({"--pre"});
    command.environment = pip_environment(options_.index);
    command.timeout = options_.timeout, command.silence = options_.silence;
    command.on_line = question.told;
    command.folder = scratch->path();
    auto outcome = run(command);
    if (!outcome.ok()) return outcome.error();
    ResolverAnswer answer;
    if (outcome->succeeded()) {
      auto text = read_file(report);
      auto choices = text.ok() ? parse_pip_report(*text, marker_environment(options_.target))
                               : Result<std::vector<ResolverChoice>>(text.error());
      if (!choices.ok()) return choices.error();
      answer.choices = std::move(*choices);
      answer.solved = true;
    } else {
      answer.gave_up = outcome->timed_out;
      answer.error = outcome->timed_out     ? "pip timed out"
                     : outcome->err.empty() ? "pip: " + outcome->describe()
                                            : explained(*outcome, question, wanted, constraints);
      answer.blamed = blamed_names(answer.error);
    }
    return answer;
  }

 private:
  fs::path python_;
  std::string version_;
  ResolveOptions options_;
};

// The characters that end a name in a resolver's sentence.
std::string name_at(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() &&
         is_name(std::string(1, text[end] == '-' || text[end] == '_' || text[end] == '.' ? 'a' : text[end])))
    ++end;
  std::string name(text.substr(0, end));
  while (!name.empty() && !is_name(name)) name.pop_back();
  return is_name(name) ? normal_name(name) : std::string();
}

}  // namespace

std::vector<std::string> uv_environment(const IndexOptions& index) {
  std::vector<std::string> environment{"NO_COLOR=1", "UV_PYTHON_DOWNLOADS=never",
                                       "UV_FIND_LINKS=", "UV_INDEX_URL=", "UV_EXTRA_INDEX_URL="};
  if (!index.no_index) {
    if (!index.index_url.empty()) environment.push_back("UV_DEFAULT_INDEX=" + index.index_url);
    environment.push_back("UV_INDEX=" + ftaudit::join(index.extra_index_urls, " "));
  }
  if (!index.trusted_hosts.empty())
    environment.push_back("UV_INSECURE_HOST=" + ftaudit::join(index.trusted_hosts, " "));
  if (!index.certificate.empty()) environment.push_back("SSL_CERT_FILE=" + index.certificate);
  if (!index.proxy.empty())
    for (const char* name : {"HTTPS_PROXY=", "HTTP_PROXY="}) environment.push_back(name + index.proxy);
  return environment;
}

std::vector<std::string> pip_environment(const IndexOptions& index) {
  std::vector<std::string> environment{"NO_COLOR=1", "PYTHONUNBUFFERED=1"};
  if (!index.index_url.empty()) environment.push_back("PIP_INDEX_URL=" + index.index_url);
  environment.push_back("PIP_EXTRA_INDEX_URL=" + ftaudit::join(index.extra_index_urls, " "));
  environment.push_back("PIP_FIND_LINKS=" + ftaudit::join(index.find_links, " "));
  if (!index.trusted_hosts.empty())
    environment.push_back("PIP_TRUSTED_HOST=" + ftaudit::join(index.trusted_hosts, " "));
  if (!index.certificate.empty()) environment.push_back("PIP_CERT=" + index.certificate);
  if (!index.client_certificate.empty()) environment.push_back("PIP_CLIENT_CERT=" + index.client_certificate);
  if (!index.proxy.empty()) environment.push_back("PIP_PROXY=" + index.proxy);
  return environment;
}

std::vector<ResolverChoice> parse_uv_output(std::string_view text) {
  std::vector<ResolverChoice> choices;
  for (const std::string& line : split(text, '\n')) {
    if (line.empty() || line.front() == '#' || line.front() == ' ' || line.front() == '-') continue;
    const std::size_t comment = line.find(" # via ");
    auto requirement = parse_requirement(std::string_view(line).substr(0, comment));
    if (!requirement.ok()) continue;
    ResolverChoice choice;
    choice.name = requirement->name;
    choice.version = requirement->specifiers.pinned().value_or("");
    choice.url = requirement->url;
    if (comment != std::string::npos)
      for (const std::string& by : split(std::string_view(line).substr(comment + 7), ',')) {
        std::string_view name = trim(by);
        name = name.substr(0, name.find('['));
        if (is_name(name)) choice.required_by.push_back(normal_name(name));  // "-r FILE" and "-c FILE" are no names
      }
    choices.push_back(std::move(choice));
  }
  return choices;
}

Result<std::vector<ResolverChoice>> parse_pip_report(std::string_view text, const Environment& environment) {
  const json report = json::parse(text, nullptr, false);
  if (!report.is_object() || !report.contains("install") || !report["install"].is_array())
    return Error{"pip's report is not what pip documents"};
  std::vector<ResolverChoice> choices;
  std::map<std::string, std::size_t> place;
  auto text_at = [](const json& object, const char* key) {
    return object.is_object() && object.contains(key) && object[key].is_string() ? object[key].get<std::string>()
                                                                                 : std::string();
  };
  for (const json& item : report["install"]) {
    if (!item.is_object() || !item.contains("metadata")) continue;
    ResolverChoice choice{text_at(item["metadata"], "name"), text_at(item["metadata"], "version"), {}, {}};
    if (item.contains("download_info")) choice.url = text_at(item["download_info"], "url");
    if (!is_name(choice.name)) continue;
    place[normal_name(choice.name)] = choices.size();
    choices.push_back(std::move(choice));
  }
  // Extras asked for along the way are not in the report: an extra's need counts where what it names was chosen.
  for (const json& item : report["install"]) {
    if (!item.is_object() || !item.contains("metadata") || !item["metadata"].is_object() ||
        !item["metadata"].contains("requires_dist"))
      continue;
    const std::string by = normal_name(text_at(item["metadata"], "name"));
    std::vector<std::string> extras;
    if (item.contains("requested_extras") && item["requested_extras"].is_array())
      for (const json& extra : item["requested_extras"])
        if (extra.is_string()) extras.push_back(extra.get<std::string>());
    for (const json& need_text : item["metadata"]["requires_dist"]) {
      auto need = parse_requirement(need_text.is_string() ? need_text.get<std::string>() : std::string());
      if (!need.ok() || !(need->holds(environment) || need->holds(environment, extras))) continue;
      auto found = place.find(normal_name(need->name));
      if (found == place.end()) continue;
      auto& names = choices[found->second].required_by;
      if (std::ranges::find(names, by) == names.end()) names.push_back(by);
    }
  }
  return choices;
}

std::vector<std::string> blamed_names(std::string_view error) {
  // Both resolvers write sentences; these words stand right before a name.
  constexpr std::string_view before[] = {"Because ",
                                         "because ",
                                         "versions of ",
                                         "version of ",
                                         "and that ",
                                         " and ",
                                         "you require ",
                                         "depends on ",
                                         "depend on ",
                                         "conclude that ",
                                         "`",
                                         "The user requested (constraint) ",
                                         "caused by: ",
                                         "requirement ",
                                         "found for ",
                                         "Cannot install ",
                                         "The user requested ",
                                         "requested (constraint) ",
                                         ", "};
  std::vector<std::string> names;
  std::string flat;
  bool blank = false;
  for (char c : error) {  // sentences are wrapped
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_blank) flat += c;
    else if (!blank) flat += ' ';
    blank = is_blank;
  }
  if (flat.size() > 200'000) flat.resize(200'000);
  std::vector<std::pair<std::size_t, std::string>> found;
  // pip begins its lines with the package that has a need.
  for (const std::string& line : split(error, '\n'))
    if (line.find(" depends on ") != std::string::npos)
      if (std::string name = name_at(trim(line)); !name.empty()) found.emplace_back(0, std::move(name));
  // A file that cannot be had is named by its URL.
  for (std::size_t at = flat.find("://"); at != std::string::npos; at = flat.find("://", at + 1)) {
    std::string_view url = std::string_view(flat).substr(at, flat.find_first_of(" )`'\"", at) - at);
    Wanted file;
    classify_url(url, file);
    if (is_name(file.requirement.name)) found.emplace_back(at, normal_name(file.requirement.name));
  }
  for (std::string_view word : before)
    for (std::size_t at = flat.find(word); at != std::string::npos; at = flat.find(word, at + 1))
      if (std::string name = name_at(std::string_view(flat).substr(at + word.size(), 200)); !name.empty())
        found.emplace_back(at, std::move(name));
  std::ranges::sort(found);
  for (auto& [at, name] : found)
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  return names;
}

Result<std::unique_ptr<Resolver>> find_resolver(const ResolveOptions& options) {
  const InstallerSettings& settings = installer_settings();
  if (options.resolver != "pip" && !settings.uv.empty()) {
    auto outcome = run({.argv = {settings.uv.string(), "--version"}, .timeout = std::chrono::seconds(30)});
    if (outcome.ok() && outcome->succeeded()) {
      auto parts = split(trim(outcome->out), ' ');
      return std::unique_ptr<Resolver>(
          std::make_unique<Uv>(settings.uv, parts.size() > 1 ? "uv " + parts[1] : "uv", options));
    }
  }
  if (options.resolver != "uv" && !settings.python.empty())
    return std::unique_ptr<Resolver>(std::make_unique<Pip>(settings.python, settings.pip_version, options));
  return Error{
      options.resolver.empty()
          ? "requirements must be resolved, and neither uv nor pip is installed: install one, or give a lock file"
          : options.resolver + " is not installed, and was asked for as the resolver"};
}

}  // namespace ftaudit::packages
