#include "adoption/adoption.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "adoption/confirm_package.h"
#include "adoption/scan_package.h"
#include "adoption/weighing.h"
#include "audit/audit_project.h"
#include "base/text.h"
#include "packages/names/names.h"
#include "packages/verdict/verdict.h"
#include "python/interpreter.h"

namespace ftaudit::adoption {
namespace {

using packages::Evidence;
using packages::Index;
using packages::IndexOptions;
using packages::Input;
using packages::Resolved;

constexpr unsigned default_jobs = 8;

template <class T> void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

IndexOptions asked_for(const Request& o) {
  IndexOptions out;
  out.index_url = o.index_url, out.extra_index_urls = o.extra_index_urls, out.find_links = o.find_links,
  out.trusted_hosts = o.trusted_hosts;
  out.no_index = o.no_index, out.offline = o.offline, out.prereleases = o.prereleases, out.certificate = o.certificate,
  out.proxy = o.proxy;
  return out;
}

// What the files say, with the command line on top.
IndexOptions joined(IndexOptions files, const IndexOptions& line) {
  if (!line.index_url.empty()) files.index_url = line.index_url;
  append(files.extra_index_urls, line.extra_index_urls);
  append(files.find_links, line.find_links);
  append(files.trusted_hosts, line.trusted_hosts);
  files.no_index = files.no_index || line.no_index, files.offline = files.offline || line.offline,
  files.prereleases = files.prereleases || line.prereleases;
  if (!line.certificate.empty()) files.certificate = line.certificate;
  if (!line.proxy.empty()) files.proxy = line.proxy;
  return files;
}

// One package to be judged, whoever asks for it.
struct Job {
  Resolved package;
  std::set<std::string> asked_by, needed_by, requires_, applications;
  bool direct = false;
  PackageReport verdict;
};

class Run {
 public:
  Run(const Request& request, Progress& progress) : request_(request), progress_(progress) {}

  Result<AdoptionReport> run() {
    if (Status ready = prepare(); !ready.ok()) return ready.error();
    std::vector<std::pair<std::string, Input>> inputs;
    for (const std::string& name : out_.inputs) {
      Result<Input> input = read(name);
      if (input.ok()) inputs.emplace_back(name, std::move(*input));
      else if (mistyped(name)) return input.error();
      else lose(input.message());
    }
    if (Status opened = open_index(); !opened.ok()) return opened.error();
    for (const auto& [name, input] : inputs)
      if (Status resolved = resolve(name, input); !resolved.ok()) return resolved.error();
    judge_all();
    finish();
    return std::move(out_);
  }

 private:
  Status prepare() {
    packages::Platform platform = packages::this_platform();
    if (!request_.platform.empty()) {
      Result<packages::Platform> parsed = packages::parse_platform(request_.platform);
      if (!parsed.ok()) return Error{"--platform " + request_.platform + ": " + parsed.message()};
      platform = *parsed;
    }
    for (const std::string& file : request_.requirements) out_.inputs.push_back(file);
    append(out_.inputs, request_.inputs);
    std::string wanted = request_.target;
    if (wanted.empty()) wanted = implied_target(platform);
    Result<packages::Target> target = packages::parse_target(wanted, platform);
    if (!target.ok()) return Error{"--target " + wanted + ": " + target.message()};
    if (!target->free_threaded)
      return Error{"--target " + wanted + ": a build with the GIL; did you mean " + wanted + "t?"};
    target_ = *target;
    if (out_.inputs.empty())
      return Error{"nothing to report on: name a requirement file (-r FILE), a lock file, an environment or a package"};
    out_.tool_version = FTAUDIT_VERSION, out_.target = target_.text(), out_.platform = target_.platform.text();
    out_.date = audit::today(), out_.workload = request_.workload;
    if (!request_.no_cache) cache_.emplace(cache_folder() / "packages");
    return Done{};
  }

