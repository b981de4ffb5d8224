// Patterns: nodes, relationships, paths, quantifiers, selectors, label expressions.
#include "query/parse/reader_inline.h"

namespace kb::query::parse {

using schema::Direction;

ast::Pattern Reader::Pattern() {
  SkipSpace();
  const std::uint32_t begin = Here();
  ast::Pattern pattern;
  do {
    pattern.parts.push_back(PatternPart());
  } while (Symbol(","));
  pattern.span = From(begin);
  return pattern;
}

ast::PatternPart Reader::PatternPart() {
  SkipSpace();
  const std::uint32_t begin = Here();
  ast::PatternPart part;
  part.path_variable = Attempt([&]() -> std::optional<ast::Name> {
    auto name = Name(false);
    if (name && Symbol("=")) return name;
    if (name) Expect(kNodeBrackets);
    return std::nullopt;
  });
  part.selector = TrySelector();
  Restrictors(&part.mode, &part.chronology);
  if (part.mode || part.chronology || part.selector) {
    TryGroups(part.selector ? &*part.selector : nullptr);
  }
  const bool single = PeekKeyword("SHORTESTPATH");
  if (single || PeekKeyword("ALLSHORTESTPATHS")) {
    NeedName("shortestPath", true);
    part.shortest = single ? ast::ShortestForm::kSingle : ast::ShortestForm::kAll;
    NeedSymbol("(");
    part.path = Path();
    NeedSymbol(")");
  } else {
    part.path = Alternatives();
  }
  part.span = From(begin);
  return part;
}

ast::PathPattern Reader::Alternatives() {
  ast::PathPattern path = Path();
  if (bar_ends_ > 0 || !PeekSymbol("|") || PeekSymbol("||")) return path;
  // As if they stood in brackets.
  const std::uint32_t begin = path.span.begin;
  ast::ParenthesizedPath either;
  either.path = std::make_shared<const ast::PathPattern>(std::move(path));
  OtherAlternatives(&either);
  RefuseSideBySide(*either.path);
  for (const auto& other : either.others) RefuseSideBySide(*other);
  either.span = From(begin);
  ast::PathPattern whole;
  whole.elements.emplace_back(std::move(either));
  whole.span = From(begin);
  return whole;
}

/// Brackets cannot hold `(a) (b)`, so what is read as if in brackets cannot, either.
void Reader::RefuseSideBySide(const ast::PathPattern& path) {
  const ast::NodePattern* before = nullptr;
  for (const auto& element : path.elements) {
    const auto* node = std::get_if<ast::NodePattern>(&element);
    if (node != nullptr && before != nullptr) {
      StopWith(SyntaxError("two nodes stand side by side without a relationship between them")
                   .Detail("InvalidRelationshipPattern")
                   .At(node->span)
                   .Hint("write the relationship, such as (a)-->(b), or one node for both"));
    }
    before = node;
  }
}

void Reader::OtherAlternatives(ast::ParenthesizedPath* either) {
  while (PeekSymbol("|") && !PeekSymbol("||")) {
    const std::uint32_t at = Here();
    const bool all = PeekSymbol("|+|");
    const auto kind = all ? ast::UnionKind::kAll : ast::UnionKind::kDistinct;
    Symbol(all ? "|+|" : "|");
    if (either->union_kind != ast::UnionKind::kNone && either->union_kind != kind) {
      StopWith(SyntaxError("| and |+| cannot stand side by side")
                   .Hint("put one of the two in brackets")
                   .At({at, Here()}));
    }
    either->union_kind = kind;
    either->others.push_back(std::make_shared<const ast::PathPattern>(Path()));
  }
}

namespace {

std::size_t AfterSpace(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r'))) ++at;
  return at;
}

bool IsWordByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

bool IsOneOf(char c, std::string_view chars) { return chars.find(c) != std::string_view::npos; }

/// Whether what follows `(` could be a pattern. Most brackets in expressions are told from patterns
/// by one look: an attempt to read a pattern that fails costs as much as a whole statement. True
/// where it would take more than that look.
bool MayBeginPattern(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? text[i] : '\0'; };
  while (byte(at) == '(') at = AfterSpace(text, at + 1);
  const char first = byte(at);
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!is_plain(first) || IsOneOf(first, "):{$`/")) return true;
  const bool is_digit = first >= '0' && first <= '9';
  if (!IsWordByte(first) || is_digit) return false;
  std::size_t end = at;
  while (IsWordByte(byte(end))) ++end;
  end = AfterSpace(text, end);
  const char next = byte(end);
  if (!is_plain(next) || IsOneOf(next, ":{$/=")) return true;
  if (next != ')') return IsOneOf(next, "wWiI");  // WHERE, IS
  const char behind = byte(AfterSpace(text, end + 1));
  return !is_plain(behind) || IsOneOf(behind, "-<(/)");
}

}  // namespace

