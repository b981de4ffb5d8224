#include <kb/kb.h>

#include <iostream>

int main() {
  auto database = kb::Database::Open(":sample:");
  if (!database.ok()) return std::cerr << database.error().Format() << '\n', 1;
  kb::Session session = database->NewSession();
  auto cursor = session.Run(
      "MATCH (p:Person)<-[:ACTOR]-(e:Event {eventType: $type}) WHERE e.id STARTS WITH 'h' "
      "RETURN p.name, sum(e.count) ORDER BY p.name",
      {{"type", kb::Value::String("expel-diplomats")}});
  if (!cursor.ok()) return std::cerr << cursor.error().Format() << '\n', 1;
  while (cursor->Next()) {
    std::cout << cursor->row()[0].string() << ": " << cursor->row()[1].integer() << '\n';
  }
  return cursor->status().ok() ? 0 : 1;
}
