#include "storage/statement.h"

#include "schema/edtf.h"
#include "storage/codec.h"

namespace kb::storage {

using schema::Value;

Result<Grade> ParseGrade(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; };
  if (text.size() == 2 && letter(text[0]) >= 'A' && letter(text[0]) <= 'F' && text[1] >= '1' &&
      text[1] <= '6') {
    return Grade{static_cast<std::uint8_t>(letter(text[0]) - 'A' + 1),
                 static_cast<std::uint8_t>(text[1] - '0')};
  }
  return ArgumentError("'{}' is not a grade", text)
      .Hint("a letter from A (reliable) to F and a digit from 1 (confirmed) to 6, such as 'B2'");
}

std::string ToText(Grade grade) {
  if (!grade.given()) return {};
  return {static_cast<char>('A' + grade.reliability - 1),
          static_cast<char>('0' + grade.credibility)};
}

bool IsBetter(Grade a, Grade b) {
  if (a.given() != b.given()) return a.given();
  if (a.reliability != b.reliability) return a.reliability < b.reliability;
  return a.credibility < b.credibility;
}

bool IsAtLeast(Grade a, Grade least) {
  return a.given() && a.reliability <= least.reliability && a.credibility <= least.credibility;
}

namespace {

constexpr std::uint8_t kOfRelationship = 1;
constexpr std::uint8_t kPlain = 2;

void PutMap(std::string* out, const Value& map) {
  if (!map.is_map()) return PutVarint(out, 0);
  PutVarint(out, map.map().size());
  for (const auto& [key, value] : map.map()) {
    PutBytes(out, key);
    PutValue(out, value);
  }
}

Value ReadMap(ByteReader* in) {
  const std::uint64_t count = in->VarintUpTo(in->remaining());
  if (count == 0) return {};
  schema::MapEntries entries;
  for (std::uint64_t i = 0; i < count && !in->failed(); ++i) {
    std::string key(in->Bytes());
    entries.emplace_back(std::move(key), ReadValue(in));
  }
  return Value::Map(std::move(entries));
}

schema::NodeId ReadNode(ByteReader* in) {
  return schema::NodeId{static_cast<std::uint32_t>(in->VarintUpTo(0xFFFF'FFFFu))};
}

void PutElement(std::string* out, const Entity& entity) {
  if (!entity.is_relationship) return PutVarint(out, schema::Raw(entity.node));
  const schema::RelationshipRef& ref = entity.relationship;
  PutVarint(out, schema::Raw(ref.type));
  PutVarint(out, schema::Raw(ref.edge));
  PutVarint(out, schema::Raw(ref.source));
  PutVarint(out, schema::Raw(ref.target));
}

void ReadElement(ByteReader* in, Entity* entity) {
  if (!entity->is_relationship) {
    entity->node = ReadNode(in);
    return;
  }
  schema::RelationshipRef& ref = entity->relationship;
  ref.type = schema::TypeId{static_cast<std::uint16_t>(in->VarintUpTo(0xFFFF))};
  ref.edge = schema::EdgeId{static_cast<std::uint32_t>(in->VarintUpTo(0xFFFF'FFFFu))};
  ref.source = ReadNode(in);
  ref.target = ReadNode(in);
}

}  // namespace

void PutEntity(std::string* out, const Entity& entity) {
  out->push_back(static_cast<char>(entity.is_relationship ? kOfRelationship : 0));
  PutElement(out, entity);
}

Entity ReadEntity(ByteReader* in) {
  Entity entity;
  const std::uint8_t flags = in->Byte();
  if (flags > kOfRelationship) in->Fail();
  entity.is_relationship = flags == kOfRelationship;
  ReadElement(in, &entity);
  return entity;
}

Judgement JudgementOf(const Statement& statement) {
  Judgement judgement;
  judgement.id = statement.id;
  judgement.same = statement.fact.kind == FactKind::kSame;
  judgement.a = statement.entity.node;
  judgement.b = schema::NodeId{statement.fact.name};
  if (!statement.value.is_list() || statement.value.list().size() != 4) return judgement;
  const auto& parts = statement.value.list();
  if (parts[0].is_string()) judgement.because = std::string(parts[0].string());
  if (parts[1].is_string()) judgement.by = std::string(parts[1].string());
  if (parts[2].is_integer()) judgement.made_a = parts[2].integer();
  if (parts[3].is_integer()) judgement.made_b = parts[3].integer();
  return judgement;
}

void SetJudgement(Statement* statement, const Judgement& judgement) {
  statement->entity = Entity::Of(judgement.a);
  statement->fact = {judgement.same ? FactKind::kSame : FactKind::kDistinct,
                     schema::Raw(judgement.b)};
  statement->value =
      Value::List({Value::String(judgement.because), Value::String(judgement.by),
                   Value::Integer(judgement.made_a), Value::Integer(judgement.made_b)});
}

std::string EncodeStatement(const Statement& s) {
  std::string out;
  PutVarint(&out, s.id);
  out.push_back(
      static_cast<char>((s.entity.is_relationship ? kOfRelationship : 0) | (s.plain ? kPlain : 0)));
  PutElement(&out, s.entity);
  out.push_back(static_cast<char>(s.fact.kind));
  PutVarint(&out, s.fact.name);
  PutValue(&out, s.value);
  PutSigned(&out, s.recorded);
  PutSigned(&out, s.withdrawn);
  PutBytes(&out, s.because);
  if (s.plain) return out;
  PutVarint(&out, schema::Raw(s.testimony.source));
  out.push_back(static_cast<char>(s.testimony.grade.reliability));
  out.push_back(static_cast<char>(s.testimony.grade.credibility));
  PutMap(&out, s.testimony.at);
  PutBytes(&out, s.testimony.by);
  PutValue(&out, s.testimony.valid);
  return out;
}

Result<Statement> DecodeStatement(std::string_view bytes) {
  ByteReader in(bytes);
  Statement s;
  s.id = in.Varint();
  const std::uint8_t flags = in.Byte();
  if (flags > (kOfRelationship | kPlain) || s.id == 0) in.Fail();
  s.entity.is_relationship = (flags & kOfRelationship) != 0;
  s.plain = (flags & kPlain) != 0;
  ReadElement(&in, &s.entity);
  const std::uint8_t kind = in.Byte();
  if (kind > static_cast<std::uint8_t>(FactKind::kDistinct)) in.Fail();
  s.fact.kind = static_cast<FactKind>(kind);
  s.fact.name = static_cast<std::uint32_t>(in.VarintUpTo(0xFFFF'FFFFu));
  s.value = ReadValue(&in);
  s.recorded = in.Signed();
  s.withdrawn = in.Signed();
  s.because = std::string(in.Bytes());
  if (!s.plain) {
    s.testimony.source = ReadNode(&in);
    s.testimony.grade = {in.Byte(), in.Byte()};
    if (s.testimony.grade.reliability > 6 || s.testimony.grade.credibility > 6) in.Fail();
    s.testimony.at = ReadMap(&in);
    s.testimony.by = std::string(in.Bytes());
    s.testimony.valid = ReadValue(&in);
    if (!s.testimony.valid.is_null() && !schema::IsMoment(s.testimony.valid)) in.Fail();
  }
  KB_TRY(in.Finish("a statement"));
  return s;
}

}  // namespace kb::storage
