#include "audit/lock_wrappers.h"

namespace ftaudit::audit {

capi::LockCalls lock_calls(const std::vector<LockWrapper>& wrappers) {
  using Call = capi::LockCall;
  capi::LockCalls out;
  for (const LockWrapper& wrapper : wrappers) {
    const auto add = [&](const std::string& name, Call::Does does) {
      out.add(name, {.name = {},
                     .does = does,
                     .kind = Call::Kind::native,
                     .lock = wrapper.argument,
                     .second_lock = -1,
                     .token = -1,
                     .shared = false,
                     .safe_attached = wrapper.detaches});
    };
    add(wrapper.lock, wrapper.tries ? Call::Does::try_acquire : Call::Does::acquire);
    add(wrapper.unlock, Call::Does::release);
  }
  return out;
}

std::string wrapper_text(const std::vector<LockWrapper>& wrappers) {
  std::string out;
  for (const LockWrapper& wrapper : wrappers)
    out += wrapper.lock + " / " + wrapper.unlock + " (" + std::to_string(wrapper.argument) +
           (wrapper.detaches ? ", detaches" : "") + (wrapper.tries ? ", tries" : "") + ")\n";
  return out;
}

}  // namespace ftaudit::audit