  // A wheel that is named says itself which Python it is for, and on what; of several the first that does.
  std::string implied_target(packages::Platform& platform) {
    std::string out;
    for (const std::string& input : out_.inputs) {
      if (!input.ends_with(".whl")) continue;
      const Result<packages::WheelName> name = packages::parse_wheel_name(fs::path(input).filename().string());
      if (!name.ok() || name->is_pure()) continue;
      for (const std::string& abi : name->abis) {
        const std::string& tag = abi.starts_with("abi3") ? name->pythons[0] : abi;
        const Result<packages::Target> target = packages::parse_target(tag, platform);
        if (!target.ok() || target->minor < 13) continue;
        const std::string said = target->python() + "t";
        if (out.empty()) {
          out = said;
          if (request_.platform.empty()) take_platform(*name, *target, platform);
        } else if (out != said) {
          out_.notes.push_back(fs::path(input).filename().string() + " is for " + said + ", and all is judged for " +
                               out + ": --target says for which");
        }
        break;
      }
    }
    return out.empty() ? "3.13t" : out;
  }

  // This machine's where the wheel fits it, else the wheel's own.
  static void take_platform(const packages::WheelName& name, packages::Target target, packages::Platform& platform) {
    target.platform = platform;
    if (packages::fit(name, target) != packages::Fit::other_platform) return;
    for (const std::string& tag : name.platforms)
      if (const Result<packages::Platform> own = packages::parse_platform(tag); own.ok()) {
        platform = *own;
        return;
      }
  }

  bool is_file(const std::string& name) const {
    return std::find(request_.requirements.begin(), request_.requirements.end(), name) != request_.requirements.end();
  }

  // What cannot be read is a loss among other inputs; what is not there, or a folder in place of a file, is a bad
  // command line.
  bool mistyped(const std::string& name) const {
    std::error_code ignored;
    return !fs::exists(name, ignored) || (is_file(name) && fs::is_directory(name, ignored));
  }

  Result<Input> read(const std::string& name) {
    packages::InputOptions reading{.target = target_, .extras = request_.extras, .groups = request_.groups};
    Result<Input> input =
        is_file(name) ? packages::read_requirements(name, reading) : packages::read_input(name, reading);
    if (!input.ok()) return input;
    for (const packages::Remark& remark : input->remarks) remarked(remark);
    index_request_ = joined(index_request_, input->index);
    return input;
  }

  // Each input on its own: two services need not agree on one version.
  Status resolve(const std::string& name, const Input& input) {
    progress_.stage("resolving " + name, 0);
    packages::ResolveOptions resolving{.target = target_, .index = asked_for(request_), .resolver = request_.resolver};
    // pip reads markers with it, which are the same with the GIL, where it starts faster.
    for (const std::string& version : {target_.text(), target_.python()})
      if (const Result<python::Interpreter> python = python::choose_interpreter(version);
          python.ok() && !python->executable.empty())
        resolving.python = python->executable;
    Result<packages::Resolution> resolution = packages::resolve(input, resolving, *index_, progress_);
    progress_.finish();
    if (!resolution.ok()) return resolution.error();
    for (const packages::Remark& remark : resolution->remarks) remarked(remark);
    if (!resolution->resolver.empty() && out_.resolver.find(resolution->resolver) == std::string::npos)
      out_.resolver += (out_.resolver.empty() ? "" : ", ") + resolution->resolver;
    std::vector<std::string> names;
    for (const Resolved& package : resolution->packages) {
      add(package, name);
      if (package.path.empty() && package.state == Resolved::State::chosen) names.push_back(package.name);
    }
    index_->prefetch(names);
    return Done{};
  }

  void lose(std::string what) {
    out_.problems.push_back(std::move(what));
    out_.incomplete = true;
  }
  void remarked(const packages::Remark& remark) {
    const std::string where =
        remark.lost || !remark.origin.file.empty() ? remark.origin.text() : "";  // a note about the run is from nowhere
    const std::string text = (where.empty() ? "" : where + ": ") + remark.what;
    if (remark.lost) lose(text);
    else out_.notes.push_back(text);
  }

