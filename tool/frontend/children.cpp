// Many translation units, one confined child process each, as many at a time as asked for. Facts come back through a
// pipe; a child that crashes, does not end or tries what a reader may not do costs its own file.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/bytes.h"
#include "base/sandbox.h"
#include "frontend/facts_cache.h"
#include "headers/carried.h"
#include "model/archive.h"
#include "project/flag_filter.h"
#include "project/ground.h"

namespace ftaudit::frontend {
namespace {

using Clock = std::chrono::steady_clock;

struct Child {
  std::size_t unit = 0;
  pid_t pid = -1;
  int pipe = -1;
  std::string bytes;
  Clock::time_point started;
  bool timed_out = false;
};

constexpr std::size_t largest_answer = 256u << 20;

// What readers of these units may open: the project, its repository, the folders its flags name, headers.
Result<sandbox::Ground> ground_of(const std::vector<project::Unit>& units, const Settings& settings) {
  std::vector<fs::path> places = sandbox::installed_places();
  places.insert(places.end(), {settings.root, project::repository_top(settings.root), headers::clang_folder(),
                               headers::carried_root()});
  places.insert(places.end(), settings.system_includes.begin(), settings.system_includes.end());
  for (const project::Unit& unit : units) {
    places.push_back(unit.file.parent_path());
    for (fs::path& place : project::named_places(unit.flags, unit.folder)) places.push_back(std::move(place));
  }
  // What is built in needs no path: it is in this process.
  std::erase_if(places, [](const fs::path& place) { return place.empty() || headers::is_built_in(place); });
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return sandbox::Ground::make({.readable = std::move(places)});
}

[[noreturn]] void work(const project::Unit& unit, const Settings& settings, const sandbox::Ground& ground, int out) {
  // The parent's clock ends it; this is for one that outlives the parent.
  const sandbox::Limits limits{settings.memory_bytes, settings.timeout + std::chrono::seconds(5)};
  sandbox::confine(out, ground, limits);
  if (settings.once_confined) settings.once_confined();
  std::vector<Read> reads;
  const Parsed parsed = parse(unit, settings, &reads);
  ByteWriter writer;
  writer(model::to_bytes(parsed.facts), reads);
  sandbox::answer_with(writer.bytes);
}

Parsed failure(const project::Unit& unit, const Settings& settings, std::string reason) {
  Parsed out;
  out.failed = true;
  out.facts.files.push_back(shown_path(unit.file, settings.root));
  out.facts.units.push_back({.file = model::FileId(0), .language = unit.file.extension() == ".c" ? "c" : "c++"});
  out.facts.omissions.push_back({model::FileId(0), std::move(reason)});
  return out;
}

class Pool {
 public:
  Pool(const std::vector<project::Unit>& units, const Settings& settings, const sandbox::Ground& ground,
       Progress& progress)
      : units_(units),
        settings_(settings),
        ground_(ground),
        progress_(progress),
        results_(units.size()),
        recalled_(units.size(), false) {}

  std::vector<Parsed> run() {
    progress_.stage("parsing", units_.size());
    if (settings_.cache != nullptr)
      for (std::size_t i = 0; i < units_.size(); ++i) recall(i);
    while (done_ < units_.size()) {
      for (; children_.size() < std::max(1u, settings_.jobs) && next_ < units_.size(); ++next_)
        if (!recalled_[next_]) start(next_);
      wait();
    }
    progress_.finish();
    return std::move(results_);
  }

 private:
  // What an earlier run has written down.
  void recall(std::size_t unit) {
    const auto key = settings_.cache->find(units_[unit], settings_);
    if (!key) return;
    auto facts = settings_.cache->load(*key);
    if (!facts) return;
    results_[unit] = {.facts = std::move(*facts), .key = *key};
    results_[unit].failed = !results_[unit].facts.units[0].parsed;
    recalled_[unit] = true;
    progress_.step(++done_, shown_path(units_[unit].file, settings_.root));
  }

