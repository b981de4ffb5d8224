// The labels, types and keys that a statement reads, to tell which of them nothing can have.
//
// A name that the catalog does not know is no mistake in Cypher, it matches nothing: but whoever
// wrote :Persn should hear of it. What the statement itself writes is not told.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/ast/expression.h"
#include "query/bind/bound.h"
#include "schema/catalog.h"

namespace kb::query::bind {

/// One statement; one thread.
class NameLog {
 public:
  using Sort = UnknownName::Sort;

  /// `catalog` may be null: then every name counts as known.
  explicit NameLog(const schema::Catalog* catalog) : catalog_(catalog) {}

  void Read(Sort sort, const ast::Name& name);
  /// All names of a label expression; null is none.
  void Read(Sort sort, const ast::LabelExpressionPtr& labels);
  void Written(Sort sort, std::string_view name);
  void Written(Sort sort, const ast::LabelExpressionPtr& labels);
  /// What is written has names that only its values tell.
  void WrittenByValue(Sort sort);

  /// In the order of the text, each once.
  std::vector<UnknownName> Take();

 private:
  bool IsKnown(Sort sort, std::string_view name) const;
  bool IsMade(const UnknownName& name) const;

  const schema::Catalog* catalog_;
  std::vector<UnknownName> unknown_;
  std::set<std::pair<Sort, std::string>> written_;
  std::set<Sort> written_by_value_;
};

}  // namespace kb::query::bind
