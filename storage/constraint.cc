#include "storage/constraint.h"

#include <algorithm>

#include "schema/base/text.h"
#include "schema/order.h"
#include "storage/image/editor.h"

namespace kb::storage {
namespace {

using schema::ConstraintDefinition;
using schema::ConstraintKind;

/// Values longer than this are cut in messages.
constexpr std::size_t kValueCharactersMax = 60;

/// A node, or a relationship of the constraint's type, as indexes number them.
struct Element {
  std::uint32_t id = 0;
};

/// One constraint over one root.
class Verifier {
 public:
  Verifier(const Root& root, const ConstraintDefinition& constraint)
      : root_(root), constraint_(constraint), subject_(constraint.subject) {}

  /// What an element says of itself: whether it has what it must have, of the right type.
  Result<void> Alone(Element element) const {
    for (const KeyId key : subject_.keys) {
      const Value value = ValueOf(element, key);
      const bool must_have =
          constraint_.kind == ConstraintKind::kNotNull || constraint_.kind == ConstraintKind::kKey;
      if (must_have && value.is_null()) {
        return Broken("{} lacks {}", Describe(element), Name(key))
            .Hint(fmt::format("every {} must have it", Described()));
      }
      if (constraint_.kind == ConstraintKind::kType && !value.is_null() &&
          !constraint_.type->Accepts(value)) {
        return Broken("{} has {} = {}, which is {}", Describe(element), Name(key), Short(value),
                      schema::TypeNameOf(value.kind()))
            .Hint(fmt::format("it must be {}", constraint_.type->ToText()));
      }
    }
    return {};
  }

  /// Whether another element has the same values.
  Result<void> AmongOthers(Element element) const {
    if (!constraint_.IsUnique()) return {};
    const Value entry = Entry(element);
    const auto* definition = root_.catalog->FindIndex(constraint_.name);
    const Index* index = definition == nullptr ? nullptr : root_.FindIndex(definition->id);
    if (entry.is_null() || index == nullptr) return {};
    for (const NodeId other : SeekIndex(index->Tree(root_), entry)) {
      if (schema::Raw(other) != element.id) return Twice(element, {schema::Raw(other)}, entry);
    }
    return {};
  }

  Result<void> All() const {
    if (constraint_.IsUnique()) KB_TRY(NoneTwice());
    if (constraint_.kind == ConstraintKind::kUnique) return {};
    Result<void> outcome;
    ForEachElement([&](Element element) {
      outcome = Alone(element);
      return outcome.ok();
    });
    return outcome;
  }

 private:
  Result<void> NoneTwice() const {
    const std::vector<IndexEntry> entries = CollectEntries(root_, subject_);
    for (std::size_t i = 1; i < entries.size(); ++i) {
      if (schema::Equal(entries[i - 1].value, entries[i].value) == schema::Truth(true)) {
        return Twice({schema::Raw(entries[i].node)}, {schema::Raw(entries[i - 1].node)},
                     entries[i].value);
      }
    }
    return {};
  }

  template <typename Visit>
  void ForEachElement(Visit&& visit) const {
    bool more = true;
    root_.nodes.ForEach([&](std::uint32_t number, const NodeBlock& block) {
      for (std::uint32_t row = 0; more && row < kBlockSize; ++row) {
        if (!block.Exists(row)) continue;
        const std::uint32_t id = number * kBlockSize + row;
        if (subject_.on_relationships) {
          more = VisitOut(NodeId{id}, visit);
        } else if ((*root_.label_sets)[block.SetOf(row)].Has(subject_.label)) {
          more = visit(Element{id});
        }
      }
    });
  }
  /// The relationships of the type that begin at a node.
  template <typename Visit>
  bool VisitOut(NodeId node, Visit&& visit) const {
    const TypeImage* image = root_.FindType(subject_.type);
    if (image == nullptr || !image->adjacency[0]) return true;
    const Slice slice = FindSlice(*image->adjacency[0], node);
    for (std::uint32_t i = 0; i < slice.size; ++i) {
      if (!visit(Element{schema::Raw(slice.edges[i])})) return false;
    }
    return true;
  }

