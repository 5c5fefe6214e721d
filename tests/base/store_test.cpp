// What is kept on disk comes back whole or not at all, whatever happened to it in between.

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "base/store.h"

using namespace ftaudit;

namespace {

struct Folder {
  ScratchFolder scratch = std::move(*ScratchFolder::make("store"));
  fs::path path() const { return scratch.path() / "entries"; }
  Store open(std::uint64_t limit = 1 << 20) const { return Store(path(), limit); }
};

fs::path file_of(const Folder& folder, const std::string& key) {
  return folder.path() / key.substr(0, 2) / key.substr(2);
}

void set_age(const fs::path& file, std::time_t seconds) {
  const std::time_t then = std::time(nullptr) - seconds;
  const timespec times[2]{{then, 0}, {then, 0}};
  REQUIRE(::utimensat(AT_FDCWD, file.c_str(), times, 0) == 0);
}

}  // namespace

TEST_CASE("what was put is got, by anybody") {
  const Folder folder;
  Store store = folder.open();
  CHECK_FALSE(store.get("abcdef").has_value());
  CHECK_FALSE(store.grew());
  const std::string bytes("\0\n\xff text", 8);
  store.put("abcdef", bytes);
  CHECK(store.grew());
  CHECK(store.get("abcdef") == bytes);
  CHECK(folder.open().get("abcdef") == bytes);
  CHECK_FALSE(store.get("abcdeg").has_value());
  store.put("abcdef", "");
  CHECK(store.get("abcdef") == "");
  CHECK(store.size().entries == 1);
}

TEST_CASE("damage is found, and the entry goes") {
  const Folder folder;
  Store store = folder.open();
  store.put("abcdef", "some facts about a file");
  const std::string whole = *read_file(file_of(folder, "abcdef"));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    REQUIRE(write_file(file_of(folder, "abcdef"), damaged).ok());
    CHECK_FALSE(store.get("abcdef").has_value());
    CHECK_FALSE(fs::exists(file_of(folder, "abcdef")));
  }
  for (std::size_t size = 0; size < whole.size(); ++size) {
    REQUIRE(write_file(file_of(folder, "abcdef"), whole.substr(0, size)).ok());
    CHECK_FALSE(store.get("abcdef").has_value());
  }
  store.put("abxxxx", "other facts");
  fs::copy_file(file_of(folder, "abxxxx"), file_of(folder, "abcdef"), fs::copy_options::overwrite_existing);
  CHECK_FALSE(store.get("abcdef").has_value());
  store.put("abcdef", "again");
  CHECK(store.get("abcdef") == "again");
}

TEST_CASE("what was used longest ago goes first, and only as much as must") {
  const Folder folder;
  Store store = folder.open(10000);
  const std::string bytes(900, 'x');
  for (int i = 0; i < 20; ++i) {
    const std::string key = "key-" + std::to_string(i + 10);
    store.put(key, bytes);
    set_age(file_of(folder, key), 1000 - i);
  }
  CHECK(store.get("key-10").has_value());  // used just now
  store.trim();
  CHECK(store.size().bytes <= 10000);
  CHECK(store.size().bytes > 7000);
  CHECK(store.get("key-10").has_value());
  CHECK_FALSE(store.get("key-11").has_value());
  CHECK(store.get("key-29").has_value());
}

TEST_CASE("what a killed process left half written is swept away, what is being written is not") {
  const Folder folder;
  Store store = folder.open();
  store.put("abcdef", "whole");
  const fs::path old = file_of(folder, "abcdef.new-1"), now = file_of(folder, "abcdef.new-2");
  REQUIRE(write_file(old, "ha").ok());
  REQUIRE(write_file(now, "ha").ok());
  set_age(old, 100000);
  store.trim();
  CHECK_FALSE(fs::exists(old));
  CHECK(fs::exists(now));
  CHECK(store.size().entries == 1);
  const auto gone = store.clear();
  REQUIRE(gone.ok());
  CHECK(gone->entries == 2);
  CHECK_FALSE(fs::exists(now));
  CHECK(store.size().entries == 0);
}

TEST_CASE("a place that cannot be written costs nothing but the entry") {
  const Folder folder;
  REQUIRE(write_file(folder.path(), "a file where the folder should be").ok());
  Store store = folder.open();
  store.put("abcdef", "bytes");
  CHECK_FALSE(store.trouble().empty());
  CHECK_FALSE(store.grew());
  CHECK_FALSE(store.get("abcdef").has_value());
  store.trim();
  CHECK(store.size().entries == 0);
}

TEST_CASE("many processes at once see whole entries or none") {
  const Folder folder;
  std::vector<pid_t> children;
  for (unsigned child = 0; child < 4; ++child) {
    const pid_t pid = ::fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
      Store store = folder.open(4000);  // so small that entries are taken away all the time
      std::mt19937 random(child);
      for (int round = 0; round < 400; ++round) {
        const std::string key = "key-" + std::to_string(random() % 8);
        const std::string wanted(200 + 50 * static_cast<std::size_t>(key.back()), key.back());
        if (random() % 2 == 0) store.put(key, wanted);
        if (const auto got = store.get(key); got && *got != wanted) ::_exit(1);
        if (random() % 20 == 0) store.trim();
      }
      ::_exit(store.trouble().empty() ? 0 : 2);
    }
    children.push_back(pid);
  }
  for (const pid_t pid : children) {
    int status = 0;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
}
