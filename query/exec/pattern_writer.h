// PatternWriter: makes the nodes and relationships of a pattern that are not bound, for CREATE and
// MERGE. Element by element, each for all rows of the batch, so that a property may look at an
// element to the left of it.
#pragma once

#include <utility>
#include <vector>

#include "query/exec/operator.h"
#include "query/exec/testimony.h"

namespace kb::query::exec {

class PatternWriter {
 public:
  enum class Purpose : std::uint8_t { kCreate, kMerge };

  PatternWriter(Runtime& runtime, const bind::Pattern& pattern, Purpose purpose,
                bind::EvidencePtr evidence = nullptr);

  /// Makes the pattern once for each row and sets its slots, those of its paths included.
  /// Errors: a property that cannot be stored, or is null in a MERGE; an end that is null or
  /// deleted.
  Result<void> Write(Batch* batch);
  /// States what the pattern says of rows that were found and not made. Nothing without evidence.
  Result<void> State(const Batch& batch);

 private:
  using Properties = std::vector<std::pair<schema::KeyId, Value>>;

  template <typename Element>
  Result<void> Evaluate(const Element& element, const Batch& batch);
  /// The properties of a row, from what Evaluate left; names become keys.
  template <typename Element>
  Result<void> PropertiesOf(const Element& element, std::uint32_t row, Properties* properties);
  /// The labels or types of a row that expressions give, from what Evaluate left.
  template <typename Element>
  Result<std::vector<std::string>> NamesOf(const Element& element, std::uint32_t row) const;
  Result<schema::TypeId> TypeOf(const bind::PatternRelationship& relationship,
                                std::uint32_t row) const;
  Result<void> AddProperty(const std::string& name, Value value, Span span, Properties* properties);
  Result<void> WriteNodes(const bind::PatternNode& node, Batch* batch);
  Result<void> WriteRelationships(const bind::PatternRelationship& relationship, Batch* batch);
  Result<void> CheckBound(const Batch& batch) const;
  template <typename Element>
  Result<void> StateElement(const Element& element, const std::vector<std::string>& labels,
                            const Batch& batch);

  Runtime& runtime_;
  const bind::Pattern& pattern_;
  const Purpose purpose_;
  Testimonies testimonies_;
  std::vector<std::pair<Slot, bind::ExpressionPtr>> paths_;

  std::vector<Vector> values_;  ///< Of the element at hand: one column a property.
  Vector map_;
  std::vector<Vector> names_;  ///< One column an expression that gives labels or the type.
};

}  // namespace kb::query::exec
