#include "cli/measured_work.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"
#include "trial/processors.h"
#include "trial/reference.h"

namespace ftaudit::cli {
namespace {

// On each process of a service of the reference set: enough requests for a tail, and a table in minutes; so few a
// second that they are the same everywhere.
constexpr std::chrono::milliseconds reference_load{2600};
constexpr double reference_rate = 200;

// "1,2,all": each once, in order, no more than there are processors. What is left out is told.
Result<std::vector<unsigned>> counts(const char* option, const std::vector<std::string>& words,
                                     std::vector<std::string>& notes) {
  std::set<unsigned> out;
  for (const std::string& word : words) {
    unsigned count = trial::processors();
    if (word != "all") {
      const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), count);
      if (failed != std::errc() || end != word.data() + word.size() || count == 0)
        return Error{std::string(option) + " " + word + ": expected numbers from 1, or all"};
    }
    if (count <= trial::processors()) out.insert(count);
    else
      notes.push_back(std::string(option) + " " + word + " is left out: this process may use " +
                      counted(trial::processors(), "processor"));
  }
  return std::vector<unsigned>(out.begin(), out.end());
}

Result<std::vector<trial::Workload>> service(const MeasuredWork& work, const fs::path& folder) {
  trial::Workload out{
      .name = work.serve, .kind = "service", .command = work.serve, .folder = folder, .urls = work.urls};
  out.port = work.port, out.rate = work.rate, out.duration = work.duration, out.patience = work.patience;
  if (out.urls.empty()) out.urls = {"/"};
  for (const std::string& path : out.urls)
    if (!path.starts_with('/') || path.find_first_of(" \r\n") != std::string::npos)
      return Error{"--url " + path + ": expected a path that begins with /"};
  if (work.port == 0 && work.serve.find("{port}") == std::string::npos)
    return Error{"--serve " + work.serve + ": say where it is to listen: {port} in the command, or --port"};
  return std::vector<trial::Workload>{out};
}

}  // namespace

std::string MeasuredWork::what() const {
  if (reference) return "the reference set";
  if (!serve.empty()) return "`" + serve + "`";
  return command.empty() ? call : "`" + command + "`";
}

void add_measured_work(Arguments& command, MeasuredWork& work) {
  command.text("--command", work.command, "A shell command; `python` in it is that of the build").named("COMMAND");
  command.text("--call", work.call, "A function, called again and again, from the current folder")
      .named("MODULE:FUNCTION");
  command.text("--serve", work.serve, "A shell command that starts a service on {port}").named("COMMAND");
  command.texts("--url", work.urls, "Paths that are asked for in turn (default: /)").named("PATH").repeatable();
  command
      .taken(
          "--rate",
          [&work](const std::string& text) {
            const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), work.rate);
            return failed != std::errc() || end != text.data() + text.size() || !(work.rate > 0) || work.rate > 1e5
                       ? "--rate " + text + ": expected requests a second, above 0"
                       : "";
          },
          "Requests a second (default: half of what it serves with the GIL)")
      .named("N");
  command.time("--duration", work.duration, "Of the load on each process of a service (default: 5s)").named("TIME");
  command.time("--patience", work.patience, "With the start of a service (default: 30s)").named("TIME");
  command.number("--port", work.port, "Of a service whose command has no {port}").between(1, 65535).named("PORT");
  command.texts("--threads", work.threads, "Also by so many threads at once: 2,4,all").named("N").list();
  command.texts("--processes", work.processes, "Also by so many worker processes: what threads compete with")
      .named("N")
      .list();
}

Result<std::vector<trial::Workload>> workloads(const MeasuredWork& work, const fs::path& folder,
                                               std::vector<std::string>& notes) {
  if (!work.call.empty() && work.call.find(':') == std::string::npos)
    return Error{"--call " + work.call + ": expected MODULE:FUNCTION"};
  for (const std::string& name : work.only)
    if (std::ranges::none_of(trial::reference_rows(), [&](const trial::ReferenceRow& row) { return row.name == name; }))
      return Error{"--only " + name + ": the reference set has " + trial::reference_names()};
  if (!work.command.empty() || !work.serve.empty()) {
    if (!work.threads.empty() || !work.processes.empty())
      return Error{"--threads and --processes are for --call and --reference: a command starts its own"};
    if (!work.serve.empty()) return service(work, folder);
    return std::vector<trial::Workload>{{.name = work.command, .command = work.command, .folder = folder}};
  }
  std::vector<trial::Workload> functions;
  if (work.reference) {
    for (const trial::ReferenceRow& row : trial::reference_rows()) {
      if (!work.only.empty() && std::ranges::find(work.only, row.name) == work.only.end()) continue;
      trial::Workload& one = functions.emplace_back(
          trial::Workload{.name = std::string(row.name), .kind = std::string(row.kind), .folder = folder});
      if (row.path.empty()) one.call = "ftaudit_reference:" + std::string(row.name);
      else
        one.command = trial::reference_service(), one.urls = {std::string(row.path)},
        one.rate = work.rate > 0 ? work.rate : reference_rate, one.duration = reference_load;
    }
  } else {
    functions.push_back({.name = work.call, .call = work.call, .folder = folder});
  }
  const auto threads = counts("--threads", work.threads, notes),
             processes = counts("--processes", work.processes, notes);
  for (const auto* one : {&threads, &processes})
    if (!one->ok()) return one->error();
  std::vector<trial::Workload> out;
  for (const trial::Workload& function : functions) {
    out.push_back(function);
    for (const auto& [numbers, are_processes] : {std::pair{&*threads, false}, std::pair{&*processes, true}})
      for (const unsigned lanes : *numbers) {
        if (lanes == 1 || function.call.empty()) continue;  // a service has threads of its own
        trial::Workload more = function;
        more.lanes = lanes, more.processes = are_processes;
        out.push_back(std::move(more));
      }
  }
  return out;
}

}  // namespace ftaudit::cli
