// Where bytes come from (declared in csv.h): files, standard input, memory; gzip and zstd unpacked
// on the way. An archive is known by its first bytes, not by its name, so that a pipe may carry
// one.
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "kb/io/csv.h"

namespace kb::io {

namespace {

constexpr std::size_t kPackedBytes = 256 << 10;

std::string Reason(int code) { return std::error_code(code, std::generic_category()).message(); }

/// A file descriptor; reads what the system gives.
class FileSource : public ByteSource {
 public:
  FileSource(int file, std::string name, std::atomic<std::uint64_t>* bytes_read)
      : file_(file), name_(std::move(name)), bytes_read_(bytes_read) {}
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override {
    if (file_ != STDIN_FILENO) close(file_);
  }

  Result<std::size_t> Read(char* out, std::size_t size) override {
    while (true) {
      const ssize_t got = read(file_, out, size);
      if (got >= 0) {
        const auto count = static_cast<std::size_t>(got);
        if (bytes_read_ != nullptr) bytes_read_->fetch_add(count, std::memory_order_relaxed);
        return count;
      }
      if (errno != EINTR) return IoError("cannot read {}: {}", name_, Reason(errno));
    }
  }
  const std::string& name() const { return name_; }

 private:
  int file_;
  std::string name_;
  std::atomic<std::uint64_t>* bytes_read_;  ///< May be null.
};

/// Packed bytes of a file, some of which have been looked at already.
class PackedInput {
 public:
  explicit PackedInput(std::unique_ptr<FileSource> file) : file_(std::move(file)) {
    bytes_.resize(kPackedBytes);
  }

  /// Reads until there are `size` bytes or the end.
  Result<std::string_view> Peek(std::size_t size) {
    while (end_ - begin_ < size && !ended_) KB_TRY(More());
    return rest();
  }
  /// Makes sure there are bytes, unless it is the end.
  Result<bool> Ready() {
    while (begin_ == end_ && !ended_) {
      begin_ = end_ = 0;
      KB_TRY(More());
    }
    return begin_ != end_;
  }
  std::string_view rest() const { return {bytes_.data() + begin_, end_ - begin_}; }
  void Take(std::size_t size) { begin_ += size; }
  const std::string& name() const { return file_->name(); }
  FileSource& file() { return *file_; }

 private:
  Result<void> More() {
    KB_ASSIGN(const std::size_t size, file_->Read(bytes_.data() + end_, bytes_.size() - end_));
    end_ += size;
    ended_ = size == 0;
    return {};
  }

  std::unique_ptr<FileSource> file_;
  std::vector<char> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool ended_ = false;
};

class PlainSource : public ByteSource {
 public:
  explicit PlainSource(PackedInput in) : in_(std::move(in)) {}

  Result<std::size_t> Read(char* out, std::size_t size) override {
    const std::string_view looked_at = in_.rest();
    if (looked_at.empty()) return in_.file().Read(out, size);
    const std::size_t taken = std::min(size, looked_at.size());
    std::memcpy(out, looked_at.data(), taken);
    in_.Take(taken);
    return taken;
  }

 private:
  PackedInput in_;
};

class GzipSource : public ByteSource {
 public:
  explicit GzipSource(PackedInput in) : in_(std::move(in)) {
    ready_ = inflateInit2(&stream_, 15 + 16) == Z_OK;
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  ~GzipSource() override {
    if (ready_) inflateEnd(&stream_);
  }

  Result<std::size_t> Read(char* out, std::size_t size) override {
    if (!ready_) return InternalError("zlib cannot be started");
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(size, 1u << 30));
    const uInt room = stream_.avail_out;
    while (stream_.avail_out == room) {
      KB_ASSIGN(const bool more, in_.Ready());
      if (!more) {
        if (between_members_) return std::size_t{0};
        return CorruptionError("{} ends in the middle of the archive", in_.name());
      }
      // Several archives one behind the other are one file.
      if (std::exchange(between_members_, false)) inflateReset(&stream_);
      const std::string_view rest = in_.rest();
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest.data()));
      stream_.avail_in = static_cast<uInt>(rest.size());
      const int status = inflate(&stream_, Z_NO_FLUSH);
      in_.Take(rest.size() - stream_.avail_in);
      if (status == Z_STREAM_END) {
        between_members_ = true;
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return CorruptionError("{} is damaged: {}", in_.name(),
                               stream_.msg != nullptr ? stream_.msg : "not gzip");
      }
    }
    return std::size_t{room - stream_.avail_out};
  }

 private:
  PackedInput in_;
  z_stream stream_{};
  bool ready_ = false;
  bool between_members_ = false;
};

class ZstdSource : public ByteSource {
 public:
  explicit ZstdSource(PackedInput in) : in_(std::move(in)), stream_(ZSTD_createDStream()) {}
  ZstdSource(const ZstdSource&) = delete;
  ZstdSource& operator=(const ZstdSource&) = delete;
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }

  Result<std::size_t> Read(char* out, std::size_t size) override {
    if (stream_ == nullptr) return InternalError("zstd cannot be started");
    ZSTD_outBuffer target{out, size, 0};
    while (target.pos == 0) {
      KB_ASSIGN(const bool more, in_.Ready());
      const std::string_view rest = in_.rest();
      if (!more && wanted_ == 0) return std::size_t{0};
      ZSTD_inBuffer input{rest.data(), rest.size(), 0};
      wanted_ = ZSTD_decompressStream(stream_, &target, &input);
      if (ZSTD_isError(wanted_) != 0) {
        return CorruptionError("{} is damaged: {}", in_.name(), ZSTD_getErrorName(wanted_));
      }
      in_.Take(input.pos);
      if (!more && target.pos == 0) {
        return CorruptionError("{} ends in the middle of the archive", in_.name());
      }
    }
    return target.pos;
  }

 private:
  PackedInput in_;
  ZSTD_DStream* stream_;
  std::size_t wanted_ = 0;  ///< 0 when a frame has ended and all of it is out.
};

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}

  Result<std::size_t> Read(char* out, std::size_t size) override {
    const std::size_t taken = std::min(size, bytes_.size());
    if (taken > 0) std::memcpy(out, bytes_.data(), taken);
    bytes_.remove_prefix(taken);
    return taken;
  }

 private:
  std::string_view bytes_;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> OpenSource(const std::string& path,
                                               std::atomic<std::uint64_t>* bytes_read) {
  int file = STDIN_FILENO;
  if (path != "-") {
    file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
      const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo;
      return Error(code, fmt::format("cannot open {}: {}", path, Reason(errno)));
    }
  }
  const std::string name = path == "-" ? "standard input" : path;
  PackedInput in(std::make_unique<FileSource>(file, name, bytes_read));
  KB_ASSIGN(const std::string_view start, in.Peek(4));
  std::unique_ptr<ByteSource> source;
  if (start.rfind("\x1F\x8B", 0) == 0) {
    source = std::make_unique<GzipSource>(std::move(in));
  } else if (start.rfind("\x28\xB5\x2F\xFD", 0) == 0) {
    source = std::make_unique<ZstdSource>(std::move(in));
  } else {
    source = std::make_unique<PlainSource>(std::move(in));
  }
  return source;
}

std::unique_ptr<ByteSource> SourceOf(std::string_view bytes) {
  return std::make_unique<MemorySource>(bytes);
}

}  // namespace kb::io
