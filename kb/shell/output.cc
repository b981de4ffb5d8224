#include "kb/shell/output.h"

#include <cerrno>
#include <cstring>

namespace kb::shell {

const std::string Output::kNoPath;

Result<Output::File> Output::Open(const std::string& path) {
  File file(std::fopen(path.c_str(), "w"));
  if (!file) return IoError("`{}` cannot be written: {}", path, std::strerror(errno));
  return file;
}

Result<void> Output::Redirect(const std::string& path) {
  once_.reset();
  if (path.empty() || path == "stdout") {
    file_.reset();
    return {};
  }
  KB_ASSIGN(file_, Open(path));
  file_path_ = path;
  return {};
}

Result<void> Output::RedirectOnce(const std::string& path) {
  KB_ASSIGN(once_, Open(path));
  once_path_ = path;
  return {};
}

Result<void> Output::EndResult() {
  std::FILE* file = once_ ? once_.get() : file_ ? file_.get() : stdout;
  if (std::fflush(file) != 0) {
    if (file == stdout) {
      closed_ = true;
    } else {
      failed_ = true;
    }
  }
  const std::string path = this->path();
  once_.reset();
  if (!failed_) return {};
  failed_ = false;
  return IoError("`{}` could not be written whole: {}", path, std::strerror(errno));
}

void Output::Write(std::string_view text) {
  std::FILE* file = once_ ? once_.get() : file_ ? file_.get() : stdout;
  if (std::fwrite(text.data(), 1, text.size(), file) == text.size()) return;
  if (file == stdout) {
    closed_ = true;
  } else {
    failed_ = true;
  }
}

}  // namespace kb::shell
