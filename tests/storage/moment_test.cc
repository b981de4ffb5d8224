// States of the past beside the views that were taken when they were the present: whatever has
// changed since, and in whatever order they are asked and read, they say the same.
#include "storage/moment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "storage/bulk.h"
#include "storage/evidence.h"
#include "storage/image/editor.h"
#include "storage/store.h"
#include "tests/storage/scratch.h"

namespace kb::storage {
namespace {

std::string TextOf(const std::vector<NodeId>& nodes) {
  std::string text;
  for (const NodeId node : nodes) text += " " + std::to_string(schema::Raw(node));
  return text;
}

/// Everything that a view says, as lines. `singly`: values one by one, else from their columns.
class Description {
 public:
  Description(const View& view, bool singly) : view_(view), singly_(singly) {}

  std::vector<std::string> All() {
    std::vector<NodeId> buffer(kBlockSize);
    for (std::uint32_t block = 0; block < view_.block_count(); ++block) {
      const std::uint32_t count = view_.ScanBlock(block, std::nullopt, buffer.data());
      for (std::uint32_t i = 0; i < count; ++i) Node(buffer[i]);
      for (std::uint32_t raw = 0; raw < view_.catalog().label_count(); ++raw) {
        const LabelId label{static_cast<std::uint16_t>(raw)};
        const std::uint32_t size = view_.ScanBlock(block, label, buffer.data());
        if (size == 0) continue;
        Say("scan " + std::to_string(block) + " for " + std::to_string(raw) +
            TextOf({buffer.begin(), buffer.begin() + size}));
      }
    }
    Counters();
    Indexes();
    return std::move(lines_);
  }

  void Node(NodeId node) {
    std::string line = "node " + std::to_string(schema::Raw(node));
    for (const LabelId label : view_.Labels(node)) line += ":" + std::to_string(schema::Raw(label));
    for (std::uint32_t raw = 0; raw < view_.catalog().key_count(); ++raw) {
      line += " " + ValueOf(node, KeyId{raw}).ToText();
    }
    Say(line);
    for (std::uint32_t raw = 0; raw < view_.catalog().type_count(); ++raw) {
      for (const Direction direction : {Direction::kOut, Direction::kIn}) {
        List(TypeId{static_cast<std::uint16_t>(raw)}, direction, node);
      }
    }
  }

 private:
  void Say(std::string line) { lines_.push_back(std::move(line)); }

  Value ValueOf(NodeId node, KeyId key) const {
    if (singly_) return view_.Property(node, key);
    const ColumnChunk* chunk = view_.NodeColumn(key, BlockOf(node));
    return chunk == nullptr ? Value() : chunk->Get(schema::Raw(node) % kBlockSize);
  }
  Value ValueOf(const RelationshipRef& ref, KeyId key) const {
    if (singly_) return view_.Property(ref, key);
    const ColumnChunk* chunk = view_.EdgeColumn(ref.type, key, schema::Raw(ref.edge) / kBlockSize);
    return chunk == nullptr ? Value() : chunk->Get(schema::Raw(ref.edge) % kBlockSize);
  }

  void List(TypeId type, Direction direction, NodeId node) {
    const Slice list = view_.Neighbours(type, direction, node);
    EXPECT_EQ(view_.Degree(type, direction, node), list.size);
    if (list.size == 0) return;
    std::set<std::pair<NodeId, EdgeId>> all;
    for (std::uint32_t i = 0; i < list.size; ++i) {
      const std::pair<NodeId, EdgeId> entry(list.nodes[i], list.edges[i]);
      EXPECT_TRUE(all.insert(entry).second);
      if (i == 0 || i >= list.sorted) continue;
      EXPECT_TRUE((std::pair<NodeId, EdgeId>(list.nodes[i - 1], list.edges[i - 1]) < entry));
    }
    std::string line =
        "  " + std::to_string(schema::Raw(type)) + (direction == Direction::kOut ? " to" : " from");
    for (const auto& [other, edge] : all) {
      const bool out = direction == Direction::kOut;
      const RelationshipRef ref{type, edge, out ? node : other, out ? other : node};
      EXPECT_TRUE(view_.Exists(ref));
      line += " " + std::to_string(schema::Raw(other)) + "/" + std::to_string(schema::Raw(edge));
      for (std::uint32_t raw = 0; raw < view_.catalog().key_count(); ++raw) {
        const Value value = ValueOf(ref, KeyId{raw});
        if (!value.is_null()) line += "=" + value.ToText();
      }
    }
    Say(line);
  }

