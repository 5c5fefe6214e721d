// What an application asks for, as values: packages with where they were asked for, where packages come from, and what
// could not be understood. Filled by the readers of files, read by index and resolution.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "packages/names/names.h"

namespace ftaudit::packages {

struct Origin {
  std::string file;          // as the user named it, or found from there; "" when asked for on the command line
  int line = 0;              // from 1; 0: the file as a whole
  std::string text() const;  // "requirements.txt:3"
};

struct Wanted {
  enum class Kind {
    requirement,  // to be resolved
    pinned,       // a lock file or an environment says exactly which version
    wheel,        // `path` or `url` is a wheel
    sdist,        // `path` or `url` is an archive of sources
    source_tree,  // `path` is a project's folder, or `url` a repository: its dependencies can be read, itself must be
                  // built
  };
  Kind kind = Kind::requirement;
  Requirement requirement;  // name may be "" for a URL or tree that does not say it
  std::string version;      // of what is pinned, a wheel or an installed distribution
  fs::path path;            // local file or folder, or the installed distribution's dist-info folder
  std::string url;          // with ${VAR} replaced; may hold credentials: show only through shown_url()
  bool editable = false;
  std::vector<std::string> hashes;      // "sha256:..." that the file asks for
  std::vector<std::string> depends_on;  // normal names, as the lock file or the environment says
  bool depends_on_known = false;        // whether depends_on was there to be read
  bool direct = true;                   // asked for by the user, not merely listed in a lock file
  Origin origin;
};

struct Remark {
  Origin origin;
  std::string what;  // one sentence
  bool lost = true;  // whether something the user asked for is missing from the report because of it
};

// Where packages come from, as the user's files, options and environment say. Later options are added to earlier ones.
struct IndexOptions {
  std::string index_url;  // "": the installer's own setting or default
  std::vector<std::string> extra_index_urls;
  std::vector<std::string> find_links;
  std::vector<std::string> trusted_hosts;
  bool no_index = false;
  bool offline = false;  // only what lies on this machine: caches and --find-links folders
  bool prereleases = false;
  std::string certificate, client_certificate, proxy;
};

struct Input {
  std::vector<Wanted> wanted;
  std::vector<Wanted> constraints;
  std::vector<Remark> remarks;
  IndexOptions index;             // what the files themselves say
  bool resolved = false;          // a lock file or environment: nothing is left to a resolver
  std::vector<std::string> read;  // files that were read, in order
};

struct InputOptions {
  Target target;
  std::vector<std::string> extras, groups;  // of pyproject.toml and lock files; "*" is all of them
  std::size_t nesting = 64;                 // of -r and -c
};

// Without user name, password and token.
std::string shown_url(std::string_view url);

}  // namespace ftaudit::packages
