#include "mapping/catalogue.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/digest.h"
#include "core/json_at.h"

namespace mc {
namespace {

// Limits of one catalogue.
constexpr std::size_t kEditionLimit = 1'000;
constexpr std::size_t kProductLimit = 20'000;  // a national sector's list holds under 3,000
constexpr std::size_t kTextLimitBytes = 1'000;

Result<Product> ReadProduct(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"code", "name", "group", "unit", "coefficient"}));
  Product product;
  MC_TRY(const JsonAt code, at.Member("code"));
  MC_TRY(product.code, code.Text(kTextLimitBytes));
  MC_TRY(const JsonAt name, at.Member("name"));
  MC_TRY(product.name, name.Text(kTextLimitBytes));
  MC_TRY(const JsonAt group, at.Member("group"));
  MC_TRY(const std::size_t complexity, group.OneOf({"N1", "N2", "N3", "N4", "N5"}));
  product.group = "N" + std::to_string(complexity + 1);
  MC_TRY(const JsonAt unit, at.Member("unit"));
  MC_TRY(product.unit, unit.Text(kTextLimitBytes));
  MC_TRY(const JsonAt coefficient, at.Member("coefficient"));
  MC_TRY(product.coefficient, coefficient.Decimal());
  if (product.coefficient == Ratio(0)) return coefficient.Fail("not_positive", "must be above 0");
  return product;
}

Status CheckStandardProduct(const JsonAt& at, const CatalogueEdition& edition) {
  MC_TRY(const JsonAt standard, at.Member("standard_product"));
  MC_TRY(const std::string code, standard.Text(kTextLimitBytes));
  for (const Product& product : edition.products) {
    if (product.code != code) continue;
    if (product.coefficient == Ratio(1)) return Ok();
    return standard.Fail("standard_not_one", "the standard product's coefficient must be 1");
  }
  return standard.Fail("unknown_product", "must be the code of a product of this edition");
}

Result<CatalogueEdition> ReadEdition(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"id", "effective_from", "standard_product", "note", "products"}));
  CatalogueEdition edition;
  MC_TRY(const JsonAt id, at.Member("id"));
  MC_TRY(edition.id, id.Text(kTextLimitBytes));
  MC_TRY(const JsonAt from, at.Member("effective_from"));
  MC_TRY(edition.effective_from, from.Date());
  if (const auto note = at.Find("note")) {
    MC_TRY([[maybe_unused]] const std::string text, note->Text(kTextLimitBytes));
  }
  MC_TRY(const JsonAt products, at.Member("products"));
  MC_TRY(const std::vector<JsonAt> items, products.Items(kProductLimit));
  if (items.empty()) return products.Fail("no_products", "must list at least one product");
  std::set<std::string> codes;
  for (const JsonAt& item : items) {
    MC_TRY(Product product, ReadProduct(item));
    if (!codes.insert(product.code).second) return item.Fail("duplicate_code", "repeats the code " + product.code);
    edition.products.push_back(std::move(product));
  }
  std::sort(edition.products.begin(), edition.products.end(),
            [](const Product& a, const Product& b) { return a.code < b.code; });
  MC_CHECK_OK(CheckStandardProduct(at, edition));
  MC_TRY(const std::string bytes, CanonicalJson(at.value()));
  edition.digest = ToHex(Sha256(bytes));
  return edition;
}

Status ReadHead(const JsonAt& root, std::string& id) {
  MC_CHECK_OK(root.Keys({"schema", "id", "title", "issuer", "note", "editions"}));
  MC_TRY(const JsonAt schema, root.Member("schema"));
  MC_TRY([[maybe_unused]] const std::size_t version, schema.OneOf({"minhchung/catalogue@1"}));
  MC_TRY(const JsonAt id_at, root.Member("id"));
  MC_TRY(id, id_at.Text(kTextLimitBytes));
  for (const char* key : {"title", "issuer", "note"}) {
    MC_TRY(const JsonAt text, root.Member(key));
    MC_TRY([[maybe_unused]] const std::string value, text.Text(kTextLimitBytes));
  }
  return Ok();
}

}  // namespace

std::string EditionLabel(const CatalogueEdition& edition) { return edition.id + "@" + edition.digest.substr(0, 12); }

Result<Catalogue> Catalogue::Parse(const Json& document) {
  const JsonAt root(document);
  Catalogue catalogue;
  MC_CHECK_OK(ReadHead(root, catalogue.id_));
  MC_TRY(const JsonAt editions, root.Member("editions"));
  MC_TRY(const std::vector<JsonAt> items, editions.Items(kEditionLimit));
  if (items.empty()) return editions.Fail("no_editions", "must hold at least one edition");
  std::set<std::string> ids;
  for (const JsonAt& item : items) {
    MC_TRY(CatalogueEdition edition, ReadEdition(item));
    if (!ids.insert(edition.id).second) return item.Fail("duplicate_id", "repeats the edition id " + edition.id);
    if (!catalogue.editions_.empty() && edition.effective_from <= catalogue.editions_.back().effective_from) {
      return item.Fail("not_ascending", "effective_from must be later than that of the edition before");
    }
    catalogue.editions_.push_back(std::move(edition));
  }
  return catalogue;
}

std::optional<Catalogue::Found> Catalogue::Find(std::string_view product, CivilDate assigned_on) const {
  const auto next =
      std::upper_bound(editions_.begin(), editions_.end(), assigned_on,
                       [](CivilDate day, const CatalogueEdition& edition) { return day < edition.effective_from; });
  if (next == editions_.begin()) return std::nullopt;
  const CatalogueEdition& edition = *std::prev(next);
  const auto found = std::lower_bound(edition.products.begin(), edition.products.end(), product,
                                      [](const Product& p, std::string_view code) { return p.code < code; });
  if (found == edition.products.end() || found->code != product) return std::nullopt;
  return Found{&edition, &*found};
}

}  // namespace mc
