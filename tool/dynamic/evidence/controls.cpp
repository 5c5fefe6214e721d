#include "dynamic/evidence/controls.h"

namespace ftaudit::dynamic {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr unsigned rounds = 3;

}  // namespace

void control(Observer& observer, const StressRuns& stress, const ControlRequest& request, Progress& progress) {
  const auto end = Clock::now() + request.limit;
  progress.stage("what was only seen near something, again and with the GIL on", 0);
  for (Sighting& seen : observer.sightings().all()) {
    const Variant* variant = seen.seen.plain || request.sanitized == nullptr ? request.plain : request.sanitized;
    if (variant == nullptr || lacking(seen).empty() || seen.kind == Sighting::Kind::runtime_trouble) continue;
    for (unsigned n = 0; n < 2 * rounds; ++n) {
      const bool gil = n % 2 == 1;
      const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now());
      if (left < 5s || observer.stopped()) break;
      const auto again = stress.again(observer, *variant, seen, gil, std::min<milliseconds>(left, 20s));
      if (!again) break;
      ++(gil ? seen.repeats.gil_of : seen.repeats.of);
      (gil ? seen.repeats.gil_seen : seen.repeats.seen) += *again ? 1 : 0;
    }
  }
  progress.finish();
}

}  // namespace ftaudit::dynamic
