#include "dynamic/evidence/proving.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "dynamic/evidence/meeting.h"
#include "dynamic/runs/runs.h"

namespace ftaudit::dynamic {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// A crash or a deadlock is best shown where there is no sanitizer, if it happened there.
const Variant* best_variant(const ProvingRequest& request, const Sighting& sighting) {
  return sighting.seen.plain && request.plain != nullptr ? request.plain : request.sanitized;
}

class Prover {
 public:
  Prover(Observer& observer, const ProvingRequest& request, Progress& progress)
      : observer_(observer),
        request_(request),
        progress_(progress),
        lines_(request.root),
        end_(Clock::now() + request.limit) {}

  // True when there is a script. `others`: how many share what is left of the time.
  bool prove(Sighting& sighting, const Finding* finding, std::size_t others) {
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(end_ - Clock::now());
    const Variant* variant = best_variant(request_, sighting);
    std::vector<Act> acts = candidates(sighting, finding);
    if (left < 3s || variant == nullptr || acts.empty() || observer_.stopped()) return false;
    const std::string subject =
        finding != nullptr ? finding->rule + " in " + finding->function
                           : sighting.type + (sighting.sites.empty() ? "" : " in " + sighting.sites.front().function);
    progress_.step(scripts_.size(), subject);
    std::error_code failed;
    fs::create_directories(request_.folder, failed);
    const fs::path script = fs::absolute(request_.folder / file_name(sighting, finding), failed);
    const std::string command = "ftaudit confirm " + request_.project + request_.options +
                                " --workloads tests --test-command 'python " + script.string() + "'";
    Proof proof{.command = command, .script = script, .variant = variant};
    const auto shows_it = [&](const fs::path&) -> Result<bool> {
      if (const Status done = run(proof); !done) return done.error();
      return is_shown(sighting, finding, proof.runs.back());
    };
    const auto share =
        std::max<std::chrono::seconds>(left / static_cast<long>(others + 1), std::min<std::chrono::seconds>(left, 6s));
    const auto made = reproduce(
        {.acts = std::move(acts), .script = script, .heading = subject + "\n\n    " + command, .budget = share},
        shows_it);
    if (!made || !*made) {
      if (!made) log::info("no reproducer for " + subject + ": " + made.message());
      fs::remove(script, failed);
      if (fs::is_empty(request_.folder, failed)) fs::remove(request_.folder, failed);
      return false;
    }
    scripts_.push_back(script);
    // What it showed on the way was by other scripts than the one that lies there now.
    proof.runs.clear();
    if (const Status done = run(proof); !done) log::info("reproducer of " + subject + ": " + done.message());
    proofs_.push_back(std::move(proof));
    credit(proofs_.back(), sighting, finding);
    return true;
  }

  // Twenty runs of each script, as far as the time goes, and what they say of everything that it is for.
  void count_on() {
    constexpr std::size_t wanted = 20;
    for (Proof& proof : proofs_) {
      while (proof.runs.size() < wanted && Clock::now() < end_ && run(proof))
        progress_.step(scripts_.size(), "counting: " + proof.script.filename().string());
      for (const auto& [sighting, finding] : std::exchange(proof.credited, {})) credit(proof, *sighting, finding);
    }
  }

  // True when a script that was made for something else showed this too, in half of its runs or, if `seldom_will_do`,
  // at all; the one that did so most often is taken.
  bool is_shown_already(Sighting& sighting, const Finding* finding, bool seldom_will_do) {
    if (!sighting.reproducer.empty()) return true;
    Proof* best = nullptr;
    std::size_t most = 0;
    for (Proof& proof : proofs_) {
      const std::size_t hits = hits_of(proof, sighting, finding);
      if (hits > most && (seldom_will_do || 2 * hits >= proof.runs.size())) best = &proof, most = hits;
    }
    if (best != nullptr) credit(*best, sighting, finding);
    return best != nullptr;
  }

  std::vector<fs::path> scripts() { return std::move(scripts_); }

 private:
  struct Proof {
    std::string command;
    fs::path script;
    const Variant* variant = nullptr;
    std::vector<std::vector<Sighting>> runs;  // what each of the counted ones showed
    std::vector<std::pair<Sighting*, const Finding*>> credited;
  };

  // Once more; what it showed comes last in its runs.
  Status run(Proof& proof) {
    auto seen = observer_.run(*proof.variant,
                              {.argv = {proof.variant->python.string(), proof.script.string()},
                               .folder = request_.folder,
                               .timeout = 60s,
                               .silence = 20s,
                               .park = 5ms},
                              {.workload = "reproducer"}, false);
    if (!seen) return seen.error();
    if (observer_.stopped()) return Error{"interrupted"};
    proof.runs.push_back(std::move(seen->sightings));
    return Done{};
  }

  std::size_t hits_of(const Proof& proof, const Sighting& sighting, const Finding* finding) {
    return static_cast<std::size_t>(std::count_if(
        proof.runs.begin(), proof.runs.end(), [&](const auto& by_run) { return is_shown(sighting, finding, by_run); }));
  }

  void credit(Proof& proof, Sighting& sighting, const Finding* finding) {
    sighting.reproducer = proof.command;
    sighting.hits = static_cast<std::uint32_t>(hits_of(proof, sighting, finding)),
    sighting.runs = static_cast<std::uint32_t>(proof.runs.size());
    proof.credited.emplace_back(&sighting, finding);
  }

  bool is_shown(const Sighting& sighting, const Finding* finding, const std::vector<Sighting>& by_run) {
    const std::string family = sighting.family();
    return std::any_of(by_run.begin(), by_run.end(), [&](const Sighting& one) {
      return one.family() == family || (finding != nullptr && shows(one, *finding, lines_, request_.function_at));
    });
  }

