// Two states of a project out of git: lines, names, files; and what is said where they cannot be had.
#include "project/repository.h"

#include <random>

#include "base/process.h"
#include "base/text.h"
#include "tree_on_disk.h"

namespace ftaudit::project {
namespace {

std::string git(const fs::path& folder, std::vector<std::string> arguments) {
  std::vector<std::string> argv{"git",
                                "-C",
                                folder.string(),
                                "-c",
                                "user.name=A",
                                "-c",
                                "user.email=a@b",
                                "-c",
                                "init.defaultBranch=main",
                                "-c",
                                "protocol.file.allow=always",
                                "-c",
                                "commit.gpgsign=false"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  const auto ran = run({.argv = argv});
  REQUIRE(ran.ok());
  REQUIRE_MESSAGE(ran->succeeded(), ran->err);
  return std::string(trim(ran->out));
}

std::string commit(const fs::path& folder, const char* message) {
  git(folder, {"add", "-A"});
  git(folder, {"commit", "-q", "--allow-empty", "-m", message});
  return git(folder, {"rev-parse", "HEAD"});
}

const std::string ten = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

}  // namespace

TEST_CASE("lines of an earlier state, by a diff") {
  const LineMap map(
      "diff --git a/a.c b/a.c\nindex 1..2 100644\n--- a/a.c\n+++ b/a.c\n@@ -2,0 +3,2 @@ f\n+--- x\n++++ y\n@@ -5,2 "
      "+6,0 @@\n--- z\n-q\n@@ -9 +9 @@\n-a\n+b\n"
      "diff --git a/old name.c b/new name.c\nsimilarity index 90%\nrename from old name.c\nrename to new name.c\n--- "
      "a/old name.c\t\n+++ b/new name.c\t\n@@ -1 +0,0 @@\n-gone\n"
      "diff --git a/new.c b/new.c\nnew file mode 100644\n--- /dev/null\n+++ b/new.c\n@@ -0,0 +1 @@\n+x\n"
      "diff --git a/gone.c b/gone.c\ndeleted file mode 100644\n--- a/gone.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
      "diff --git a/p.c b/q.c\nsimilarity index 100%\nrename from p.c\nrename to q.c\n");
  const auto line = [&](std::uint32_t n) { return map.earlier_line("a.c", n).value_or(0); };
  CHECK(line(1) == 1);
  CHECK(line(2) == 2);
  CHECK(line(3) == 0);
  CHECK(line(4) == 0);
  CHECK(line(5) == 3);
  CHECK(line(6) == 4);
  CHECK(line(7) == 7);
  CHECK(line(8) == 8);
  CHECK(line(9) == 0);
  CHECK(line(10) == 10);
  CHECK(map.earlier_file("new name.c") == "old name.c");
  CHECK(map.earlier_line("new name.c", 1) == 2);
  CHECK_FALSE(map.earlier_file("new.c").has_value());
  CHECK_FALSE(map.earlier_line("new.c", 1).has_value());
  CHECK(map.earlier_file("q.c") == "p.c");
  CHECK(map.earlier_line("q.c", 77) == 77);
  CHECK(map.earlier_file("untouched.c") == "untouched.c");
  CHECK(map.earlier_line("untouched.c", 5) == 5);
}

TEST_CASE(
    "unpacked files can be given their history: a clone at that commit, which changes nothing in the repository") {
  TreeOnDisk tree{{"a.c", ten}};
  git(tree.root(), {"init", "-q"});
  const std::string first = commit(tree.root(), "first");
  git(tree.root(), {"tag", "v1"});
  tree.add("a.c", "changed\n");
  commit(tree.root(), "second");
  const std::string before =
      git(tree.root(), {"status", "--porcelain=v2", "--branch"}) + git(tree.root(), {"for-each-ref"});

  const auto repository = Repository::around(tree.root());
  REQUIRE(repository.ok());
  const auto scratch = ScratchFolder::make("test");
  const fs::path folder = scratch->path() / "earlier";
  const auto revision = repository->revision("v1");
  REQUIRE(revision.ok());
  REQUIRE(repository->unpack(*revision, folder).ok());
  REQUIRE(repository->lend_history(*revision, folder).ok());
  CHECK(git(folder, {"rev-parse", "HEAD"}) == first);
  CHECK(git(folder, {"describe", "--tags"}) == "v1");
  CHECK(git(folder, {"ls-files"}) == "a.c");
  CHECK(git(folder, {"status", "--porcelain"}).empty());
  CHECK(git(tree.root(), {"status", "--porcelain=v2", "--branch"}) + git(tree.root(), {"for-each-ref"}) == before);
}

TEST_CASE("no diff brings the reader down") {
  const std::string whole =
      "diff --git a/a.c b/b.c\nrename from a.c\nrename to b.c\n--- a/a.c\n+++ b/b.c\n@@ -2,0 +3,2 @@ f\n+x\n+y\n@@ "
      "-5,2 +6,0 @@\n-z\n-q\n@@ -9 +9 @@\n-a\n+b\n";
  std::mt19937 random(11);
  std::size_t known = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string text = whole;
    for (unsigned edits = 1 + random() % 6; edits > 0; --edits)
      text[random() % text.size()] = random() % 3 == 0 ? '\n' : static_cast<char>(random());
    const LineMap map(text);
    for (std::uint32_t line : {1u, 3u, 8u, 4294967295u}) known += map.earlier_line("b.c", line).has_value() ? 1 : 0;
  }
  CHECK(known > 0);
}

TEST_CASE("git's own diff, with names and settings that would confuse a reader") {
  TreeOnDisk tree{{"src/a b.c", ten}, {"src/ü.c", ten}, {"src/moved.c", ten}};
  git(tree.root(), {"init", "-q", "."});
  git(tree.root(), {"config", "diff.noprefix", "true"});
  git(tree.root(), {"config", "diff.mnemonicPrefix", "true"});
  git(tree.root(), {"config", "color.ui", "always"});
  const std::string first = commit(tree.root(), "first");
  tree.add("src/a b.c", "0\n" + ten);
  tree.add("src/ü.c", "0\n0\n" + ten);
  fs::rename(tree / "src/moved.c", tree / "src/elsewhere.c");
  const std::string second = commit(tree.root(), "second");
  tree.add("src/a b.c", "-1\n0\n" + ten);

  const auto repository = Repository::around(tree / "src");
  REQUIRE(repository.ok());
  CHECK(repository->top() == tree.root());
  CHECK(repository->folder_of(tree / "src") == "src/");
  CHECK(repository->folder_of(tree.root()) == "");
  const auto base = repository->revision(first), head = repository->revision("HEAD");
  REQUIRE(base.ok());
  REQUIRE(head.ok());
  CHECK(base->shown == first.substr(0, 8));
  CHECK(head->shown == second.substr(0, 8) + " (HEAD)");
  const auto lines = repository->lines_since(*base, *head);
  REQUIRE(lines.ok());
  CHECK(lines->earlier_line("src/a b.c", 2) == 1);
  CHECK_FALSE(lines->earlier_line("src/a b.c", 1).has_value());
  CHECK(lines->earlier_line("src/ü.c", 12) == 10);
  CHECK(lines->earlier_file("src/elsewhere.c") == "src/moved.c");
  const auto to_work_tree = repository->lines_since(*base, std::nullopt);
  REQUIRE(to_work_tree.ok());
  CHECK(to_work_tree->earlier_line("src/a b.c", 3) == 1);
}

TEST_CASE("the files of a commit, without touching the repository or its work tree") {
  TreeOnDisk tree{{"a.c", "first\n"}, {"kept.c", "kept\n"}, {".gitattributes", "kept.c export-ignore\n"}};
  git(tree.root(), {"init", "-q", "."});
  const std::string first = commit(tree.root(), "first");
  tree.add("a.c", "second\n");
  commit(tree.root(), "second");
  tree.add("a.c", "third\n");
  tree.add("untracked.c", "x\n");
  git(tree.root(), {"add", "a.c"});
  const std::string before = git(tree.root(), {"status", "--porcelain"}), index = *sha256_of_file(tree / ".git/index");

  const auto repository = Repository::around(tree.root());
  REQUIRE(repository.ok());
  auto scratch = ScratchFolder::make("unpack");
  REQUIRE(repository->unpack(*repository->revision(first), scratch->path() / "earlier").ok());
  CHECK(*read_file(scratch->path() / "earlier/a.c") == "first\n");
  CHECK(fs::exists(scratch->path() / "earlier/kept.c"));  // no archive: export-ignore means nothing
  CHECK_FALSE(fs::exists(scratch->path() / "earlier/untracked.c"));
  CHECK(git(tree.root(), {"status", "--porcelain"}) == before);
  CHECK(*sha256_of_file(tree / ".git/index") == index);
  CHECK(*read_file(tree / "a.c") == "third\n");
}

TEST_CASE("the merge base with the default branch") {
  TreeOnDisk tree{{"a.c", "1\n"}};
  git(tree.root(), {"init", "-q", "."});
  const std::string fork = commit(tree.root(), "fork");
  git(tree.root(), {"checkout", "-q", "-b", "topic"});
  commit(tree.root(), "mine");
  git(tree.root(), {"checkout", "-q", "main"});
  commit(tree.root(), "theirs");
  git(tree.root(), {"checkout", "-q", "topic"});
  const auto repository = Repository::around(tree.root());
  REQUIRE(repository.ok());
  const auto base = repository->merge_base("HEAD");
  REQUIRE(base.ok());
  CHECK(base->commit == fork);
  CHECK(base->shown == fork.substr(0, 8) + " (merge base with main)");

  // A clone knows its origin's default branch, whatever that is called.
  git(tree.root(), {"branch", "-m", "main", "trunk"});
  git(tree.root(), {"checkout", "-q", "trunk"});
  auto scratch = ScratchFolder::make("clone");
  git(tree.root(), {"clone", "-q", tree.root().string(), (scratch->path() / "clone").string()});
  const auto clone = Repository::around(scratch->path() / "clone");
  REQUIRE(clone.ok());
  CHECK(clone->merge_base("origin/topic")->shown == fork.substr(0, 8) + " (merge base with origin/trunk)");
}

TEST_CASE("what is missing is said, with what helps") {
  const auto error = [](const auto& result) { return result.ok() ? std::string() : result.message(); };
  TreeOnDisk bare{{"a.c", "1\n"}};
  CHECK(error(Repository::around(bare.root())).find("lies in no git repository") != std::string::npos);
  CHECK(error(Repository::around(bare / "none")).find("no such file") != std::string::npos);

  TreeOnDisk tree{{"a.c", "1\n"}};
  git(tree.root(), {"init", "-q", "."});
  commit(tree.root(), "first");
  git(tree.root(), {"branch", "-m", "odd"});
  const auto repository = Repository::around(tree.root());
  REQUIRE(repository.ok());
  CHECK(error(repository->revision("nonsense")) == "git knows no revision 'nonsense'; `git fetch` may bring it");
  CHECK(error(repository->revision("--all")).find("knows no revision") != std::string::npos);
  CHECK(error(repository->merge_base("HEAD")).find("there is no default branch") != std::string::npos);

  commit(tree.root(), "second");
  auto scratch = ScratchFolder::make("shallow");
  git(tree.root(),
      {"clone", "-q", "--depth", "1", "file://" + tree.root().string(), (scratch->path() / "clone").string()});
  const auto shallow = Repository::around(scratch->path() / "clone");
  REQUIRE(shallow.ok());
  CHECK(error(shallow->revision("HEAD~1")).find("this clone is shallow: `git fetch --unshallow`") != std::string::npos);
}

TEST_CASE("submodules come along where they are checked out") {
  TreeOnDisk inner{{"lib.c", "one\n"}};
  git(inner.root(), {"init", "-q", "."});
  commit(inner.root(), "one");
  TreeOnDisk tree{{"a.c", "1\n"}};
  git(tree.root(), {"init", "-q", "."});
  git(tree.root(), {"submodule", "add", "-q", inner.root().string(), "vendor/lib"});
  const std::string first = commit(tree.root(), "first");
  inner.add("lib.c", "two\n");
  commit(inner.root(), "two");
  git(tree / "vendor/lib", {"pull", "-q"});
  commit(tree.root(), "second");

  const auto repository = Repository::around(tree.root());
  REQUIRE(repository.ok());
  auto scratch = ScratchFolder::make("unpack");
  REQUIRE(repository->unpack(*repository->revision(first), scratch->path() / "earlier").ok());
  REQUIRE(repository->unpack(*repository->revision("HEAD"), scratch->path() / "later").ok());
  CHECK(*read_file(scratch->path() / "earlier/vendor/lib/lib.c") == "one\n");
  CHECK(*read_file(scratch->path() / "later/vendor/lib/lib.c") == "two\n");
}

TEST_CASE("nothing that a repository brings along runs: monitors, hooks, filters, helpers that fetch") {
  const auto scratch = ScratchFolder::make("evil");
  const fs::path marker = scratch->path() / "RAN", program = scratch->path() / "evil.sh";
  REQUIRE(write_file(program, "#!/bin/sh\ntouch " + marker.string() + "\nexit 1\n").ok());
  fs::permissions(program, fs::perms::owner_all);
  TreeOnDisk tree{{"a.c", ten}, {".gitattributes", "*.c filter=evil diff=evil\n"}};
  git(tree.root(), {"init", "-q", "."});
  const std::string first = commit(tree.root(), "first");
  tree.add("a.c", "0\n" + ten);
  const std::string second = commit(tree.root(), "second");
  tree.add("a.c", "-1\n0\n" + ten);
  for (const char* key : {"core.fsmonitor", "filter.evil.smudge", "filter.evil.clean", "filter.evil.process",
                          "core.sshCommand", "diff.external", "diff.evil.command", "diff.evil.textconv", "core.pager",
                          "core.editor", "core.askPass", "credential.helper", "gpg.program", "core.gitProxy"})
    git(tree.root(), {"config", key, program.string()});
  git(tree.root(), {"config", "filter.evil.required", "true"});
  fs::create_directories(tree / ".git/hooks");
  for (const char* hook : {"post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc"}) {
    fs::copy_file(program, tree / ".git/hooks" / hook, fs::copy_options::overwrite_existing);
    fs::permissions(tree / ".git/hooks" / hook, fs::perms::owner_all);
  }

  const auto repository = Repository::around(tree.root());
  REQUIRE(repository.ok());
  const auto base = repository->revision(first), head = repository->revision(second);
  REQUIRE(repository->merge_base("HEAD").ok());
  const auto to_head = repository->lines_since(*base, *head), to_files = repository->lines_since(*base, std::nullopt);
  REQUIRE(to_head.ok());
  REQUIRE(to_files.ok());
  CHECK(to_head->earlier_line("a.c", 2) == 1);
  CHECK(to_files->earlier_line("a.c", 3) == 1);
  auto files = ScratchFolder::make("unpack");
  REQUIRE(repository->unpack(*base, files->path() / "earlier").ok());
  CHECK(*read_file(files->path() / "earlier/a.c") == ten);
  CHECK_FALSE(fs::exists(marker));
}

TEST_CASE("objects that are not there are not fetched by what the repository names") {
  const auto scratch = ScratchFolder::make("evil");
  const fs::path marker = scratch->path() / "RAN", program = scratch->path() / "evil.sh";
  REQUIRE(write_file(program, "#!/bin/sh\ntouch " + marker.string() + "\nexit 1\n").ok());
  fs::permissions(program, fs::perms::owner_all);
  TreeOnDisk tree{{"a.c", ten}};
  git(tree.root(), {"init", "-q", "."});
  const std::string first = commit(tree.root(), "first");
  const std::string blob = git(tree.root(), {"rev-parse", "HEAD:a.c"});
  for (const auto& [key, value] : {std::pair("remote.x.url", "ssh://nowhere/x"),
                                   {"remote.x.promisor", "true"},
                                   {"remote.x.partialclonefilter", "blob:none"},
                                   {"extensions.partialClone", "x"},
                                   {"core.repositoryformatversion", "1"},
                                   {"protocol.ssh.allow", "always"}})
    git(tree.root(), {"config", key, value});
  git(tree.root(), {"config", "core.sshCommand", program.string()});
  git(tree.root(), {"config", "remote.x.uploadpack", program.string()});
  fs::permissions(tree / ".git/objects" / blob.substr(0, 2), fs::perms::owner_all);
  fs::remove_all(tree / ".git/objects" / blob.substr(0, 2));
  const auto repository = Repository::around(tree.root());
  REQUIRE(repository.ok());
  auto files = ScratchFolder::make("unpack");
  const Status done = repository->unpack(*repository->revision(first), files->path() / "earlier");
  REQUIRE_FALSE(done.ok());
  CHECK(done.message().find("cannot get the files of " + first.substr(0, 8)) == 0);
  CHECK_FALSE(fs::exists(marker));
}

TEST_CASE("a repository cannot make another folder its work tree, nor hide in a folder as a bare one") {
  TreeOnDisk tree{{"a.c", ten}};
  git(tree.root(), {"init", "-q", "."});
  commit(tree.root(), "first");
  git(tree.root(), {"config", "core.worktree", "/etc"});
  const auto elsewhere = Repository::around(tree.root());
  REQUIRE_FALSE(elsewhere.ok());
  CHECK(elsewhere.message().find("whose work tree is elsewhere (/etc)") != std::string::npos);

  TreeOnDisk outer{{"a.c", ten}};
  git(outer.root(), {"init", "-q", "--bare", (outer.root() / "sub").string()});
  CHECK_FALSE(Repository::around(outer / "sub").ok());
}

}  // namespace ftaudit::project
