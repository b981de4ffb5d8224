// Stopping an algorithm of Boost.Graph: a vertex index that looks at the cancellation flag now and
// then, and throws. The exception ends in RunStoppable, before it can leave this folder.
#pragma once

#include <cstdint>
#include <utility>

#include "schema/base/cancel.h"
#include "schema/base/result.h"
#include "storage/view_bgl.h"

namespace kb::query::algo {

struct Stopped {
  Error error;
};

/// The property map vertex_index of a graph, with an eye on the flag. One thread.
class StoppableIndex {
 public:
  using key_type = schema::NodeId;
  using value_type = std::uint32_t;
  using reference = std::uint32_t;
  using category = boost::readable_property_map_tag;

  StoppableIndex(storage::ViewVertexIndex index, const Cancellation* cancellation,
                 std::uint32_t* count)
      : index_(index), cancellation_(cancellation), count_(count) {}

  friend std::uint32_t get(const StoppableIndex& map, schema::NodeId node) {
    if ((++*map.count_ & 0xFFFF) == 0 && map.cancellation_ != nullptr) {
      auto outcome = map.cancellation_->Check();
      if (!outcome.ok()) throw Stopped{std::move(outcome).error()};
    }
    return map.index_[node];
  }

 private:
  storage::ViewVertexIndex index_;
  const Cancellation* cancellation_;
  std::uint32_t* count_;
};

template <typename Body>
Result<void> RunStoppable(const Body& body) {
  try {
    body();
    return {};
  } catch (Stopped& stopped) {
    return std::move(stopped.error);
  }
}

}  // namespace kb::query::algo
