#include "kb/shell/arguments.h"

#include <CLI/CLI.hpp>

#include "kb/io/format.h"

namespace kb::shell {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  kb case.kb                                 a shell on a case (made if it is not there)\n"
    "  kb :sample:                                a shell on the built-in case\n"
    "  kb case.kb \"MATCH (n) RETURN count(n)\"     one query\n"
    "  kb case.kb < load.cypher                   a script\n"
    "  kb case.kb -m svg \"MATCH p=()-->() RETURN p\" > x.svg\n"
    "  kb import case.kb --nodes Person=people.csv --relationships KNOWS=knows.csv\n"
    "\nSubcommands: import, check, backup, diff, pipe. `kb SUBCOMMAND --help` explains one.\n"
    "Exit status: 0 done, 1 a statement failed or a check found something, 2 could not start.";

/// Options of everything that opens a case. Each has a twin in the environment; the flag wins.
void DefineLimits(CLI::App& app, Arguments* arguments) {
  app.add_option("--threads", arguments->threads, "threads that one statement may use")
      ->envname("KB_THREADS")
      ->option_text("N");
  app.add_option("--memory", arguments->memory,
                 "memory that the program should keep to, such as 4GB")
      ->envname("KB_MEMORY")
      ->option_text("SIZE");
  app.add_option("--timeout", arguments->timeout, "stop statements that run longer, such as 30s")
      ->envname("KB_TIMEOUT")
      ->option_text("TIME");
  app.add_option("--without-pass", arguments->without_passes,
                 "leave out a pass of the optimiser, by name; may be repeated")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false)
      ->option_text("NAME");
  app.add_option("--import-dir", arguments->import_folder,
                 "the folder whose files LOAD CSV may read")
      ->envname("KB_IMPORT_DIR")
      ->option_text("DIR");
}

CLI::App* AddSubcommand(CLI::App& app, Arguments* arguments, const std::string& name,
                        const std::string& help, Arguments::Action action) {
  CLI::App* subcommand = app.add_subcommand(name, help)->group("");
  subcommand->add_option("CASE", arguments->path, "the folder of the case")->required();
  subcommand->callback([arguments, action] { arguments->action = action; });
  return subcommand;
}

void DefineImport(CLI::App& app, Arguments* arguments) {
  CLI::App* import = AddSubcommand(app, arguments, "import",
                                   "Load CSV files with headers as of neo4j-admin import",
                                   Arguments::Action::kImport);
  const auto repeat = CLI::MultiOptionPolicy::TakeAll;
  import->add_option("--nodes", arguments->nodes, "[Label:Label=]FILE[,FILE…]; may be repeated")
      ->multi_option_policy(repeat)
      ->allow_extra_args(false)
      ->option_text("GROUP");
  import
      ->add_option("--relationships", arguments->relationships,
                   "[TYPE=]FILE[,FILE…]; may be repeated")
      ->multi_option_policy(repeat)
      ->allow_extra_args(false)
      ->option_text("GROUP");
  import->add_option("--delimiter", arguments->delimiter, "between columns; \\t or TAB for a tab")
      ->option_text("CHARACTER");
  import->add_option("--array-delimiter", arguments->array_delimiter, "between items of an array")
      ->option_text("CHARACTER");
  import->add_option("--quote", arguments->quote, "around texts")->option_text("CHARACTER");
  import->add_flag("--skip-bad-relationships", arguments->skip_bad_relationships,
                   "leave out relationships whose ends are missing");
  import->add_flag("--skip-duplicate-nodes", arguments->skip_duplicate_nodes,
                   "of nodes with one id keep the first");
  import->add_flag("--ignore-extra-columns", arguments->ignore_extra_columns,
                   "ignore cells beyond the header");
  import->add_flag("--ignore-empty-strings", arguments->ignore_empty_strings,
                   "an empty text in quotes is no value");
  import->add_flag("--trim-strings", arguments->trim_strings, "drop spaces around texts");
  import->add_option("--report-file", arguments->report_file,
                     "a file that gets a line for every row that was left out");
  import->add_option("--bad-tolerance", arguments->bad_tolerance, "bad rows before giving up")
      ->option_text("N");
  import->add_flag("-q,--quiet", arguments->quiet, "no progress");
  DefineLimits(*import, arguments);
}

void DefineShell(CLI::App& app, Arguments* arguments) {
  app.add_option("CASE", arguments->path,
                 "the folder of a case; :memory: (or none) for one in memory, :sample: for the "
                 "built-in one");
  app.add_option("QUERY", arguments->query, "run this and exit");
  app.add_option("-c,--command", arguments->commands, "run this and exit; may be repeated")
      ->allow_extra_args(false)
      ->option_text("QUERY");
  app.add_option("-f,--file", arguments->files,
                 "run the statements of a file (- for standard input)")
      ->allow_extra_args(false)
      ->option_text("FILE");
  app.add_option("-P,--param", arguments->parameters, "parameters, as 'name: 1' or '{a: 1, b: 2}'")
      ->allow_extra_args(false)
      ->option_text("MAP");
  app.add_option("-m,--mode", arguments->mode, "how results are written: " + io::FormatNames())
      ->option_text("MODE");
  app.add_option("-i,--init", arguments->init_file, "run the statements of a file first")
      ->option_text("FILE");
  app.add_option("--history", arguments->history,
                 "where the shell keeps what was typed: a file, in-memory, or disable")
      ->option_text("PATH");
  app.add_flag("-r,--readonly,--read-only,--read_only", arguments->read_only,
               "nothing may be written");
  app.add_flag("--fail-at-end", arguments->fail_at_end, "go on after an error, fail at the end");
  app.add_flag("--no-color", arguments->no_color, "no colours (also NO_COLOR)");
  app.add_flag("-q,--quiet", arguments->quiet, "no banner and nothing below results");
}

}  // namespace

void DefineArguments(CLI::App& app, Arguments* arguments) {
  app.name("kb");
  app.description("kb: a knowledge base in a folder, asked in openCypher");
  app.footer(kExamples);
  app.set_version_flag("-V,-v,--version", std::string("kb ") + KB_VERSION);
  DefineShell(app, arguments);
  DefineLimits(app, arguments);
  DefineImport(app, arguments);
  AddSubcommand(app, arguments, "check", "Look for damage", Arguments::Action::kCheck);
  CLI::App* pipe = AddSubcommand(app, arguments, "pipe",
                                 "Answer JSON requests, one a line, on standard input and output",
                                 Arguments::Action::kPipe);
  pipe->add_flag("-r,--readonly", arguments->read_only, "nothing may be written");
  DefineLimits(*pipe, arguments);
  CLI::App* diff = AddSubcommand(app, arguments, "diff", "Say what changed between two times",
                                 Arguments::Action::kDiff);
  diff->add_option("--from", arguments->from, "a date or date-time, such as 2025-03-09T12:00Z")
      ->required()
      ->option_text("TIME");
  diff->add_option("--to", arguments->to, "the same; now unless said")->option_text("TIME");
  diff->add_option("-m,--mode", arguments->mode, "how rows are written: " + io::FormatNames())
      ->option_text("MODE");
  CLI::App* backup =
      AddSubcommand(app, arguments, "backup", "Copy a case", Arguments::Action::kBackup);
  backup->add_option("FOLDER", arguments->target, "a new folder for the copy")->required();
}

}  // namespace kb::shell
