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
                      std::uint32_t next_index, std::uint64_t version) {
    catalog->indexes_ = std::move(indexes);
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

std::string EncodeCatalog(const schema::Catalog& catalog) {
  std::string out;
  PutNames(&out, catalog.label_names());
  PutNames(&out, catalog.type_names());
  PutNames(&out, catalog.key_names());
  PutVarint(&out, CatalogCodec::NextIndex(catalog));
  PutVarint(&out, catalog.version());
  PutVarint(&out, catalog.indexes().size());
  for (const schema::IndexDefinition& index : catalog.indexes()) {
    PutVarint(&out, schema::Raw(index.id));
    PutBytes(&out, index.name);
    PutVarint(&out, schema::Raw(index.label));
    PutVarint(&out, schema::Raw(index.key));
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
  const std::uint64_t count = reader.VarintUpTo(next_index);
  std::vector<schema::IndexDefinition> indexes;
  for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
    schema::IndexDefinition index;
    index.id = static_cast<IndexId>(reader.VarintUpTo(next_index));
    index.name = reader.Bytes();
    index.label = static_cast<LabelId>(reader.VarintUpTo(catalog.label_count()));
    index.key = static_cast<KeyId>(reader.VarintUpTo(catalog.key_count()));
    if (schema::Raw(index.id) >= next_index || schema::Raw(index.label) >= catalog.label_count() ||
        schema::Raw(index.key) >= catalog.key_count()) {
      reader.Fail();
    }
    indexes.push_back(std::move(index));
  }
  KB_TRY(reader.Finish("the catalog"));
  CatalogCodec::Restore(&catalog, std::move(indexes), next_index, version);
  return catalog;
}

}  // namespace kb::storage
