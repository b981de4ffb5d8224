// Scopes: the variables a clause can see.
//
// A query's clauses share one Scope, which WITH replaces. A subquery or a comprehension opens a
// Scope whose `outer` is the one around it: names are looked up inwards out. A Scope borrows its
// outer one.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "query/bind/bound.h"
#include "query/bind/types.h"

namespace kb::query::bind {

struct Variable {
  std::string name;
  Slot slot = kNoSlot;
  KindSet kinds = functions::kAnyKind;
};

/// One thread at a time.
class Scope {
 public:
  explicit Scope(const Scope* outer = nullptr) : outer_(outer) {}

  /// The innermost variable of this name, or null. Valid until the scope that holds it changes.
  const Variable* Find(std::string_view name) const;
  /// Only here, not in outer scopes.
  const Variable* FindHere(std::string_view name) const;

  void Add(Variable variable);
  /// This scope's own, in the order in which they came.
  const std::vector<Variable>& variables() const { return variables_; }
  void Replace(std::vector<Variable> variables);

  const Scope* outer() const { return outer_; }
  /// All that Find can find, each name once, the innermost.
  std::vector<Variable> Visible() const;

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  const Scope* outer_;
  std::vector<Variable> variables_;
  /// Statements that make thousands of named nodes look each of them up.
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> index_;
};

}  // namespace kb::query::bind
