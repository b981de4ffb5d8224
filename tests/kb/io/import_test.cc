#include "kb/io/import.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schema/order.h"

namespace kb::io {
namespace {

using schema::Direction;
using schema::NodeId;
using storage::Store;
using storage::View;

class ImportTest : public testing::Test {
 protected:
  ImportTest() : store_(Store::InMemory()) {
    const testing::TestInfo* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("kb-import-" + std::to_string(getpid()) + "-" + info->name());
    std::filesystem::create_directories(folder_);
  }
  ~ImportTest() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, std::string_view text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  void Nodes(std::vector<std::string> labels, std::vector<std::string> texts) {
    options_.nodes.push_back(Group(std::move(labels), texts));
  }
  void Relationships(std::vector<std::string> types, std::vector<std::string> texts) {
    options_.relationships.push_back(Group(std::move(types), texts));
  }
  Result<ImportReport> Run() { return Import(*store_, options_); }

  /// Imports and expects that it works.
  ImportReport MustRun() {
    Result<ImportReport> report = Run();
    EXPECT_TRUE(report.ok()) << report.error().Format();
    return report.ok() ? *std::move(report) : ImportReport();
  }
  /// Imports, expects that it fails and leaves nothing; the message without the folder.
  std::string MustFail(ErrorCode code) {
    const Result<ImportReport> report = Run();
    EXPECT_FALSE(report.ok());
    if (report.ok()) return "(no error)";
    EXPECT_EQ(report.error().code(), code) << report.error().message();
    EXPECT_EQ(store_->Present().NodeCount(), 0u);
    EXPECT_EQ(store_->Present().RelationshipCount(), 0u);
    return Plain(report.error().message());
  }
  std::string Plain(std::string message) const {
    const std::string prefix = folder_.string() + "/";
    for (std::size_t at = message.find(prefix); at != std::string::npos;
         at = message.find(prefix)) {
      message.erase(at, prefix.size());
    }
    return message;
  }

  static std::vector<NodeId> AllNodes(const View& view) {
    std::vector<NodeId> nodes;
    std::vector<NodeId> ids(storage::kBlockSize);
    for (std::uint32_t block = 0; block < view.block_count(); ++block) {
      const std::uint32_t count = view.ScanBlock(block, std::nullopt, ids.data());
      nodes.insert(nodes.end(), ids.begin(), ids.begin() + count);
    }
    return nodes;
  }
  /// Every node as text, sorted: `:Label:Label {key: value}`.
  std::vector<std::string> NodeTexts() const {
    const View view = store_->Present();
    std::vector<std::string> texts;
    for (const NodeId id : AllNodes(view)) texts.push_back(NodeText(view, id));
    std::sort(texts.begin(), texts.end());
    return texts;
  }
  static std::string NodeText(const View& view, NodeId id) {
    std::vector<std::string> labels;
    for (const auto label : view.Labels(id)) labels.emplace_back(view.catalog().Name(label));
    std::sort(labels.begin(), labels.end());
    std::string text;
    for (const std::string& label : labels) text += ":" + label;
    return text + PropertyText(view, view.Properties(id));
  }
  static std::string PropertyText(
      const View& view, const std::vector<std::pair<schema::KeyId, schema::Value>>& properties) {
    schema::MapEntries entries;
    for (const auto& [key, value] : properties) {
      entries.emplace_back(std::string(view.catalog().Name(key)), value);
    }
    return " " + schema::Value::Map(std::move(entries)).ToText();
  }
  /// Every relationship as text, sorted: `source -[TYPE {…}]-> target`, ends by property `id`.
  std::vector<std::string> RelationshipTexts() const {
    const View view = store_->Present();
    const auto id_key = view.catalog().FindKey("id");
    std::vector<std::string> texts;
    const auto of = [&](NodeId node) { return view.Property(node, *id_key).ToText(); };
    for (const NodeId id : AllNodes(view)) {
      for (std::uint16_t t = 0; t < view.catalog().type_count(); ++t) {
        const schema::TypeId type{t};
        const storage::Slice slice = view.Neighbours(type, Direction::kOut, id);
        for (std::uint32_t i = 0; i < slice.size; ++i) {
          const schema::RelationshipRef ref{type, slice.edges[i], id, slice.nodes[i]};
          texts.push_back(of(id) + " " + std::string(view.catalog().Name(type)) +
                          PropertyText(view, view.Properties(ref)) + " " + of(slice.nodes[i]));
        }
      }
    }
    std::sort(texts.begin(), texts.end());
    return texts;
  }

