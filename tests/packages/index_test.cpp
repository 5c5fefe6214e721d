#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "local_index.h"
#include "packages/index/cache.h"
#include "packages/index/http.h"
#include "packages/index/simple_page.h"
#include "packages/wheels/zip.h"

using namespace ftaudit;
using namespace ftaudit::packages;

namespace {

const Target target{3, 13, true, {Platform::System::linux_glibc, 2, 36, "x86_64"}};

}  // namespace

TEST_CASE("pages in JSON and HTML, by redirect, with yanks and hashes") {
  LocalIndex local;
  local.wheel("a", "1.0");
  local.wheel("a", "2.0", {}, "cp313-cp313t-manylinux_2_17_x86_64");
  local.yank(local.wheel("a", "3.0"), "broken <b>");
  local.files().add("a/evil..whl", "");
  for (const char* mode : {"json", "html", "redirect"}) {
    INFO(std::string(mode));
    auto index = local.open(mode);
    const ProjectPage page = index->project("A");
    INFO(page.reason);
    REQUIRE(page.state == ProjectPage::State::found);
    REQUIRE(page.files.size() == 3);
    const auto all = releases(page, "a", target);
    REQUIRE(all.size() == 3);
    CHECK(all[2].yanked);
    CHECK(all[2].yank_reason == "broken <b>");
    CHECK(all[1].best == Fit::free_threaded);
    CHECK(find_release(all, "")->version.text() == "2.0");
    CHECK(availability(all).first == "1.0");
    CHECK(all[0].wheels[0].sha256.size() == 64);
    CHECK(index->project("nosuch").state == ProjectPage::State::missing);
    CHECK(index->project("../etc").state == ProjectPage::State::missing);
  }
}

TEST_CASE("bytes by range, or all of them once, and whole files against their hash") {
  LocalIndex local;
  const fs::path wheel = local.wheel("a", "1.0", {"b>=1"});
  const std::string content = *read_file(wheel);
  for (const char* mode : {"json", "html"}) {
    INFO(std::string(mode));
    auto index = local.open(mode);
    const IndexFile file = index->project("a").files.at(0);
    auto bytes = index->bytes(file);
    CHECK(*bytes->size() == content.size());
    CHECK(*bytes->read(10, 20) == content.substr(10, 20));
    CHECK(*bytes->read(content.size() - 5, 5) == content.substr(content.size() - 5));
    CHECK_FALSE(bytes->read(content.size() - 5, 6).ok());
    CHECK_FALSE(bytes->read(std::uint64_t{1} << 62, 1).ok());
    CHECK((bytes->remark().find("no ranges") != std::string::npos) == (mode == std::string("html")));
    CHECK(zip_entries(*bytes).ok());
    FolderOnDisk to;
    auto fetched = index->download(file, to.root(), 1 << 20);
    REQUIRE(fetched.ok());
    CHECK(*read_file(*fetched) == content);
    IndexFile wrong = file;
    wrong.sha256 = std::string(64, '0');
    CHECK(index->download(wrong, to.root(), 1 << 20).message().find("SHA-256") != std::string::npos);
    CHECK_FALSE(fs::exists(to / wrong.name));
    CHECK(index->download(file, to.root(), 10).message().find("more than 10 bytes") != std::string::npos);
    wrong.name = "../a.whl";
    CHECK_FALSE(index->download(wrong, to.root(), 1 << 20).ok());
  }
  auto index = local.open("html");
  auto bounded = index->bytes(index->project("a").files.at(0), 16);
  CHECK(bounded->read(0, 8).message().find("no ranges") != std::string::npos);
}

TEST_CASE("metadata beside the wheel is checked and kept") {
  LocalIndex local;
  const fs::path wheel = local.wheel("a", "1.0");
  REQUIRE(write_file(wheel.string() + ".metadata", "Name: a\nVersion: 1.0\n").ok());
  auto index = local.open("json");
  IndexFile file = index->project("a").files.at(0);
  CHECK(index->metadata(file)->starts_with("Name: a"));
  const auto before = index->requests();
  CHECK(index->metadata(file).ok());
  CHECK(index->requests() == before);
  file.metadata_sha256 = std::string(64, '0');
  CHECK_FALSE(index->metadata(file).ok());
}

TEST_CASE("servers that fail say so, each in its way, and soon") {
  LocalIndex local;
  auto state = [&](const char* mode) {
    auto page = local.open(mode)->project("a");
    INFO(mode, ": ", page.reason);
    CHECK(page.state == ProjectPage::State::unreachable);
    CHECK_FALSE(page.reason.empty());
    return page.reason;
  };
  CHECK(state("500").find("answers 500") != std::string::npos);
  CHECK(state("garbage").find("not valid JSON") != std::string::npos);
  CHECK(state("endless").find("more than") != std::string::npos);
  CHECK(state("loop").find("redirect") != std::string::npos);
  CHECK(local.open("404")->project("a").state == ProjectPage::State::missing);
  auto closed = std::move(*Index::open({.index_url = "http://user:secret@127.0.0.1:1/simple"}));
  const ProjectPage page = closed->project("a");
  CHECK(page.state == ProjectPage::State::unreachable);
  CHECK(page.reason.find("secret") == std::string::npos);

  // A second index that answers makes up for one that does not, and the silence is told.
  local.wheel("a", "1.0");
  IndexOptions both = local.options("500");
  both.extra_index_urls = {local.url("json")};
  const ProjectPage found = (*Index::open(both))->project("a");
  CHECK(found.state == ProjectPage::State::found);
  CHECK(found.remarks.size() == 1);
}