  Value ValueOf(Element element, KeyId key) const {
    return subject_.on_relationships ? PropertyOf(root_, subject_.type, EdgeId{element.id}, key)
                                     : PropertyOf(root_, NodeId{element.id}, key);
  }
  Value Entry(Element element) const {
    std::vector<Value> values;
    for (const KeyId key : subject_.keys) values.push_back(ValueOf(element, key));
    return EntryOf(std::move(values));
  }

  Error Twice(Element element, Element other, const Value& entry) const {
    std::string values;
    for (std::size_t i = 0; i < subject_.keys.size(); ++i) {
      values += (i == 0 ? "" : ", ") + Name(subject_.keys[i]) + " = " +
                Short(subject_.keys.size() == 1 ? entry : entry.list()[i]);
    }
    return Broken("{} has {}, and so has {}", Describe(element), values, Describe(other))
        .Hint("MERGE finds the one that is there instead of making another");
  }

  template <typename... Args>
  Error Broken(fmt::format_string<Args...> format, Args&&... args) const {
    return ConstraintError("constraint {}: {}", text::QuoteName(constraint_.name),
                           fmt::format(format, std::forward<Args>(args)...))
        .Detail("ConstraintViolated");
  }

  std::string Name(KeyId key) const { return text::QuoteName(root_.catalog->Name(key)); }
  /// ":Person", "[:KNOWS]"
  std::string Described() const {
    return subject_.on_relationships
               ? "[:" + text::QuoteName(root_.catalog->Name(subject_.type)) + "]"
               : ":" + text::QuoteName(root_.catalog->Name(subject_.label));
  }
  std::string Describe(Element element) const {
    if (!subject_.on_relationships) return fmt::format("node {} ({})", element.id, Described());
    const RelationshipRef ref{subject_.type, EdgeId{element.id}, NodeId{}, NodeId{}};
    return fmt::format("relationship {} {}", ref.id(), Described());
  }
  static std::string Short(const Value& value) {
    const std::string whole = value.ToText();
    const std::size_t cut = text::ByteOffset(whole, kValueCharactersMax);
    return cut == whole.size() ? whole : whole.substr(0, cut) + "…";
  }

  const Root& root_;
  const ConstraintDefinition& constraint_;
  const schema::Subject& subject_;
};

template <typename Elements>
void SortUnique(Elements* elements) {
  std::sort(elements->begin(), elements->end());
  elements->erase(std::unique(elements->begin(), elements->end()), elements->end());
}

}  // namespace

Result<void> VerifyChanged(const Root& root, Changed changed) {
  SortUnique(&changed.nodes);
  std::sort(changed.relationships.begin(), changed.relationships.end(),
            [](const auto& a, const auto& b) { return a.id() < b.id(); });
  const auto last = std::unique(changed.relationships.begin(), changed.relationships.end(),
                                [](const auto& a, const auto& b) { return a.id() == b.id(); });
  changed.relationships.erase(last, changed.relationships.end());
  for (const ConstraintDefinition& constraint : root.catalog->constraints()) {
    const Verifier verifier(root, constraint);
    const auto verify = [&](Element element) -> Result<void> {
      KB_TRY(verifier.Alone(element));
      return verifier.AmongOthers(element);
    };
    if (constraint.subject.on_relationships) {
      for (const RelationshipRef& ref : changed.relationships) {
        if (ref.type != constraint.subject.type || !HasEdge(root, ref)) continue;
        KB_TRY(verify({schema::Raw(ref.edge)}));
      }
      continue;
    }
    for (const NodeId node : changed.nodes) {
      const LabelSet* labels = root.LabelsOf(node);
      if (labels == nullptr || !labels->Has(constraint.subject.label)) continue;
      KB_TRY(verify({schema::Raw(node)}));
    }
  }
  return {};
}

Result<void> VerifyConstraint(const Root& root, const ConstraintDefinition& constraint) {
  return Verifier(root, constraint).All();
}

}  // namespace kb::storage
