#include "packages/verdict/gather.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "packages/index/index.h"
#include "packages/wheels/wheels.h"

namespace ftaudit::packages {
namespace {

std::string tag_of(std::string_view wheel_file) {
  // NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl
  const std::vector<std::string> parts = split(wheel_file.substr(0, wheel_file.rfind(".whl")), '-');
  if (parts.size() < 5) return {};
  return parts[parts.size() - 3] + "-" + parts[parts.size() - 2] + "-" + parts[parts.size() - 1];
}

// Where people report problems: what its author calls a tracker, else its sources, else its page.
std::string homepage_of(std::string_view metadata) {
  static constexpr std::string_view wanted[] = {"issue",      "tracker", "bug",  "source",
                                                "repository", "github",  "code", "home"};
  const std::vector<std::string> urls = fields(metadata, "Project-URL");
  for (const std::string_view label : wanted)
    for (const std::string& one : urls) {
      const std::size_t comma = one.find(',');
      if (comma != std::string::npos && to_lower(one.substr(0, comma)).find(label) != std::string::npos)
        return std::string(trim(one.substr(comma + 1)));
    }
  const std::vector<std::string> page = fields(metadata, "Home-page");
  return page.empty() || page[0] == "UNKNOWN" ? "" : page[0];
}

class Gatherer {
 public:
  Gatherer(const Resolved& package, Index* index, Cache* cache, const GatherOptions& options)
      : package_(package), index_(index), cache_(cache), options_(options) {}

  Evidence gather() {
    out_.name = package_.name, out_.version = package_.version, out_.target = options_.target.text();
    out_.newest = package_.newest, out_.for_its_wheel = package_.for_its_wheel;
    if (package_.yanked) out_.yanked = package_.reason.empty() ? "yes" : package_.reason;
    if (package_.state != Resolved::State::chosen) {
      refused();
      return std::move(out_);
    }
    if (!package_.path.empty()) local();
    else from_index();
    return std::move(out_);
  }

 private:
  void refused() {
    using State = Resolved::State;
    std::string why = package_.reason;
    if (why.empty())
      why = package_.state == State::missing      ? "no index knows it"
            : package_.state == State::no_version ? "no version satisfies what is asked"
            : package_.state == State::conflict   ? "it cannot be had together with others"
                                                  : "it could not be resolved";
    if (!package_.nearest.empty()) why += "; did you mean " + package_.nearest + "?";
    out_.no_such_name = package_.state == State::missing;
    (package_.state == State::unreachable ? out_.not_asked : out_.resolution_error) = why;
  }

  void local() {
    const fs::path& path = package_.path;
    const std::string file = path.filename().string();
    out_.file = file;
    if (package_.kind == Wanted::Kind::wheel || file.ends_with(".whl")) {
      const Result<WheelName> name = parse_wheel_name(file);
      offered(name.ok() ? std::optional<Fit>(fit(*name, options_.target)) : std::nullopt);
      out_.wheel_tag = tag_of(file);
      const std::unique_ptr<ByteSource> source = open_file(path);
      take(read_wheel(*source, options_.limits, options_.binaries));
      return;
    }
    if (file.ends_with(".dist-info")) return from_index();
    out_.offer = Offer::source_only, out_.has_source = true;
    take(read_source_archive(path));
  }

  void offered(std::optional<Fit> best) {
    if (!best) return;
    switch (*best) {
      case Fit::free_threaded:
      case Fit::stable_abi_t:
      case Fit::exact: out_.offer = Offer::free_threaded; return;
      case Fit::pure: out_.offer = Offer::pure_wheel; return;
      case Fit::foreign: out_.offer = Offer::foreign_wheel; return;
      case Fit::gil_only: out_.offer = Offer::gil_only; return;
      case Fit::other_python:
      case Fit::other_platform: out_.offer = Offer::nothing; return;
    }
  }

  void from_index() {
    if (index_ == nullptr) {
      out_.offer = Offer::nothing;
      out_.not_checked.push_back("no package index was asked");
      return;
    }
    const ProjectPage& page = index_->project(package_.name);
    for (const std::string& remark : page.remarks) out_.not_checked.push_back(remark);
    if (page.state != ProjectPage::State::found) {
      out_.offer = Offer::free_threaded;  // what is there is not known: by_wheel() says so
      out_.not_checked.push_back(page.reason);
      return;
    }
    const std::vector<Release> all = releases(page, package_.name, options_.target);
    const Release* release = find_release(all, package_.version);
    if (release == nullptr) {
      out_.resolution_error = "the index lists no version " + package_.version + " of it";
      return;
    }
    if (release->yanked && out_.yanked.empty())
      out_.yanked = release->yank_reason.empty() ? "yes" : release->yank_reason;
    out_.has_source = !release->sdists.empty();
    tags_for_gil(*release);
    if (release->chosen) chosen(*release->chosen);
    else not_chosen(*release);
    other_versions(*release, all);
  }

  void tags_for_gil(const Release& release) {
    std::set<std::string> tags, others;
    for (const IndexFile& file : release.wheels) {
      const Result<WheelName> name = parse_wheel_name(file.name);
      if (!name.ok()) continue;
      if (fit(*name, options_.target) == Fit::gil_only) tags.insert(name->abis.begin(), name->abis.end());
      for (const std::string& abi : name->abis)
        if (const auto other = parse_target(abi, options_.target.platform);
            other.ok() && other->free_threaded && !(*other == options_.target))
          others.insert(other->python());
    }
    out_.offer_detail = join(std::vector<std::string>(tags.begin(), tags.end()), ", ");
    if (!release.chosen) out_.other_free_threaded.assign(others.begin(), others.end());
  }

