#include "packages/walk.h"

#include <memory>
#include <utility>

#include "packages/processor.h"

namespace ftaudit::packages {

Value PathState::load(std::uint64_t address, unsigned size) const {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < size; ++i) {
    const auto own = written.find(address + i);
    Value byte;
    if (own == written.end()) byte = image->word(address + i, 1);
    else if (own->second) byte = *own->second;
    if (!byte) return std::nullopt;
    value |= *byte << (8 * i);
  }
  return value;
}

void PathState::store(std::uint64_t address, Value value, unsigned size) {
  for (unsigned i = 0; i < size; ++i)
    written[address + i] = value ? std::optional<std::uint8_t>(static_cast<std::uint8_t>(*value >> (8 * i))) : std::nullopt;
}

void PathState::forget(std::uint64_t address, unsigned size) {
  for (unsigned i = 0; i < size; ++i) written[address + i] = std::nullopt;
}

std::optional<std::string> PathState::text(std::uint64_t address, std::size_t limit) const {
  std::string out;
  for (std::size_t i = 0; i < limit; ++i) {
    const Value byte = load(address + i, 1);
    if (!byte) return std::nullopt;
    if (*byte == 0) return out;
    out += static_cast<char>(*byte);
  }
  return std::nullopt;
}

std::uint64_t PathState::fresh_object() { return first_object + 0x1'0000 * fresh++; }

namespace {

class Walker {
 public:
  Walker(const Image& image, std::unique_ptr<Processor> processor, const std::function<CallResult(OutsideCall&)>& outside, const std::function<void(PathState&, Value)>& returned, const WalkLimits& limits)
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
      PathState path = std::move(waiting_.back());
      waiting_.pop_back();
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
    return true;
  }

  // Jumps or calls; a target outside the image is asked about, and one that is not known gives something unknown.
  bool go(PathState& path, Value target, std::optional<std::uint64_t> come_back_to) {
    if (target && image_.executable(*target)) {
      if (come_back_to) {
        if (path.returns.size() >= limits_.depth) {
          incomplete("calls nested deeper than " + std::to_string(limits_.depth));
          processor_->give(path, std::nullopt);
          path.at = *come_back_to;
          return true;
        }
        path.returns.push_back(*come_back_to);
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
      OutsideCall call{.import = image_.import_at(*target), .target = *target, .state = path, .arguments = processor_->arguments(path)};
      result = outside_(call);
    }
    if (result.then == CallResult::Then::end_path) return false;
    processor_->give(path, result.value);
    if (come_back_to) {
      path.at = *come_back_to;
      return true;
    }
    processor_->leave(path);
    return come_back(path);
  }

  // Each side of a branch that depends on something unknown is taken up a few times only: loops end, and a function that is
  // called from many places is not multiplied.
  void branch(PathState& path, const Effect& effect, std::uint64_t next) {
    constexpr unsigned often = 3;
    if (!effect.target) {
      path.at = next;
      return;
    }
    const std::uint64_t from = path.at;
    if (effect.taken) {
      path.at = *effect.taken ? *effect.target : next;
      return;
    }
    unsigned& taken = sides_[{from, true}];
    unsigned& passed = sides_[{from, false}];
    // The side seen less often first, so that loops are left.
    const bool take = taken < passed;
    unsigned& other = take ? passed : taken;
    ++(take ? taken : passed);
    if (other < often && waiting_.size() < limits_.paths) {
      ++other;
      PathState aside = path;
      aside.at = take ? next : *effect.target;
      waiting_.push_back(std::move(aside));
    }
    path.at = take ? *effect.target : next;
  }

  const Image& image_;
  std::unique_ptr<Processor> processor_;
  const std::function<CallResult(OutsideCall&)>& outside_;
  const std::function<void(PathState&, Value)>& returned_;
  WalkLimits limits_;
  WalkResult result_;
  std::vector<PathState> waiting_;
  std::map<std::pair<std::uint64_t, bool>, unsigned> sides_;
};

}  // namespace

WalkResult walk(const Image& image, std::uint64_t entry, const std::function<CallResult(OutsideCall&)>& outside, const std::function<void(PathState&, Value)>& returned, const WalkLimits& limits) {
  std::unique_ptr<Processor> processor;
  if (image.machine == Machine::x86_64) processor = make_x86_64(image.format == FileFormat::pe);
  if (image.machine == Machine::aarch64) processor = make_aarch64();
  if (!processor) return {.complete = false, .why_incomplete = "code of " + image.machine_name + " is not followed"};
  return Walker(image, std::move(processor), outside, returned, limits).walk(entry);
}

}  // namespace ftaudit::packages
