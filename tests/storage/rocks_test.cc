#include "storage/rocks.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace kb::storage {
namespace {

namespace fs = std::filesystem;

/// A folder that goes with the test.
class RocksTest : public testing::Test {
 protected:
  RocksTest() {
    const testing::TestInfo* info = testing::UnitTest::GetInstance()->current_test_info();
    root_ =
        fs::temp_directory_path() / ("kb-rocks-" + std::to_string(getpid()) + "-" + info->name());
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~RocksTest() override { fs::remove_all(root_); }
  std::string Path(const char* name) const { return (root_ / name).string(); }

  fs::path root_;
};

void Put(Rocks* rocks, std::string_view name, std::string_view value) {
  rocksdb::WriteBatch batch;
  rocks->Put(&batch, MetaKey(name), value);
  ASSERT_TRUE(rocks->Write(&batch, false).ok());
}

std::string Get(const Rocks& rocks, std::string_view name) {
  return rocks.Get(Family::kMeta, MetaKey(name))->value_or("(none)");
}

TEST_F(RocksTest, WhatWasWrittenIsThereAfterReopening) {
  {
    auto rocks = Rocks::Open(Path("case"), {});
    ASSERT_TRUE(rocks.ok()) << rocks.error().message();
    Put(rocks->get(), "a", "1");
  }
  auto rocks = Rocks::Open(Path("case"), {true, false, 0, nullptr});
  ASSERT_TRUE(rocks.ok()) << rocks.error().message();
  EXPECT_EQ(Get(**rocks, "a"), "1");
}

TEST_F(RocksTest, ACaseWhoseMakerWasKilledIsMadeToItsEnd) {
  const std::string path = Path("case");
  ASSERT_TRUE(Rocks::Open(path, {}).ok());
  for (const auto& file : fs::directory_iterator(path)) {
    if (file.path().filename() != "KB") fs::remove_all(file.path());
  }
  {
    // What is on the disk before RocksDB has made the further families.
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* made = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, path, &made).ok());
    const std::unique_ptr<rocksdb::DB> closes(made);
  }
  EXPECT_EQ(Rocks::Open(path, {true, false, 0, nullptr}).error().code(), ErrorCode::kNotFound);
  auto rocks = Rocks::Open(path, {});
  ASSERT_TRUE(rocks.ok()) << rocks.error().message();
  Put(rocks->get(), "a", "1");
  EXPECT_EQ(Get(**rocks, "a"), "1");
}

TEST_F(RocksTest, OpeningSaysWhatIsWrongAndTouchesNothing) {
  const auto code = [](const std::string& path, RocksOptions options) {
    auto rocks = Rocks::Open(path, options);
    return rocks.ok() ? ErrorCode::kInternal : rocks.error().code();
  };
  EXPECT_EQ(code(Path("missing"), {false, false, 0, nullptr}), ErrorCode::kNotFound);
  EXPECT_EQ(code(Path("missing"), {true, true, 0, nullptr}), ErrorCode::kNotFound);
  EXPECT_FALSE(fs::exists(Path("missing")));
  std::ofstream(Path("file")) << "text";
  EXPECT_EQ(code(Path("file"), {}), ErrorCode::kArgument);
  fs::create_directories(Path("other/things"));
  EXPECT_EQ(code(Path("other"), {}), ErrorCode::kArgument);
  fs::create_directories(Path("newer"));
  std::ofstream(Path("newer/KB")) << "kb case, format 999\n";
  EXPECT_EQ(code(Path("newer"), {}), ErrorCode::kUnsupported);
  EXPECT_EQ(std::distance(fs::directory_iterator(Path("newer")), {}), 1);
}

TEST_F(RocksTest, ASecondWriterIsToldThatTheCaseIsInUse) {
  auto first = Rocks::Open(Path("case"), {});
  ASSERT_TRUE(first.ok());
  auto second = Rocks::Open(Path("case"), {});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), ErrorCode::kConflict);
}

TEST_F(RocksTest, APrefixScanSeesItsKeysInOrderAndNoOthers) {
  auto rocks = Rocks::InMemory();
  ASSERT_TRUE(rocks.ok()) << rocks.error().message();
  for (const char* name : {"b2", "a", "b1", "c"}) Put(rocks->get(), name, "x");
  std::string seen;
  Rocks::Scan scan = (*rocks)->ScanPrefix(Family::kMeta, MetaKey("b"));
  for (; scan.Valid(); scan.Next()) seen += scan.key();
  EXPECT_TRUE(scan.status().ok());
  EXPECT_EQ(seen, "mb1mb2");
}

TEST_F(RocksTest, IngestReplacesKeysInAllFamilies) {
  for (const bool memory : {true, false}) {
    auto rocks = memory ? Rocks::InMemory() : Rocks::Open(Path("case"), {});
    ASSERT_TRUE(rocks.ok());
    Put(rocks->get(), "a", "old");
    ASSERT_TRUE((*rocks)->Ingest({{LabelsKey(1), "labels"}, {MetaKey("a"), "new"}}).ok());
    ASSERT_TRUE((*rocks)->Ingest({{LabelsKey(1), "again"}}).ok());
    EXPECT_EQ(Get(**rocks, "a"), "new");
    EXPECT_EQ((*rocks)->Get(Family::kColumn, LabelsKey(1))->value_or(""), "again");
  }
}

TEST_F(RocksTest, DeletePrefixDeletesNoMore) {
  auto rocks = Rocks::InMemory();
  ASSERT_TRUE(rocks.ok());
  for (const char* name : {"a", "b1", "b2", "c"}) Put(rocks->get(), name, "x");
  rocksdb::WriteBatch batch;
  (*rocks)->DeletePrefix(&batch, MetaKey("b"));
  ASSERT_TRUE((*rocks)->Write(&batch, false).ok());
  EXPECT_EQ(Get(**rocks, "a") + Get(**rocks, "b1") + Get(**rocks, "c"), "x(none)x");
}

TEST_F(RocksTest, ACopyIsACaseOfItsOwn) {
  for (const bool memory : {true, false}) {
    auto rocks = memory ? Rocks::InMemory() : Rocks::Open(Path("case"), {});
    ASSERT_TRUE(rocks.ok());
    Put(rocks->get(), "a", "1");
    const std::string path = Path(memory ? "copy-of-memory" : "copy");
    const auto copied = (*rocks)->Copy(path);
    ASSERT_TRUE(copied.ok()) << copied.error().message();
    EXPECT_EQ((*rocks)->Copy(path).error().code(), ErrorCode::kArgument);
    auto copy = Rocks::Open(path, {});
    ASSERT_TRUE(copy.ok());
    EXPECT_EQ(Get(**copy, "a"), "1");
  }
}

}  // namespace
}  // namespace kb::storage
