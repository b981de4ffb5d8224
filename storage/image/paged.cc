#include "storage/image/paged.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <system_error>

#include "schema/base/memory.h"

namespace kb::storage {

namespace {

constexpr std::size_t kSegmentBytes = 32 << 20;
/// What one step of the hand gives back.
constexpr std::size_t kStepBytes = 1 << 20;
constexpr std::chrono::milliseconds kLook(10);

/// Sizes that are handed out: few enough that what comes back fits something again.
std::size_t Rounded(std::size_t bytes) {
  const std::size_t step = bytes <= 1024 ? 64 : bytes <= 65'536 ? 1024 : 16'384;
  return std::max<std::size_t>(64, (bytes + step - 1) / step * step);
}

Error CannotMake(const std::string& folder) {
  return IoError("cannot make a file for paging in {}: {}", folder,
                 std::error_code(errno, std::generic_category()).message());
}

}  // namespace

Result<std::shared_ptr<PagedMemory>> PagedMemory::Make(const std::string& folder,
                                                       std::uint64_t budget) {
  // The file has no name: it goes with the program, however that ends.
  int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {
    std::string path = folder + "/paging-XXXXXX";
    file = ::mkostemp(path.data(), O_CLOEXEC);
    if (file < 0) return CannotMake(folder);
    ::unlink(path.c_str());
  }
  std::shared_ptr<PagedMemory> memory(new PagedMemory(file, budget));  // NOLINT: private
  memory->watcher_ = std::thread([raw = memory.get()] { raw->Watch(); });
  return memory;
}

PagedMemory::PagedMemory(int file, std::uint64_t budget) : file_(file), budget_(budget) {}

PagedMemory::~PagedMemory() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  end_.notify_all();
  watcher_.join();
  for (const Segment& segment : segments_) ::munmap(segment.begin, segment.size);
  ::close(file_);
}

void PagedMemory::Grow(std::size_t bytes) {
  const std::size_t size =
      std::max(kSegmentBytes, (bytes + kStepBytes - 1) / kStepBytes * kStepBytes);
  // Room on the disk is taken now: a write to a mapped page that finds none would be a signal.
  if (::posix_fallocate(file_, static_cast<off_t>(file_size_), static_cast<off_t>(size)) != 0) {
    throw std::bad_alloc();
  }
  void* const mapped = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file_,
                              static_cast<off_t>(file_size_));
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  file_size_ += size;
  segments_.push_back({static_cast<std::byte*>(mapped), size});
  free_ = segments_.back().begin;
  room_ = size;
}

void* PagedMemory::Allocate(std::size_t bytes) {
  const std::size_t size = Rounded(bytes);
  const std::lock_guard lock(mutex_);
  used_ += size;
  if (const auto found = returned_.find(size); found != returned_.end() && !found->second.empty()) {
    void* const memory = found->second.back();
    found->second.pop_back();
    return memory;
  }
  if (room_ < size) Grow(size);
  void* const memory = free_;
  free_ += size;
  room_ -= size;
  return memory;
}

void PagedMemory::Free(void* memory, std::size_t bytes) {
  if (memory == nullptr) return;
  const std::size_t size = Rounded(bytes);
  const std::lock_guard lock(mutex_);
  used_ -= size;
  returned_[size].push_back(memory);
}

std::uint64_t PagedMemory::used() const {
  const std::lock_guard lock(mutex_);
  return used_;
}

void PagedMemory::Trim() {
  if (MeasureMemory().all <= budget_) return;
  // A little below the budget, so that the hand does not have to move at every look.
  const std::uint64_t wanted = budget_ - budget_ / 8;
  std::uint64_t gone_round = 0;
  while (true) {
    Segment step;
    {
      const std::lock_guard lock(mutex_);
      if (segments_.empty() || gone_round >= file_size_) return;
      if (hand_segment_ >= segments_.size()) hand_segment_ = hand_offset_ = 0;
      const Segment& segment = segments_[hand_segment_];
      step = {segment.begin + hand_offset_, std::min(kStepBytes, segment.size - hand_offset_)};
      hand_offset_ += step.size;
      if (hand_offset_ == segment.size) {
        hand_offset_ = 0;
        ++hand_segment_;
      }
    }
    // Of a shared mapping this drops the pages from this program, not what is in them.
    ::madvise(step.begin, step.size, MADV_DONTNEED);
    gone_round += step.size;
    if (gone_round % (8 * kStepBytes) == 0 && MeasureMemory().all <= wanted) return;
  }
}

void PagedMemory::Watch() {
  std::unique_lock lock(mutex_);
  while (!end_.wait_for(lock, kLook, [this] { return ending_; })) {
    lock.unlock();
    Trim();
    lock.lock();
  }
}

}  // namespace kb::storage
