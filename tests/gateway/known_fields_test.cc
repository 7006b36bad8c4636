// Goal: a field that a source never sent is told once, by name; what is no name is never shown; a
// source that sends ever new names costs a bounded amount.
// Method: records of one or two streams, saved and read again between runs; each limit at it and one past it.
#include "gateway/known_fields.h"

#include <doctest/doctest.h>

#include "tests/support/secrets.h"

using namespace mc;

namespace {

SourceRecord Record(const std::string& stream, const std::vector<std::string>& names) {
  SourceRecord record;
  record.stream = stream;
  record.media_type = "application/json";
  record.bytes = "{";
  for (const std::string& name : names) record.bytes += (record.bytes.size() > 1 ? ",\"" : "\"") + name + "\":1";
  record.bytes += "}";
  return record;
}

std::vector<std::string> Seen(KnownFields& fields, const std::string& stream, const std::vector<std::string>& names) {
  return fields.See({Record(stream, names)});
}

// One that has learned `names`, as the next run reads it.
KnownFields After(const std::vector<std::string>& names) {
  KnownFields fields(std::nullopt);
  CHECK(Seen(fields, "s", names).empty());
  fields.Learned();
  return KnownFields(fields.Saved());
}

std::vector<std::string> Numbered(std::size_t from, std::size_t to) {
  std::vector<std::string> names;
  for (std::size_t i = from; i < to; ++i) names.push_back("f" + std::to_string(i));
  return names;
}

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("known fields: told once, also over runs") {
  KnownFields fields = After({"a", "b"});
  CHECK_FALSE(fields.changed());
  CHECK(Seen(fields, "s", {"b", "a"}).empty());
  CHECK_FALSE(fields.changed());
  CHECK(Seen(fields, "s", {"a", "c", "d"}) == List{"s/c", "s/d"});
  CHECK(fields.changed());
  CHECK(Seen(fields, "s", {"c"}).empty());
  KnownFields next(fields.Saved());
  CHECK_FALSE(fields.changed());
  CHECK(Seen(next, "s", {"c", "d", "e"}) == List{"s/e"});
}

TEST_CASE("known fields: a stream learns in silence until a complete run brought some of it") {
  KnownFields first(std::nullopt);
  CHECK(Seen(first, "s", {"a"}).empty());
  KnownFields second(first.Saved());  // the first run failed
  CHECK(Seen(second, "s", {"b"}).empty());
  second.Learned();
  KnownFields third(second.Saved());
  CHECK(Seen(third, "s", {"a", "b"}).empty());
  CHECK(Seen(third, "other", {"a"}).empty());  // nothing of it came before
  CHECK(Seen(third, "s", {"c"}) == List{"s/c"});
  third.Learned();
  KnownFields fourth(third.Saved());
  CHECK(Seen(fourth, "other", {"a", "c"}) == List{"other/c"});
}

TEST_CASE("known fields: a first run without records teaches nothing") {
  KnownFields empty(std::nullopt);
  empty.Learned();
  CHECK_FALSE(empty.changed());
  CHECK(Seen(empty, "s", {"a"}).empty());
}

TEST_CASE("known fields: what may be the number of a person is not shown") {
  test::MustStaySecret("number", "001085012345");
  KnownFields fields = After({"a"});
  CHECK(Seen(fields, "s", {"ma12345"}) == List{"s/ma12345"});
  CHECK(Seen(fields, "s", {"ma123456"}) == List{"s/?"});
  CHECK(Seen(fields, "s", {"001085012345"}).empty());  // told already
}

TEST_CASE("known fields: long, broken and control bytes are not shown") {
  KnownFields at_limit = After({"a"});
  CHECK(Seen(at_limit, "s", {std::string(kFieldNameLimitBytes, 'x')}) ==
        List{"s/" + std::string(kFieldNameLimitBytes, 'x')});
  for (const std::string& name : {std::string(kFieldNameLimitBytes + 1, 'x'), std::string("\xFF"), std::string("a\x01")}) {
    KnownFields fields = After({"a"});
    CHECK(Seen(fields, "s", {name}) == List{"s/?"});
    KnownFields next(fields.Saved());
    CHECK(Seen(next, "s", {name}).empty());
  }
}

TEST_CASE("known fields: at the limit, and one past it") {
  KnownFields fields = After(Numbered(0, kFieldNamesLimit - 1));
  CHECK(Seen(fields, "s", {"last"}) == List{"s/last"});
  CHECK(Seen(fields, "s", {"one more"}) == List{"s/..."});
  CHECK(Seen(fields, "s", {"and another"}).empty());
  KnownFields next(fields.Saved());
  CHECK(Seen(next, "s", Numbered(0, 10)).empty());
  CHECK(Seen(next, "s", {"last"}).empty());
  CHECK(Seen(next, "s", {"again another"}).empty());
}

TEST_CASE("known fields: what somebody else wrote is begun anew") {
  for (const char* text : {"", "x", "[]", "{}", R"({"v":2,"streams":{}})", R"({"v":1,"streams":{"s":{"names":["a"]}}})",
                           R"({"v":1,"streams":{"s":{"learned":true,"names":[1]}}})"}) {
    CAPTURE(std::string(text));
    KnownFields fields(Cursor{text});
    CHECK(Seen(fields, "s", {"a"}).empty());
  }
}
