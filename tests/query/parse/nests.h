// Every way in which the language puts a thing inside a thing of its own kind, as text of any
// depth: what a reader that looks ahead must not read again at each level.
#pragma once

#include <string>
#include <vector>

namespace kb::query::parse {

struct Nest {
  std::string name;
  std::string head;    ///< Before the nest.
  std::string open;    ///< Once a level.
  std::string middle;  ///< Innermost.
  std::string close;   ///< Once a level.
  std::string tail;    ///< After the nest.

  std::string Text(int depth, bool closed) const {
    std::string text = head;
    for (int i = 0; i < depth; ++i) text += open;
    text += middle;
    if (!closed) return text;
    for (int i = 0; i < depth; ++i) text += close;
    return text + tail;
  }
};

inline std::vector<Nest> Nests() {
  return {
      {"parentheses", "RETURN ", "(", "1", ")", ""},
      {"list", "RETURN ", "[", "1", "]", ""},
      {"map", "RETURN ", "{a: ", "1", "}", ""},
      {"subscript", "RETURN x", "[y", "[0]", "]", ""},
      {"call", "RETURN ", "f(", "1", ")", ""},
      {"case", "RETURN ", "CASE WHEN ", "1", " THEN 2 END", ""},
      {"simple case", "RETURN ", "CASE ", "1", " WHEN 2 THEN 3 END", ""},
      {"comprehension", "RETURN ", "[x IN ", "l", " | x]", ""},
      {"comprehension over a test", "RETURN ", "[x IN ", "l", "]", ""},
      {"filter", "RETURN ", "[x IN l WHERE ", "x", "]", ""},
      {"quantifier", "RETURN ", "all(x IN l WHERE ", "x", ")", ""},
      {"reduce", "RETURN ", "reduce(a = 0, x IN l | ", "a", ")", ""},
      {"pattern predicate", "MATCH (n) WHERE ", "(n {a: ", "1", "})-->()", " RETURN n"},
      {"parenthesised projection", "RETURN ", "(n {a: ", "1", "})", ""},
      {"pattern comprehension", "RETURN ", "[(n)-->(m) WHERE ", "m.x", " | 1]", ""},
      {"exists", "MATCH (n) WHERE ", "EXISTS { (n) WHERE ", "n.x", " }", " RETURN n"},
      {"count", "RETURN ", "COUNT { MATCH (n) WHERE ", "true", " RETURN n }", ""},
      {"subquery", "", "CALL { ", "RETURN 1 AS x", " RETURN x }", " RETURN 1"},
      {"foreach", "", "FOREACH (x IN [1] | ", "CREATE (n)", ")", ""},
      {"path in brackets", "MATCH ", "(", "(n)-->(m)", ")", " RETURN 1"},
      {"labels", "MATCH (n:", "(", "A", ")", ") RETURN n"},
      {"negated labels", "MATCH (n:", "!(", "A", ")", ") RETURN n"},
      {"inline condition", "MATCH ", "(n WHERE EXISTS { ", "(m)", " })", " RETURN 1"},
      {"not in brackets", "RETURN ", "NOT (", "true", ")", ""},
      {"sign in brackets", "RETURN ", "-(", "1", ")", ""},
      {"computed labels", "RETURN ", "(x:$(", "y", "))", ""},
      {"labels in a pattern", "MATCH ", "(n:$(EXISTS { ", "(m)", " }))", " RETURN 1"},
      {"conditional", "", "WHEN true THEN { ", "RETURN 1 AS x", " }", ""},
      {"collect", "RETURN ", "COLLECT { RETURN ", "1", " }", ""},
      {"exists with a query", "RETURN ", "EXISTS { MATCH (n) WHERE ", "true", " }", ""},
      {"map projection", "RETURN ", "n {a: ", "1", "}", ""},
      {"slice", "RETURN x", "[y", "[0]", "..1]", ""},
      {"case branch", "RETURN ", "CASE WHEN true THEN ", "1", " END", ""},
      {"trim", "RETURN ", "trim(BOTH ", "'x'", " FROM 'xyx')", ""},
      {"all reduce", "RETURN ", "allReduce(a = 0, x IN ", "l", " | a, true)", ""},
      {"alternatives", "MATCH ", "((a)-->(b) | ", "(n)-->(m)", ")", " RETURN 1"},
      {"question", "MATCH (a) ", "((x)-->(y) ", "((z)-->(u))?", ")?", " (b) RETURN 1"},
      {"path in a call", "MATCH (n) WHERE ", "size([p = (n)-->() WHERE ", "true", " | p]) > 0",
       " RETURN n"},
      {"call with a variable", "WITH 1 AS x ", "CALL (x) { ", "RETURN 1 AS y", " RETURN y }",
       " RETURN 1"},
  };
}

}  // namespace kb::query::parse
