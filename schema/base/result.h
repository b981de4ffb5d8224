// Result<T>: a value or an Error. No exception crosses a folder's boundary; this is what does.
//
//   Result<Value> Head(const Value& list);
//   KB_ASSIGN(auto value, Head(list));   // returns the error to the caller, or binds the value
//   KB_TRY(store.Commit());              // the same for Result<void>
#pragma once

#include <memory>
#include <utility>
#include <variant>

#include "schema/base/error.h"

namespace kb {

/// Holds a T or an Error. Copyable and movable as T is.
template <typename T>
class [[nodiscard]] Result {
 public:
  // Implicit on purpose: `return value;` and `return TypeError(…);` both read well.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// The value. Only when ok().
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

  /// The error. Only when not ok().
  Error& error() & { return *std::get_if<1>(&state_); }
  const Error& error() const& { return *std::get_if<1>(&state_); }
  Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value, or an Error. Success costs no allocation.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::make_unique<Error>(std::move(error))) {}  // NOLINT

  bool ok() const { return error_ == nullptr; }
  explicit operator bool() const { return ok(); }
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::unique_ptr<Error> error_;
};

/// Drops an error on purpose; `why` makes the place searchable.
template <typename T>
void IgnoreError(const Result<T>& /*result*/, std::string_view /*why*/) {}

}  // namespace kb

#define KB_CONCAT_INNER(a, b) a##b
#define KB_CONCAT(a, b) KB_CONCAT_INNER(a, b)

/// Returns the error of `expr` to the caller, if it has one.
#define KB_TRY(expr)                                             \
  do {                                                           \
    if (auto kb_result = (expr); !kb_result.ok()) [[unlikely]] { \
      return std::move(kb_result).error();                       \
    }                                                            \
  } while (false)

/// Declares or assigns `target` from a Result, or returns its error to the caller.
#define KB_ASSIGN(target, ...) KB_ASSIGN_INNER(KB_CONCAT(kb_result_, __LINE__), target, __VA_ARGS__)
#define KB_ASSIGN_INNER(name, target, ...) \
  auto name = (__VA_ARGS__);               \
  if (!name.ok()) [[unlikely]]             \
    return std::move(name).error();        \
  target = std::move(name).value()