  void chosen(const IndexFile& file) {
    out_.file = file.name, out_.wheel_tag = tag_of(file.name);
    const Result<WheelName> name = parse_wheel_name(file.name);
    offered(name.ok() ? std::optional<Fit>(fit(*name, options_.target)) : std::nullopt);
    // A pure wheel's own metadata says enough where the index keeps a copy of it.
    if (out_.offer == Offer::pure_wheel && file.has_metadata) {
      const Result<std::string> text = index_->metadata(file);
      if (text.ok()) return told(*text);
    }
    const std::string key =
        file.sha256.empty() ? "" : "wheel 2 " + file.sha256 + (options_.binaries ? " binaries" : "");
    if (const std::optional<std::string> kept = recall(key))
      if (std::optional<Wheel> wheel = wheel_of(*kept)) return take(std::move(*wheel));
    const std::unique_ptr<ByteSource> source = file.path.empty() ? index_->bytes(file) : open_file(file.path);
    Result<Wheel> wheel = read_wheel(*source, options_.limits, options_.binaries);
    if (wheel.ok()) remember(key, record_of(*wheel));
    take(std::move(wheel));
  }

  void not_chosen(const Release& release) {
    const IndexFile* described = nullptr;  // any wheel of the release says what its author claims
    for (const IndexFile& file : release.wheels)
      if (file.has_metadata) described = &file;
    if (described != nullptr)
      if (const Result<std::string> text = index_->metadata(*described); text.ok()) told(*text);
    out_.offer = release.best == Fit::gil_only ? Offer::gil_only
                 : out_.has_source             ? Offer::source_only
                                               : Offer::nothing;
    if (!release.python_fits)
      out_.not_checked.push_back("this release does not admit Python " + options_.target.python());
    if (!out_.has_source) return;
    const IndexFile& sdist = release.sdists.front();
    out_.file = sdist.name;
    const std::string key = sdist.sha256.empty() ? "" : "sdist " + sdist.sha256;
    if (const std::optional<std::string> kept = recall(key))
      if (std::optional<SourceArchive> source = source_of(*kept)) return take(std::move(*source));
    if (sdist.bytes.value_or(options_.source_bytes + 1) > options_.source_bytes) {
      out_.not_checked.push_back(
          "its sdist: " + (sdist.bytes ? std::to_string(*sdist.bytes >> 20) + " MB" : "of unknown size") +
          ", more than is fetched");
      return;
    }
    Result<ScratchFolder> scratch = ScratchFolder::make("sdist");
    if (!scratch.ok()) return out_.not_checked.push_back(scratch.message());
    const Result<fs::path> archive = sdist.path.empty()
                                         ? index_->download(sdist, scratch->path(), options_.source_bytes)
                                         : Result<fs::path>(sdist.path);
    if (!archive.ok()) return out_.not_checked.push_back("its sdist: " + archive.message());
    Result<SourceArchive> source = read_source_archive(*archive);
    if (source.ok()) remember(key, record_of(*source));
    take(std::move(source));
  }

  void other_versions(const Release& release, const std::vector<Release>& all) {
    const Availability other = availability(all);
    if (other.prerelease_only) return;
    out_.first_version = other.first;
    const std::optional<Version> latest = Version::parse(other.latest);
    if (release.chosen || !latest) return;
    (*latest > release.version ? out_.upgrade_to : out_.pin_to) = other.latest;
  }

  void told(const std::string& metadata) {
    out_.classifiers = fields(metadata, "Classifier");
    out_.homepage = homepage_of(metadata);
  }
  void take(Result<Wheel> wheel) {
    if (wheel.ok()) told(wheel->metadata);
    out_.wheel = std::move(wheel);
  }
  void take(Result<SourceArchive> source) {
    if (source.ok() && out_.classifiers.empty()) told(source->metadata);
    out_.source = std::move(source);
  }

  std::optional<std::string> recall(const std::string& key) const {
    if (cache_ == nullptr || key.empty()) return std::nullopt;
    std::optional<Cache::Entry> entry = cache_->get("evidence", key);
    return entry ? std::optional<std::string>(std::move(entry->content)) : std::nullopt;
  }
  void remember(const std::string& key, const std::string& record) {
    if (cache_ != nullptr && !key.empty()) cache_->put("evidence", key, record);
  }

  const Resolved& package_;
  Index* index_;
  Cache* cache_;
  const GatherOptions& options_;
  Evidence out_;
};

}  // namespace

Evidence gather(const Resolved& package, Index* index, Cache* cache, const GatherOptions& options) {
  return Gatherer(package, index, cache, options).gather();
}

Result<fs::path> fetch_source(const Resolved& package, Index* index, const Target& target, const fs::path& folder,
                              std::uint64_t limit) {
  if (!package.path.empty() && !package.path.string().ends_with(".whl") &&
      !package.path.string().ends_with(".dist-info"))
    return package.path;
  if (index == nullptr) return Error{"no package index was asked"};
  const ProjectPage& page = index->project(package.name);
  if (page.state != ProjectPage::State::found) return Error{page.reason};
  const std::vector<Release> all = releases(page, package.name, target);
  const Release* release = find_release(all, package.version);
  if (release == nullptr || release->sdists.empty())
    return Error{"there is no sdist of " + package.name + " " + package.version};
  const IndexFile& sdist = release->sdists.front();
  return sdist.path.empty() ? index->download(sdist, folder, limit) : Result<fs::path>(sdist.path);
}

}  // namespace ftaudit::packages
