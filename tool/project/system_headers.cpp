#include "project/system_headers.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace ftaudit::project {
namespace {

constexpr std::size_t most_libraries = 5'000;

// ${prefix}/include, with the variables defined above it.
std::string replaced(std::string_view text, const std::map<std::string, std::string>& variables) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() < 4'096; ++i) {
    const std::size_t close = text.substr(i, 2) == "${" ? text.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += text[i];
      continue;
    }
    if (const auto found = variables.find(std::string(text.substr(i + 2, close - i - 2))); found != variables.end())
      out += found->second;
    i = close;
  }
  return out;
}

// "glib-2.0 >= 2.44, libffi" -> {"glib-2.0", "libffi"}
std::vector<std::string> names_in(std::string_view requirements) {
  std::vector<std::string> out;
  std::string word;
  const auto end = [&] {
    if (!word.empty() && (std::isalpha(static_cast<unsigned char>(word[0])) != 0)) out.push_back(word);
    word.clear();
  };
  for (const char c : requirements)
    if (c == ' ' || c == ',' || c == '\t') end();
    else word += c;
  end();
  return out;
}

bool is_file(const fs::path& path) {
  std::error_code failed;
  return fs::is_regular_file(path, failed);
}

std::vector<fs::path> existing(std::initializer_list<const char*> folders) {
  std::vector<fs::path> out;
  std::error_code failed;
  for (const char* folder : folders)
    if (fs::is_directory(folder, failed)) out.emplace_back(folder);
  return out;
}

}  // namespace

SystemHeaders::SystemHeaders()
    : SystemHeaders(existing({"/usr/local/include", "/usr/include/x86_64-linux-gnu", "/usr/include/aarch64-linux-gnu",
                              "/usr/include"}),
                    existing({"/usr/local/lib/pkgconfig", "/usr/local/share/pkgconfig",
                              "/usr/lib/x86_64-linux-gnu/pkgconfig", "/usr/lib/aarch64-linux-gnu/pkgconfig",
                              "/usr/lib64/pkgconfig", "/usr/lib/pkgconfig", "/usr/share/pkgconfig"})) {}

SystemHeaders::SystemHeaders(std::vector<fs::path> roots, std::vector<fs::path> pc_folders)
    : roots_(std::move(roots)), pc_folders_(std::move(pc_folders)) {}

void SystemHeaders::read_libraries() {
  if (std::exchange(read_, true)) return;
  for (const fs::path& folder : pc_folders_) {
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
      const fs::path& file = entry->path();
      // The interpreter's own headers are chosen elsewhere.
      if (file.extension() != ".pc" || file.stem().native().starts_with("python") || libraries_.size() > most_libraries)
        continue;
      const auto [known, fresh] = libraries_.try_emplace(file.stem().native());
      const auto text = fresh && is_file(file) ? read_file(file, 1 << 20) : Result<std::string>(Error{});
      if (!text.ok()) continue;
      std::map<std::string, std::string> variables{{"pcfiledir", folder.native()}};
      for (const std::string& line : split(*text, '\n')) {
        const std::size_t mark = line.find_first_of("=:");
        if (mark == std::string::npos || line.starts_with("#")) continue;
        const std::string name(trim(std::string_view(line).substr(0, mark)));
        const std::string value = replaced(trim(std::string_view(line).substr(mark + 1)), variables);
        if (line[mark] == '=') variables.insert_or_assign(name, value);
        else if (name == "Requires" || name == "Requires.private")
          for (std::string& one : names_in(value)) known->second.needs.push_back(std::move(one));
        else if (name == "Cflags" || name == "CFlags")
          for (const std::string& word : split(value, ' '))
            if (word.starts_with("-I/"))
              known->second.folders.push_back(fs::path(word.substr(2)).lexically_normal().native());
      }
    }
  }
}

void SystemHeaders::with_needs(const std::string& library, int depth, std::vector<std::string>& out) const {
  const auto found = libraries_.find(library);
  if (found == libraries_.end() || depth > 8 || out.size() > 50) return;
  for (const std::string& folder : found->second.folders)
    if (std::ranges::find(out, folder) == out.end() && std::ranges::find(roots_, fs::path(folder)) == roots_.end())
      out.push_back(folder);
  for (const std::string& need : found->second.needs) with_needs(need, depth + 1, out);
}

