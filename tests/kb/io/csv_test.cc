#include "kb/io/csv.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace kb::io {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// Gives a few bytes at a time, so that every field meets the end of the buffer somewhere.
class DripSource : public ByteSource {
 public:
  DripSource(std::string bytes, std::size_t step) : bytes_(std::move(bytes)), step_(step) {}

  Result<std::size_t> Read(char* out, std::size_t size) override {
    const std::size_t taken = std::min({step_, size, bytes_.size() - at_});
    std::memcpy(out, bytes_.data() + at_, taken);
    at_ += taken;
    return taken;
  }

 private:
  std::string bytes_;
  std::size_t step_;
  std::size_t at_ = 0;
};

Result<Rows> ReadAll(CsvReader* reader) {
  Rows rows;
  while (true) {
    KB_ASSIGN(const bool any, reader->Next());
    if (!any) return rows;
    rows.emplace_back();
    for (const CsvField& field : reader->fields()) rows.back().emplace_back(field.text);
  }
}

Rows Read(const std::string& text, CsvOptions options = {}) {
  CsvReader whole(SourceOf(text), "t.csv", options);
  Result<Rows> rows = ReadAll(&whole);
  EXPECT_TRUE(rows.ok()) << rows.error().message();
  for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{7}}) {
    CsvReader drip(std::make_unique<DripSource>(text, step), "t.csv", options);
    const Result<Rows> same = ReadAll(&drip);
    EXPECT_TRUE(same.ok());
    EXPECT_EQ(*same, *rows) << "in steps of " << step;
  }
  return *std::move(rows);
}

std::string Complaint(const std::string& text) {
  CsvReader reader(SourceOf(text), "t.csv");
  const Result<Rows> rows = ReadAll(&reader);
  if (rows.ok()) return "(none)";
  EXPECT_EQ(rows.error().code(), ErrorCode::kArgument);
  return rows.error().message();
}

TEST(CsvTest, PlainFieldsAreSplitAtDelimitersAndLines) {
  EXPECT_EQ(Read("a,b,c\n1,,3\n"), (Rows{{"a", "b", "c"}, {"1", "", "3"}}));
  EXPECT_EQ(Read("a,b"), (Rows{{"a", "b"}}));
  EXPECT_EQ(Read("a,"), (Rows{{"a", ""}}));
  EXPECT_EQ(Read(""), Rows{});
}

TEST(CsvTest, QuotesHoldDelimitersLinesAndQuotes) {
  EXPECT_EQ(Read("\"a,b\",\"c\nd\",\"e\"\"f\"\n\"\",\"\"\"\"\n"),
            (Rows{{"a,b", "c\nd", "e\"f"}, {"", "\""}}));
  EXPECT_EQ(Read("\"last\""), (Rows{{"last"}}));
  EXPECT_EQ(Read("a\"b,c"), (Rows{{"a\"b", "c"}}));
}

TEST(CsvTest, QuotedAndEmptyFieldsCanBeToldApart) {
  CsvReader reader(SourceOf("\"\",\n"), "t.csv");
  ASSERT_TRUE(*reader.Next());
  EXPECT_TRUE(reader.fields()[0].quoted);
  EXPECT_FALSE(reader.fields()[1].quoted);
}

