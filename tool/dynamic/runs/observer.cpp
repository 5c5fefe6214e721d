#include "dynamic/runs/observer.h"

#include "base/log.h"
#include "base/text.h"
#include "dynamic/runs/rendezvous_sites.h"
#include "dynamic/tsan/tsan.h"

namespace ftaudit::dynamic {
namespace {}  // namespace

Result<Observation> Observer::run(const Variant& variant, const Observed& what, Seen seen, bool keep) {
  const fs::path folder = setting_.folder / ("run-" + std::to_string(++runs_));
  std::error_code failed;
  fs::create_directories(folder / "coverage", failed), fs::create_directories(folder / "locks", failed);
  if (failed) return Error{"cannot make " + folder.string() + ": " + failed.message()};

  ChildRequest child{.argv = what.argv,
                     .folder = what.folder,
                     .timeout = what.timeout,
                     .silence = what.silence,
                     .memory_bytes = half_the_memory(),
                     .log_folder = folder,
                     .fixed_addresses = variant.sanitized(),
                     .progress_file = what.progress_file,
                     .owner_tables = folder / "locks",
                     .stop = setting_.stop};
  const std::string prefix = (folder / "tsan").string();
  if (variant.sanitized()) {
    std::string text = setting_.suppressions;
    for (const std::string& line : what.suppressed) text += line + "\n";
    if (!text.empty())
      if (const Status written = write_file(folder / "suppressions.txt", text); !written) return written.error();
    const TsanOptions options =
        tsan_options({.log_prefix = prefix, .suppressions = text.empty() ? fs::path() : folder / "suppressions.txt"},
                     setting_.known_options);
    child.environment = tsan_environment(options);
  } else {
    child.environment = plain_environment();
  }
  const std::vector<std::string> meeting = environment_of({.sites = what.park.count() > 0 ? setting_.sites : fs::path(),
                                                           .park = what.park,
                                                           .coverage_folder = folder / "coverage",
                                                           .owner_folder = child.owner_tables});
  for (const auto* more : {&meeting, &variant.environment, &what.environment})
    child.environment.insert(child.environment.end(), more->begin(), more->end());

  seen.plain = !variant.sanitized();
  seen.screened = variant.mode == BuildMode::light;
  if (seen.command.empty()) seen.command = join(what.argv, " ");
  auto ending = watch(child);
  if (!ending) return ending.error();
  seen.step = ending->step;

  Observation out{.ending = std::move(*ending)};
  // What hung without a line of the project on any stack is said by the workload; it is nobody's finding.
  auto fault = sighting_of(out.ending, setting_.ours, seen);
  if (fault && fault->kind == Sighting::Kind::hang && fault->sites.empty()) fault.reset();
  Sightings now;
  tsan::Log reports;
  if (variant.sanitized()) reports = tsan::read_logs(prefix);
  now.add(reports, setting_.ours, seen);
  out.trouble = reports.fatal;
  if (fault) now.add(*fault);
  out.sightings.assign(now.all().begin(), now.all().end());
  if (keep) {
    const std::size_t before = sightings_.all().size();
    sightings_.add(reports, setting_.ours, seen);
    if (fault) sightings_.add(std::move(*fault));
    for (std::size_t i = before; setting_.news && i < sightings_.all().size(); ++i) setting_.news(sightings_.all()[i]);
    std::vector<std::string> complaints;
    coverage_.add_folder(folder / "coverage", complaints);
    for (const std::string& complaint : complaints) log::debug(complaint);
  }
  // A thousand scenarios would fill the disk; what they said is in the sightings.
  fs::remove_all(folder / "coverage", failed), fs::remove_all(folder / "locks", failed);
  if (out.sightings.empty()) fs::remove_all(folder, failed);
  return out;
}

}  // namespace ftaudit::dynamic