ast::ExpressionPtr Reader::TryPatternExpression() {
  SkipSpace();
  const std::uint32_t begin = Here();
  if (no_pattern_.contains(begin)) return nullptr;
  if (!explain_ && !MayBeginPattern(text_, begin)) return nullptr;
  std::optional<ast::PathPattern> path = Attempt([&] { return TryPath(); });
  if (!path || path->elements.size() < 3) {
    no_pattern_.insert(begin);
    GoTo(begin);
    return nullptr;
  }
  auto part = std::make_shared<ast::PatternPart>();
  part->path = *std::move(path);
  part->span = From(begin);
  return Make(ast::PatternExpression{std::move(part)}, begin);
}

std::optional<ast::PathPattern> Reader::TryPath() {
  SkipSpace();
  const std::uint32_t begin = Here();
  // Until it succeeds, no path begins here: a second attempt need not find that out again.
  if (trying_ > 0 && !no_path_.insert(begin).second) return std::nullopt;
  ast::PathPattern path;
  if (!PathElements(&path)) return std::nullopt;
  no_path_.erase(begin);
  path.span = From(begin);
  return path;
}

ast::PathPattern Reader::Path() {
  auto path = TryPath();
  if (!path) {
    Expect("a node such as (n)");
    Fail();
  }
  return *std::move(path);
}

bool Reader::PathElements(ast::PathPattern* path) {
  const Nesting nesting(*this);
  bool after_node = false;
  while (true) {
    if (after_node) {
      if (auto relationship = TryRelationship()) {
        after_node = PeekSymbol("?");
        if (after_node) {
          path->elements.emplace_back(Questioned(*std::move(relationship)));
        } else {
          path->elements.emplace_back(*std::move(relationship));
        }
        continue;
      }
    }
    if (!PeekSymbol("(")) break;
    if (auto part = Attempt([&] { return TryParenthesized(); })) {
      path->elements.emplace_back(*std::move(part));
      after_node = true;  // a relationship or another part may follow
      continue;
    }
    // Two nodes side by side are told apart from other text only where nothing else may follow.
    if (after_node && !EndsWithPart(*path) && trying_ > 0) break;
    auto node = TryNode();
    if (!node) return false;
    path->elements.emplace_back(*std::move(node));
    after_node = true;
  }
  return !path->elements.empty() && after_node;
}

/// `-[r]->?` is `(()-[r]->())?`.
ast::ParenthesizedPath Reader::Questioned(ast::RelationshipPattern relationship) {
  const std::uint32_t at = Here();
  Symbol("?");
  ast::ParenthesizedPath part;
  part.span = From(relationship.span.begin);
  part.quantifier = ast::PathQuantifier{0, 1, true, {at, at + 1}};
  if (relationship.quantifier || relationship.length) {
    StopWith(SyntaxError("a relationship has one quantifier, but here ? follows another")
                 .Detail("InvalidRelationshipPattern")
                 .At(part.span));
  }
  ast::PathPattern path;
  path.span = relationship.span;
  path.elements.emplace_back(ast::NodePattern{});
  path.elements.emplace_back(std::move(relationship));
  path.elements.emplace_back(ast::NodePattern{});
  part.path = std::make_shared<const ast::PathPattern>(std::move(path));
  return part;
}

bool Reader::EndsWithPart(const ast::PathPattern& path) const {
  return std::holds_alternative<ast::ParenthesizedPath>(path.elements.back());
}

std::optional<ast::ParenthesizedPath> Reader::TryParenthesized() {
  SkipSpace();
  const std::uint32_t begin = Here();
  if (!Symbol("(")) return std::nullopt;
  ast::ParenthesizedPath part;
  part.path_variable = Attempt([&]() -> std::optional<ast::Name> {
    auto name = Name(false);
    if (name && Symbol("=")) return name;
    return std::nullopt;
  });
  if (!PeekSymbol("(")) {
    Restrictors(&part.mode, &part.chronology);
    const bool restricts = part.mode || part.chronology;
    if (restricts) TryGroups(nullptr);
    if (!restricts || !PeekSymbol("(")) return std::nullopt;
  }
  const int bars = std::exchange(bar_ends_, 0);
  auto path = TryPath();
  if (!path) return std::nullopt;
  part.path = std::make_shared<const ast::PathPattern>(*std::move(path));
  OtherAlternatives(&part);
  if (Keyword("WHERE")) part.predicate = Expression();
  if (!Symbol(")")) return std::nullopt;
  bar_ends_ = bars;
  part.quantifier = TryQuantifier();
  SkipSpace();
  if (const std::uint32_t at = Here(); !part.quantifier && PeekSymbol("?")) {
    Symbol("?");
    part.quantifier = ast::PathQuantifier{0, 1, true, {at, at + 1}};
  }
  part.span = From(begin);
  return part;
}