  void Counters() {
    std::string line = "counts " + std::to_string(view_.NodeCount()) + " " +
                       std::to_string(view_.RelationshipCount());
    for (std::uint32_t raw = 0; raw < view_.catalog().label_count(); ++raw) {
      const LabelId label{static_cast<std::uint16_t>(raw)};
      line += " " + std::to_string(view_.NodeCount(label));
      for (std::uint32_t t = 0; t < view_.catalog().type_count(); ++t) {
        const TypeId type{static_cast<std::uint16_t>(t)};
        line += "/" + std::to_string(view_.RelationshipCount(type, Direction::kOut, label)) + "/" +
                std::to_string(view_.RelationshipCount(type, Direction::kIn, label));
      }
    }
    Say(line);
  }

  void Indexes() {
    for (const schema::IndexDefinition& index : view_.catalog().indexes()) {
      for (int value = 0; value < 12; ++value) {
        Say("seek" + TextOf(view_.IndexSeek(index.id, Value::Integer(value))));
        Say("seek" + TextOf(view_.IndexSeek(index.id, Value::String(std::to_string(value)))));
      }
      const Bound low{Value::Integer(3), true};
      const Bound high{Value::Integer(7), false};
      Say("range" + TextOf(view_.IndexRange(index.id, low, high)));
      Say("range" + TextOf(view_.IndexRange(index.id, std::nullopt, high)));
      Say("prefix" + TextOf(view_.IndexPrefix(index.id, "1")));
    }
  }

  const View view_;
  const bool singly_;
  std::vector<std::string> lines_;
};

/// Names do not change with time; what was named later has no lines.
std::vector<std::string> Describe(const View& view, const View& names, bool singly) {
  auto root = std::make_shared<Root>(view.root());
  root->catalog = names.root().catalog;
  return Description(View(std::move(root)), singly).All();
}

class MomentTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override { Open(); }

  bool on_disk() const { return GetParam(); }
  void Open() {
    store_ = nullptr;
    if (!on_disk()) {
      store_ = Store::InMemory();
      return;
    }
    StoreOptions options;
    options.sync = false;
    options.fold_keys = 2000;
    store_ = Store::Open(scratch_ / "case", options).value();
  }

  std::uint32_t Random(std::uint32_t below) {
    return static_cast<std::uint32_t>(random_()) % below;
  }

  Value RandomValue() {
    const int number = static_cast<int>(Random(12));
    switch (Random(6)) {
      case 0:
        return Value();
      case 1:
        return Value::String(std::to_string(number));
      case 2:
        return Value::Float(number + 0.5);
      default:
        return Value::Integer(number);
    }
  }

  void Prepare() {
    auto txn = store_->Begin().value();
    for (const char* name : {"A", "B", "C"}) labels_.push_back(txn->Label(name).value());
    for (const char* name : {"R", "S"}) types_.push_back(txn->Type(name).value());
    for (const char* name : {"k", "l"}) keys_.push_back(txn->Key(name).value());
    ASSERT_TRUE(txn->CreateIndex("one", labels_[0], keys_[0]).ok());
    ASSERT_TRUE(txn->Commit().ok());
  }

  std::vector<LabelId> RandomLabels() {
    std::vector<LabelId> labels;
    for (const LabelId label : labels_) {
      if (Random(2) == 0) labels.push_back(label);
    }
    return labels;
  }