  void add(const Resolved& package, const std::string& input) {
    const std::string key = package.key() + "\n" + package.version + "\n" + package.path.string();
    const auto [at, fresh] = by_key_.try_emplace(key, jobs_.size());
    if (fresh) jobs_.push_back({.package = package});
    Job& job = jobs_[at->second];
    job.direct = job.direct || package.direct;
    job.applications.insert(input);
    for (const packages::Origin& origin : package.origins)
      if (const std::string text = origin.text(); !text.empty()) job.asked_by.insert(text);
    job.needed_by.insert(package.required_by.begin(), package.required_by.end());
    job.requires_.insert(package.requires_.begin(), package.requires_.end());
  }

  Status open_index() {
    index_request_ = joined(index_request_, asked_for(request_));
    Result<std::unique_ptr<Index>> opened = Index::open(index_request_);
    if (!opened.ok()) return opened.error();
    index_ = std::move(*opened);
    return Done{};
  }

  void judge_all() {
    packages::GatherOptions gathering{.target = target_, .binaries = !request_.no_binaries};
    progress_.stage("packages", jobs_.size());
    std::atomic<std::size_t> next = 0, done = 0;
    std::mutex shown;
    std::vector<Evidence> evidence(jobs_.size());
    const auto work = [&] {
      for (std::size_t i = next++; i < jobs_.size(); i = next++) {
        evidence[i] = packages::gather(jobs_[i].package, index_.get(), cache_ ? &*cache_ : nullptr, gathering);
        const std::lock_guard<std::mutex> lock(shown);
        progress_.step(++done, jobs_[i].package.name);
      }
    };
    std::vector<std::thread> threads;
    const unsigned count = std::min<std::size_t>(request_.jobs != 0 ? request_.jobs : default_jobs,
                                                 std::max<std::size_t>(jobs_.size(), 1));
    for (unsigned i = 1; i < count; ++i) threads.emplace_back(work);
    work();
    for (std::thread& thread : threads) thread.join();
    progress_.finish();
    if (request_.scan) scan(evidence);
    if (request_.probe) probe(evidence);
    if (!request_.confirm.empty()) confirm(evidence);
    std::map<std::string, packages::Declaration> others;
    for (const Evidence& one : evidence) packages::add_top_level(one, others);
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      evidence[i].others = &others;
      jobs_[i].verdict = packages::judge(evidence[i]);
    }
  }

  static bool compiled(const Evidence& of) {
    return of.resolution_error.empty() && of.offer != packages::Offer::pure_wheel;
  }

  void scan(std::vector<Evidence>& evidence) {
    progress_.stage("scanning", jobs_.size());
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      progress_.step(i, jobs_[i].package.name);
      if (compiled(evidence[i]))
        evidence[i].scan = scan_package(jobs_[i].package, index_.get(), target_, request_.scan_reports);
    }
    progress_.finish();
  }