  using Texts = std::vector<std::string>;
  std::unique_ptr<Store> store_;
  ImportOptions options_;

 private:
  ImportGroup Group(std::vector<std::string> names, const std::vector<std::string>& texts) {
    ImportGroup group;
    group.names = std::move(names);
    for (const std::string& text : texts) {
      group.files.push_back(
          Write(std::string(1, static_cast<char>('a' + count_++)) + ".csv", text));
    }
    return group;
  }

  std::filesystem::path folder_;
  int count_ = 0;
};

TEST_F(ImportTest, NodesAndRelationshipsArriveWithLabelsTypesAndProperties) {
  Nodes({"Person"}, {"id:ID,name,age:int,:LABEL\n1,Ada,36,Poet;Countess\n2,\"Bo, b\",,\n"});
  Relationships({}, {":START_ID,since:date,:END_ID,:TYPE\n1,2018-03-26,2,KNOWS\n2,,2,LIKES\n"});
  const ImportReport report = MustRun();
  EXPECT_EQ(report.nodes, 2u);
  EXPECT_EQ(report.relationships, 2u);
  EXPECT_EQ(report.properties, 6u);
  EXPECT_EQ(NodeTexts(), (Texts{":Countess:Person:Poet {age: 36, id: '1', name: 'Ada'}",
                                ":Person {id: '2', name: 'Bo, b'}"}));
  EXPECT_EQ(RelationshipTexts(), (Texts{"'1' KNOWS {since: 2018-03-26} '2'", "'2' LIKES {} '2'"}));
}

TEST_F(ImportTest, SeveralFilesOfAGroupShareTheHeaderOfTheFirst) {
  Nodes({"A"}, {"id:ID{id-type:long}\n", "1\n2\n", "3"});
  EXPECT_EQ(MustRun().nodes, 3u);
  EXPECT_EQ(NodeTexts(), (Texts{":A {id: 1}", ":A {id: 2}", ":A {id: 3}"}));
}

TEST_F(ImportTest, IdSpacesKeepEqualIdsApart) {
  Nodes({"A"}, {"id:ID(Left)\nx\n7\n"});
  Nodes({"B"}, {"id:ID(Right)\nx\n007\n7\n"});
  Relationships({"T"}, {":START_ID(Left),:END_ID(Right)\nx,x\n7,007\n"});
  MustRun();
  const View view = store_->Present();
  EXPECT_EQ(view.NodeCount(), 5u);
  EXPECT_EQ(RelationshipTexts(), (Texts{"'7' T {} '007'", "'x' T {} 'x'"}));
}

TEST_F(ImportTest, EveryTypeOfCellIsRead) {
  Nodes({"A"}, {":ID,i:long,f:double,b:boolean,s:string,c:char,d:date,lt:localtime,t:time,"
                "ldt:localdatetime,dt:datetime,du:duration,p:point{crs:WGS-84},l:int[],m:string[],"
                "z:datetime{timezone:Europe/Stockholm},x:IGNORE,:IGNORE\n"
                "1,-5,1.5,TRUE,text,é,2018-03-26,12:30,12:30+01:00,2018-03-26T12:30,"
                "2018-03-26T12:30Z,P1DT2H,\"{x: 1.5, y: 2}\",1;2;3,a;b,2018-07-01T12:00,y,z\n"});
  MustRun();
  const View view = store_->Present();
  const auto text = [&](const char* key) {
    const auto id = view.catalog().FindKey(key);
    return id ? view.Property(NodeId{0}, *id).ToText() : "(no key)";
  };
  EXPECT_EQ(text("i"), "-5");
  EXPECT_EQ(text("f"), "1.5");
  EXPECT_EQ(text("b"), "true");
  EXPECT_EQ(text("s"), "'text'");
  EXPECT_EQ(text("c"), "'é'");
  EXPECT_EQ(text("d"), "2018-03-26");
  EXPECT_EQ(text("lt"), "12:30");
  EXPECT_EQ(text("t"), "12:30+01:00");
  EXPECT_EQ(text("ldt"), "2018-03-26T12:30");
  EXPECT_EQ(text("dt"), "2018-03-26T12:30Z");
  EXPECT_EQ(text("du"), "P1DT2H");
  EXPECT_EQ(text("l"), "[1, 2, 3]");
  EXPECT_EQ(text("m"), "['a', 'b']");
  EXPECT_EQ(text("z"), "2018-07-01T12:00+02:00[Europe/Stockholm]");
  EXPECT_EQ(text("x"), "(no key)");
  const auto point = view.Property(NodeId{0}, *view.catalog().FindKey("p")).point();
  EXPECT_EQ(point.srid, 4326);
  EXPECT_EQ(point.x, 1.5);
}

TEST_F(ImportTest, AnEmptyCellIsAbsentAndAQuotedOneIsEmptyText) {
  Nodes({"A"}, {"id:ID,s,n:int\n1,,\n2,\"\",\"\"\n3\n"});
  MustRun();
  EXPECT_EQ(NodeTexts(), (Texts{":A {id: '1'}", ":A {id: '2', s: ''}", ":A {id: '3'}"}));
}

TEST_F(ImportTest, ABadCellIsAnErrorWithFileLineAndColumn) {
  Nodes({"A"}, {"id:ID,age:int\n1,2\n2,\"x\ny\"\n3,many\n"});
  EXPECT_EQ(MustFail(ErrorCode::kArgument),
            "a.csv:3:3: column `age`: `x\ny` is not a whole number of 64 bits");
}

TEST_F(ImportTest, BadRowsAreLeftOutAndToldUpToTheTolerance) {
  Nodes({"A"}, {"id:ID,n:int,s\n1,2,a\n2,x,b\n3,4,c,d\n4,5,e\n"});
  options_.bad_tolerance = 1;
  EXPECT_EQ(MustFail(ErrorCode::kArgument),
            "a.csv:4:7: the record has 4 fields, but the header has 3 columns");
  options_.bad_tolerance = 2;
  const ImportReport report = MustRun();
  EXPECT_EQ(report.nodes, 2u);
  EXPECT_EQ(report.skipped_rows, 2u);
  ASSERT_EQ(report.remarks.size(), 2u);
  EXPECT_EQ(Plain(report.remarks[0]),
            "a.csv:3:3: column `n`: `x` is not a whole number of 64 bits");
  EXPECT_EQ(NodeTexts(), (Texts{":A {id: '1', n: 2, s: 'a'}", ":A {id: '4', n: 5, s: 'e'}"}));
}

TEST_F(ImportTest, ADuplicateIdIsAnErrorUnlessTheFirstShallStay) {
  Nodes({"A"}, {"id:ID(S){id-type:long},s\n1,a\n2,b\n1,c\n"});
  Nodes({"B"}, {"id:ID(S){id-type:long},s\n02,d\n3,e\n"});
  EXPECT_EQ(MustFail(ErrorCode::kConstraint),
            "a.csv:4: column `id`: a node with the id `1` is there already in id space S");
  options_.skip_duplicate_nodes = true;
  const ImportReport report = MustRun();
  EXPECT_EQ(report.nodes, 3u);
  EXPECT_EQ(report.skipped_duplicates, 2u);
  EXPECT_EQ(report.properties, 6u);
  EXPECT_EQ(report.remarks.size(), 2u);
  EXPECT_EQ(NodeTexts(), (Texts{":A {id: 1, s: 'a'}", ":A {id: 2, s: 'b'}", ":B {id: 3, s: 'e'}"}));
}

TEST_F(ImportTest, AMissingEndIsAnErrorUnlessSuchRelationshipsShallBeLeftOut) {
  Nodes({"A"}, {"id:ID(S)\n1\n2\n"});
  Relationships({"T"}, {":START_ID(S),:END_ID(S)\n1,2\n1,77\n,2\n"});
  EXPECT_EQ(MustFail(ErrorCode::kConstraint),
            "b.csv:3:3: column `:END_ID`: there is no node with the id `77` in id space S");
  options_.skip_bad_relationships = true;
  const ImportReport report = MustRun();
  EXPECT_EQ(report.relationships, 1u);
  EXPECT_EQ(report.skipped_relationships, 2u);
  EXPECT_EQ(RelationshipTexts(), (Texts{"'1' T {} '2'"}));
}

TEST_F(ImportTest, TheReportFileHasALineForEverythingThatWasLeftOut) {
  Nodes({"A"}, {"id:ID(S),n:int\n1,1\n1,2\n2,x\n3,3\n"});
  std::string rows = ":START_ID(S),:END_ID(S)\n1,3\n";
  for (int i = 0; i < 150; ++i) rows += "1,9\n";  // More than a report in memory keeps.
  Relationships({"T"}, {rows});
  options_.skip_duplicate_nodes = true;
  options_.skip_bad_relationships = true;
  options_.bad_tolerance = 1;
  options_.report_file = Write("report", "");
  const ImportReport report = MustRun();
  EXPECT_EQ(report.relationships, 1u);
  EXPECT_EQ(report.remarks.size(), 100u);
  std::ifstream file(options_.report_file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(Plain(line));
  ASSERT_EQ(lines.size(), 152u);
  std::sort(lines.begin(), lines.end());
  EXPECT_EQ(lines[0],
            "a.csv:3: column `id`: a node with the id `1` is there already in id space S");
  EXPECT_EQ(lines[1], "a.csv:4:3: column `n`: `x` is not a whole number of 64 bits");
  EXPECT_EQ(lines.back(),
            "b.csv:9:3: column `:END_ID`: there is no node with the id `9` in id space S");

  options_.report_file = Write("folder", "") + "/report";
  const Result<ImportReport> failed = Run();
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code(), ErrorCode::kIo);
}

TEST_F(ImportTest, ProgressTellsRowsAndHowMuchOfTheFilesHasBeenRead) {
  std::string rows = "id:ID\n";
  for (int i = 0; i < 200'000; ++i) rows += std::to_string(i) + "\n";
  Nodes({"A"}, {rows});
  std::vector<ImportProgress> told;
  ASSERT_TRUE(Import(*store_, options_, [&](const ImportProgress& progress) {
                told.push_back(progress);
              }).ok());
  ASSERT_GE(told.size(), 4u);
  for (std::size_t i = 1; i < told.size(); ++i) {
    EXPECT_GE(told[i].nodes, told[i - 1].nodes);
    EXPECT_GE(told[i].bytes_read, told[i - 1].bytes_read);
    EXPECT_EQ(told[i].bytes_total, rows.size());
    EXPECT_EQ(told[i].finishing, i + 1 == told.size());
  }
  EXPECT_EQ(told.back().nodes, 200'000u);
  EXPECT_EQ(told.back().bytes_read, rows.size());
}

TEST_F(ImportTest, HeadersThatMakeNoSenseAreToldAsSuch) {
  const auto complaint = [&](const char* nodes, const char* relationships) {
    options_.nodes.clear();
    options_.relationships.clear();
    Nodes({"A"}, {nodes});
    if (relationships != nullptr) Relationships({"T"}, {relationships});
    const Result<ImportReport> report = Run();
    if (report.ok()) return std::string("(no error)");
    const std::string message = Plain(report.error().message());
    return message.substr(std::min(message.size(), message.find(": ") + 2));
  };
  EXPECT_EQ(complaint("", nullptr), "it lacks a header");
  EXPECT_EQ(complaint(":ID,a:itn\n", nullptr), "the column `a:itn` has the unknown type itn");
  EXPECT_EQ(complaint(":ID,a,a:int\n", nullptr), "the property `a` has two columns");
  EXPECT_EQ(complaint(":ID(a,b\n", nullptr),
            "the column `:ID(a` is not written as name:TYPE(space){options}");
  EXPECT_EQ(complaint(":ACTION,a\n", nullptr), "the column `:ACTION` is not known to an import");
  EXPECT_EQ(complaint(":START_ID,:END_ID\n", nullptr),
            "a file of nodes has a :START_ID, :END_ID or :TYPE column");
  EXPECT_EQ(complaint(":ID\n1\n", ":START_ID\n1\n"),
            "a file of relationships needs one :START_ID and one :END_ID column");
  EXPECT_EQ(complaint(":ID(X)\n1\n", ":START_ID(X),:END_ID(Y)\n1,1\n"),
            "column `:END_ID`: no file of nodes fills the id space Y");
}

TEST_F(ImportTest, ManyRowsOfManyGroupsAreTheSameWhateverTheThreads) {
  constexpr int kCount = 70'000;
  std::string odd = "id:ID{id-type:long},:LABEL\n";
  std::string even = odd;
  std::string links = ":START_ID{id-type:long},:END_ID,w:int\n";
  for (int i = 0; i < kCount; ++i) {
    const std::string id = std::to_string(i);
    (i % 2 == 1 ? odd : even) += id + ",L" + std::to_string(i % 3) + "\n";
    links += id + "," + std::to_string((i * 7) % kCount) + "," + id + "\n";
  }
  Nodes({"Odd"}, {odd});
  Nodes({"Even"}, {even});
  Relationships({"A"}, {links});
  Relationships({"B"}, {links});
  std::vector<std::vector<std::int64_t>> ids;
  for (const unsigned threads : {1u, 4u}) {
    store_ = Store::InMemory();
    options_.threads = threads;
    const ImportReport report = MustRun();
    EXPECT_EQ(report.nodes, static_cast<std::uint64_t>(kCount));
    EXPECT_EQ(report.relationships, 2u * kCount);
    const View view = store_->Present();
    const auto key = view.catalog().FindKey("id");
    const auto weight = view.catalog().FindKey("w");
    ids.emplace_back();
    for (const NodeId node : AllNodes(view)) {
      const std::int64_t id = view.Property(node, *key).integer();
      ids.back().push_back(id);
      const auto type = *view.catalog().FindType("B");
      const storage::Slice slice = view.Neighbours(type, Direction::kOut, node);
      ASSERT_EQ(slice.size, 1u);
      ASSERT_EQ(view.Property(slice.nodes[0], *key).integer(), id * 7 % kCount);
      const schema::RelationshipRef ref{type, slice.edges[0], node, slice.nodes[0]};
      ASSERT_EQ(view.Property(ref, *weight).integer(), id);
    }
  }
  EXPECT_EQ(ids[0].size(), static_cast<std::size_t>(kCount));
  EXPECT_EQ(ids[0], ids[1]);
}

TEST_F(ImportTest, ACancelledImportLeavesNothing) {
  Nodes({"A"}, {"id:ID\n1\n"});
  Cancellation cancellation;
  cancellation.Request();
  const Result<ImportReport> report = Import(*store_, options_, nullptr, &cancellation);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code(), ErrorCode::kCancelled);
  EXPECT_EQ(store_->Present().NodeCount(), 0u);
}

TEST_F(ImportTest, AnImportThatIsStoppedHalfWayLeavesTheCaseOnDiskAsItWas) {
  std::string rows = "id:ID\n";
  for (int i = 0; i < 200'000; ++i) rows += std::to_string(i) + "\n";
  Nodes({"A"}, {rows});
  const std::string path = Write("unused", "") + ".case";
  const auto store = Store::Open(path, {}).value();
  for (const bool while_finishing : {false, true}) {
    Cancellation cancellation;
    const Result<ImportReport> report = Import(
        *store, options_,
        [&](const ImportProgress& progress) {
          if (progress.finishing == while_finishing) cancellation.Request();
        },
        &cancellation);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code(), ErrorCode::kCancelled);
    EXPECT_EQ(store->Present().NodeCount(), 0u);
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      EXPECT_EQ(entry.path().filename().string().rfind("ingest", 0), std::string::npos);
    }
  }
  EXPECT_EQ(store->Check()->findings, std::vector<std::string>());
  ASSERT_TRUE(Import(*store, options_).ok());
  EXPECT_EQ(store->Present().NodeCount(), 200'000u);
}

TEST_F(ImportTest, StandardInputIsAFileLikeAnother) {
  const std::string path = Write("typed", "id:ID,tags:string[]\n1,a;b\n2,\"c\nd\"\n");
  const int kept = dup(STDIN_FILENO);
  const int file = open(path.c_str(), O_RDONLY);
  ASSERT_GE(dup2(file, STDIN_FILENO), 0);
  options_.nodes.push_back({{"A"}, {"-"}});
  const ImportReport report = MustRun();
  dup2(kept, STDIN_FILENO);
  close(kept);
  close(file);
  EXPECT_EQ(report.nodes, 2u);
  EXPECT_EQ(NodeTexts(),
            (Texts{":A {id: '1', tags: ['a', 'b']}", ":A {id: '2', tags: ['c\\nd']}"}));
}

TEST(ImportGroupTest, NamesAndFilesAreToldApart) {
  const Result<ImportGroup> group = ParseImportGroup("A:B=h.csv,p=1.csv");
  ASSERT_TRUE(group.ok());
  EXPECT_EQ(group->names, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(group->files, (std::vector<std::string>{"h.csv", "p=1.csv"}));
  EXPECT_TRUE(ParseImportGroup("/a=b/c.csv")->names.empty());
  EXPECT_EQ(ParseImportGroup("A=").error().code(), ErrorCode::kArgument);
}

}  // namespace
}  // namespace kb::io
