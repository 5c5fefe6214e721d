#include "base/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace ftaudit {
namespace {

class Quiet final : public Progress {
  void stage(std::string_view, std::size_t) override {}
  void step(std::size_t, std::string_view) override {}
  void finish() override {}
};

class Line final : public Progress {
 public:
  ~Line() override { finish(); }

  void stage(std::string_view name, std::size_t total) override {
    name_ = name, total_ = total;
    last_ = {};
    step(0, "");
  }

  void step(std::size_t done, std::string_view now) override {
    const auto moment = std::chrono::steady_clock::now();
    if (moment - last_ < std::chrono::milliseconds(80) && done != total_) return;
    last_ = moment;
    winsize size{};
    const std::size_t width = ::ioctl(2, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col - 1u : 79u;
    std::string text = name_;
    if (total_ != 0) text += " " + std::to_string(done) + "/" + std::to_string(total_);
    else if (done != 0) text += " " + std::to_string(done);
    if (!now.empty()) text.append("  ").append(now);
    text.resize(std::min(text.size(), width));
    std::fprintf(stderr, "\r\033[K%s", text.c_str());
    std::fflush(stderr);
    shown_ = true;
  }

  void finish() override {
    if (shown_) std::fputs("\r\033[K", stderr), std::fflush(stderr);
    shown_ = false;
  }

 private:
  std::string name_;
  std::size_t total_ = 0;
  std::chrono::steady_clock::time_point last_{};
  bool shown_ = false;
};

}  // namespace

std::unique_ptr<Progress> make_progress(bool terminal) {
  if (terminal) return std::make_unique<Line>();
  return std::make_unique<Quiet>();
}

}  // namespace ftaudit
