#include "kb/io/import_ids.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <functional>
#include <utility>

#include "schema/base/assert.h"

namespace kb::io {

namespace {

std::uint64_t Mix(std::int64_t number) {
  auto x = static_cast<std::uint64_t>(number) * 0x9E37'79B9'7F4A'7C15u;
  return x ^ (x >> 32);
}

/// Slots for `count` entries, at most two thirds full.
std::size_t SlotsFor(std::size_t count) {
  return std::bit_ceil(std::max<std::size_t>(16, count + count / 2 + 1));
}

}  // namespace

ImportId ReadImportId(std::string_view text, bool integer) {
  ImportId id;
  id.text = text;
  if (integer) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  }
  if (text.empty() || text.size() > 20) return id;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, id.number);
  if (error != std::errc() || stop != end) return id;
  const std::string_view digits = text.front() == '-' ? text.substr(1) : text;
  const bool canonical = digits.front() != '0' || (digits.size() == 1 && text.front() != '-');
  id.is_number = integer || canonical;
  return id;
}

std::size_t IdSpace::NumberAt(std::int64_t number) const {
  const std::size_t mask = numbers_.size() - 1;
  std::size_t at = static_cast<std::size_t>(Mix(number)) & mask;
  while (numbers_[at].used && numbers_[at].number != number) at = (at + 1) & mask;
  return at;
}

std::size_t IdSpace::TextAt(std::string_view text, std::uint64_t hash) const {
  const std::size_t mask = texts_.size() - 1;
  std::size_t at = static_cast<std::size_t>(hash) & mask;
  while (texts_[at].used) {
    const TextSlot& slot = texts_[at];
    if (slot.hash == hash && slot.size == text.size() &&
        std::string_view(characters_).substr(static_cast<std::size_t>(slot.begin), slot.size) ==
            text) {
      break;
    }
    at = (at + 1) & mask;
  }
  return at;
}

void IdSpace::Reserve(std::size_t numbers, std::size_t texts) {
  if (const std::size_t slots = SlotsFor(number_count_ + numbers); slots > numbers_.size()) {
    std::vector<NumberSlot> former(slots);
    std::swap(former, numbers_);
    for (const NumberSlot& slot : former) {
      if (slot.used) numbers_[NumberAt(slot.number)] = slot;
    }
  }
  if (const std::size_t slots = SlotsFor(text_count_ + texts); slots > texts_.size()) {
    std::vector<TextSlot> former(slots);
    std::swap(former, texts_);
    for (const TextSlot& slot : former) {
      if (!slot.used) continue;
      std::size_t at = static_cast<std::size_t>(slot.hash) & (slots - 1);
      while (texts_[at].used) at = (at + 1) & (slots - 1);
      texts_[at] = slot;
    }
  }
}

std::uint32_t* IdSpace::Add(const ImportId& id) {
  if (id.is_number) {
    KB_ASSERT(number_count_ < numbers_.size());
    NumberSlot& slot = numbers_[NumberAt(id.number)];
    if (slot.used) return nullptr;
    slot.used = true;
    slot.number = id.number;
    ++number_count_;
    return &slot.node;
  }
  KB_ASSERT(text_count_ < texts_.size());
  const std::uint64_t hash = std::hash<std::string_view>()(id.text);
  TextSlot& slot = texts_[TextAt(id.text, hash)];
  if (slot.used) return nullptr;
  slot.used = true;
  slot.hash = hash;
  slot.begin = characters_.size();
  slot.size = static_cast<std::uint32_t>(id.text.size());
  characters_.append(id.text);
  ++text_count_;
  return &slot.node;
}

std::optional<schema::NodeId> IdSpace::Find(const ImportId& id) const {
  std::uint32_t node = kAbsent;
  if (id.is_number) {
    if (number_count_ > 0) node = numbers_[NumberAt(id.number)].node;
  } else if (text_count_ > 0) {
    node = texts_[TextAt(id.text, std::hash<std::string_view>()(id.text))].node;
  }
  if (node == kAbsent) return std::nullopt;
  return schema::NodeId{node};
}

}  // namespace kb::io
