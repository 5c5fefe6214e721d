// A package index of this test's own on the loopback interface, run by Python, with releases made on the spot.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "base/process.h"
#include "folder_on_disk.h"
#include "packages/index/installer_settings.h"
#include "packages/resolution/stand_in.h"

namespace ftaudit::packages {

class LocalIndex {
 public:
  LocalIndex() {
    // The user's own settings are none of the test's business.
    for (const char* name :
         {"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "UV_INDEX_URL", "UV_DEFAULT_INDEX",
          "UV_INDEX", "UV_FIND_LINKS", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
      unsetenv(name);
    setenv("PIP_CONFIG_FILE", "/dev/null", 1);
    setenv("UV_NO_CONFIG", "1", 1);
    setenv("XDG_CACHE_HOME", (cache_.root()).c_str(), 1);
    setenv("UV_CACHE_DIR", (cache_ / "uv").c_str(), 1);
    setenv("PIP_CACHE_DIR", (cache_ / "pip").c_str(), 1);
    int in[2], out[2];
    REQUIRE((pipe(in) == 0 && pipe(out) == 0));
    const std::string script = std::string(FTAUDIT_SOURCE_DIR) + "/tests/packages/index_server.py",
                      root = files_.root();
    pid_ = fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      dup2(in[0], 0);
      dup2(out[1], 1);
      for (int fd : {in[0], in[1], out[0], out[1]}) close(fd);
      execlp("python3", "python3", script.c_str(), root.c_str(), nullptr);
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    stdin_ = in[1];
    char text[32] = "";
    REQUIRE(::read(out[0], text, sizeof text - 1) > 0);
    close(out[0]);
    port_ = std::atoi(text);
    REQUIRE(port_ > 0);
  }
  ~LocalIndex() {
    close(stdin_);
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }

  std::string url(const std::string& mode) const { return "http://127.0.0.1:" + std::to_string(port_) + "/" + mode; }
  IndexOptions options(const std::string& mode) const { return {.index_url = url(mode)}; }
  std::unique_ptr<Index> open(const std::string& mode) const { return std::move(*Index::open(options(mode))); }
  FolderOnDisk& files() { return files_; }
  const FolderOnDisk& cache() const { return cache_; }

  // A wheel with metadata only; `tag` other than py3-none-any by renaming.
  fs::path wheel(const std::string& name, const std::string& version, const std::vector<std::string>& needs = {},
                 const std::string& tag = "py3-none-any") {
    fs::create_directories(files_ / name);
    REQUIRE(write_stand_in(files_ / name, name, version, needs, {}).ok());
    const std::string stem = name + "-" + version + "-";
    const fs::path made = files_ / name / (stem + "py3-none-any.whl"), to = files_ / name / (stem + tag + ".whl");
    if (made != to) fs::rename(made, to);
    return to;
  }
  void sdist(const std::string& name, const std::string& version) {
    files_.add(fs::path(name) / (name + "-" + version + ".tar.gz"), "no archive");
  }
  void yank(const fs::path& file, const std::string& reason) {
    REQUIRE(write_file(file.string() + ".yanked", reason).ok());
  }

 private:
  FolderOnDisk files_, cache_;
  pid_t pid_ = -1;
  int stdin_ = -1, port_ = 0;
};

}  // namespace ftaudit::packages
