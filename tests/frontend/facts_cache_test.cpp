// Facts are found again when nothing they were made from has changed, and never otherwise.
#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/stat.h>

#include "frontend/facts_cache.h"
#include "model/archive.h"

using namespace ftaudit;

namespace {

// A project of one unit, its cache beside it.
struct Tree {
  ScratchFolder scratch = std::move(*ScratchFolder::make("cache"));
  std::unique_ptr<Progress> quiet = make_progress(false);
  std::vector<std::string> flags;
  std::string salt;

  fs::path root(const std::string& name = "one") const { return scratch.path() / name; }
  void write(const fs::path& file, const std::string& text) const {
    fs::create_directories(file.parent_path());
    REQUIRE(write_file(file, text).ok());
  }
  void fill(const std::string& name = "one") const {
    write(root(name) / "src/a.c",
          "#include \"own.h\"\n#include <other.h>\nint value(void) { return OWN + OTHER; }\nconst char *here(void) { "
          "return __FILE__; }\n");
    write(root(name) / "src/own.h", "#define OWN 1\n");
    write(scratch.path() / "second/other.h", "#define OTHER 2\n");
  }
  project::Unit unit(const std::string& name) const {
    project::Unit out{.file = root(name) / "src/a.c", .folder = root(name), .flags = flags};
    for (const char* folder : {"first", "second"}) out.flags.push_back("-I" + (scratch.path() / folder).string());
    return out;
  }

  // Whether the facts were known, and the facts.
  std::pair<bool, frontend::Parsed> parse(const std::string& name = "one") {
    Store store(scratch.path() / "store", 1 << 24);
    frontend::FactsCache cache(store, salt);
    frontend::Settings settings{.root = root(name), .cache = &cache};
    const bool known = frontend::FactsCache(store, salt).find(unit(name), settings).has_value();
    auto parsed = frontend::parse_all({unit(name)}, settings, *quiet);
    return {known, std::move(parsed.at(0))};
  }
  bool known(const std::string& name = "one") { return parse(name).first; }
};

// What the function value() returns, as the facts have it.
std::string value_of(const frontend::Parsed& parsed) { return model::to_bytes(parsed.facts.functions.at(0)); }

}  // namespace

TEST_CASE("the second time nothing is parsed, and the facts are the same") {
  Tree tree;
  tree.fill();
  const auto [known, first] = tree.parse();
  CHECK_FALSE(known);
  CHECK_FALSE(first.key.empty());
  const auto [known_now, second] = tree.parse();
  CHECK(known_now);
  CHECK(second.key == first.key);
  CHECK(second.seconds == 0);
  CHECK(model::to_bytes(second.facts) == model::to_bytes(first.facts));
}

TEST_CASE("a change in any file that was read is seen") {
  Tree tree;
  tree.fill();
  const std::string before = value_of(tree.parse().second);
  tree.write(tree.root() / "src/own.h", "#define OWN 7\n");
  auto [known, changed] = tree.parse();
  CHECK_FALSE(known);
  CHECK(value_of(changed) != before);
  CHECK(tree.known());
  tree.write(tree.scratch.path() / "second/other.h", "#define OTHER 9\n");
  CHECK_FALSE(tree.known());

  // The first state is still known.
  tree.fill();
  auto [known_again, again] = tree.parse();
  CHECK(known_again);
  CHECK(value_of(again) == before);
}

TEST_CASE("a change that keeps size and times is seen") {
  Tree tree;
  tree.fill();
  const fs::path header = tree.root() / "src/own.h";
  struct stat st{};
  CHECK_FALSE(tree.known());
  REQUIRE(::stat(header.c_str(), &st) == 0);
  tree.write(header, "#define OWN 3\n");
  const timespec times[2]{st.st_atim, st.st_mtim};
  REQUIRE(::utimensat(AT_FDCWD, header.c_str(), times, 0) == 0);
  CHECK_FALSE(tree.known());
}

TEST_CASE("files written anew with what they had are the same files") {
  Tree tree;
  tree.fill();
  CHECK_FALSE(tree.known());
  tree.fill();
  CHECK(tree.known());
}

TEST_CASE("a header that comes to stand where it is looked for first is seen") {
  Tree tree;
  tree.fill();
  const std::string before = value_of(tree.parse().second);
  tree.write(tree.scratch.path() / "first/other.h", "#define OTHER 5\n");
  const auto [known, changed] = tree.parse();
  CHECK_FALSE(known);
  CHECK(value_of(changed) != before);
  fs::remove_all(tree.scratch.path() / "first");
  CHECK(tree.known());
}

TEST_CASE("a header that was missing, and is there now") {
  Tree tree;
  tree.fill();
  fs::remove(tree.scratch.path() / "second/other.h");
  CHECK(tree.parse().second.facts.units[0].missing_headers.size() == 1);
  CHECK(tree.known());
  tree.write(tree.scratch.path() / "second/other.h", "#define OTHER 2\n");
  const auto [known, whole] = tree.parse();
  CHECK_FALSE(known);
  CHECK(whole.facts.units[0].missing_headers.empty());
}

TEST_CASE("another place, the same facts") {
  Tree tree;
  tree.fill("one");
  tree.fill("two");
  const auto here = tree.parse("one").second;
  const auto [known, there] = tree.parse("two");
  CHECK(known);
  CHECK(there.key == here.key);
  CHECK(model::to_bytes(here.facts).find(tree.scratch.path().string()) == std::string::npos);
  tree.write(tree.root("two") / "src/own.h", "#define OWN 8\n");
  CHECK_FALSE(tree.known("two"));
  CHECK(tree.known("one"));
}

TEST_CASE("other flags, other facts; and whatever else they depend on") {
  Tree tree;
  tree.fill();
  CHECK_FALSE(tree.known());
  tree.flags = {"-DX=1"};
  CHECK_FALSE(tree.known());
  CHECK(tree.known());
  tree.salt = "lock wrappers";
  CHECK_FALSE(tree.known());
  tree.salt.clear(), tree.flags.clear();
  CHECK(tree.known());
}

TEST_CASE("what names the place of the project is not carried to another") {
  Tree tree;
  tree.flags = {"-DHOME=\"" + tree.root("one").string() + "\""};
  tree.write(tree.root() / "src/a.c", "const char *home(void) { return HOME; }\n");
  CHECK(tree.parse().second.key.empty());
  CHECK_FALSE(tree.known());
}

TEST_CASE("damaged entries are parsed anew, to the same facts") {
  Tree tree;
  tree.fill();
  const std::string before = model::to_bytes(tree.parse().second.facts);
  for (const bool cut : {true, false}) {
    for (const auto& entry : fs::recursive_directory_iterator(tree.scratch.path() / "store"))
      if (entry.is_regular_file()) {
        std::string bytes = *read_file(entry.path());
        if (cut) bytes.resize(bytes.size() / 2);
        else bytes.back() = static_cast<char>(bytes.back() ^ 1);
        REQUIRE(write_file(entry.path(), bytes).ok());
      }
    const auto [known, again] = tree.parse();
    CHECK_FALSE(known);
    CHECK(model::to_bytes(again.facts) == before);
    CHECK(tree.known());
  }
}
