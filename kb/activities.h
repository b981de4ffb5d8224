// Activities: who is doing what in an open case, for SHOW TRANSACTIONS. Private to kb/.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "query/host.h"

namespace kb {

/// Thread-safe.
class Activities {
 public:
  /// In the list for as long as it lives; at most as long as the list itself.
  class Entry {
   public:
    Entry() = default;
    Entry(Entry&& other) noexcept { *this = std::move(other); }
    Entry& operator=(Entry&& other) noexcept;
    ~Entry();

    explicit operator bool() const { return list_ != nullptr; }
    /// What it does now; "" for nothing.
    void SetStatement(std::string_view text);

   private:
    friend class Activities;
    struct Record;
    Activities* list_ = nullptr;
    std::list<Record>::iterator at_;
  };

  Activities();
  ~Activities();

  Entry Add(std::string_view statement, bool explicit_transaction, bool read_only);
  std::vector<query::Activity> List() const;

 private:
  mutable std::mutex mutex_;
  std::list<Entry::Record> records_;
  std::uint64_t next_id_ = 1;
};

}  // namespace kb