TEST_CASE("a server that hangs is waited for once") {
  LocalIndex local;
  Http http({.seconds = 1, .retries = 2});
  const auto start = std::chrono::steady_clock::now();
  for (const char* mode : {"hang/a/", "hang/b/"})
    CHECK(http.get({.url = local.url(mode)}).message().find("no answer") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
  Http other({.seconds = 1});
  CHECK_FALSE(other.get({.url = local.url("drip/a/")}).ok());  // bytes come, but no end
  CHECK_FALSE(http.get({.url = "file:///etc/passwd"}).ok());
  CHECK_FALSE(http.get({.url = "no url"}).ok());
}

TEST_CASE("pages are kept: asked again only whether they changed, and not at all offline") {
  LocalIndex local;
  local.wheel("a", "1.0");
  const auto fresh = local.open("json")->project("a");
  {
    auto index = local.open("json");
    CHECK(index->project("a").files.size() == 1);
    CHECK(index->requests() == 0);
  }
  // Older than its lifetime: one question, answered without a body.
  for (const auto& entry : fs::recursive_directory_iterator(local.cache().root()))
    if (entry.is_regular_file())
      fs::last_write_time(entry.path(), fs::file_time_type::clock::now() - std::chrono::hours(2));
  {
    auto index = local.open("json");
    CHECK(index->project("a").files.size() == 1);
    CHECK(index->requests() == 1);
    CHECK(index->fetched_bytes() == 0);
  }
  IndexOptions offline = local.options("json");
  offline.offline = true;
  auto index = std::move(*Index::open(offline));
  CHECK(index->project("a").files.size() == 1);
  CHECK(index->project("b").state == ProjectPage::State::unreachable);
  CHECK_FALSE(index->bytes(fresh.files[0])->read(0, 1).ok());
  // --find-links works without any server.
  IndexOptions links{.find_links = {(local.files() / "a").string()}, .no_index = true};
  auto by_folder = std::move(*Index::open(links));
  CHECK(by_folder->project("a").files.at(0).path == local.files() / "a" / "a-1.0-py3-none-any.whl");
  CHECK(by_folder->project("b").state == ProjectPage::State::missing);
}

TEST_CASE("the cache: damaged entries are none, parallel writers do no harm, and it stays within bounds") {
  FolderOnDisk folder;
  Cache cache(folder / "c", 300'000);
  CHECK_FALSE(cache.get("page", "k"));
  cache.put("page", "../../k", "content");
  CHECK(cache.get("page", "../../k")->content == "content");
  for (const auto& entry : fs::recursive_directory_iterator(folder / "c"))
    if (entry.is_regular_file()) {
      CHECK(entry.path().string().starts_with((folder / "c").string()));
      fs::resize_file(entry.path(), fs::file_size(entry.path()) - 1);
    }
  CHECK_FALSE(cache.get("page", "../../k"));
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 8; ++i)
      writers.emplace_back([&] {
        for (int k = 0; k < 50; ++k) {
          cache.put("page", "same", std::string(5000, 'x'));
          if (auto entry = cache.get("page", "same")) REQUIRE(entry->content.size() == 5000);
        }
      });
  }
  CHECK(cache.get("page", "same")->content == std::string(5000, 'x'));
  for (int i = 0; i < 100; ++i) cache.put("page", std::to_string(i), std::string(10'000, 'y'));
  cache.trim();
  std::uintmax_t total = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder / "c"))
    if (entry.is_regular_file()) total += entry.file_size();
  CHECK(total <= 300'000);
  CHECK(total > 100'000);
  // Where nothing can be written, nothing is kept.
  Cache nowhere("/proc/ftaudit");
  nowhere.put("page", "k", "v");
  CHECK_FALSE(nowhere.get("page", "k"));
}

TEST_CASE("what an index page may say") {
  const std::string url = "https://host/simple/a/";
  auto json = parse_simple_page(
      R"json({"files":[{"filename":"a-1.tar.gz","url":"../../f/a-1.tar.gz","yanked":true,"dist-info-metadata":false},
      {"filename":"../a-2.tar.gz","url":"x"},{"filename":"a-3.tar.gz","url":"javascript:alert(1)"},{"filename":"a-4.exe","url":"y"},{"filename":7,"url":8},9]})json",
      "application/json; charset=utf-8", url);
  REQUIRE(json.ok());
  REQUIRE(json->size() == 1);
  CHECK((*json)[0].url == "https://host/f/a-1.tar.gz");
  CHECK((*json)[0].yanked == "");
  auto html =
      parse_simple_page("<html><base href='/base/'><!-- <a href=no-1.tar.gz> --><A HREF=\"a-1.0+local.tar.gz#sha256=" +
                            std::string(64, 'A') +
                            "\" data-requires-python='&gt;=3.9,&#60;4' data-yanked>x</A><a>none</a><a "
                            "href=a-2-py3-none-any.whl data-core-metadata=true",
                        "text/html", url);
  REQUIRE(html.ok());
  REQUIRE(html->size() == 2);
  CHECK((*html)[0].url == "https://host/base/a-1.0+local.tar.gz");
  CHECK((*html)[0].requires_python == ">=3.9,<4");
  CHECK((*html)[0].sha256 == std::string(64, 'a'));
  CHECK((*html)[0].yanked == "");
  CHECK((*html)[1].has_metadata);
  for (const char* wrong : {"", "[]", "{\"files\":1}", "plain text"})
    CHECK_FALSE(parse_simple_page(wrong, "", url).ok());
}