  // What the driver did when it was seen, then what it does to show the finding, then what reaches its functions.
  std::vector<Act> candidates(const Sighting& sighting, const Finding* finding) const {
    std::vector<Act> out;
    if (request_.stress == nullptr) return out;
    const Scenario* seen_in = request_.stress->scenario_of(sighting);
    const auto add = [&](const Scenario& scenario) {
      auto acts = read_acts(request_.stress->survey_file(), scenario.id);
      if (!acts) return;
      // The one whose threads the report names comes first, or that was under way at the end; then what the finding's
      // entry points do.
      const auto was_it = [&, under_way = act_of_progress(sighting.seen.step)](std::size_t number) {
        return sighting.text.find("'act " + std::to_string(number) + "'") != std::string::npos ||
               (sighting.kind == Sighting::Kind::crash && under_way == number);
      };
      std::vector<Act> rest;
      for (std::size_t number = 0; number < acts->size(); ++number)
        (&scenario == seen_in && was_it(number) ? out : rest).push_back(std::move((*acts)[number]));
      if (finding != nullptr) rest = likeliest_first(std::move(rest), finding->entry_points);
      for (Act& act : rest) out.push_back(std::move(act));
    };
    if (seen_in != nullptr) add(*seen_in);
    if (finding != nullptr)
      for (const Scenario& scenario : request_.stress->survey().scenarios)
        if (&scenario != seen_in && std::find(scenario.findings.begin(), scenario.findings.end(),
                                              finding->fingerprint) != scenario.findings.end())
          add(scenario);
    return out;
  }

  std::string file_name(const Sighting& sighting, const Finding* finding) const {
    std::string stem = finding != nullptr ? finding->rule + "_" + finding->function
                                          : std::string(name_of(sighting.kind)) +
                                                (sighting.sites.empty() ? "" : "_" + sighting.sites.front().function);
    for (char& c : stem)
      if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
    std::string name = "reproduce_" + stem + ".py";
    for (int n = 2;
         std::any_of(scripts_.begin(), scripts_.end(), [&](const fs::path& known) { return known.filename() == name; });
         ++n)
      name = "reproduce_" + stem + "_" + std::to_string(n) + ".py";
    return name;
  }

  Observer& observer_;
  const ProvingRequest& request_;
  Progress& progress_;
  SourceLines lines_;
  Clock::time_point end_;
  std::vector<fs::path> scripts_;
  std::vector<Proof> proofs_;
};

// What one script is for: a finding with what shows it, or a family of sightings that no finding speaks of. The best
// first.
struct Case {
  const Finding* finding = nullptr;
  std::vector<Sighting*> sightings;
  // Findings by their severity, then what will be a finding of its own, then what is no more than a hint.
  int rank() const {
    if (finding != nullptr) return 2 + static_cast<int>(finding->severity);
    const Sighting& best = *sightings.front();
    return best.attribution == Attribution::extension && !best.after_fault && !best.seen.screened ? 1 : 0;
  }
};

bool can_be_shown(const Sighting& sighting) {
  return sighting.attribution != Attribution::cpython_only && sighting.kind != Sighting::Kind::gil_switched_on &&
         sighting.kind != Sighting::Kind::runtime_trouble;
}

std::vector<Case> cases_of(std::span<Sighting> sightings, std::span<const Finding> findings, const fs::path& root,
                           const std::function<std::string(const Location&)>& function_at) {
  std::vector<Case> cases;
  std::set<std::string> told;  // families that some finding speaks of
  SourceLines lines(root);
  for (const Finding& finding : findings) {
    Case one{.finding = &finding};
    for (Sighting& sighting : sightings)
      if (can_be_shown(sighting) && shows(sighting, finding, lines, function_at))
        one.sightings.push_back(&sighting), told.insert(sighting.family());
    if (!one.sightings.empty()) cases.push_back(std::move(one));
  }
  std::map<std::string, Case> families;
  for (Sighting& sighting : sightings)
    if (can_be_shown(sighting) && !told.contains(sighting.family()))
      families[sighting.family()].sightings.push_back(&sighting);
  for (auto& [family, one] : families) cases.push_back(std::move(one));
  for (Case& one : cases)
    std::stable_sort(one.sightings.begin(), one.sightings.end(),
                     [](const Sighting* a, const Sighting* b) { return tells_more(*a, *b); });
  // Of equals what was seen most often: a script for it is soon made, and shows others as well.
  std::stable_sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) {
    return std::pair(a.rank(), a.sightings.front()->count) > std::pair(b.rank(), b.sightings.front()->count);
  });
  return cases;
}

}  // namespace

std::vector<fs::path> prove(Observer& observer, const ProvingRequest& request, std::span<const Finding> findings,
                            Progress& progress) {
  const std::vector<Case> cases = cases_of(observer.sightings().all(), findings, request.root, request.function_at);
  Prover prover(observer, request, progress);
  bool counted = false;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    // How often what there is shows its findings is worth more than scripts for hints.
    if (cases[i].rank() == 0 && !std::exchange(counted, true)) prover.count_on();
    const auto& shown = cases[i].sightings;
    bool proven = prover.is_shown_already(*shown.front(), cases[i].finding, false);
    for (std::size_t attempt = 0; !proven && attempt < std::min<std::size_t>(shown.size(), 2); ++attempt)
      proven = prover.prove(*shown[attempt], cases[i].finding, std::min<std::size_t>(cases.size() - 1 - i, 9));
    if (!proven) prover.is_shown_already(*shown.front(), cases[i].finding, true);
  }
  prover.count_on();
  return prover.scripts();
}

}  // namespace ftaudit::dynamic
