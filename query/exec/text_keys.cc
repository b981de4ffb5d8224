#include "query/exec/text_keys.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace kb::query::exec {
namespace {

std::uint64_t Load64(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}
std::uint64_t Load32(const char* at) {
  std::uint32_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}
/// All of a text of fewer than eight bytes, some of them perhaps twice: different for different
/// texts of one size, and read without a loop.
std::uint64_t ShortText(std::string_view text) {
  const char* const at = text.data();
  const std::size_t size = text.size();
  if (size >= 4) return Load32(at) | Load32(at + size - 4) << 32;
  if (size == 0) return 0;
  const auto byte = [at](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(at[i])};
  };
  return byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
}

std::uint64_t HashOf(std::string_view text) {
  const std::size_t size = text.size();
  std::uint64_t hash = size * 0x9E3779B97F4A7C15u;
  if (size < 8) return Scramble(hash ^ ShortText(text));
  for (std::size_t at = 0; at + 8 < size; at += 8) {
    hash = Scramble(hash ^ Load64(text.data() + at)) * 0xD6E8FEB86659FD93u;
  }
  return Scramble(hash ^ Load64(text.data() + size - 8));
}

bool AreSame(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  if (size < 8) return ShortText(a) == ShortText(b);
  if (size > 16) return std::memcmp(a.data(), b.data(), size) == 0;
  return Load64(a.data()) == Load64(b.data()) &&
         Load64(a.data() + size - 8) == Load64(b.data() + size - 8);
}

}  // namespace

std::uint32_t TextKeys::NumberOf(std::string_view text) {
  const std::uint32_t number = index_.FindOrAdd(
      HashOf(text), [&](std::uint32_t known) { return AreSame(texts_[known], text); });
  if (number == texts_.size()) Keep(text);
  return number;
}

void TextKeys::Keep(std::string_view text) {
  constexpr std::size_t kPiece = std::size_t{64} << 10;
  constexpr std::size_t kFirstPiece = std::size_t{4} << 10;
  if (text.size() > room_) {
    if (!pieces_) pieces_ = std::make_shared<Pieces>();
    room_ = std::max(pieces_->empty() ? kFirstPiece : kPiece, text.size());
    free_ = pieces_->emplace_back(new char[room_]).get();
  }
  if (!text.empty()) std::memcpy(free_, text.data(), text.size());
  texts_.emplace_back(free_, text.size());
  free_ += text.size();
  room_ -= text.size();
}

void TextKeys::NumberAll(std::span<const std::string_view> texts, std::uint32_t* numbers) {
  struct Seen {
    const char* data = nullptr;
    std::size_t size = 0;
    std::uint32_t number = 0;
  };
  constexpr std::size_t kSeen = 64;
  std::array<Seen, kSeen> seen;  // addresses hold for these texts only
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string_view text = texts[i];
    Seen& last = seen[Scramble(reinterpret_cast<std::uintptr_t>(text.data())) % kSeen];
    if (last.data != text.data() || last.size != text.size() || text.empty()) {
      last = {text.data(), text.size(), NumberOf(text)};
    }
    numbers[i] = last.number;
  }
}

/// Their hashes are known, and where they lie they stay.
void TextKeys::NumberFrom(TextKeys* other, std::uint32_t begin, std::uint32_t end,
                          std::uint32_t* numbers) {
  constexpr std::uint32_t kAhead = 8;
  if (other->pieces_) {
    if (!pieces_) pieces_ = std::make_shared<Pieces>();
    pieces_->insert(pieces_->end(), other->pieces_->begin(), other->pieces_->end());
    // The room at hand stays in use, wherever its piece stands among them.
    other->pieces_ = std::make_shared<Pieces>();
    other->room_ = 0;
  }
  index_.Reserve(size() + (end - begin));
  for (std::uint32_t i = begin; i < end; ++i) {
    if (i + kAhead < end) index_.Fetch(other->index_.HashOf(i + kAhead));
    const std::string_view text = other->texts_[i];
    const std::uint32_t number = index_.FindOrAdd(
        other->index_.HashOf(i), [&](std::uint32_t known) { return AreSame(texts_[known], text); });
    if (number == texts_.size()) texts_.push_back(text);
    numbers[i - begin] = number;
  }
}

std::uint32_t TextKeys::Find(std::string_view text) const {
  return index_.Find(HashOf(text),
                     [&](std::uint32_t known) { return AreSame(texts_[known], text); });
}

void TextKeys::KeepIn(Vector* column) const {
  if (pieces_) column->Keep(pieces_);
}

}  // namespace kb::query::exec
