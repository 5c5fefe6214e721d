#include "packages/binaries/walk.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "packages/binaries/processor.h"

namespace ftaudit::packages {

namespace {

// Once it is known what was asked for, other ways are still looked at, but not for long.
constexpr std::uint64_t steps_to_confirm = 40'000;

class Walker {
 public:
  Walker(const Image& image, std::unique_ptr<Processor> processor,
         const std::function<CallResult(OutsideCall&)>& outside, const std::function<void(PathState&, Value)>& returned,
         const WalkLimits& limits)
      : image_(image), processor_(std::move(processor)), outside_(outside), returned_(returned), limits_(limits) {}

  WalkResult walk(std::uint64_t entry) {
    PathState first;
    first.image = &image_;
    first.at = entry;
    processor_->start(first);
    waiting_.push_back(std::move(first));
    std::uint64_t paths = 0;
    while (!waiting_.empty()) {
      if (paths++ >= limits_.paths) {
        incomplete("more than " + std::to_string(limits_.paths) + " ways through it");
        break;
      }
      // What is left to see of the function itself before the depths of what it calls.
      const auto least =
          std::min_element(waiting_.rbegin(), waiting_.rend(),
                           [](const PathState& a, const PathState& b) { return a.returns.size() < b.returns.size(); });
      PathState path = std::move(*least);
      waiting_.erase(std::next(least).base());
      follow(path);
      if (result_.steps >= limits_.steps) {
        incomplete("more than " + std::to_string(limits_.steps) + " instructions");
        break;
      }
    }
    result_.complete = result_.why_incomplete.empty();
    return result_;
  }

 private:
  void incomplete(std::string why) {
    if (result_.why_incomplete.empty()) result_.why_incomplete = std::move(why);
  }

  void follow(PathState& path) {
    while (result_.steps < limits_.steps) {
      ++result_.steps;
      const Effect effect = processor_->step(path);
      const std::uint64_t next = path.at + effect.size;
      switch (effect.kind) {
        case Effect::Kind::next: path.at = next; break;
        case Effect::Kind::jump:
          if (!go(path, effect.target, std::nullopt)) return;
          break;
        case Effect::Kind::call:
          if (!go(path, effect.target, next)) return;
          break;
        case Effect::Kind::give_back:
          if (!come_back(path)) return;
          break;
        case Effect::Kind::branch: branch(path, effect, next); break;
        case Effect::Kind::stop: return;
      }
    }
  }

  bool come_back(PathState& path) {
    if (path.returns.empty()) {
      returned_(path, processor_->result(path));
      return false;
    }
    path.at = path.returns.back();
    path.returns.pop_back();
    path.entered.pop_back();
    return true;
  }

  // Jumps or calls; a target outside the image is asked about, and one that is not known gives something unknown.
  bool go(PathState& path, Value target, std::optional<std::uint64_t> come_back_to) {
    if (target && image_.executable(*target)) {
      if (come_back_to) {
        const bool again = std::find(path.entered.begin(), path.entered.end(), *target) != path.entered.end();
        if (again || path.returns.size() >= limits_.depth) {
          incomplete(again ? "it calls itself" : "calls nested deeper than " + std::to_string(limits_.depth));
          processor_->give(path, std::nullopt);
          path.at = *come_back_to;
          return true;
        }
        path.returns.push_back(*come_back_to);
        path.entered.push_back(*target);
        processor_->enter(path, *come_back_to);
      }
      path.at = *target;
      return true;
    }
    if (!target && !come_back_to) {
      // A jump table, or a tail call of something unknown.
      incomplete("it jumps to an address that is only known when it runs");
      return false;
    }
    CallResult result;
    if (target) {
      OutsideCall call{.import = image_.import_at(*target),
                       .target = *target,
                       .state = path,
                       .arguments = processor_->arguments(path)};
      result = outside_(call);
    }
    if (result.decisive) limits_.steps = std::min(limits_.steps, result_.steps + steps_to_confirm);
    if (result.then == CallResult::Then::end_path) return false;
    processor_->give(path, result.value);
    if (come_back_to) {
      path.at = *come_back_to;
      return true;
    }
    processor_->leave(path);
    return come_back(path);
  }

  // Where a branch depends on something unknown the path goes straight on, which is where compilers put what usually
  // happens, and the other side is kept for later: up to a number of times, so that loops end and a function called
  // from everywhere is not multiplied. Coming by too often means a loop whose end is not known: then it is left.
  void branch(PathState& path, const Effect& effect, std::uint64_t next) {
    constexpr unsigned often = 24, too_often = 2000;
    if (!effect.target) {
      path.at = next;
      return;
    }
    if (effect.taken) {
      path.at = *effect.taken ? *effect.target : next;
      return;
    }
    unsigned& seen = seen_[path.at];
    const bool turn = ++seen > too_often && seen % 2 == 0;
    if (seen <= often && image_.executable(*effect.target)) {
      PathState aside = path;
      aside.at = *effect.target;
      waiting_.push_back(std::move(aside));
    }
    path.at = turn ? *effect.target : next;
  }

  const Image& image_;
  std::unique_ptr<Processor> processor_;
  const std::function<CallResult(OutsideCall&)>& outside_;
  const std::function<void(PathState&, Value)>& returned_;
  WalkLimits limits_;
  WalkResult result_;
  std::vector<PathState> waiting_;
  std::map<std::uint64_t, unsigned> seen_;  // branches that depended on something unknown
};

}  // namespace

WalkResult walk(const Image& image, std::uint64_t entry, const std::function<CallResult(OutsideCall&)>& outside,
                const std::function<void(PathState&, Value)>& returned, const WalkLimits& limits) {
  std::unique_ptr<Processor> processor;
  if (image.machine == Machine::x86_64) processor = make_x86_64(image.format == FileFormat::pe);
  if (image.machine == Machine::aarch64) processor = make_aarch64();
  if (!processor) return {.complete = false, .why_incomplete = "code of " + image.machine_name + " is not followed"};
  return Walker(image, std::move(processor), outside, returned, limits).walk(entry);
}

}  // namespace ftaudit::packages
