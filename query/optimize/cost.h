// Cost: how many rows a step of a pattern is likely to give, from the view's exact counters.
//
// Only ratios matter. Counts of labels, types and (type, direction, label) are exact, so the degree
// of a label by a type, and the share of a type's ends that carry a label, are exact averages; the
// share of rows that a predicate keeps is a guess.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "query/bind/bound.h"
#include "query/plan/plan.h"
#include "storage/graph.h"

namespace kb::query::optimize {

class Cost {
 public:
  explicit Cost(const storage::View& view) : view_(view) {}

  double Nodes() const;
  double Nodes(const std::string& label) const;

  /// Relationships of the types (all, if none are named) whose end in `direction` (kOut: the
  /// source) carries `label`; with an empty label, all of them.
  double Relationships(const plan::NameList& types, schema::Direction direction,
                       const std::string& label) const;

  /// Rows that one row becomes when it is expanded from a node with one of `labels`.
  double Degree(const plan::NameList& types, schema::Direction direction,
                const std::vector<std::string>& labels) const;
  /// The same, of ends that carry `to_labels`. Pairs of labels are taken to go together as often as
  /// their counts allow: in most data a relationship between two labels is a thing of its own.
  double Degree(const plan::NameList& types, schema::Direction direction,
                const std::vector<std::string>& labels,
                const std::vector<std::string>& to_labels) const;
  /// How many times the average the degree is of a node that is met once for each of its
  /// relationships: of a friend, say, or of the country of a city (at least 1; from a sample).
  double Skew(const plan::NameList& types, schema::Direction direction,
              const std::vector<std::string>& labels) const;
  /// The share of nodes with one of `labels` that have any such relationship (from a sample).
  double Presence(const plan::NameList& types, schema::Direction direction,
                  const std::vector<std::string>& labels) const;
  /// The share of those whose far end carries `label`.
  double EndShare(const plan::NameList& types, schema::Direction direction,
                  const std::string& label) const;
  /// Whether every far end carries it (exact).
  bool EndAlways(const plan::NameList& types, schema::Direction direction,
                 const std::string& label) const;

  /// Whether no node carries both labels (exact).
  bool NeverMeet(const std::string& a, const std::string& b) const;

  /// The share of rows a predicate keeps.
  double Selectivity(const bind::Expression& predicate) const;

 private:
  /// How relationships are spread over nodes.
  struct Spread {
    double skew = 1;
    double presence = 1;
  };
  const Spread& SpreadOf(const plan::NameList& types, schema::Direction direction,
                         const std::vector<std::string>& labels) const;
  Spread Sample(const plan::NameList& types, schema::Direction direction,
                std::optional<schema::LabelId> label) const;

  const storage::View& view_;
  mutable std::map<std::tuple<plan::NameList, schema::Direction, std::string>, Spread> spreads_;
};

/// The names that a test demands together: A for `A`, A and B for `A&B`; others give none.
std::vector<std::string> RequiredNames(const bind::LabelTestPtr& test);
/// Whether the test says no more than those names.
bool IsConjunction(const bind::LabelTestPtr& test);

}  // namespace kb::query::optimize
