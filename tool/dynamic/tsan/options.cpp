#include "dynamic/tsan/options.h"

#include <algorithm>

#include "base/process.h"
#include "base/text.h"
#include "python/toolchain.h"

namespace ftaudit::dynamic {
namespace {

// TSAN_OPTIONS splits at blanks, commas, colons; a path that holds one is quoted.
std::string quoted(const std::string& text) {
  if (text.find_first_of(" ,:\t\n'\"") == std::string::npos) return text;
  return text.find('"') == std::string::npos ? '"' + text + '"' : '\'' + text + '\'';
}

}  // namespace

TsanOptions tsan_options(const TsanSetting& setting, const std::vector<std::string>& known) {
  TsanOptions out;
  const auto put = [&](const std::string& name, const std::string& value) {
    if (!known.empty() && std::find(known.begin(), known.end(), name) == known.end()) {
      out.left_out.push_back(name);
      return;
    }
    out.value += (out.value.empty() ? "" : ":") + name + "=" + quoted(value);
  };
  if (!setting.log_prefix.empty()) put("log_path", setting.log_prefix.string());
  if (!setting.suppressions.empty()) put("suppressions", setting.suppressions.string());
  // The program's own exit code stays; reports are counted in the logs.
  put("exitcode", "0");
  // The first race must not hide the others.
  put("halt_on_error", "0");
  // Where the earlier stack has fallen out of the history, the runtime drops the race without a word.
  put("history_size", "7");
  put("second_deadlock_stack", "1");
  put("detect_deadlocks", "1");
  // Beside faulthandler a handler of the runtime can lock itself up: crashes keep their signal, and a second run asks
  // for stacks.
  const std::string handler = setting.own_crash_stacks ? "2" : "0";
  for (const char* signal : {"handle_segv", "handle_sigbus", "handle_sigfpe", "handle_abort"}) put(signal, handler);
  put("report_signal_unsafe", "0");  // faulthandler's dumps are all that, and on purpose
  put("report_thread_leaks", "0");
  put("allocator_may_return_null", "1");
  if (setting.survive_fork) put("die_after_fork", "0");
  put("atexit_sleep_ms", "100");
  if (setting.memory_limit_mb != 0) put("memory_limit_mb", std::to_string(setting.memory_limit_mb));
  const fs::path symbolizer = setting.symbolizer.empty() ? python::find_symbolizer() : setting.symbolizer;
  put("symbolize", "1");
  if (!symbolizer.empty()) put("external_symbolizer_path", symbolizer.string());
  put("color", "never");
  put("stack_trace_format", "    #%n|%p|%f|%S|%m|%o");
  put("print_suppressions", "1");
  // Newer runtimes vary the schedule by themselves; one that cannot is not asked.
  if (std::find(known.begin(), known.end(), "enable_adaptive_delay") != known.end()) put("enable_adaptive_delay", "1");
  return out;
}

Result<std::vector<std::string>> known_tsan_options(const fs::path& program) {
  const Command command{.argv = {program.string(), "-I", "-S", "-c", ""},
                        .environment = {"TSAN_OPTIONS=help=1:exitcode=0"},
                        .timeout = std::chrono::seconds(60)};
  const Result<Outcome> outcome = run(command);
  if (!outcome.ok()) return outcome.error();
  // "	history_size\n		- Per-thread history size..." : names stand one tab in.
  std::vector<std::string> names;
  for (const std::string& line : split(outcome->err + outcome->out, '\n')) {
    if (line.size() < 2 || line[0] != '\t' || line[1] == '\t') continue;
    const std::string name(trim(line));
    if (name.find(' ') == std::string::npos) names.push_back(name);
  }
  if (names.size() < 20)
    return Error{program.string() + " lists no options of ThreadSanitizer: it was built without it (" +
                 outcome->describe() + ")"};
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> plain_environment() {
  return {"PYTHON_GIL=0", "PYTHONFAULTHANDLER=1", "PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1", "PYTHONHASHSEED=0",
          "FTAUDIT_CRASH_STACK=1",
          // Ubuntu's symbol server makes the symbolizer hang; numeric libraries bring pools of threads that nobody
          // instrumented.
          "DEBUGINFOD_URLS=", "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "MKL_NUM_THREADS=1", "PYTHONHOME",
          "PYTHONPATH", "PYTHONSTARTUP"};
}

std::vector<std::string> tsan_environment(const TsanOptions& options) {
  std::vector<std::string> out = plain_environment();
  out.push_back("TSAN_OPTIONS=" + options.value);
  return out;
}

}  // namespace ftaudit::dynamic
