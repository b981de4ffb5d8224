// README.md says nothing that does not happen: its sessions are run, its program is compiled.
//
// Fenced blocks, each compared with the ```text block that follows it:
//   ```cypher   statements, pasted into `kb -m box :sample:`
//   ```sh       with `build/kb` in it: a command line
//   ```cpp      is tests/examples/embed.cc, which the build compiles
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

#include "tests/storage/scratch.h"

namespace kb {
namespace {

namespace fs = std::filesystem;

struct Block {
  std::string language;
  std::string text;
  std::size_t line = 0;
};

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Block> ReadBlocks(const fs::path& path) {
  std::vector<Block> blocks;
  std::istringstream lines(ReadFile(path));
  bool inside = false;
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) blocks.push_back({line.substr(3), "", number});
    } else if (inside) {
      blocks.back().text += line + "\n";
    }
  }
  EXPECT_FALSE(inside) << "a fence is not closed";
  return blocks;
}

/// What a command line prints, on both of its ways out.
std::string Shell(const std::string& command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
      popen(("exec 2>&1; " + command).c_str(), "r"), pclose);  // NOLINT: a test, a fixed command
  if (!pipe) return "popen failed";
  std::string output;
  char buffer[4096];
  while (const std::size_t size = std::fread(buffer, 1, sizeof buffer, pipe.get())) {
    output.append(buffer, size);
  }
  return output;
}

class ReadmeTest : public testing::Test {
 protected:
  ReadmeTest() : source_(KB_SOURCE_DIR), blocks_(ReadBlocks(source_ / "README.md")) {
    fs::create_directory_symlink(KB_BINARY_DIR, scratch_ / "build");
    fs::create_directory_symlink(source_ / "kb", scratch_ / "kb");
  }

  /// Runs a command line in a folder that has `build` and `kb` as a checkout has them.
  std::string InCheckout(const std::string& command) {
    std::ofstream(scratch_ / "command.sh") << command;
    return Shell("cd '" + (scratch_ / "") + "' && sh ./command.sh </dev/null");
  }

  /// Calls `check(block, answer)` for the blocks of a language that have an answer.
  template <typename Check>
  int ForEach(std::string_view language, Check check) {
    int count = 0;
    for (std::size_t i = 0; i + 1 < blocks_.size(); ++i) {
      if (blocks_[i].language != language || blocks_[i + 1].language != "text") continue;
      SCOPED_TRACE("README.md:" + std::to_string(blocks_[i].line));
      check(blocks_[i].text, blocks_[i + 1].text);
      ++count;
    }
    return count;
  }

  storage::Scratch scratch_;
  fs::path source_;
  std::vector<Block> blocks_;
};

TEST_F(ReadmeTest, ItsSessionsAnswerAsItSays) {
  const int count =
      ForEach("cypher", [&](const std::string& statements, const std::string& answer) {
        std::ofstream(scratch_ / "pasted.cypher") << statements;
        EXPECT_EQ(InCheckout("build/kb -m box :sample: <pasted.cypher"), answer);
      });
  EXPECT_GE(count, 2);
}

TEST_F(ReadmeTest, ItsCommandLinesPrintWhatItSays) {
  const int count = ForEach("sh", [&](const std::string& command, const std::string& answer) {
    EXPECT_EQ(InCheckout(command), answer);
  });
  EXPECT_GE(count, 2);
}

TEST_F(ReadmeTest, ItsProgramIsTheExampleAndPrintsWhatItSays) {
  const int count = ForEach("cpp", [&](const std::string& program, const std::string& answer) {
    EXPECT_EQ(program, ReadFile(source_ / "tests/examples/embed.cc"));
    EXPECT_EQ(InCheckout("build/kb_embed"), answer);
  });
  EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace kb
