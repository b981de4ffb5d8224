// A case on disk: what was committed is there after closing and opening, and folders are respected.
#include "storage/store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <thread>
#include <vector>

#include "storage/bulk.h"
#include "tests/storage/scratch.h"

namespace kb::storage {
namespace {

std::unique_ptr<Store> Open(const std::string& path, StoreOptions options = {}) {
  options.sync = false;
  auto store = Store::Open(path, options);
  if (!store.ok()) {
    ADD_FAILURE() << store.error().message();
    return nullptr;
  }
  return std::move(store).value();
}

std::vector<std::string> Findings(Store& store) {
  auto report = store.Check();
  if (!report.ok()) return {report.error().message()};
  return report->findings;
}

/// Creates `count` people who know each other in a ring; returns the first.
NodeId MakeRing(Store& store, int count) {
  auto txn = store.Begin().value();
  const std::vector<LabelId> labels{txn->Label("Person").value()};
  const TypeId knows = txn->Type("KNOWS").value();
  const KeyId name = txn->Key("name").value();
  const KeyId since = txn->Key("since").value();
  std::vector<NodeId> nodes;
  for (int i = 0; i < count; ++i) {
    const std::vector<std::pair<KeyId, Value>> properties{
        {name, Value::String("person number " + std::to_string(i))}};
    nodes.push_back(txn->CreateNode(labels, properties).value());
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::vector<std::pair<KeyId, Value>> properties{
        {since, Value::Integer(static_cast<std::int64_t>(i))}};
    EXPECT_TRUE(
        txn->CreateRelationship(nodes[i], knows, nodes[(i + 1) % nodes.size()], properties).ok());
  }
  EXPECT_TRUE(txn->Commit().ok());
  return nodes[0];
}

TEST(StoreTest, WhatWasCommittedIsThereAfterReopening) {
  const Scratch scratch;
  const std::string path = scratch / "case";
  NodeId first{};
  {
    auto store = Open(path);
    first = MakeRing(*store, 5000);
    auto lost = store->Begin().value();
    ASSERT_TRUE(lost->DeleteNode(first).error().code() == ErrorCode::kConstraint);
    ASSERT_TRUE(lost->Label("NeverCommitted").ok());
  }
  for (int round = 0; round < 2; ++round) {
    auto store = Open(path);
    const View view = store->Present();
    EXPECT_EQ(view.NodeCount(), 5000u);
    EXPECT_FALSE(view.catalog().FindLabel("NeverCommitted"));
    const TypeId knows = *view.catalog().FindType("KNOWS");
    const KeyId name = *view.catalog().FindKey("name");
    const KeyId since = *view.catalog().FindKey("since");
    EXPECT_EQ(view.RelationshipCount(knows), 5000u);
    EXPECT_EQ(view.Property(first, name).string(), "person number 0");
    const Slice out = view.Neighbours(knows, Direction::kOut, first);
    ASSERT_EQ(out.size, 1u);
    EXPECT_EQ(view.Property(out.nodes[0], name).string(), "person number 1");
    EXPECT_EQ(view.Property({knows, out.edges[0], first, out.nodes[0]}, since).integer(), 0);
    EXPECT_TRUE(view.Status().ok());
    EXPECT_EQ(Findings(*store), std::vector<std::string>());
  }
}

TEST(StoreTest, IdsAreNotReusedAfterReopening) {
  const Scratch scratch;
  NodeId deleted{};
  {
    auto store = Open(scratch / "case");
    auto txn = store->Begin().value();
    deleted = txn->CreateNode({}, {}).value();
    ASSERT_TRUE(txn->DeleteNode(deleted).ok());
    ASSERT_TRUE(txn->Commit().ok());
  }
  auto store = Open(scratch / "case");
  auto txn = store->Begin().value();
  EXPECT_GT(txn->CreateNode({}, {}).value(), deleted);
}

TEST(StoreTest, IndexesAreThereAfterReopening) {
  const Scratch scratch;
  NodeId first{};
  {
    auto store = Open(scratch / "case");
    first = MakeRing(*store, 10);
    auto txn = store->Begin().value();
    ASSERT_TRUE(txn->CreateIndex("names", *store->Present().catalog().FindLabel("Person"),
                                 *store->Present().catalog().FindKey("name"))
                    .ok());
    ASSERT_TRUE(txn->Commit().ok());
  }
  auto store = Open(scratch / "case", {true});
  const View view = store->Present();
  const auto* index = view.catalog().FindIndex("names");
  ASSERT_NE(index, nullptr);
  EXPECT_EQ(view.IndexSeek(index->id, Value::String("person number 0")), std::vector{first});
  EXPECT_EQ(store->Begin().error().code(), ErrorCode::kReadOnly);
}

TEST(StoreTest, FoldersThatAreNoCaseAreLeftAlone) {
  const Scratch scratch;
  StoreOptions options;
  options.create_if_missing = false;
  EXPECT_EQ(Store::Open(scratch / "missing", options).error().code(), ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(scratch / "missing"));
  std::filesystem::create_directories(scratch / "photos/2019");
  EXPECT_EQ(Store::Open(scratch / "photos", {}).error().code(), ErrorCode::kArgument);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch / "photos"), {}), 1);
}