  void Load(std::uint32_t nodes) {
    auto loader = BulkLoader::Start(*store_, 1).value();
    BulkColumn column;
    column.key = "k";
    column.type = BulkColumn::Type::kInteger;
    for (std::uint32_t i = 0; i < nodes; ++i) column.integers.push_back(Random(12));
    const std::vector<std::string> labels = {"A"};
    const auto first = loader->AddNodes(labels, nodes, {column}).value();
    std::vector<NodeId> sources, targets;
    for (std::uint32_t i = 0; i < nodes; ++i) {
      nodes_.push_back(NodeId{schema::Raw(first) + i});
      sources.push_back(nodes_[Random(static_cast<std::uint32_t>(nodes_.size()))]);
      targets.push_back(nodes_.back());
    }
    column.key = "l";
    ASSERT_TRUE(loader->AddRelationships("R", sources, targets, {column}).ok());
    ASSERT_TRUE(loader->Finish().ok());
    FindEdges();
  }

  /// What a load made.
  void FindEdges() {
    edges_.clear();
    const View view = store_->Present();
    for (const NodeId node : nodes_) {
      for (const TypeId type : types_) {
        const Slice list = view.Neighbours(type, Direction::kOut, node);
        for (std::uint32_t i = 0; i < list.size; ++i) {
          edges_.push_back({type, list.edges[i], node, list.nodes[i]});
        }
      }
    }
  }

  NodeId AnyNode() {
    // A few are asked for again and again.
    const auto size = static_cast<std::uint32_t>(nodes_.size());
    return nodes_[Random(Random(3) == 0 ? size : std::min(size, 8u))];
  }

  void Edit(Transaction* txn) {
    const std::uint32_t what = Random(14);
    if (what <= 1 || nodes_.empty()) {
      nodes_.push_back(
          txn->CreateNode(RandomLabels(), std::vector{std::pair(keys_[0], RandomValue())}).value());
    } else if (what <= 4) {
      edges_.push_back(txn->CreateRelationship(AnyNode(), types_[Random(2)], AnyNode(),
                                               std::vector{std::pair(keys_[1], RandomValue())})
                           .value());
    } else if (what <= 7) {
      ASSERT_TRUE(txn->SetProperty(AnyNode(), keys_[Random(2)], RandomValue()).ok());
    } else if (what == 8) {
      ASSERT_TRUE(txn->AddLabel(AnyNode(), labels_[Random(3)]).ok());
    } else if (what == 9) {
      ASSERT_TRUE(txn->RemoveLabel(AnyNode(), labels_[Random(3)]).ok());
    } else if (edges_.empty()) {
      return;
    } else if (what <= 11) {
      const std::uint32_t at = Random(static_cast<std::uint32_t>(edges_.size()));
      ASSERT_TRUE(txn->DeleteRelationship(edges_[at]).ok());
      edges_.erase(edges_.begin() + at);
    } else if (what == 12) {
      const std::uint32_t at = Random(static_cast<std::uint32_t>(edges_.size()));
      ASSERT_TRUE(txn->SetProperty(edges_[at], keys_[Random(2)], RandomValue()).ok());
    } else {
      DeleteNode(txn);
    }
  }

  void DeleteNode(Transaction* txn) {
    const std::uint32_t at = Random(static_cast<std::uint32_t>(nodes_.size()));
    const NodeId node = nodes_[at];
    for (const RelationshipRef& ref : AttachedTo(txn->view(), node)) {
      ASSERT_TRUE(txn->DeleteRelationship(ref).ok());
      edges_.erase(std::remove(edges_.begin(), edges_.end(), ref), edges_.end());
    }
    ASSERT_TRUE(txn->DeleteNode(node).ok());
    nodes_.erase(nodes_.begin() + at);
  }

  void Commit(int edits) {
    auto txn = store_->Begin().value();
    for (int i = 0; i < edits; ++i) Edit(txn.get());
    ASSERT_TRUE(txn->Commit().ok());
    kept_.push_back(store_->Present());
  }

