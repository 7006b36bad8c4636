// Goal: no rule file names a product that the catalogue does not know (its items would be
// held for ever), and no product of the catalogue is out of reach of every source.
// Method: the products of all tables of types against both editions of our own catalogue.
#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "core/json.h"
#include "mapping/catalogue.h"
#include "mapping/rule_set.h"

namespace mc {
namespace {

std::set<std::string> ProductsOfRules() {
  std::set<std::string> products;
  for (const auto& file : std::filesystem::directory_iterator(std::string(MC_SOURCE_DIR) + "/mapping/rules")) {
    const auto document = ReadJsonFile(file.path().string());
    REQUIRE(document.ok());
    const auto rules = ParseRuleSet(*document);
    REQUIRE_MESSAGE(rules.ok(), rules.error().message);
    for (const RecordRule& record : rules->records) {
      for (const auto& [type, product] : record.type.products) {
        if (product) products.insert(*product);
      }
    }
  }
  return products;
}

TEST_CASE("rule files and catalogue name the same products") {
  const auto document = ReadJsonFile(std::string(MC_SOURCE_DIR) + "/policies/catalogue-demo-2026.json");
  REQUIRE(document.ok());
  const auto catalogue = Catalogue::Parse(*document);
  REQUIRE_MESSAGE(catalogue.ok(), catalogue.error().message);
  const std::set<std::string> named = ProductsOfRules();
  REQUIRE(catalogue->editions().size() == 2);
  for (const CatalogueEdition& edition : catalogue->editions()) {
    std::set<std::string> listed;
    for (const Product& product : edition.products) listed.insert(product.code);
    CHECK(named == listed);
  }
}

}  // namespace
}  // namespace mc
