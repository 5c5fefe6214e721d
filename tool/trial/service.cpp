#include "trial/service.h"

#include "base/text.h"
#include "trial/http_load.h"

namespace ftaudit::trial {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

std::string with_port(std::string command, unsigned port) {
  constexpr std::string_view mark = "{port}";
  for (std::size_t at = command.find(mark); at != std::string::npos; at = command.find(mark, at))
    command.replace(at, mark.size(), std::to_string(port));
  return command;
}

bool answers(unsigned port, const std::string& path) { return HttpConnection(port, 5s).get(path).ok(); }

std::string last_words(const dynamic::Ending& ending) {
  const std::string_view said = trim(ending.err_tail.empty() ? ending.out_tail : ending.err_tail);
  const std::string_view line = trim(said.substr(said.rfind('\n') + 1));
  return ending.describe() + (line.empty() ? "" : ": " + std::string(line.substr(0, 300)));
}

}  // namespace

Result<std::unique_ptr<Service>> Service::start(const ServiceRequest& request) {
  std::unique_ptr<Service> out(new Service);
  out->port_ = request.port;
  if (request.port == 0) {
    if (request.command.find("{port}") == std::string::npos)
      return Error{"the command has no {port} in it, and no port is named"};
    const auto port = free_port();
    if (!port.ok()) return port.error();
    out->port_ = *port;
  } else if (answers(request.port, request.path)) {
    return Error{"port " + std::to_string(request.port) + " is taken: something answers there already"};
  }
  const dynamic::ChildRequest child{.argv = {"/bin/sh", "-c", "exec " + with_port(request.command, out->port_)},
                                    .folder = request.folder,
                                    .environment = request.environment,
                                    .memory_bytes = dynamic::half_the_memory(),
                                    .stop = &out->stop_};
  Service& self = *out;
  out->thread_ = std::thread([child, &self] {
    const auto ending = dynamic::watch(child);
    if (ending.ok()) self.ending_ = *ending;
    else self.ending_ = {.kind = dynamic::Ending::Kind::could_not_start, .err_tail = ending.message()};
    self.over_ = true;
  });
  const auto deadline = Clock::now() + request.patience;
  while (!answers(out->port_, request.path)) {
    if (out->over_) return Error{"the service ended before it answered: " + last_words(out->end())};
    if (request.stop != nullptr && *request.stop) return Error{"interrupted"};
    if (Clock::now() >= deadline)
      return Error{"the service never answered on port " + std::to_string(out->port_) + " within " +
                   std::to_string(std::chrono::duration_cast<std::chrono::seconds>(request.patience).count()) + " s"};
    std::this_thread::sleep_for(50ms);
  }
  return out;
}

dynamic::Ending Service::end() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
  return ending_;
}

}  // namespace ftaudit::trial
