// Where results go: the terminal or pipe the program was started with, or a file for one result or
// all.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "schema/base/result.h"

namespace kb::shell {

/// One thread at a time.
class Output {
 public:
  /// Everything goes to `path` from now on; "" or "stdout" back to standard output. Error: kIo.
  Result<void> Redirect(const std::string& path);
  /// The next result goes to `path`. Error: kIo.
  Result<void> RedirectOnce(const std::string& path);
  /// After each result: ends a redirection that was for one. Error: kIo when the file is not whole.
  Result<void> EndResult();

  /// Errors of standard output make closed() true; those of files are told by EndResult.
  void Write(std::string_view text);
  /// Whether nobody reads standard output any more.
  bool closed() const { return closed_; }
  /// The file results go to now, or "".
  const std::string& path() const { return once_ ? once_path_ : file_ ? file_path_ : kNoPath; }

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, CloseFile>;
  static Result<File> Open(const std::string& path);

  static const std::string kNoPath;
  File file_;
  std::string file_path_;
  File once_;
  std::string once_path_;
  bool failed_ = false;
  bool closed_ = false;
};

}  // namespace kb::shell