  View At(std::int64_t time) {
    ViewRequest request;
    request.system_time = time;
    auto view = DeriveView(store_->Present(), request);
    EXPECT_TRUE(view.ok());
    return *view;
  }

  void Compare(const View& kept) { Compare(kept, Describe(kept, store_->Present(), false)); }
  void Compare(const View& kept, const std::vector<std::string>& wanted) {
    const View past = At(kept.root().recorded);
    // Some of it first, in the middle of what nobody has read yet.
    for (int i = 0; i < 5 && !nodes_.empty(); ++i) {
      const NodeId node = nodes_[Random(static_cast<std::uint32_t>(nodes_.size()))];
      ASSERT_EQ(past.Exists(node), kept.Exists(node));
      if (!kept.Exists(node)) continue;
      EXPECT_EQ(past.Property(node, keys_[0]).ToText(), kept.Property(node, keys_[0]).ToText());
    }
    ExpectSame(Describe(past, store_->Present(), Random(2) == 0), wanted);
  }

  using Lines = std::vector<std::string>;
  static void ExpectSame(const Lines& got, const Lines& wanted) {
    for (std::size_t i = 0; i < std::min(got.size(), wanted.size()); ++i) {
      ASSERT_EQ(got[i], wanted[i]);
    }
    ASSERT_EQ(got.size(), wanted.size());
  }

  Scratch scratch_;
  std::mt19937 random_{11};
  std::unique_ptr<Store> store_;
  std::vector<LabelId> labels_;
  std::vector<TypeId> types_;
  std::vector<KeyId> keys_;
  std::vector<NodeId> nodes_;
  std::vector<RelationshipRef> edges_;
  std::vector<View> kept_;
};

TEST_P(MomentTest, SaysWhatThePresentSaidThen) {
  Prepare();
  for (int round = 0; round < 40; ++round) {
    Commit(1 + static_cast<int>(Random(30)));
    // Asked while the case goes on, so that the index of changes grows piece by piece.
    for (int i = 0; i < 2; ++i) Compare(kept_[Random(static_cast<std::uint32_t>(kept_.size()))]);
    if (testing::Test::HasFatalFailure()) return;
  }
  std::shuffle(kept_.begin(), kept_.end(), random_);
  for (const View& kept : kept_) Compare(kept);
}

TEST_P(MomentTest, GoesBackBehindLoadsAcrossBlocks) {
  Prepare();
  std::vector<std::pair<View, std::vector<std::string>>> wanted;
  const auto keep = [&] {
    const View now = store_->Present();
    wanted.emplace_back(now, Describe(now, now, false));
  };
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 4; ++i) {
      Commit(40);
      keep();
    }
    Load(1500);
    keep();
  }
  Commit(40);
  std::shuffle(wanted.begin(), wanted.end(), random_);
  for (const auto& [kept, lines] : wanted) {
    Compare(kept, lines);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST_P(MomentTest, AnIndexThatCameLaterAnswersForThePast) {
  Prepare();
  for (int i = 0; i < 10; ++i) Commit(30);
  const View kept = kept_[4];
  std::vector<NodeId> wanted;
  for (const NodeId node : nodes_) {
    const Value value = kept.Property(node, keys_[1]);
    if (kept.HasLabel(node, labels_[1]) && value.is_integer() && value.integer() == 3) {
      wanted.push_back(node);
    }
  }
  At(kept.root().recorded);
  auto txn = store_->Begin().value();
  ASSERT_TRUE(txn->CreateIndex("later", labels_[1], keys_[1]).ok());
  ASSERT_TRUE(txn->Commit().ok());
  const View past = At(kept.root().recorded);
  auto found = past.IndexSeek(past.catalog().FindIndex("later")->id, Value::Integer(3));
  // Those that are gone now are not in the list above.
  const auto is_gone = [&](NodeId node) { return !store_->Present().Exists(node); };
  found.erase(std::remove_if(found.begin(), found.end(), is_gone), found.end());
  std::sort(wanted.begin(), wanted.end());
  EXPECT_EQ(found, wanted);
}

TEST_P(MomentTest, ThreadsMakeOneStateTogether) {
  Prepare();
  Load(3000);
  for (int i = 0; i < 6; ++i) Commit(60);
  for (const std::size_t at : {std::size_t{1}, std::size_t{3}}) {
    const View kept = kept_[at];
    const View now = store_->Present();
    const auto wanted = Describe(kept, now, false);
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&, i] {
        ViewRequest request;
        request.system_time = kept.root().recorded;
        auto past = DeriveView(now, request);
        if (past.ok() && Describe(*past, now, i == 0) == wanted) ++right;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(right, 3);
  }
}

TEST_P(MomentTest, IsMadeWhileTheCaseGoesOn) {
  Prepare();
  for (int i = 0; i < 8; ++i) Commit(40);
  const View now = store_->Present();
  std::vector<std::pair<std::int64_t, std::vector<std::string>>> wanted;
  for (const View& kept : kept_) {
    wanted.emplace_back(kept.root().recorded, Describe(kept, now, false));
  }
  std::atomic<bool> ends{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < 2; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::size_t i = thread; !ends || i < 10; ++i) {
        const auto& [time, lines] = wanted[i * 5 % wanted.size()];
        ViewRequest request;
        request.system_time = time;
        const auto past = DeriveView(store_->Present(), request);
        if (!past.ok() || Describe(*past, now, i % 2 == 0) != lines) ++wrong;
      }
    });
  }
  for (int i = 0; i < 30; ++i) Commit(20);
  ends = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_P(MomentTest, IsThereAgainAfterReopening) {
  if (!on_disk()) return;
  Prepare();
  Load(2500);
  for (int i = 0; i < 12; ++i) Commit(30);
  std::vector<std::pair<std::int64_t, std::vector<std::string>>> wanted;
  for (const View& kept : kept_) {
    wanted.emplace_back(kept.root().recorded, Describe(kept, store_->Present(), false));
  }
  kept_.clear();
  Open();
  std::shuffle(wanted.begin(), wanted.end(), random_);
  for (const auto& [time, lines] : wanted) {
    const auto got = Describe(At(time), store_->Present(), Random(2) == 0);
    ExpectSame(got, lines);
  }
}