  // What a child sent, or nothing if that is not whole.
  bool take(const project::Unit& unit, const std::string& sent, Parsed& result) {
    ByteReader reader(sent);
    std::string bytes;
    std::vector<Read> reads;
    reader(bytes, reads);
    if (reader.failed() || !reader.at_end()) return false;
    auto facts = model::from_bytes(bytes);
    if (!facts.ok()) return false;
    result.facts = std::move(*facts);
    result.failed = result.facts.units.empty() || !result.facts.units[0].parsed;
    if (settings_.cache != nullptr) result.key = settings_.cache->keep(unit, settings_, reads, bytes);
    return true;
  }

  void start(std::size_t unit) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return refuse(unit);
    const pid_t pid = ::fork();
    if (pid < 0) {
      ::close(ends[0]), ::close(ends[1]);
      return refuse(unit);
    }
    if (pid == 0) {
      ::close(ends[0]);
      work(units_[unit], settings_, ground_, ends[1]);
    }
    ::close(ends[1]);
    children_.push_back({unit, pid, ends[0], {}, Clock::now()});
  }

  void refuse(std::size_t unit) {
    results_[unit] = failure(units_[unit], settings_, std::string("cannot start a process: ") + std::strerror(errno));
    ++done_;
  }

  void wait() {
    std::vector<pollfd> ends;
    for (const Child& child : children_) ends.push_back({child.pipe, POLLIN, 0});
    ::poll(ends.data(), ends.size(), 100);
    for (std::size_t i = 0; i < ends.size(); ++i) {
      Child& child = children_[i];
      if (Clock::now() - child.started > settings_.timeout && !child.timed_out) {
        child.timed_out = true;
        ::kill(child.pid, SIGKILL);
      }
      if (ends[i].revents == 0) continue;
      char buffer[1 << 16];
      const ssize_t n = ::read(child.pipe, buffer, sizeof buffer);
      if (n > 0 && child.bytes.size() < largest_answer) child.bytes.append(buffer, static_cast<std::size_t>(n));
      else if (n > 0) ::kill(child.pid, SIGKILL);
      else if (n == 0 || errno != EINTR) finish(child);
    }
    std::erase_if(children_, [](const Child& child) { return child.pid < 0; });
  }

  void finish(Child& child) {
    int status = 0;
    ::waitpid(child.pid, &status, 0);
    ::close(child.pipe);
    const project::Unit& unit = units_[child.unit];
    Parsed& result = results_[child.unit];
    if (child.timed_out) {
      result = failure(
          unit, settings_,
          "Clang did not finish within " + std::to_string(settings_.timeout.count()) + " s; --timeout gives it longer");
    } else if (const std::string stopped = sandbox::told_of(status); !stopped.empty()) {
      result = failure(unit, settings_, stopped);
    } else if (child.bytes.size() >= largest_answer) {
      result = failure(unit, settings_, "its facts are more than " + std::to_string(largest_answer >> 20) + " MiB");
    } else if (WIFSIGNALED(status)) {
      result = failure(unit, settings_, std::string("Clang crashed on it (") + ::strsignal(WTERMSIG(status)) + ")");
    } else if (WEXITSTATUS(status) != 0 || !take(unit, child.bytes, result)) {
      result =
          failure(unit, settings_, "Clang ended without facts (exit code " + std::to_string(WEXITSTATUS(status)) + ")");
    }
    result.seconds = std::chrono::duration<double>(Clock::now() - child.started).count();
    child.pid = -1;
    progress_.step(++done_, shown_path(unit.file, settings_.root));
  }

  const std::vector<project::Unit>& units_;
  const Settings& settings_;
  const sandbox::Ground& ground_;
  Progress& progress_;
  std::vector<Parsed> results_;
  std::vector<bool> recalled_;  // from the cache
  std::vector<Child> children_;
  std::size_t next_ = 0, done_ = 0;
};

}  // namespace

std::vector<Parsed> parse_all(const std::vector<project::Unit>& units, const Settings& settings, Progress& progress) {
  const Result<sandbox::Ground> ground = ground_of(units, settings);
  if (ground.ok()) return Pool(units, settings, *ground, progress).run();
  std::vector<Parsed> out;
  for (const project::Unit& unit : units) out.push_back(failure(unit, settings, ground.message()));
  return out;
}

}  // namespace ftaudit::frontend
