// A case opens again wherever its process was killed while it wrote to the log, and not where the
// log is damaged.
#include "storage/log_tail.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "storage/store.h"
#include "tests/storage/scratch.h"

namespace kb::storage {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteFile(const std::string& name, const std::string& bytes) {
  std::ofstream(name, std::ios::binary) << bytes;
}

class LogTailTest : public testing::Test {
 protected:
  /// A node more, with a text of so many bytes, as a transaction of its own.
  void Commit(Store& store, std::size_t bytes) {
    auto transaction = store.Begin().value();
    const auto key = transaction->Key("text").value();
    const std::vector<std::pair<KeyId, Value>> text = {
        {key, Value::String(std::string(bytes, 'x'))}};
    ASSERT_TRUE(transaction->CreateNode({}, text).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }

  /// The log that was written last.
  static std::string LogOf(const std::string& folder) {
    std::string newest;
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().string();
      if (name.ends_with(".log") && entry.file_size() != 0) newest = std::max(newest, name);
    }
    return newest;
  }

  /// How many nodes there are in a copy of the case whose log is `log`; nothing if it does not
  /// open.
  std::optional<std::uint64_t> NodesWith(const std::string& log) {
    const std::string copy = scratch_ / "copy";
    fs::remove_all(copy);
    fs::copy(scratch_ / "case", copy, fs::copy_options::recursive);
    WriteFile(LogOf(copy), log);
    auto store = Store::Open(copy, {});
    if (!store.ok()) {
      EXPECT_EQ(store.error().code(), ErrorCode::kCorruption);
      return std::nullopt;
    }
    const std::uint64_t nodes = (*store)->Present().NodeCount();
    Commit(**store, 10);  // and it can be written
    EXPECT_EQ((*store)->Present().NodeCount(), nodes + 1);
    return nodes;
  }

  Scratch scratch_;
};

TEST_F(LogTailTest, ARecordMayEndAnywhere) {
  auto store = Store::Open(scratch_ / "case", {}).value();
  Commit(*store, 100);
  Commit(*store, 200);
  const auto length = [](const std::string& log) { return log.find_last_not_of('\0') + 1; };
  const std::size_t before = length(ReadFile(LogOf(scratch_ / "case")));
  Commit(*store, 70'000);  // over three blocks of the log
  const std::string log = ReadFile(LogOf(scratch_ / "case"));
  const std::size_t end = length(log);
  ASSERT_GT(end, before + 70'000);
  ASSERT_GT(log.size(), end) << "the log grows ahead of what is written";
  EXPECT_EQ(NodesWith(log), 3u);
  std::vector<std::size_t> cuts;
  for (std::size_t i = 0; i < 20; ++i) {
    cuts.insert(cuts.end(), {before + i, 32768 - 10 + i, 65536 - 10 + i, end - 1 - i});
  }
  for (std::size_t cut = before; cut < end; cut += 9'973) cuts.push_back(cut);
  for (const std::size_t cut : cuts) {
    if (cut < before || cut >= end) continue;
    std::string torn = log;
    std::fill(torn.begin() + static_cast<std::ptrdiff_t>(cut), torn.end(), '\0');
    EXPECT_EQ(NodesWith(torn), 2u) << "cut at " << cut << " of " << end;
    EXPECT_EQ(NodesWith(log.substr(0, cut)), 2u) << "ends at " << cut << " of " << end;
  }
}

TEST_F(LogTailTest, DamageIsAnError) {
  auto store = Store::Open(scratch_ / "case", {}).value();
  Commit(*store, 300);
  const std::size_t before = ReadFile(LogOf(scratch_ / "case")).find_last_not_of('\0') + 1;
  Commit(*store, 300);
  std::string log = ReadFile(LogOf(scratch_ / "case"));
  const std::size_t end = log.find_last_not_of('\0') + 1;
  log[before - 20] ^= 1;  // in a record behind which there is another
  EXPECT_EQ(NodesWith(log), std::nullopt);
  log[before - 20] ^= 1;
  log[end + 5'000] = 1;  // where nothing was written
  std::fill(log.begin() + static_cast<std::ptrdiff_t>(end) - 30,
            log.begin() + static_cast<std::ptrdiff_t>(end), '\0');
  EXPECT_EQ(NodesWith(log), std::nullopt);
}

}  // namespace
}  // namespace kb::storage
