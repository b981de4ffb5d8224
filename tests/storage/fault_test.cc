// Disks that are full, break, or lose power: what was acknowledged is there afterwards, the case
// says what is wrong, and reading goes on.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "storage/bulk.h"
#include "storage/store_impl.h"
#include "tests/storage/faulty_files.h"
#include "tests/storage/scratch.h"

namespace kb::storage {
namespace {

using Fault = FaultyFiles::Fault;

StoreOptions Options() {
  StoreOptions options;
  options.fold_keys = 40;  // Folds come often, so they fail as often.
  return options;
}

Result<std::unique_ptr<Store>> Open(const std::string& path,
                                    std::shared_ptr<FaultyFiles> files = nullptr) {
  KB_ASSIGN(auto disk, Disk::Open(path, Options(), std::move(files)));
  KB_ASSIGN(auto root, disk->Load());
  return std::unique_ptr<Store>(
      std::make_unique<StoreImpl>(std::move(root), std::move(disk), Options()));
}

/// Two nodes with the number and a relationship between them.
Result<void> WriteOne(Store& store, std::int64_t number) {
  KB_ASSIGN(const auto txn, store.Begin());
  KB_ASSIGN(const LabelId label, txn->Label("Part"));
  KB_ASSIGN(const TypeId type, txn->Type("NEXT"));
  KB_ASSIGN(const KeyId key, txn->Key("number"));
  const std::vector<LabelId> labels{label};
  const std::vector<std::pair<KeyId, Value>> properties{{key, Value::Integer(number)}};
  KB_ASSIGN(const NodeId a, txn->CreateNode(labels, properties));
  KB_ASSIGN(const NodeId b, txn->CreateNode(labels, properties));
  KB_TRY(txn->CreateRelationship(a, type, b, properties));
  return txn->Commit();
}

/// How many nodes have each number from 0 on.
std::vector<int> CountParts(const View& view, std::int64_t numbers) {
  std::vector<int> counts(static_cast<std::size_t>(numbers));
  const auto key = view.catalog().FindKey("number");
  std::vector<NodeId> nodes(kBlockSize);
  for (std::uint32_t block = 0; key && block < view.block_count(); ++block) {
    const std::uint32_t count = view.ScanBlock(block, std::nullopt, nodes.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      const Value number = view.Property(nodes[i], *key);
      if (!number.is_integer() || number.integer() >= numbers) {
        ADD_FAILURE() << "a node with the number " << number.ToText();
        continue;
      }
      ++counts[static_cast<std::size_t>(number.integer())];
    }
  }
  return counts;
}

/// Everything acknowledged is there in full, everything else in full or not at all.
void Verify(const std::string& path, std::int64_t acknowledged, std::int64_t tried) {
  auto store = Open(path);
  ASSERT_TRUE(store.ok()) << store.error().message();
  const std::vector<int> counts = CountParts((*store)->Present(), tried);
  for (std::int64_t i = 0; i < tried; ++i) {
    const int count = counts[static_cast<std::size_t>(i)];
    if (i < acknowledged) {
      EXPECT_EQ(count, 2) << "transaction " << i << " was lost";
    } else {
      EXPECT_TRUE(count == 0 || count == 2) << "transaction " << i << " is half there";
    }
  }
  const auto report = (*store)->Check();
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_EQ(report->findings, std::vector<std::string>());
}

class FaultTest : public testing::TestWithParam<Fault> {};

TEST_P(FaultTest, AFailedDiskEndsWritingButNotReadingAndLosesNothing) {
  const Scratch scratch;
  const std::string path = scratch / "case";
  const auto files = std::make_shared<FaultyFiles>();
  std::int64_t acknowledged = 0;
  {
    auto store = Open(path, files);
    ASSERT_TRUE(store.ok()) << store.error().message();
    for (; acknowledged < 5; ++acknowledged) ASSERT_TRUE(WriteOne(**store, acknowledged).ok());
    files->Fail(GetParam());
    const Result<void> failed = WriteOne(**store, acknowledged);
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code(), ErrorCode::kIo) << failed.error().message();
    // What was there is read as before, and the next writer is told at once.
    EXPECT_EQ((*store)->Present().NodeCount(), 10u);
    EXPECT_EQ(CountParts((*store)->Present(), 5), std::vector<int>(5, 2));
    const auto next = (*store)->Begin();
    ASSERT_FALSE(next.ok());
    EXPECT_EQ(next.error().code(), ErrorCode::kIo);
    // A disk that has recovered does not bring back what rested on a lost write.
    files->Fail(Fault::kNone);
    EXPECT_FALSE((*store)->Begin().ok());
  }
  Verify(path, acknowledged, acknowledged + 1);
}

TEST_P(FaultTest, AFaultAtAnyMomentLosesNothingThatWasAcknowledged) {
  std::mt19937 random(static_cast<unsigned>(GetParam()) + 1);
  for (int round = 0; round < 10; ++round) {
    const Scratch scratch;
    const std::string path = scratch / "case";
    const auto files = std::make_shared<FaultyFiles>();
    std::int64_t acknowledged = 0;
    std::int64_t tried = 0;
    {
      auto store = Open(path, files);
      ASSERT_TRUE(store.ok()) << store.error().message();
      // Both within one commit and within folds and closing.
      files->Fail(GetParam(), static_cast<std::int64_t>(random() % 120));
      for (; tried < 40; ++tried) {
        if (!WriteOne(**store, tried).ok()) {
          ++tried;
          break;
        }
        ++acknowledged;
      }
    }
    if (GetParam() == Fault::kPowerCut) files->Forget();
    Verify(path, acknowledged, tried);
    if (HasFailure()) FAIL() << "in round " << round;
  }
}

TEST_P(FaultTest, ACaseCanBeMadeWhateverBecameOfAnAttemptBefore) {
  // Each file operation of making a case fails once; a power cut is a kill as well.
  for (std::int64_t operations = 0;; ++operations) {
    const Scratch scratch;
    const std::string path = scratch / "case";
    const auto files = std::make_shared<FaultyFiles>();
    files->Fail(GetParam(), operations);
    static_cast<void>(Open(path, files));
    const bool came = files->failed();
    if (GetParam() == Fault::kPowerCut) files->Forget();
    Verify(path, 0, 0);
    if (HasFailure()) FAIL() << "after " << operations << " operations";
    if (!came) return;
  }
}

std::string NameOf(const testing::TestParamInfo<Fault>& info) {
  switch (info.param) {
    case Fault::kNone:
      break;
    case Fault::kNoSpace:
      return "NoSpace";
    case Fault::kWriteError:
      return "WriteError";
    case Fault::kSyncError:
      return "SyncError";
    case Fault::kPowerCut:
      return "PowerCut";
  }
  return "None";
}

INSTANTIATE_TEST_SUITE_P(All, FaultTest,
                         testing::Values(Fault::kNoSpace, Fault::kWriteError, Fault::kSyncError,
                                         Fault::kPowerCut),
                         NameOf);

TEST(FaultLoadTest, ALoadThatFailsLeavesTheCaseAsItWas) {
  std::mt19937 random(9);
  for (int round = 0; round < 8; ++round) {
    const Scratch scratch;
    const std::string path = scratch / "case";
    const auto files = std::make_shared<FaultyFiles>();
    bool loaded = false;
    {
      auto store = Open(path, files);
      ASSERT_TRUE(store.ok()) << store.error().message();
      ASSERT_TRUE(WriteOne(**store, 0).ok());
      auto loader = BulkLoader::Start(**store).value();
      const NodeId first = loader->AddNodes({}, 3000, {}).value();
      std::vector<NodeId> ends(3000, first);
      ASSERT_TRUE(loader->AddRelationships("NEXT", ends, ends, {}).ok());
      files->Fail(Fault::kPowerCut, static_cast<std::int64_t>(random() % 60));
      loaded = loader->Finish().ok();
    }
    files->Forget();
    auto store = Open(path);
    ASSERT_TRUE(store.ok()) << store.error().message();
    const std::uint64_t nodes = (*store)->Present().NodeCount();
    if (loaded) {
      EXPECT_EQ(nodes, 3002u);
    } else {
      EXPECT_TRUE(nodes == 2 || nodes == 3002) << nodes;
    }
    EXPECT_EQ((*store)->Present().RelationshipCount(), nodes == 2 ? 1u : 3001u);
    EXPECT_EQ((*store)->Check()->findings, std::vector<std::string>());
    if (HasFailure()) FAIL() << "in round " << round;
  }
}

}  // namespace
}  // namespace kb::storage
