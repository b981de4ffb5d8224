#include "schema/value.h"

#include <algorithm>
#include <memory>

#include "schema/base/assert.h"

namespace kb::schema {
namespace {

constexpr std::size_t kShortTextMax = 14;

/// Lists nested deeper than this are taken apart in a loop, so that ending a value needs little
/// stack whatever its depth.
constexpr std::uint32_t kRecursionMax = 64;

template <typename Range, typename Projection>
std::uint32_t NestingOf(const Range& items, Projection projection) {
  std::uint32_t deepest = 0;
  for (const auto& item : items) deepest = std::max(deepest, projection(item).nesting());
  return deepest + 1;
}

}  // namespace

/// The head of what several values share. `nesting` is set before the block is shared, or by its
/// only owner.
struct Value::Block {
  std::atomic<std::uint32_t> references{1};
  std::uint32_t nesting = 0;
};

template <typename T>
struct Value::BlockOf : Block {
  explicit BlockOf(T&& moved) : content(std::move(moved)) {}
  T content;
};

template <typename T>
Value Value::Share(Tag tag, T content) {
  std::allocator<BlockOf<T>> allocator;
  BlockOf<T>* block = std::construct_at(allocator.allocate(1), std::move(content));
  Value value;
  value.raw_[0] = static_cast<unsigned char>(tag);
  value.Store<Block*>(8, block);
  return value;
}

template <typename T>
const T& Value::Content() const {
  return static_cast<const BlockOf<T>*>(Load<const Block*>(8))->content;
}

void Value::Retain() const {
  if (is_shared()) Load<Block*>(8)->references.fetch_add(1, std::memory_order_relaxed);
}

void Value::Release() {
  Block* block = Load<Block*>(8);
  if (block->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (block->nesting > kRecursionMax) {
    std::vector<Value> pending;
    TakeDeepChildren(tag(), block, pending);
    while (!pending.empty()) {
      const Value child = std::move(pending.back());
      pending.pop_back();
      Block* inner = child.Load<Block*>(8);
      if (inner->references.load(std::memory_order_acquire) == 1) {
        TakeDeepChildren(child.tag(), inner, pending);
      }
    }
  }
  Destroy(tag(), block);
}

void Value::TakeDeepChildren(Tag tag, Block* block, std::vector<Value>& pending) {
  const auto take = [&pending](Value& child) {
    if (child.nesting() > kRecursionMax) pending.push_back(std::move(child));
  };
  if (tag == Tag::kList) {
    for (Value& item : static_cast<BlockOf<std::vector<Value>>*>(block)->content) take(item);
  } else if (tag == Tag::kMap) {
    for (auto& entry : static_cast<BlockOf<MapEntries>*>(block)->content) take(entry.second);
  }
  block->nesting = 0;
}

void Value::Destroy(Tag tag, Block* block) {
  const auto destroy = [block]<typename T>(std::allocator<BlockOf<T>> allocator) {
    auto* whole = static_cast<BlockOf<T>*>(block);
    std::destroy_at(whole);
    allocator.deallocate(whole, 1);
  };
  switch (tag) {
    case Tag::kLongString:
      return destroy(std::allocator<BlockOf<std::string>>());
    case Tag::kList:
    case Tag::kPath:
      return destroy(std::allocator<BlockOf<std::vector<Value>>>());
    case Tag::kMap:
      return destroy(std::allocator<BlockOf<MapEntries>>());
    case Tag::kDateTime:
      return destroy(std::allocator<BlockOf<DateTime>>());
    case Tag::kDuration:
      return destroy(std::allocator<BlockOf<Duration>>());
    case Tag::kPoint:
      return destroy(std::allocator<BlockOf<Point>>());
    case Tag::kEdtf:
      return destroy(std::allocator<BlockOf<Edtf>>());
    case Tag::kDescribedNode:
      return destroy(std::allocator<BlockOf<NodeData>>());
    case Tag::kDescribedRelationship:
      return destroy(std::allocator<BlockOf<RelationshipData>>());
    case Tag::kNull:
    case Tag::kBoolean:
    case Tag::kInteger:
    case Tag::kFloat:
    case Tag::kShortString:
    case Tag::kNode:
    case Tag::kRelationship:
    case Tag::kDate:
    case Tag::kLocalTime:
    case Tag::kTime:
    case Tag::kLocalDateTime:
      KB_ASSERT(false);
  }
}

std::uint32_t Value::nesting() const {
  return tag() == Tag::kList || tag() == Tag::kMap ? Load<const Block*>(8)->nesting : 0;
}

Value Value::Boolean(bool value) {
  Value result;
  result.raw_[0] = static_cast<unsigned char>(Tag::kBoolean);
  result.raw_[1] = value ? 1 : 0;
  return result;
}

Value Value::Integer(std::int64_t value) {
  Value result;
  result.raw_[0] = static_cast<unsigned char>(Tag::kInteger);
  result.Store(8, value);
  return result;
}

Value Value::Float(double value) {
  Value result;
  result.raw_[0] = static_cast<unsigned char>(Tag::kFloat);
  result.Store(8, value);
  return result;
}

Value Value::String(std::string_view utf8) {
  if (utf8.size() > kShortTextMax) return Share(Tag::kLongString, std::string(utf8));
  Value result;
  result.raw_[0] = static_cast<unsigned char>(Tag::kShortString);
  result.raw_[1] = static_cast<unsigned char>(utf8.size());
  if (!utf8.empty()) std::memcpy(result.raw_ + 2, utf8.data(), utf8.size());
  return result;
}

Value Value::List(std::vector<Value> items) {
  const std::uint32_t nesting =
      NestingOf(items, [](const Value& item) -> const Value& { return item; });
  Value result = Share(Tag::kList, std::move(items));
  result.Load<Block*>(8)->nesting = nesting;
  return result;
}

Value Value::Map(MapEntries entries) {
  const std::uint32_t nesting =
      NestingOf(entries, [](const auto& entry) -> const Value& { return entry.second; });
  Value result = Share(Tag::kMap, std::move(entries));
  result.Load<Block*>(8)->nesting = nesting;
  return result;
}

bool Value::is_unique() const {
  return Load<const Block*>(8)->references.load(std::memory_order_acquire) == 1;
}

Value Value::Appended(Value list, std::span<const Value> items) {
  if (!list.is_unique()) {
    std::vector<Value> copy;
    copy.reserve(list.list().size() + items.size());
    copy.insert(copy.end(), list.list().begin(), list.list().end());
    list = List(std::move(copy));
  }
  auto* block = static_cast<BlockOf<std::vector<Value>>*>(list.Load<Block*>(8));
  for (const Value& item : items) {
    block->nesting = std::max(block->nesting, item.nesting() + 1);
    block->content.push_back(item);
  }
  return list;
}

Value Value::Appended(Value text, std::string_view utf8) {
  if (text.tag() != Tag::kLongString || !text.is_unique()) {
    std::string copy;
    copy.reserve(text.string().size() + utf8.size());
    copy.append(text.string()).append(utf8);
    return copy.size() > kShortTextMax ? Share(Tag::kLongString, std::move(copy)) : String(copy);
  }
  static_cast<BlockOf<std::string>*>(text.Load<Block*>(8))->content.append(utf8);
  return text;
}

Value Value::Node(NodeId id) {
  Value result;
  result.raw_[0] = static_cast<unsigned char>(Tag::kNode);
  result.Store(4, Raw(id));
  return result;
}

Value Value::Node(NodeData data) { return Share(Tag::kDescribedNode, std::move(data)); }

Value Value::Relationship(const RelationshipRef& ref) {
  Value result;
  result.raw_[0] = static_cast<unsigned char>(Tag::kRelationship);
  result.Store(2, Raw(ref.type));
  result.Store(4, Raw(ref.edge));
  result.Store(8, Raw(ref.source));
  result.Store(12, Raw(ref.target));
  return result;
}

Value Value::Relationship(RelationshipData data) {
  return Share(Tag::kDescribedRelationship, std::move(data));
}

Value Value::Path(std::vector<Value> elements) {
  KB_ASSERT(elements.size() % 2 == 1);
  return Share(Tag::kPath, std::move(elements));
}

Value Value::Of(Date value) {
  Value result;
  result.raw_[0] = static_cast<unsigned char>(Tag::kDate);
  result.Store(8, value.days);
  return result;
}

Value Value::Of(LocalTime value) {
  Value result;
  result.raw_[0] = static_cast<unsigned char>(Tag::kLocalTime);
  result.Store(8, value.nanos);
  return result;
}

Value Value::Of(Time value) {
  Value result;
  result.raw_[0] = static_cast<unsigned char>(Tag::kTime);
  result.Store(8, value.nanos);
  result.Store(4, value.offset_s);
  return result;
}

Value Value::Of(LocalDateTime value) {
  Value result;
  result.raw_[0] = static_cast<unsigned char>(Tag::kLocalDateTime);
  result.Store(8, value.seconds);
  result.Store(4, value.nanos);
  return result;
}

Value Value::Of(DateTime value) { return Share(Tag::kDateTime, std::move(value)); }
Value Value::Of(Duration value) { return Share(Tag::kDuration, value); }
Value Value::Of(Point value) { return Share(Tag::kPoint, value); }
Value Value::Of(Edtf value) { return Share(Tag::kEdtf, std::move(value)); }

Kind Value::kind() const {
  switch (tag()) {
    case Tag::kNull:
      return Kind::kNull;
    case Tag::kBoolean:
      return Kind::kBoolean;
    case Tag::kInteger:
      return Kind::kInteger;
    case Tag::kFloat:
      return Kind::kFloat;
    case Tag::kShortString:
    case Tag::kLongString:
      return Kind::kString;
    case Tag::kList:
      return Kind::kList;
    case Tag::kMap:
      return Kind::kMap;
    case Tag::kNode:
    case Tag::kDescribedNode:
      return Kind::kNode;
    case Tag::kRelationship:
    case Tag::kDescribedRelationship:
      return Kind::kRelationship;
    case Tag::kPath:
      return Kind::kPath;
    case Tag::kDate:
      return Kind::kDate;
    case Tag::kLocalTime:
      return Kind::kLocalTime;
    case Tag::kTime:
      return Kind::kTime;
    case Tag::kLocalDateTime:
      return Kind::kLocalDateTime;
    case Tag::kDateTime:
      return Kind::kDateTime;
    case Tag::kDuration:
      return Kind::kDuration;
    case Tag::kPoint:
      return Kind::kPoint;
    case Tag::kEdtf:
      return Kind::kEdtf;
  }
  return Kind::kNull;
}

std::string_view Value::string() const {
  KB_ASSERT(is_string());
  if (tag() == Tag::kLongString) return Content<std::string>();
  // The bytes lie in the value itself; no char array is aliased but unsigned char as char.
  return {reinterpret_cast<const char*>(raw_ + 2), raw_[1]};
}

std::span<const Value> Value::list() const {
  KB_ASSERT(is_list());
  return Content<std::vector<Value>>();
}

const MapEntries& Value::map() const {
  KB_ASSERT(is_map());
  return Content<MapEntries>();
}

const Value* Value::Find(std::string_view key) const {
  for (const auto& [name, value] : map()) {
    if (name == key) return &value;
  }
  return nullptr;
}

NodeId Value::node() const {
  KB_ASSERT(is_node());
  if (tag() == Tag::kDescribedNode) return Content<NodeData>().id;
  return static_cast<NodeId>(Load<std::uint32_t>(4));
}

RelationshipRef Value::relationship() const {
  KB_ASSERT(is_relationship());
  if (tag() == Tag::kDescribedRelationship) return Content<RelationshipData>().ref;
  RelationshipRef ref;
  ref.type = static_cast<TypeId>(Load<std::uint16_t>(2));
  ref.edge = static_cast<EdgeId>(Load<std::uint32_t>(4));
  ref.source = static_cast<NodeId>(Load<std::uint32_t>(8));
  ref.target = static_cast<NodeId>(Load<std::uint32_t>(12));
  return ref;
}

std::span<const Value> Value::path() const {
  KB_ASSERT(is_path());
  return Content<std::vector<Value>>();
}

const DateTime& Value::date_time() const {
  KB_ASSERT(tag() == Tag::kDateTime);
  return Content<DateTime>();
}

const Duration& Value::duration() const {
  KB_ASSERT(tag() == Tag::kDuration);
  return Content<Duration>();
}

const Point& Value::point() const {
  KB_ASSERT(tag() == Tag::kPoint);
  return Content<Point>();
}

const Edtf& Value::edtf() const {
  KB_ASSERT(is_edtf());
  return Content<Edtf>();
}

const NodeData* Value::node_data() const {
  return tag() == Tag::kDescribedNode ? &Content<NodeData>() : nullptr;
}

const RelationshipData* Value::relationship_data() const {
  return tag() == Tag::kDescribedRelationship ? &Content<RelationshipData>() : nullptr;
}

}  // namespace kb::schema