std::vector<std::string> SystemHeaders::search(const std::string& name) {
  if (name.empty() || name[0] == '/' || name.find("..") != std::string::npos) return {};
  if (std::ranges::any_of(roots_, [&](const fs::path& root) { return is_file(root / name); })) return {};
  read_libraries();
  // Of several libraries the one that brings least with it.
  std::vector<std::string> best;
  for (const auto& [library, of] : libraries_) {
    if (std::ranges::none_of(of.folders, [&](const std::string& folder) { return is_file(fs::path(folder) / name); }))
      continue;
    std::vector<std::string> all;
    with_needs(library, 0, all);
    if (best.empty() || all.size() < best.size()) best = std::move(all);
  }
  if (!best.empty()) return best;
  // Without one to say so: the only folder that has such a header.
  for (const fs::path& root : roots_) {
    std::error_code failed;
    for (fs::directory_iterator entry(root, failed), end; !failed && entry != end; entry.increment(failed)) {
      std::error_code odd;
      const std::string folder = entry->path().filename().native();
      if (folder.starts_with("python") || folder == "c++" || !entry->is_directory(odd) ||
          !is_file(entry->path() / name))
        continue;
      if (!best.empty()) return {};
      best.push_back(entry->path().native());
    }
  }
  return best;
}

const std::vector<std::string>& SystemHeaders::folders_for(const std::string& name) {
  const auto [known, fresh] = answers_.try_emplace(name);
  if (fresh) known->second = search(name);
  return known->second;
}

