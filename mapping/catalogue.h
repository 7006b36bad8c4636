// Catalogue of standard products (danh mục sản phẩm, công việc chuẩn) and conversion.
//
// An edition is in force from its first day until the next edition's first day. The
// coefficient is that of the edition in force on the day of assignment (blueprint 4a,
// "Conversion"); evidence keeps the product code and the natural quantity only, so a
// corrected edition never rewrites history. Immutable after reading; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/ratio.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

struct Product {
  std::string code;   // "SP-HS-01"
  std::string name;   // Vietnamese
  std::string group;  // "N1".."N5"
  std::string unit;   // unit of measure
  Ratio coefficient;  // hệ số quy đổi, > 0
};

struct CatalogueEdition {
  std::string id;  // "demo-2026-1"
  CivilDate effective_from;
  std::string digest;             // hex SHA-256 of the edition's canonical JSON
  std::vector<Product> products;  // sorted by code
};

// "demo-2026-1@0123456789ab": the edition with the first 12 hex digits of its digest, as
// printed beside every coefficient.
std::string EditionLabel(const CatalogueEdition& edition);

class Catalogue {
 public:
  // docs/formats/catalogue.md. kConfig with JSON Pointer and rule.
  static Result<Catalogue> Parse(const Json& document);

  struct Found {
    const CatalogueEdition* edition;
    const Product* product;
  };
  // nullopt: no edition in force that day, or the edition does not list the product.
  std::optional<Found> Find(std::string_view product, CivilDate assigned_on) const;

  const std::vector<CatalogueEdition>& editions() const { return editions_; }
  const std::string& id() const { return id_; }

 private:
  std::string id_;
  std::vector<CatalogueEdition> editions_;  // by effective_from
};

}  // namespace mc
