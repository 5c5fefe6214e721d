#include "dynamic/python_source.h"

#include <unistd.h>

#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "dynamic/apt_sources.h"

namespace ftaudit::dynamic {
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
    argv = {"curl", "--fail", "--silent", "--show-error", "--location", "--connect-timeout", "10", "--speed-limit", "1000",
            "--speed-time", "30", "--output", file.string(), url};
  else if (!find_program("wget").empty())
    argv = {"wget", "--no-verbose", "--tries=1", "--connect-timeout=10", "--read-timeout=30", "--output-document=" + file.string(), url};
  else if (!find_program("python3").empty())
    argv = {"python3", "-c",
            "import shutil, sys, urllib.request\n"
            "with urllib.request.urlopen(sys.argv[1], timeout=10) as page, open(sys.argv[2], 'wb') as file:\n"
            "    shutil.copyfileobj(page, file)", url, file.string()};
  else return Error{"none of curl, wget and python3 is installed"};
  const auto outcome = run({.argv = argv, .timeout = download_limit});
  if (!outcome || !outcome->succeeded()) return Error{why(outcome)};
  return Done{};
}

// apt-get with a list, a state and a cache of its own below `folder`; apt's proxies, keys and log-ins stay in force.
Command apt_command(const fs::path& folder, std::vector<std::string> verb) {
  const std::string at = folder.string();
  std::vector<std::string> argv{"apt-get", "-q",
                                "-o", "Dir::Etc::sourcelist=/dev/null",
                                "-o", "Dir::Etc::sourceparts=" + at + "/sources",
                                "-o", "Dir::State=" + at + "/state",
                                "-o", "Dir::State::status=/var/lib/dpkg/status",
                                "-o", "Dir::Cache=" + at + "/cache",
                                "-o", "Acquire::Languages=none",
                                "-o", "Acquire::Retries=1",
                                "-o", "Acquire::http::Timeout=20"};
  // apt's download user may not enter the scratch folder.
  if (::geteuid() == 0) argv.insert(argv.end(), {"-o", "APT::Sandbox::User=root"});
  argv.insert(argv.end(), verb.begin(), verb.end());
  return {.argv = argv, .folder = folder, .environment = {"LC_ALL=C"}, .timeout = download_limit};
}

// Debian's .orig.tar.xz of the release out of one repository, left in `folder`.
Result<fs::path> from_repository(const PythonRelease& release, const AptRepository& repository, const fs::path& folder) {
  std::error_code failed;
  for (const char* part : {"sources", "state/lists/partial", "cache/archives/partial"}) fs::create_directories(folder / part, failed);
  if (failed) return Error{"cannot make folders in " + folder.string() + ": " + failed.message()};
  if (const Status written = write_file(folder / "sources/release.sources", source_stanza(repository, release.debian_suite)); !written)
    return written.error();
  const auto updated = run(apt_command(folder, {"update"}));
  if (!updated || !updated->succeeded()) return Error{"apt-get update: " + why(updated)};
  const std::string package(release.debian_package);
  // Only the upstream archive is of use; the name of Debian's revision does not matter.
  const auto fetched = run(apt_command(folder, {"source", "--download-only", "--tar-only", package}));
  if (!fetched || !fetched->succeeded()) return Error{"apt-get source " + package + ": " + why(fetched)};
  const fs::path archive = folder / (package + "_" + std::string(release.version) + ".orig.tar.xz");
  if (!fs::exists(archive, failed)) return Error{"its " + package + " is not version " + std::string(release.version)};
  return archive;
}

Status through_apt(const PythonRelease& release, const fs::path& file, Progress& progress) {
  if (release.debian_package.empty()) return Error{"no stable Debian suite has this version"};
  if (find_program("apt-get").empty()) return Error{"apt-get is not installed"};
  const std::vector<AptRepository> repositories = apt_repositories();
  if (repositories.empty()) return Error{"no repository is set up in /etc/apt"};
  std::string problem;
  for (const AptRepository& repository : repositories) {
    progress.step(0, "Debian's source package from apt's mirror");
    auto scratch = ScratchFolder::make("apt");
    if (!scratch) return scratch.error();
    const auto archive = from_repository(release, repository, scratch->path());
    if (archive) {
      std::error_code failed;
      fs::copy_file(*archive, file, fs::copy_options::overwrite_existing, failed);
      if (failed) return Error{"cannot write " + file.string() + ": " + failed.message()};
      return Done{};
    }
    log::info("apt: " + archive.message());
    if (problem.empty()) problem = archive.message();
  }
  return Error{problem};
}

}  // namespace

Status verify_source(const PythonRelease& release, const fs::path& file) {
  const auto sum = sha256_of_file(file);
  if (!sum) return sum.error();
  if (*sum == release.sha256) return Done{};
  return Error{file.string() + " is not " + release.archive() + " as published: its SHA-256 is " + *sum + ", not " + std::string(release.sha256)};
}

Result<fs::path> obtain_source(const PythonRelease& release, const fs::path& given, Progress& progress) {
  if (!given.empty()) {
    if (const Status verified = verify_source(release, given); !verified) return verified.error();
    return given;
  }
  const fs::path downloads = cache_folder() / "downloads", file = downloads / release.archive(), part = file.string() + ".part";
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
  const bool got = take("python.org", download(url, part)) || take("apt's mirror", through_apt(release, part, progress));
  progress.finish();
  if (got) fs::rename(part, file, failed);
  else fs::remove(part, failed);
  if (got && failed) return Error{"cannot write " + file.string() + ": " + failed.message()};
  if (got) return file;
  return Error{"cannot get " + release.archive() + " (" + problems + "); fetch it elsewhere and give it with --source FILE"};
}

}  // namespace ftaudit::dynamic
