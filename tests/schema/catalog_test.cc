#include "schema/catalog.h"

#include <gtest/gtest.h>

#include "schema/base/limits.h"

namespace kb::schema {
namespace {

TEST(CatalogTest, NamesKeepTheirIds) {
  Catalog catalog;
  const LabelId person = catalog.AddLabel("Person").value();
  const LabelId city = catalog.AddLabel("City").value();
  EXPECT_EQ(Raw(person), 0);
  EXPECT_EQ(Raw(city), 1);
  EXPECT_EQ(catalog.AddLabel("Person").value(), person);
  EXPECT_EQ(catalog.FindLabel("City"), city);
  EXPECT_EQ(catalog.FindLabel("city"), std::nullopt);
  EXPECT_EQ(catalog.Name(person), "Person");
  EXPECT_EQ(catalog.FindType("Person"), std::nullopt);
}

TEST(CatalogTest, TheVersionChangesWithDefinitionsOnly) {
  Catalog catalog;
  const KeyId key = catalog.AddKey("name").value();
  const LabelId label = catalog.AddLabel("Person").value();
  const std::uint64_t version = catalog.version();
  EXPECT_TRUE(catalog.AddKey("name").ok());
  EXPECT_EQ(catalog.version(), version);
  EXPECT_TRUE(catalog.AddIndex("by_name", label, key).ok());
  EXPECT_NE(catalog.version(), version);
}

TEST(CatalogTest, ACopyChangesAlone) {
  Catalog first;
  EXPECT_TRUE(first.AddType("KNOWS").ok());
  Catalog second = first;
  EXPECT_TRUE(second.AddType("LIKES").ok());
  EXPECT_EQ(first.type_count(), 1u);
  EXPECT_EQ(second.FindType("LIKES"), TypeId{1});
}

TEST(CatalogTest, IndexesAreFoundByNameAndByWhatTheyCover) {
  Catalog catalog;
  const KeyId name = catalog.AddKey("name").value();
  const KeyId age = catalog.AddKey("age").value();
  const LabelId label = catalog.AddLabel("Person").value();
  const IndexId id = catalog.AddIndex("by_name", label, name).value();
  EXPECT_EQ(catalog.FindIndex("by_name")->id, id);
  EXPECT_EQ(catalog.FindIndex(label, name)->name, "by_name");
  EXPECT_EQ(catalog.FindIndex(label, age), nullptr);

  EXPECT_EQ(catalog.AddIndex("by_name", label, age).error().code(), ErrorCode::kConstraint);
  EXPECT_EQ(catalog.AddIndex("other", label, name).error().code(), ErrorCode::kConstraint);

  const auto missing = catalog.DropIndex("by_nmae");
  EXPECT_EQ(missing.error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(missing.error().hint(), "did you mean by_name?");
  EXPECT_TRUE(catalog.DropIndex("by_name").ok());
  EXPECT_NE(catalog.AddIndex("by_name", label, name).value(), id);  // Ids are not used again.
}

TEST(CatalogTest, FullTablesAndUnusableNamesAreErrors) {
  Catalog catalog;
  EXPECT_EQ(catalog.AddLabel("").error().code(), ErrorCode::kArgument);
  EXPECT_EQ(catalog.AddKey(std::string(limits::kNameBytesMax + 1, 'a')).error().code(),
            ErrorCode::kLimit);
  for (std::size_t i = 0; i < limits::kTypeCountMax; ++i) {
    ASSERT_TRUE(catalog.AddType("T" + std::to_string(i)).ok());
  }
  EXPECT_EQ(catalog.AddType("one more").error().code(), ErrorCode::kLimit);
  EXPECT_TRUE(catalog.AddType("T0").ok());
}

}  // namespace
}  // namespace kb::schema