std::string_view debian_package_of(std::string_view header) {
  struct Row {
    std::string_view begins, package;  // a name that ends in '/' is a folder of headers
  };
  static constexpr std::array<Row, 106> rows{{{"libpq-fe.h", "libpq-dev"},
                                              {"libpq/", "libpq-dev"},
                                              {"pg_config.h", "libpq-dev"},
                                              {"postgres.h", "postgresql-server-dev-all"},
                                              {"mysql.h", "libmariadb-dev"},
                                              {"mysql/", "libmariadb-dev"},
                                              {"sql.h", "unixodbc-dev"},
                                              {"sqlext.h", "unixodbc-dev"},
                                              {"sqlite3.h", "libsqlite3-dev"},
                                              {"ldap.h", "libldap-dev"},
                                              {"lber.h", "libldap-dev"},
                                              {"sasl/", "libsasl2-dev"},
                                              {"gssapi", "libkrb5-dev"},
                                              {"krb5", "libkrb5-dev"},
                                              {"curl/", "libcurl4-openssl-dev"},
                                              {"openssl/", "libssl-dev"},
                                              {"ffi.h", "libffi-dev"},
                                              {"gmp.h", "libgmp-dev"},
                                              {"mpfr.h", "libmpfr-dev"},
                                              {"mpc.h", "libmpc-dev"},
                                              {"flint/", "libflint-dev"},
                                              {"hdf5.h", "libhdf5-dev"},
                                              {"netcdf.h", "libnetcdf-dev"},
                                              {"igraph.h", "libigraph-dev"},
                                              {"libxml/", "libxml2-dev"},
                                              {"libxslt/", "libxslt1-dev"},
                                              {"zlib.h", "zlib1g-dev"},
                                              {"bzlib.h", "libbz2-dev"},
                                              {"lzma.h", "liblzma-dev"},
                                              {"zstd.h", "libzstd-dev"},
                                              {"lz4.h", "liblz4-dev"},
                                              {"snappy", "libsnappy-dev"},
                                              {"brotli/", "libbrotli-dev"},
                                              {"archive.h", "libarchive-dev"},
                                              {"git2.h", "libgit2-dev"},
                                              {"git2/", "libgit2-dev"},
                                              {"zmq.h", "libzmq3-dev"},
                                              {"event.h", "libevent-dev"},
                                              {"event2/", "libevent-dev"},
                                              {"ev.h", "libev-dev"},
                                              {"uv.h", "libuv1-dev"},
                                              {"yaml.h", "libyaml-dev"},
                                              {"expat.h", "libexpat1-dev"},
                                              {"cairo", "libcairo2-dev"},
                                              {"pango/", "libpango1.0-dev"},
                                              {"glib.h", "libglib2.0-dev"},
                                              {"glib-object.h", "libglib2.0-dev"},
                                              {"gio/", "libglib2.0-dev"},
                                              {"girepository.h", "libgirepository1.0-dev"},
                                              {"gtk/", "libgtk-3-dev"},
                                              {"dbus/", "libdbus-1-dev"},
                                              {"ft2build.h", "libfreetype-dev"},
                                              {"freetype/", "libfreetype-dev"},
                                              {"png.h", "libpng-dev"},
                                              {"jpeglib.h", "libjpeg-dev"},
                                              {"tiffio.h", "libtiff-dev"},
                                              {"webp/", "libwebp-dev"},
                                              {"SDL.h", "libsdl2-dev"},
                                              {"SDL2/", "libsdl2-dev"},
                                              {"SDL_", "libsdl2-dev"},
                                              {"GL/", "libgl-dev"},
                                              {"X11/", "libx11-dev"},
                                              {"portaudio.h", "portaudio19-dev"},
                                              {"alsa/", "libasound2-dev"},
                                              {"sndfile.h", "libsndfile1-dev"},
                                              {"libavcodec/", "libavcodec-dev"},
                                              {"usb.h", "libusb-dev"},
                                              {"libusb", "libusb-1.0-0-dev"},
                                              {"cblas.h", "libopenblas-dev"},
                                              {"fftw3.h", "libfftw3-dev"},
                                              {"boost/", "libboost-dev"},
                                              {"Eigen/", "libeigen3-dev"},
                                              {"unicode/", "libicu-dev"},
                                              {"sys/acl.h", "libacl1-dev"},
                                              {"acl/", "libacl1-dev"},
                                              {"attr/", "libattr1-dev"},
                                              {"systemd/", "libsystemd-dev"},
                                              {"libudev.h", "libudev-dev"},
                                              {"cups/", "libcups2-dev"},
                                              {"hidapi", "libhidapi-dev"},
                                              {"bluetooth/", "libbluetooth-dev"},
                                              {"pcap.h", "libpcap-dev"},
                                              {"pcap/", "libpcap-dev"},
                                              {"security/pam", "libpam0g-dev"},
                                              {"selinux/", "libselinux1-dev"},
                                              {"libvirt/", "libvirt-dev"},
                                              {"numa.h", "libnuma-dev"},
                                              {"mpi.h", "libopenmpi-dev"},
                                              {"geos_c.h", "libgeos-dev"},
                                              {"proj.h", "libproj-dev"},
                                              {"gdal.h", "libgdal-dev"},
                                              {"spatialindex/", "libspatialindex-dev"},
                                              {"graphviz/", "libgraphviz-dev"},
                                              {"xmlsec/", "libxmlsec1-dev"},
                                              {"readline/", "libreadline-dev"},
                                              {"curses.h", "libncurses-dev"},
                                              {"ncurses.h", "libncurses-dev"},
                                              {"magic.h", "libmagic-dev"},
                                              {"pcre2.h", "libpcre2-dev"},
                                              {"enchant.h", "libenchant-2-dev"},
                                              {"lua.h", "liblua5.4-dev"},
                                              {"sodium.h", "libsodium-dev"},
                                              {"secp256k1", "libsecp256k1-dev"},
                                              {"lzo/", "liblzo2-dev"},
                                              {"libmemcached/", "libmemcached-dev"},
                                              {"libheif/", "libheif-dev"}}};
  const auto row = std::ranges::find_if(rows, [&](const Row& one) {
    return one.begins.find('.') == std::string_view::npos ? header.starts_with(one.begins) : header == one.begins;
  });
  return row == rows.end() ? std::string_view() : row->package;
}

}  // namespace ftaudit::project