TEST(StoreTest, ACaseIsOpenOnlyOnce) {
  const Scratch scratch;
  auto store = Open(scratch / "case");
  const auto second = Store::Open(scratch / "case", {});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), ErrorCode::kConflict);
  EXPECT_NE(second.error().message().find(scratch / "case"), std::string::npos);
}

TEST(StoreTest, ABackupIsACaseOfItsOwn) {
  const Scratch scratch;
  auto store = Open(scratch / "case");
  const NodeId first = MakeRing(*store, 100);
  ASSERT_TRUE(store->Backup(scratch / "copy").ok());
  EXPECT_EQ(store->Backup(scratch / "copy").error().code(), ErrorCode::kArgument);
  MakeRing(*store, 10);
  auto copy = Open(scratch / "copy");
  EXPECT_EQ(copy->Present().NodeCount(), 100u);
  EXPECT_TRUE(copy->Present().Exists(first));
  EXPECT_EQ(Findings(*copy), std::vector<std::string>());
}

TEST(StoreTest, ASessionThatOnlyReadsWritesNothing) {
  const Scratch scratch;
  const std::string path = scratch / "case";
  {
    auto store = Open(path);
    MakeRing(*store, 100);
  }
  const auto list = [&] {
    std::vector<std::pair<std::string, std::uintmax_t>> files;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      files.emplace_back(entry.path().filename().string(), entry.file_size());
    }
    std::sort(files.begin(), files.end());
    return files;
  };
  const auto before = list();
  {
    auto store = Open(path);
    EXPECT_EQ(store->Present().NodeCount(), 100u);
    EXPECT_EQ(store->Check()->findings, std::vector<std::string>());
    EXPECT_EQ(Store::Open(path, {}).error().code(), ErrorCode::kConflict);
  }
  EXPECT_EQ(list(), before);
}

TEST(StoreTest, SettingWhatIsThereAlreadyWritesNothing) {
  const Scratch scratch;
  const std::string path = scratch / "case";
  NodeId first{};
  {
    auto store = Open(path);
    first = MakeRing(*store, 10);
  }
  const auto before = std::filesystem::last_write_time(path);
  {
    auto store = Open(path);
    const auto set = [&](const Value& value) {
      auto txn = store->Begin().value();
      const KeyId name = txn->Key("name").value();
      EXPECT_TRUE(txn->SetProperty(first, name, value).ok());
      EXPECT_EQ(txn->counters().properties_set, 1u);
      EXPECT_TRUE(txn->Commit().ok());
    };
    set(Value::String("person number 0"));
    EXPECT_EQ(std::filesystem::last_write_time(path), before) << "nothing was opened for writing";
    set(Value::Integer(1));
    set(Value::Float(1));  // Equal, but another value.
    const View view = store->Present();
    EXPECT_TRUE(view.Property(first, *view.catalog().FindKey("name")).is_float());
  }
  auto store = Open(path);
  const View view = store->Present();
  EXPECT_TRUE(view.Property(first, *view.catalog().FindKey("name")).is_float());
}

TEST(StoreTest, AViewKeepsItsStateThoughTheDiskGoesOn) {
  const Scratch scratch;
  const std::string path = scratch / "case";
  NodeId first{};
  {
    auto store = Open(path);
    first = MakeRing(*store, 1000);
  }
  auto store = Open(path);
  const View old = store->Present();
  const TypeId knows = *old.catalog().FindType("KNOWS");
  const KeyId name = *old.catalog().FindKey("name");
  const NodeId far{schema::Raw(first) + 900};
  {
    auto txn = store->Begin().value();
    ASSERT_TRUE(txn->SetProperty(first, name, Value::String("changed")).ok());
    ASSERT_TRUE(txn->CreateRelationship(first, knows, far, {}).ok());
    ASSERT_TRUE(txn->Commit().ok());
  }
  ASSERT_TRUE(store->Fold().ok());
  {
    auto loader = BulkLoader::Start(*store).value();
    ASSERT_TRUE(loader->AddRelationships("KNOWS", {far}, {first}, {}).ok());
    ASSERT_TRUE(loader->AddRelationships("LIKES", {far}, {first}, {}).ok());
    ASSERT_TRUE(loader->Finish().ok());
  }
  // What the old view has not looked at yet has other bytes on the disk by now.
  EXPECT_EQ(old.Property(first, name).string(), "person number 0");
  EXPECT_EQ(old.Neighbours(knows, Direction::kOut, first).size, 1u);
  EXPECT_EQ(old.Neighbours(knows, Direction::kOut, far).size, 1u);
  EXPECT_EQ(old.Neighbours(knows, Direction::kIn, first).size, 1u);
  EXPECT_EQ(old.RelationshipCount(), 1000u);
  const View now = store->Present();
  EXPECT_EQ(now.Property(first, name).string(), "changed");
  EXPECT_EQ(now.Neighbours(knows, Direction::kOut, first).size, 2u);
  EXPECT_EQ(now.Neighbours(knows, Direction::kIn, first).size, 2u);
  EXPECT_EQ(now.RelationshipCount(), 1003u);
  EXPECT_EQ(store->Check()->findings, std::vector<std::string>());
}