std::optional<ast::PathQuantifier> Reader::TryQuantifier() {
  SkipSpace();
  const std::uint32_t begin = Here();
  ast::PathQuantifier quantifier;
  if (Symbol("+")) {
    quantifier.min = 1;
  } else if (Symbol("*")) {
    quantifier.min = 0;
  } else if (PeekSymbol("{")) {
    Symbol("{");
    const auto min = PeekSymbol(",") ? std::optional<std::uint64_t>() : Count();
    if (!min && !PeekSymbol(",")) return std::nullopt;
    quantifier.min = min.value_or(0);
    if (Symbol(",")) {
      if (!PeekSymbol("}")) quantifier.max = Count();
    } else {
      quantifier.max = quantifier.min;
    }
    NeedSymbol("}");
  } else {
    return std::nullopt;
  }
  quantifier.span = From(begin);
  return quantifier;
}

std::optional<ast::NodePattern> Reader::TryNode() {
  SkipSpace();
  const std::uint32_t begin = Here();
  if (!Symbol("(")) return std::nullopt;
  ast::NodePattern node;
  const int bars = std::exchange(bar_ends_, 0);
  node.variable = Name(false);
  if (PeekSymbol(":") || PeekKeyword("IS")) node.labels = Labels(false);
  node.properties = PatternProperties();
  if (Keyword("WHERE")) node.predicate = Expression();
  if (!Symbol(")")) {
    if (trying_ > 0) throw Retreat();
    Fail();
  }
  bar_ends_ = bars;
  node.span = From(begin);
  return node;
}

ast::ExpressionPtr Reader::PatternProperties() {
  if (PeekSymbol("{")) return Atom();
  if (PeekSymbol("$")) return Parameter();
  return nullptr;
}

std::optional<ast::RelationshipPattern> Reader::TryRelationship() {
  SkipSpace();
  const std::uint32_t begin = Here();
  const std::uint32_t end = last_end_;
  ast::RelationshipPattern relationship;
  const auto dash = [&] {
    return Symbol("-") || Symbol("\xE2\x80\x90") || Symbol("\xE2\x88\x92") ||
           Symbol("\xE2\x80\x94") || Symbol("\xE2\x80\x93");
  };
  const bool left = Symbol("<") || Symbol("\xE2\x9F\xA8");
  if (!dash()) {
    GoTo(begin);
    last_end_ = end;
    return std::nullopt;
  }
  if (PeekSymbol("[")) {
    Symbol("[");
    const int bars = std::exchange(bar_ends_, 0);
    RelationshipBody(&relationship);
    bar_ends_ = bars;
    NeedSymbol("]");
    if (!dash()) {
      Expect("-");
      Fail();
    }
  } else if (!dash()) {
    GoTo(begin);  // a minus between operands, not a relationship
    last_end_ = end;
    return std::nullopt;
  }
  const bool right = Symbol(">") || Symbol("\xE2\x9F\xA9");
  relationship.direction = left == right ? Direction::kBoth
                           : left        ? Direction::kIn
                                         : Direction::kOut;
  if (!relationship.length) relationship.quantifier = TryQuantifier();
  relationship.span = From(begin);
  return relationship;
}

void Reader::RelationshipBody(ast::RelationshipPattern* relationship) {
  relationship->variable = Name(false);
  if (PeekSymbol(":") || PeekKeyword("IS")) relationship->types = Labels(true);
  if (Symbol("*")) {
    ast::VariableLength length;
    SkipSpace();
    const auto digit = [&] {
      SkipSpace();
      return Here() < text_.size() && text_[Here()] >= '0' && text_[Here()] <= '9';
    };
    if (digit()) length.min = Count();
    if (Symbol("..")) {
      if (digit()) length.max = Count();
    } else {
      length.max = length.min;
    }
    if (PeekSymbol("-")) {
      const std::uint32_t at = Here();
      Symbol("-");
      if (digit()) {
        Count();
        StopWith(SyntaxError("the number of steps cannot be negative")
                     .Detail("InvalidRelationshipPattern")
                     .At(From(at)));
      }
      GoTo(at);
    }
    relationship->length = length;
  } else if (PeekSymbol("..")) {
    const std::uint32_t at = Here();
    StopWith(SyntaxError("a range of lengths begins with *")
                 .Detail("InvalidRelationshipPattern")
                 .Hint("write -[:TYPE*..]->")
                 .At({at, at + 2}));
  }
  relationship->properties = PatternProperties();
  if (Keyword("WHERE")) relationship->predicate = Expression();
}

}  // namespace kb::query::parse
