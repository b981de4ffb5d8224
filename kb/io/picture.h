// The graph of a result: every node and relationship in its rows once, as they are to be drawn.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schema/value.h"

namespace kb::io {

using schema::Value;

/// Collects nodes and relationships from values of any nesting. The described form of an element
/// wins over a bare reference to it; the ends of a relationship are there even if the result leaves
/// them out.
class Picture {
 public:
  void Add(const Value& value);

  /// By id, so that the same result always gives the same text.
  const std::map<std::uint32_t, Value>& nodes() const { return nodes_; }
  const std::map<std::uint64_t, Value>& relationships() const { return relationships_; }

 private:
  void AddNode(const Value& node);
  void AddRelationship(const Value& relationship);

  std::map<std::uint32_t, Value> nodes_;
  std::map<std::uint64_t, Value> relationships_;
};

/// What to call a node: its name, else title, else id, else its first property, else its label.
std::string CaptionOf(const Value& node);

/// Breaks text into lines of about `width` columns at spaces, at most `line_max` of them.
std::vector<std::string> Wrap(std::string_view text, std::size_t width, std::size_t line_max);

/// When a node is: a place on the time axis, in order, and the words that stand there.
struct Moment {
  std::int64_t year = 0;
  std::string rest;  ///< What follows the year in ISO order, such as "-03-26".
  std::string text;  ///< As the case has it, such as "2016~".
  friend auto operator<=>(const Moment&, const Moment&) = default;
};
/// From `dateMin`, or else `date` as far as it begins with a year (EDTF's marks are skipped); false
/// if the node has neither.
bool FindMoment(const Value& node, Moment* moment);

/// Whether the case says that this is not certain: `basis` other than stated, or `status` other
/// than happened or ongoing.
bool IsDoubtful(const Value& element);

/// The fill colour of a label: one of twelve pale ones that people who see colours differently can
/// tell apart; the same for a name in every picture, unless two labels of one picture want the
/// same.
std::map<std::string, std::string> ColorsOf(const std::vector<std::string>& labels);

}  // namespace kb::io
