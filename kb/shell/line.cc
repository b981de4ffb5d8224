#include "kb/shell/line.h"

#include <histedit.h>
#include <sys/stat.h>
#include <unistd.h>

#include <clocale>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "schema/base/text.h"

namespace kb::shell {
namespace {

constexpr int kHistoryEntriesMax = 5'000;
constexpr std::size_t kCandidatesShownMax = 120;

std::string CommonPrefix(const std::vector<std::string>& words) {
  std::string prefix = words.front();
  for (const std::string& word : words) {
    std::size_t same = 0;
    while (same < prefix.size() && same < word.size() && prefix[same] == word[same]) ++same;
    prefix.resize(same);
  }
  while (!prefix.empty() && (static_cast<unsigned char>(prefix.back()) & 0xC0) == 0x80) {
    if (text::FindInvalidUtf8(prefix) == std::string::npos) break;
    prefix.pop_back();
  }
  return prefix;
}

}  // namespace

struct LineEditor::Impl {
  EditLine* editor = nullptr;
  History* history = nullptr;
  Completer completer;
  std::string prompt;
  std::string path;
  bool interrupted = false;

  static Impl* Of(EditLine* editor) {
    void* data = nullptr;
    el_get(editor, EL_CLIENTDATA, &data);
    return static_cast<Impl*>(data);
  }

  static char* Prompt(EditLine* editor) { return Of(editor)->prompt.data(); }

  /// Ctrl+C: the terminal gives it as a character while a line is edited.
  static unsigned char Interrupt(EditLine* editor, int /*key*/) {
    Of(editor)->interrupted = true;
    return CC_NEWLINE;
  }

  static unsigned char Suspend(EditLine* editor, int /*key*/) {
    el_set(editor, EL_PREP_TERM, 0);
    std::raise(SIGTSTP);
    el_set(editor, EL_PREP_TERM, 1);
    return CC_REDISPLAY;
  }

  static unsigned char Complete(EditLine* editor, int /*key*/) {
    const LineInfo* line = el_line(editor);
    const std::string before(line->buffer, line->cursor);
    const Completion completion = Of(editor)->completer(before);
    if (completion.candidates.empty()) return CC_REFRESH_BEEP;
    const std::string typed = before.substr(completion.begin);
    std::string insert = CommonPrefix(completion.candidates);
    const bool only = completion.candidates.size() == 1;
    if (only && completion.space_after && !insert.ends_with('(')) insert += ' ';
    if (insert.size() > typed.size() || only) {
      el_deletestr(editor, static_cast<int>(text::CountCharacters(typed)));
      el_insertstr(editor, insert.c_str());
      return CC_REFRESH;
    }
    ShowCandidates(completion.candidates);
    return CC_REDISPLAY;
  }