  void probe(std::vector<Evidence>& evidence) {
    Result<python::Interpreter> python =
        python::choose_interpreter(request_.python.empty() ? target_.text() : request_.python);
    if (!python.ok() || python->executable.empty() || !python->free_threaded) {
      lose("--probe: " +
           (python.ok() ? python->name + " is no free-threaded interpreter that can be run" : python.message()));
      return;
    }
    progress_.stage("importing", jobs_.size());
    packages::ProbeOptions probing{.python = python->executable, .index = index_request_};
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      progress_.step(i, jobs_[i].package.name);
      // Nothing is built for a probe.
      const bool wheel =
          evidence[i].offer == packages::Offer::free_threaded || evidence[i].offer == packages::Offer::foreign_wheel;
      if (compiled(evidence[i]) && !wheel) evidence[i].not_checked.push_back("importing it: no wheel of it fits");
      else if (compiled(evidence[i])) evidence[i].probe = probed(jobs_[i].package, probing, python->version);
    }
    progress_.finish();
  }

  // One after the other: each takes all the processors it gets.
  void confirm(std::vector<Evidence>& evidence) {
    const ConfirmPackageOptions confirming{.budget = request_.budget,
                                           .python = request_.python,
                                           .reports = request_.confirm_reports,
                                           .index = index_request_};
    progress_.stage("confirming", request_.confirm.size());
    for (std::size_t at = 0; at < request_.confirm.size(); ++at) {
      const std::string key = packages::normal_name(request_.confirm[at]);
      progress_.step(at, request_.confirm[at]);
      bool found = false;
      for (std::size_t i = 0; i < jobs_.size(); ++i) {
        if (jobs_[i].package.key() != key) continue;
        found = true;
        if (compiled(evidence[i]))
          evidence[i].confirm = confirm_package(jobs_[i].package, index_.get(), target_, confirming);
        else
          evidence[i].not_checked.push_back("running it: " + std::string(evidence[i].resolution_error.empty()
                                                                             ? "it is pure Python"
                                                                             : "it cannot be installed"));
      }
      if (!found) lose("--confirm " + request_.confirm[at] + ": no package of this name is in the report");
    }
    progress_.finish();
  }

  static ProbeSummary probed(const Resolved& package, const packages::ProbeOptions& options,
                             const std::string& python) {
    using Outcome = packages::ImportResult::Outcome;
    ProbeSummary out{.python = python};
    const std::string requirement =
        package.path.empty() ? package.name + "==" + package.version : package.path.string();
    Result<packages::Probe> probe = packages::probe(package.name, requirement, options);
    if (!probe.ok() || !probe->installed) {
      out.failed = probe.ok() ? probe->reason : probe.message();
      return out;
    }
    for (const auto* list : {&probe->imports, &probe->modules})
      for (const packages::ImportResult& one : *list) {
        if (one.outcome == Outcome::gil_switched_on) {
          out.gil_after = true;
          if (one.culprits.empty()) out.culprits.push_back(one.module);
          for (const std::string& culprit : one.culprits)
            if (std::find(out.culprits.begin(), out.culprits.end(), culprit) == out.culprits.end())
              out.culprits.push_back(culprit);
        } else if (one.outcome == Outcome::gil_stays_off) {
          if (!out.gil_after) out.gil_after = false;
        } else if (list == &probe->imports && out.failed.empty()) {
          out.failed = one.module + ": " + one.message;
        }
      }
    if (!out.gil_after && out.failed.empty())
      out.failed = probe->reason.empty() ? "nothing in it could be imported" : probe->reason;
    return out;
  }

  void finish() {
    std::map<std::string, std::string> written;  // normal name -> as its project writes it
    for (const Job& job : jobs_) written[job.package.key()] = job.package.name;
    const auto names = [&written](const std::set<std::string>& keys) {
      std::vector<std::string> out;
      for (const std::string& key : keys) out.push_back(written.contains(key) ? written[key] : key);
      return out;
    };
    std::stable_sort(jobs_.begin(), jobs_.end(),
                     [](const Job& a, const Job& b) { return a.package.key() < b.package.key(); });
    for (Job& job : jobs_) {
      PackageReport& verdict = job.verdict;
      verdict.direct = job.direct;
      verdict.applications.assign(job.applications.begin(), job.applications.end());
      verdict.asked_by.assign(job.asked_by.begin(), job.asked_by.end());
      verdict.needed_by = names(job.needed_by), verdict.requires_ = names(job.requires_);
      if (!verdict.known) lose(verdict.name + ": " + verdict.summary);
      if (!job.package.requires_known && job.package.state == Resolved::State::chosen)
        verdict.not_checked.push_back("what it requires: its metadata could not be read without running its build");
      out_.packages.push_back(std::move(verdict));
    }
    rejudge(out_, request_);
    if (index_) out_.downloaded_bytes = index_->fetched_bytes();
    if (cache_) cache_->trim();
  }

  const Request& request_;
  Progress& progress_;
  packages::Target target_;
  IndexOptions index_request_;
  std::unique_ptr<Index> index_;
  std::optional<packages::Cache> cache_;
  std::vector<Job> jobs_;
  std::map<std::string, std::size_t> by_key_;
  AdoptionReport out_;
};

}  // namespace

void rejudge(AdoptionReport& report, const Request& request) {
  const Trial* trial = request.trial ? &*request.trial : nullptr;
  lay_beside(report, trial);
  report.advice = packages::advise(report.packages, request.workload, report.target, report.incomplete);
  weigh(report, trial, request.measurement ? &*request.measurement : nullptr, request.workload_named);
}

Result<AdoptionReport> run_adoption(const Request& request, Progress& progress) { return Run(request, progress).run(); }

}  // namespace ftaudit::adoption