TEST(StoreTest, AViewOutlivesItsStore) {
  const Scratch scratch;
  NodeId first{};
  {
    auto store = Open(scratch / "case");
    first = MakeRing(*store, 10);
  }
  View touched;
  View untouched;
  {
    auto store = Open(scratch / "case");
    touched = store->Present();
    EXPECT_FALSE(touched.Property(first, *touched.catalog().FindKey("name")).is_null());
    untouched = Open(scratch / "other")->Present();
  }
  EXPECT_FALSE(touched.Property(first, *touched.catalog().FindKey("name")).is_null());
  EXPECT_TRUE(touched.Status().ok());
  // What was not read before the case was closed cannot be read now, and says so.
  touched.Neighbours(*touched.catalog().FindType("KNOWS"), Direction::kOut, first);
  EXPECT_EQ(touched.Status().error().code(), ErrorCode::kConflict);
}

TEST(StoreTest, ThreadsThatCommitTogetherLoseNothing) {
  const Scratch scratch;
  constexpr int kThreads = 4;
  constexpr int kCommits = 50;
  {
    StoreOptions options;
    options.fold_keys = 40;  // Folds go on all the time.
    auto store = Open(scratch / "case", options);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&store, t] {
        for (int i = 0; i < kCommits; ++i) {
          auto txn = store->Begin().value();
          const std::vector<LabelId> labels{txn->Label("T" + std::to_string(t)).value()};
          const std::vector<std::pair<KeyId, Value>> properties{
              {txn->Key("i").value(), Value::Integer(i)}};
          const NodeId node = txn->CreateNode(labels, properties).value();
          ASSERT_TRUE(txn->CreateRelationship(node, txn->Type("SELF").value(), node, {}).ok());
          ASSERT_TRUE(txn->Commit().ok());
          ASSERT_TRUE(store->Present().Exists(node));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(Findings(*store), std::vector<std::string>());
  }
  auto store = Open(scratch / "case");
  EXPECT_EQ(store->Present().NodeCount(), std::uint64_t{kThreads * kCommits});
  EXPECT_EQ(store->Present().RelationshipCount(), std::uint64_t{kThreads * kCommits});
  EXPECT_EQ(Findings(*store), std::vector<std::string>());
}

TEST(StoreTest, ThreadsThatReadWhatIsNotLoadedYetReadTheSame) {
  const Scratch scratch;
  constexpr std::uint32_t kNodes = 30'000;
  { MakeRing(*Open(scratch / "case"), kNodes); }
  auto store = Open(scratch / "case");
  const View view = store->Present();
  const TypeId knows = *view.catalog().FindType("KNOWS");
  const KeyId name = *view.catalog().FindKey("name");
  const KeyId since = *view.catalog().FindKey("since");
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint32_t i = 0; i < kNodes; ++i) {
        const NodeId node{(i * 7919 + t) % kNodes};
        const Slice out = view.Neighbours(knows, Direction::kOut, node);
        ASSERT_EQ(out.size, 1u);
        const RelationshipRef ref{knows, out.edges[0], node, out.nodes[0]};
        const std::int64_t number = view.Property(ref, since).integer();
        ASSERT_EQ(number, schema::Raw(node));
        ASSERT_EQ(view.Property(node, name).string(), "person number " + std::to_string(number));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(view.Status().ok());
}

TEST(StoreTest, WaitingForTheTurnCanBeStopped) {
  auto store = Store::InMemory();
  auto txn = store->Begin().value();
  Cancellation cancellation;
  cancellation.Request();
  EXPECT_EQ(store->Begin(&cancellation).error().code(), ErrorCode::kCancelled);
}

}  // namespace
}  // namespace kb::storage
