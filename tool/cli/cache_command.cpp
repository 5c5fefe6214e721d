#include "cli/command.h"

#include <cstdio>

#include "audit/cache.h"
#include "base/log.h"
#include "base/text.h"

namespace ftaudit::cli {
namespace {

std::string mebibytes(std::uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MiB", static_cast<double>(bytes) / (1 << 20));
  return text;
}

int cache_info() {
  Result<Store> store = audit::user_store();
  if (!store.ok()) return log::error(store.message()), 2;
  const Store::Size size = store->size();
  std::printf("folder   %s\nentries  %llu\nsize     %s of at most %s\n", store->folder().c_str(),
              static_cast<unsigned long long>(size.entries), mebibytes(size.bytes).c_str(),
              mebibytes(store->limit()).c_str());
  return 0;
}

int cache_clear() {
  Result<Store> store = audit::user_store();
  if (!store.ok()) return log::error(store.message()), 2;
  const Result<Store::Size> gone = store->clear();
  if (!gone.ok()) return log::error(gone.message()), 2;
  std::printf("removed %s, %s\n", counted(gone->entries, "entry", "entries").c_str(), mebibytes(gone->bytes).c_str());
  return 0;
}

}  // namespace

void add_cache(Arguments& program, const ScanOptions&, const Choose& choose) {
  Arguments group = program.command("cache", "What is kept of earlier runs: info, clear");
  group.needs_command();
  group.footer("It lies below XDG_CACHE_HOME, or ~/.cache; FTAUDIT_CACHE_SIZE bounds it (MiB, 1024).");
  group.command("info", "Where it is and how large").when_chosen([=] {
    choose({.run = [](const Console&) { return cache_info(); }});
  });
  group.command("clear", "Remove everything that is kept").when_chosen([=] {
    choose({.run = [](const Console&) { return cache_clear(); }});
  });
}

}  // namespace ftaudit::cli