TEST(CsvTest, CarriageReturnsAByteOrderMarkAndEmptyLinesAreNoData) {
  EXPECT_EQ(Read("\xEF\xBB\xBF"
                 "a,b\r\n\r\n\n\"1\",\"2\"\r\n"),
            (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(Read("\"a\"\r"), (Rows{{"a"}}));
}

TEST(CsvTest, AnyDelimiterAndQuoteCanBeUsed) {
  EXPECT_EQ(Read("a;'b;c'\t;d\n", {'\t', '\''}), (Rows{{"a;'b;c'", ";d"}}));
  EXPECT_EQ(Read("a;'b;c';d\n", {';', '\''}), (Rows{{"a", "b;c", "d"}}));
}

TEST(CsvTest, AFieldLongerThanTheBufferIsWhole) {
  const std::string field(5'000'000, 'x');
  const std::string text = "1,\"" + field + "\",2\n";
  CsvReader reader(SourceOf(text), "t.csv");
  const Result<Rows> rows = ReadAll(&reader);
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(rows->at(0).at(1), field);
}

TEST(CsvTest, MistakesAreToldWithFileLineAndColumn) {
  EXPECT_EQ(Complaint("a,b\n1,\"2"), "t.csv:2:3: a quoted field is not closed");
  EXPECT_EQ(Complaint("\"x\ny\",\"2\"z\n"), "t.csv:2:7: there is text behind a quoted field");
}

TEST(CsvTest, PlacesCountLinesInsideQuotes) {
  CsvReader reader(SourceOf("a,b\n\n\"1\n2\",\"3\n\",4\n5\n"), "t.csv");
  ASSERT_TRUE(*reader.Next());
  EXPECT_EQ(reader.Where(1), "t.csv:1:3");
  ASSERT_TRUE(*reader.Next());
  EXPECT_EQ(reader.line(), 3u);
  EXPECT_EQ(reader.Where(0), "t.csv:3:1");
  EXPECT_EQ(reader.Where(1), "t.csv:4:4");
  EXPECT_EQ(reader.Where(2), "t.csv:5:3");
  ASSERT_TRUE(*reader.Next());
  EXPECT_EQ(reader.line(), 6u);
}

/// Files that go with the test.
class CsvFileTest : public testing::Test {
 protected:
  CsvFileTest() {
    folder_ = std::filesystem::temp_directory_path() / ("kb-csv-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  ~CsvFileTest() override { std::filesystem::remove_all(folder_); }

  std::string Write(const char* name, std::string_view bytes) const {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  static Result<Rows> ReadFile(const std::string& path) {
    KB_ASSIGN(auto source, OpenSource(path));
    CsvReader reader(std::move(source), path);
    return ReadAll(&reader);
  }

  std::filesystem::path folder_;
};

std::string Gzip(const std::string& text) {
  std::string out(text.size() + 1000, '\0');
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

std::string ManyRows() {
  std::string text;
  for (int i = 0; i < 50'000; ++i)
    text += std::to_string(i) + ",\"text " + std::to_string(i) + "\"\n";
  return text;
}

TEST_F(CsvFileTest, ArchivesReadAsTheirContent) {
  const std::string text = ManyRows();
  const Result<Rows> plain = ReadFile(Write("a.csv", text));
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->size(), 50'000u);
  for (const std::string& path :
       {Write("a.csv.gz", Gzip(text)), Write("a.csv.zst", Zstd(text)),
        Write("two.gz", Gzip(text.substr(0, 100)) + Gzip(text.substr(100)))}) {
    const Result<Rows> packed = ReadFile(path);
    ASSERT_TRUE(packed.ok()) << packed.error().message();
    EXPECT_EQ(*packed, *plain) << path;
  }
}

TEST_F(CsvFileTest, DamagedAndCutArchivesAreToldAsSuch) {
  const std::string text = ManyRows();
  for (std::string bytes : {Gzip(text), Zstd(text)}) {
    const Result<Rows> cut = ReadFile(Write("cut", bytes.substr(0, bytes.size() / 2)));
    ASSERT_FALSE(cut.ok());
    EXPECT_EQ(cut.error().code(), ErrorCode::kCorruption);
    for (std::size_t i = 20; i < 40; ++i) bytes[i] = static_cast<char>(~bytes[i]);
    EXPECT_FALSE(ReadFile(Write("damaged", bytes)).ok());
  }
}

TEST_F(CsvFileTest, AMissingFileIsToldByName) {
  const Result<Rows> missing = ReadFile((folder_ / "none.csv").string());
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code(), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace kb::io