  static void ShowCandidates(const std::vector<std::string>& candidates) {
    std::size_t width = 0;
    for (const std::string& word : candidates)
      width = std::max(width, text::DisplayWidth(word) + 2);
    const std::size_t per_line = std::max<std::size_t>(1, 80 / width);
    std::string list = "\n";
    for (std::size_t i = 0; i < candidates.size() && i < kCandidatesShownMax; ++i) {
      list += candidates[i];
      const bool last = (i + 1) % per_line == 0 || i + 1 == candidates.size();
      list += last ? "\n" : std::string(width - text::DisplayWidth(candidates[i]), ' ');
    }
    if (candidates.size() > kCandidatesShownMax) list += "…\n";
    std::fputs(list.c_str(), stdout);
    std::fflush(stdout);
  }
};

LineEditor::LineEditor(Completer completer) : impl_(std::make_unique<Impl>()) {
  std::setlocale(LC_CTYPE, "");
  if (MB_CUR_MAX == 1) std::setlocale(LC_CTYPE, "C.UTF-8");
  impl_->completer = std::move(completer);
  impl_->editor = el_init("kb", stdin, stdout, stderr);
  impl_->history = history_init();
  HistEvent event;
  history(impl_->history, &event, H_SETSIZE, kHistoryEntriesMax);
  history(impl_->history, &event, H_SETUNIQUE, 1);
  EditLine* editor = impl_->editor;
  el_set(editor, EL_CLIENTDATA, impl_.get());
  el_set(editor, EL_PROMPT_ESC, &Impl::Prompt, '\1');
  el_set(editor, EL_HIST, history, impl_->history);
  el_set(editor, EL_EDITOR, "emacs");
  el_set(editor, EL_SIGNAL, 1);  // Redraws after the window has changed.
  el_set(editor, EL_SETTY, "-d", "-isig", nullptr);
  el_set(editor, EL_ADDFN, "kb-complete", "complete the word", &Impl::Complete);
  el_set(editor, EL_ADDFN, "kb-interrupt", "drop the line", &Impl::Interrupt);
  el_set(editor, EL_ADDFN, "kb-suspend", "suspend the shell", &Impl::Suspend);
  el_set(editor, EL_BIND, "^I", "kb-complete", nullptr);
  el_set(editor, EL_BIND, "^C", "kb-interrupt", nullptr);
  el_set(editor, EL_BIND, "^Z", "kb-suspend", nullptr);
  el_set(editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  el_set(editor, EL_BIND, "\\e[1;5C", "em-next-word", nullptr);
  el_set(editor, EL_BIND, "\\e[1;5D", "ed-prev-word", nullptr);
  el_set(editor, EL_BIND, "\\e[3~", "ed-delete-next-char", nullptr);
  el_set(editor, EL_BIND, "\\e[H", "ed-move-to-beg", nullptr);
  el_set(editor, EL_BIND, "\\e[F", "ed-move-to-end", nullptr);
  el_source(editor, nullptr);
}

LineEditor::~LineEditor() {
  history_end(impl_->history);
  el_end(impl_->editor);
}

LineEditor::Outcome LineEditor::Read(const std::string& prompt, std::string* line) {
  impl_->prompt = prompt;
  impl_->interrupted = false;
  int count = 0;
  const char* text = el_gets(impl_->editor, &count);
  if (impl_->interrupted) {
    std::fputs("^C\n", stdout);
    return Outcome::kInterrupted;
  }
  if (text == nullptr || count <= 0) return Outcome::kEnd;
  line->assign(text, static_cast<std::size_t>(count));
  while (!line->empty() && (line->back() == '\n' || line->back() == '\r')) line->pop_back();
  return Outcome::kLine;
}

void LineEditor::Remember(std::string_view statement) {
  std::string entry(statement);
  // A comment to the end of a line would swallow what follows it: such statements keep their lines.
  if (entry.find("//") == std::string::npos) {
    for (char& c : entry) {
      if (c == '\n' || c == '\r') c = ' ';
    }
  }
  HistEvent event;
  history(impl_->history, &event, H_ENTER, entry.c_str());
  if (impl_->path.empty()) return;
  const mode_t former = umask(077);
  history(impl_->history, &event, H_SAVE, impl_->path.c_str());
  umask(former);
}

std::vector<std::string> LineEditor::Entries() const {
  std::vector<std::string> entries;
  HistEvent event;
  for (int more = history(impl_->history, &event, H_LAST); more != -1;
       more = history(impl_->history, &event, H_PREV)) {
    entries.emplace_back(event.str);
    while (!entries.back().empty() && entries.back().back() == '\n') entries.back().pop_back();
  }
  return entries;
}

bool LineEditor::UseFile(const std::string& path) {
  std::error_code ignored;
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  HistEvent event;
  history(impl_->history, &event, H_LOAD, path.c_str());
  if (access(path.c_str(), F_OK) == 0 ? access(path.c_str(), W_OK) != 0
                                      : access(folder.empty() ? "." : folder.c_str(), W_OK) != 0) {
    return false;
  }
  impl_->path = path;
  return true;
}

std::string DefaultHistoryPath() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::string(state) + "/kb/history";
  const char* home = std::getenv("HOME");
  return home != nullptr && *home != '\0' ? std::string(home) + "/.local/state/kb/history" : "";
}

}  // namespace kb::shell
