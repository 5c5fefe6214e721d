#include "python/source.h"

#include <unistd.h>

#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "python/apt_sources.h"

namespace ftaudit::python {
namespace {

using namespace std::chrono_literals;

constexpr auto download_limit = 15min;

std::string last_line(std::string_view text) {
  text = trim(text);
  return std::string(trim(text.substr(text.rfind('\n') + 1)));
}

std::string why(const Result<Outcome>& outcome) {
  if (!outcome) return outcome.message();
  const std::string said = last_line(outcome->err);
  return said.empty() || outcome->timed_out ? outcome->describe() : said;
}

// With whichever program the machine has. Ten seconds to connect: an unreachable host must not hold anybody up.
Status download(const std::string& url, const fs::path& file) {
  std::vector<std::string> argv;
  if (!find_program("curl").empty())
    argv = {"curl",          "--fail", "--silent",     "--show-error", "--location", "--connect-timeout", "10",
            "--speed-limit", "1000",   "--speed-time", "30",           "--output",   file.string(),       url};
  else if (!find_program("wget").empty())
    argv = {"wget",
            "--no-verbose",
            "--tries=1",
            "--connect-timeout=10",
            "--read-timeout=30",
            "--output-document=" + file.string(),
            url};
  else if (!find_program("python3").empty())
    argv = {"python3", "-c",
            "import shutil, sys, urllib.request\n"
            "with urllib.request.urlopen(sys.argv[1], timeout=10) as page, open(sys.argv[2], 'wb') as file:\n"
            "    shutil.copyfileobj(page, file)",
            url, file.string()};
  else return Error{"none of curl, wget and python3 is installed"};
  const auto outcome = run({.argv = argv, .timeout = download_limit});
  if (!outcome || !outcome->succeeded()) return Error{why(outcome)};
  return Done{};
}

// Debian's .orig.tar.xz of the release, which is python.org's archive. By apt's own program, so that its proxies and
// log-ins count.
Status through_apt(const PythonRelease& release, const fs::path& file, Progress& progress) {
  constexpr const char* apt = "/usr/lib/apt/apt-helper";
  std::error_code ignored;
  if (!fs::exists(apt, ignored)) return Error{"apt is not installed"};
  const std::vector<std::string> repositories = apt_repositories();
  if (repositories.empty()) return Error{"no repository is set up in /etc/apt"};
  progress.step(0, "Debian's source package from apt's mirror");
  std::string problem;
  for (const std::string& repository : repositories) {
    std::vector<std::string> argv{apt, "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"};
    // apt's download user may not write here.
    if (::geteuid() == 0) argv.insert(argv.end(), {"-o", "APT::Sandbox::User=root"});
    argv.insert(argv.end(), {"download-file", repository + "/" + release.debian_archive(), file.string(),
                             "SHA256:" + std::string(release.sha256)});
    const auto fetched = run({.argv = argv, .environment = {"LC_ALL=C"}, .timeout = download_limit});
    if (fetched && fetched->succeeded()) return Done{};
    log::info("apt: " + repository + ": " + why(fetched));
    if (problem.empty()) problem = repository + ": " + why(fetched);
  }
  return Error{problem};
}

}  // namespace

Status verify_source(const PythonRelease& release, const fs::path& file) {
  const auto sum = sha256_of_file(file);
  if (!sum) return sum.error();
  if (*sum == release.sha256) return Done{};
  return Error{file.string() + " is not " + release.archive() + " as published: its SHA-256 is " + *sum + ", not " +
               std::string(release.sha256)};
}

Result<fs::path> obtain_source(const PythonRelease& release, const fs::path& given, Progress& progress) {
  if (!given.empty()) {
    if (const Status verified = verify_source(release, given); !verified) return verified.error();
    return given;
  }
  const fs::path downloads = cache_folder() / "downloads", file = downloads / release.archive(),
                 part = file.string() + ".part";
  std::error_code failed;
  if (fs::exists(file, failed) && verify_source(release, file)) return file;
  fs::create_directories(downloads, failed);
  if (failed) return Error{"cannot make " + downloads.string() + ": " + failed.message()};

  progress.stage("fetching " + release.archive(), 0);
  const std::string url = "https://www.python.org/ftp/python/" + std::string(release.version) + "/" + release.archive();
  std::string problems;
  const auto take = [&](const char* from, const Status& fetched) {
    const Status verified = fetched ? verify_source(release, part) : fetched;
    if (!verified) problems += (problems.empty() ? "" : "; ") + std::string(from) + ": " + verified.message();
    return verified.ok();
  };
  progress.step(0, "python.org");
  const bool got =
      take("python.org", download(url, part)) || take("apt's mirror", through_apt(release, part, progress));
  progress.finish();
  if (got) fs::rename(part, file, failed);
  else fs::remove(part, failed);
  if (got && failed) return Error{"cannot write " + file.string() + ": " + failed.message()};
  if (got) return file;
  return Error{"cannot get " + release.archive() + " (" + problems +
               "); fetch it elsewhere and give it with --source FILE"};
}

}  // namespace ftaudit::python