TEST_P(MomentTest, CanBeEditedFurther) {
  Prepare();
  for (int i = 0; i < 10; ++i) Commit(40);
  const View kept = kept_[3];
  const View past = At(kept.root().recorded);
  // The same edits on the state that was kept and on the one that is made again.
  const auto edited = [&](const View& view) {
    Editor editor(std::make_shared<Root>(view.root()));
    editor.Isolate();
    std::mt19937 random(5);
    std::vector<NodeId> there;
    for (const NodeId node : nodes_) {
      if (view.Exists(node)) there.push_back(node);
    }
    for (int i = 0; i < 60; ++i) {
      const NodeId node = there[random() % there.size()];
      const auto value = static_cast<int>(random() % 12);
      switch (random() % 4) {
        case 0:
          editor.SetLabels(node, std::vector{labels_[0]});
          break;
        case 1:
          editor.SetLabels(node, std::vector{labels_[1], labels_[2]});
          break;
        case 2:
          editor.SetProperty(node, keys_[0], Value::Integer(value));
          break;
        default:
          for (const RelationshipRef& ref : AttachedTo(View(editor.Share()), node)) {
            editor.RemoveEdge(ref);
          }
          editor.InsertEdge({types_[0], EdgeId{100'000 + static_cast<std::uint32_t>(i)}, node,
                             there[random() % there.size()]});
      }
    }
    return View(editor.Share());
  };
  const View now = store_->Present();
  EXPECT_EQ(Describe(edited(past), now, true), Describe(edited(kept), now, true));
  Compare(kept);
}

INSTANTIATE_TEST_SUITE_P(Cases, MomentTest, testing::Bool());

}  // namespace
}  // namespace kb::storage
