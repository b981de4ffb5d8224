#include "storage/catalog_store.h"

#include <span>

#include "schema/base/limits.h"
#include "storage/codec.h"
#include "storage/graph.h"

namespace kb::schema {

// A friend of Catalog: definitions are restored with the ids they had.
class CatalogCodec {
 public:
  static std::uint32_t NextIndex(const Catalog& catalog) { return catalog.next_index_; }
  static NameTable* Labels(Catalog* catalog) { return &catalog->labels_; }
  static NameTable* Types(Catalog* catalog) { return &catalog->types_; }
  static NameTable* Keys(Catalog* catalog) { return &catalog->keys_; }
  static void Restore(Catalog* catalog, std::vector<IndexDefinition> indexes,
                      std::vector<ConstraintDefinition> constraints, std::uint32_t next_index,
                      std::uint64_t version) {
    catalog->indexes_ = std::move(indexes);
    catalog->constraints_ = std::move(constraints);
    catalog->next_index_ = next_index;
    catalog->version_ = version;
  }
};

}  // namespace kb::schema

namespace kb::storage {

using schema::CatalogCodec;

namespace {

void PutNames(std::string* out, std::span<const std::string> names) {
  PutVarint(out, names.size());
  for (const std::string& name : names) PutBytes(out, name);
}

void ReadNames(ByteReader* reader, std::uint64_t count_max, schema::NameTable* table) {
  const std::uint64_t count = reader->VarintUpTo(count_max);
  for (std::uint64_t i = 0; i < count && !reader->failed(); ++i) {
    if (table->Add(reader->Bytes()) != i) reader->Fail();
  }
}

}  // namespace

namespace {

/// Subjects beyond one property of nodes.
void PutSubject(std::string* out, const schema::Subject& subject) {
  PutVarint(out, subject.on_relationships ? 1 : 0);
  PutVarint(out, subject.on_relationships ? schema::Raw(subject.type) : schema::Raw(subject.label));
  PutVarint(out, subject.keys.size());
  for (const KeyId key : subject.keys) PutVarint(out, schema::Raw(key));
}

schema::Subject ReadSubject(ByteReader* reader, const schema::Catalog& catalog) {
  schema::Subject subject;
  subject.on_relationships = reader->VarintUpTo(1) == 1;
  const std::uint64_t name = reader->VarintUpTo(0xFFFF);
  const std::uint64_t names =
      subject.on_relationships ? catalog.type_count() : catalog.label_count();
  if (name >= names) reader->Fail();
  if (subject.on_relationships) {
    subject.type = static_cast<TypeId>(name);
  } else {
    subject.label = static_cast<LabelId>(name);
  }
  const std::uint64_t count = reader->VarintUpTo(catalog.key_count());
  if (count == 0) reader->Fail();
  for (std::uint64_t i = 0; i < count && !reader->failed(); ++i) {
    const std::uint64_t key = reader->VarintUpTo(catalog.key_count());
    if (key >= catalog.key_count()) reader->Fail();
    subject.keys.push_back(static_cast<KeyId>(key));
  }
  return subject;
}

/// A range index over one property of nodes, as the first versions had.
bool IsPlain(const schema::IndexDefinition& index) {
  return !index.subject.on_relationships && index.subject.keys.size() == 1 &&
         index.kind == schema::IndexKind::kRange && index.constraint.empty();
}

void ReadIndexes(ByteReader* reader, const schema::Catalog& catalog, std::uint32_t next_index,
                 std::vector<schema::IndexDefinition>* indexes) {
  const std::uint64_t count = reader->VarintUpTo(next_index);
  for (std::uint64_t i = 0; i < count && !reader->failed(); ++i) {
    schema::IndexDefinition index;
    index.id = static_cast<IndexId>(reader->VarintUpTo(next_index));
    index.name = reader->Bytes();
    index.subject.label = static_cast<LabelId>(reader->VarintUpTo(catalog.label_count()));
    index.subject.keys = {static_cast<KeyId>(reader->VarintUpTo(catalog.key_count()))};
    if (schema::Raw(index.id) >= next_index ||
        schema::Raw(index.subject.label) >= catalog.label_count() ||
        schema::Raw(index.subject.keys[0]) >= catalog.key_count()) {
      reader->Fail();
    }
    indexes->push_back(std::move(index));
  }
}

void ReadMoreIndexes(ByteReader* reader, const schema::Catalog& catalog, std::uint32_t next_index,
                     std::vector<schema::IndexDefinition>* indexes) {
  const std::uint64_t count = reader->VarintUpTo(next_index);
  for (std::uint64_t i = 0; i < count && !reader->failed(); ++i) {
    schema::IndexDefinition index;
    index.id = static_cast<IndexId>(reader->VarintUpTo(next_index));
    if (schema::Raw(index.id) >= next_index) reader->Fail();
    index.name = reader->Bytes();
    index.kind = static_cast<schema::IndexKind>(
        reader->VarintUpTo(static_cast<std::uint64_t>(schema::IndexKind::kPoint)));
    index.constraint = reader->Bytes();
    index.subject = ReadSubject(reader, catalog);
    indexes->push_back(std::move(index));
  }
}

void ReadConstraints(ByteReader* reader, const schema::Catalog& catalog,
                     std::vector<schema::ConstraintDefinition>* constraints) {
  const std::uint64_t count = reader->VarintUpTo(0xFFFF'FFFFu);
  for (std::uint64_t i = 0; i < count && !reader->failed(); ++i) {
    schema::ConstraintDefinition constraint;
    constraint.name = reader->Bytes();
    constraint.kind = static_cast<schema::ConstraintKind>(
        reader->VarintUpTo(static_cast<std::uint64_t>(schema::ConstraintKind::kType)));
    constraint.subject = ReadSubject(reader, catalog);
    const std::string type(reader->Bytes());
    if (constraint.kind == schema::ConstraintKind::kType) {
      auto parsed = schema::ParseType(type);
      if (parsed.ok()) {
        constraint.type = std::move(parsed).value();
      } else {
        reader->Fail();
      }
    }
    constraints->push_back(std::move(constraint));
  }
}

}  // namespace

std::string EncodeCatalog(const schema::Catalog& catalog) {
  std::string out;
  PutNames(&out, catalog.label_names());
  PutNames(&out, catalog.type_names());
  PutNames(&out, catalog.key_names());
  PutVarint(&out, CatalogCodec::NextIndex(catalog));
  PutVarint(&out, catalog.version());
  std::vector<const schema::IndexDefinition*> plain;
  std::vector<const schema::IndexDefinition*> more;
  for (const auto& index : catalog.indexes()) (IsPlain(index) ? plain : more).push_back(&index);
  PutVarint(&out, plain.size());
  for (const auto* index : plain) {
    PutVarint(&out, schema::Raw(index->id));
    PutBytes(&out, index->name);
    PutVarint(&out, schema::Raw(index->subject.label));
    PutVarint(&out, schema::Raw(index->subject.keys[0]));
  }
  // Without other indexes and constraints it ends here, as it did before there were any.
  if (more.empty() && catalog.constraints().empty()) return out;
  PutVarint(&out, more.size());
  for (const auto* index : more) {
    PutVarint(&out, schema::Raw(index->id));
    PutBytes(&out, index->name);
    PutVarint(&out, static_cast<std::uint64_t>(index->kind));
    PutBytes(&out, index->constraint);
    PutSubject(&out, index->subject);
  }
  PutVarint(&out, catalog.constraints().size());
  for (const auto& constraint : catalog.constraints()) {
    PutBytes(&out, constraint.name);
    PutVarint(&out, static_cast<std::uint64_t>(constraint.kind));
    PutSubject(&out, constraint.subject);
    PutBytes(&out, constraint.type ? constraint.type->ToText() : std::string());
  }
  return out;
}

Result<schema::Catalog> DecodeCatalog(std::string_view bytes) {
  schema::Catalog catalog;
  ByteReader reader(bytes);
  ReadNames(&reader, limits::kLabelCountMax, CatalogCodec::Labels(&catalog));
  ReadNames(&reader, limits::kTypeCountMax, CatalogCodec::Types(&catalog));
  ReadNames(&reader, 0xFFFF'FFFFu, CatalogCodec::Keys(&catalog));
  const auto next_index = static_cast<std::uint32_t>(reader.VarintUpTo(0xFFFF'FFFFu));
  const std::uint64_t version = reader.Varint();
  std::vector<schema::IndexDefinition> indexes;
  std::vector<schema::ConstraintDefinition> constraints;
  ReadIndexes(&reader, catalog, next_index, &indexes);
  if (!reader.failed() && !reader.rest().empty()) {
    ReadMoreIndexes(&reader, catalog, next_index, &indexes);
    ReadConstraints(&reader, catalog, &constraints);
  }
  KB_TRY(reader.Finish("the catalog"));
  CatalogCodec::Restore(&catalog, std::move(indexes), std::move(constraints), next_index, version);
  return catalog;
}

}  // namespace kb::storage
