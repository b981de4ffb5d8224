// A file system that can fail, and that can forget what was not synced: for tests of what a full
// disk, a broken disk and a power cut leave behind.
//
// Every file that is written through it is followed: how long it is, and how long it was when it
// was last synced. A power cut makes everything fail from then on; when the case has been closed,
// Forget cuts every file back to what was synced.
#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace kb::storage {

class FaultyFiles final : public rocksdb::FileSystemWrapper {
 public:
  enum class Fault { kNone, kNoSpace, kWriteError, kSyncError, kPowerCut };

  FaultyFiles() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  static const char* kClassName() { return "kb.FaultyFiles"; }
  const char* Name() const override { return kClassName(); }

  /// From now on, or after `operations` more writes and syncs.
  void Fail(Fault fault, std::int64_t operations = 0) {
    fault_.store(fault);
    left_.store(operations);
  }
  /// Whether the fault has come.
  bool failed() const { return fault_.load() != Fault::kNone && left_.load() <= 0; }

  /// Cuts files back to what was synced. Nothing may have them open.
  void Forget() {
    const std::lock_guard lock(mutex_);
    for (const auto& [path, sizes] : files_) {
      std::error_code ignored;
      if (std::filesystem::exists(path, ignored)) std::filesystem::resize_file(path, sizes.synced);
    }
  }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    if (auto status = Write(); !status.ok()) return status;
    if (auto status = target()->NewWritableFile(name, options, file, debug); !status.ok())
      return status;
    Follow(name, file);
    return rocksdb::IOStatus::OK();
  }
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override {
    if (auto status = Write(); !status.ok()) return status;
    if (auto status = target()->RenameFile(from, to, options, debug); !status.ok()) return status;
    const std::lock_guard lock(mutex_);
    if (const auto found = files_.find(from); found != files_.end()) {
      files_[to] = found->second;
      files_.erase(from);
    }
    return rocksdb::IOStatus::OK();
  }
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override {
    if (auto status = Write(); !status.ok()) return status;
    if (auto status = target()->LinkFile(from, to, options, debug); !status.ok()) return status;
    const std::lock_guard lock(mutex_);
    if (const auto found = files_.find(from); found != files_.end()) files_[to] = found->second;
    return rocksdb::IOStatus::OK();
  }
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override {
    if (auto status = Write(); !status.ok()) return status;
    if (auto status = target()->DeleteFile(name, options, debug); !status.ok()) return status;
    const std::lock_guard lock(mutex_);
    files_.erase(name);
    return rocksdb::IOStatus::OK();
  }

 private:
  struct Sizes {
    std::uint64_t written = 0;
    std::uint64_t synced = 0;
  };

  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(FaultyFiles* files, std::string name, std::unique_ptr<rocksdb::FSWritableFile>&& file)
        : FSWritableFileOwnerWrapper(std::move(file)), files_(files), name_(std::move(name)) {}

    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override {
      if (auto status = files_->Write(); !status.ok()) return status;
      if (auto status = FSWritableFileOwnerWrapper::Append(data, options, debug); !status.ok())
        return status;
      files_->Written(name_, data.size());
      return rocksdb::IOStatus::OK();
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             const rocksdb::DataVerificationInfo& /*info*/,
                             rocksdb::IODebugContext* debug) override {
      return Append(data, options, debug);
    }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
      if (auto status = files_->Sync(); !status.ok()) return status;
      if (auto status = FSWritableFileOwnerWrapper::Sync(options, debug); !status.ok())
        return status;
      files_->Synced(name_);
      return rocksdb::IOStatus::OK();
    }
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                            rocksdb::IODebugContext* debug) override {
      return Sync(options, debug);
    }

   private:
    FaultyFiles* files_;
    std::string name_;
  };

  void Follow(const std::string& name, std::unique_ptr<rocksdb::FSWritableFile>* file) {
    const std::lock_guard lock(mutex_);
    files_[name] = Sizes();
    *file = std::make_unique<File>(this, name, std::move(*file));
  }
  void Written(const std::string& name, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    files_[name].written += bytes;
  }
  void Synced(const std::string& name) {
    const std::lock_guard lock(mutex_);
    files_[name].synced = files_[name].written;
  }

  rocksdb::IOStatus Write() {
    const Fault fault = fault_.load();
    if (fault == Fault::kNone || fault == Fault::kSyncError || left_.fetch_sub(1) > 0) return {};
    return fault == Fault::kNoSpace ? rocksdb::IOStatus::NoSpace("the disk is full")
                                    : rocksdb::IOStatus::IOError("the disk is broken");
  }
  rocksdb::IOStatus Sync() {
    const Fault fault = fault_.load();
    if (fault == Fault::kNone || left_.fetch_sub(1) > 0) return {};
    return rocksdb::IOStatus::IOError("the disk is broken");
  }

  std::atomic<Fault> fault_{Fault::kNone};
  std::atomic<std::int64_t> left_{0};
  std::mutex mutex_;  ///< Guards files_.
  std::map<std::string, Sizes> files_;
};

}  // namespace kb::storage
