// Goal: the coefficient of the day of assignment, and nothing else taken for a catalogue.
// Method: the shipped file around its editions' first days; a small good document broken
// one rule at a time.
#include "mapping/catalogue.h"

#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>

namespace mc {
namespace {

CivilDate Day(const char* text) { return *ParseDate(text); }

Catalogue Shipped() {
  const auto document = ReadJsonFile(std::string(MC_SOURCE_DIR) + "/policies/catalogue-demo-2026.json");
  REQUIRE(document.ok());
  auto read = Catalogue::Parse(*document);
  REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
  return *read;
}

TEST_CASE("the shipped catalogue has two editions of some thirty products") {
  const Catalogue catalogue = Shipped();
  CHECK(catalogue.id() == "demo-2026");
  REQUIRE(catalogue.editions().size() == 2);
  CHECK(catalogue.editions()[0].id == "demo-2026-1");
  CHECK(catalogue.editions()[1].id == "demo-2026-2");
  CHECK(catalogue.editions()[0].products.size() == 32);
  CHECK(catalogue.editions()[0].digest != catalogue.editions()[1].digest);
  CHECK(EditionLabel(catalogue.editions()[0]) == "demo-2026-1@" + catalogue.editions()[0].digest.substr(0, 12));
}

TEST_CASE("the edition in force on the day of assignment") {
  const Catalogue catalogue = Shipped();
  struct Row {
    const char *product, *day, *edition, *coefficient;
  };
  const std::vector<Row> rows = {
      {"SP-HS-04", "2026-01-01", "demo-2026-1", "0.2"},  {"SP-HS-04", "2026-05-15", "demo-2026-1", "0.2"},
      {"SP-HS-04", "2026-05-16", "demo-2026-2", "0.25"}, {"SP-HS-04", "2030-01-01", "demo-2026-2", "0.25"},
      {"SP-NV-08", "2026-05-15", "demo-2026-1", "7.6"},  {"SP-NV-08", "2026-05-16", "demo-2026-2", "8"},
      {"SP-NV-01", "2026-05-16", "demo-2026-2", "1"},    {"SP-PA-02", "2026-05-16", "demo-2026-2", "1.1"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.product);
    CAPTURE(row.day);
    const auto found = catalogue.Find(row.product, Day(row.day));
    REQUIRE(found.has_value());
    CHECK(found->edition->id == row.edition);
    CHECK(found->product->coefficient.ToShortest() == row.coefficient);
  }
  CHECK_FALSE(catalogue.Find("SP-HS-04", Day("2025-12-31")).has_value());
  CHECK_FALSE(catalogue.Find("SP-HS-99", Day("2026-06-01")).has_value());
  CHECK_FALSE(catalogue.Find("", Day("2026-06-01")).has_value());
}

Json Good() {
  return Json::parse(R"({"schema":"minhchung/catalogue@1","id":"c","title":"t","issuer":"i","note":"n","editions":[
    {"id":"c-1","effective_from":"2026-01-01","standard_product":"A","products":[
      {"code":"B","name":"b","group":"N5","unit":"việc","coefficient":"2.5"},
      {"code":"A","name":"a","group":"N1","unit":"việc","coefficient":"1"}]},
    {"id":"c-2","effective_from":"2026-05-16","standard_product":"A","note":"x","products":[
      {"code":"A","name":"a","group":"N1","unit":"việc","coefficient":"1.000000"}]}]})");
}

TEST_CASE("faults name pointer and rule") {
  CHECK(Catalogue::Parse(Good()).ok());
  struct Row {
    const char *pointer, *code;
    std::function<void(Json&)> make;
  };
  const std::vector<Row> rows = {
      {"", "not_object", [](Json& d) { d = 1; }},
      {"/schema", "unknown_name", [](Json& d) { d["schema"] = "minhchung/catalogue@2"; }},
      {"/title", "missing_key", [](Json& d) { d.erase("title"); }},
      {"/edition", "unknown_key", [](Json& d) { d["edition"] = 1; }},
      {"/editions", "no_editions", [](Json& d) { d["editions"] = Json::array(); }},
      {"/editions/1", "duplicate_id", [](Json& d) { d["editions"][1]["id"] = "c-1"; }},
      {"/editions/1", "not_ascending", [](Json& d) { d["editions"][1]["effective_from"] = "2026-01-01"; }},
      {"/editions/0/effective_from", "bad_date", [](Json& d) { d["editions"][0]["effective_from"] = "1/1/2026"; }},
      {"/editions/0/standard_product", "unknown_product", [](Json& d) { d["editions"][0]["standard_product"] = "C"; }},
      {"/editions/0/standard_product", "standard_not_one", [](Json& d) { d["editions"][0]["standard_product"] = "B"; }},
      {"/editions/1/products", "no_products", [](Json& d) { d["editions"][1]["products"] = Json::array(); }},
      {"/editions/0/products/1", "duplicate_code", [](Json& d) { d["editions"][0]["products"][1]["code"] = "B"; }},
      {"/editions/0/products/0/group", "unknown_name",
       [](Json& d) { d["editions"][0]["products"][0]["group"] = "N6"; }},
      {"/editions/0/products/0/coefficient", "not_positive",
       [](Json& d) { d["editions"][0]["products"][0]["coefficient"] = "0"; }},
      {"/editions/0/products/0/coefficient", "not_decimal_text",
       [](Json& d) { d["editions"][0]["products"][0]["coefficient"] = 2.5; }},
      {"/editions/0/products/0/k", "unknown_key", [](Json& d) { d["editions"][0]["products"][0]["k"] = "1"; }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pointer);
    CAPTURE(row.code);
    Json document = Good();
    row.make(document);
    const auto read = Catalogue::Parse(document);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().error_class == ErrorClass::kConfig);
    CHECK(read.error().code == row.code);
    CHECK_MESSAGE(read.error().message.find(row.pointer) != std::string::npos, read.error().message);
  }
}

TEST_CASE("an edition's digest is its own") {
  // Goal: adding an edition leaves the digests of the earlier ones alone.
  Json one = Good();
  one["editions"].erase(1);
  CHECK(Catalogue::Parse(one)->editions()[0].digest == Catalogue::Parse(Good())->editions()[0].digest);
}

}  // namespace
}  // namespace mc
