// Imported documents: directories, assessments, catalogues; sealed, each edition a leaf.
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "storage/sql_store.h"

namespace mc {

std::string SqlStore::ImportContext(LeafKind kind, const Digest& digest) {
  return "import|" + std::string(Name(kind)) + "|" + ToHex(digest);
}

// REQUIRES an open transaction. The leaf.
Result<std::int64_t> SqlStore::KeepImport(LeafKind kind, const std::string& text) {
  const Digest digest = Sha256(text);
  const Instant now = settings_.clock.Now();
  const auto length = static_cast<std::int64_t>(text.size());
  const std::string kind_name(Name(kind));
  MC_TRY(Ledger ledger, OpenLedger());
  MC_TRY(const std::int64_t leaf, AddLeaf(ledger, kind, now, ImportObject(kind, digest, length, now)));
  MC_CHECK_OK(CloseLedger(ledger));
  const SealedPayload sealed = Seal(settings_.sealing_key, ImportContext(kind, digest), text, settings_.random);
  Query(sql_["INSERT INTO imports (leaf_index, kind, digest, length, imported_at, wrapped_key, box) "
             "VALUES (?, ?, ?, ?, ?, ?, ?)"])
      .Int(leaf)
      .Text(kind_name)
      .Blob(AsBytes(digest))
      .Int(length)
      .Int(now.micros)
      .Blob(sealed.wrapped_key)
      .Blob(sealed.box)
      .Run();
  return leaf;
}

Result<bool> SqlStore::Import(LeafKind kind, const Json& document) {
  return Guarded([&]() -> Result<bool> {
    MC_TRY(const std::string text, CanonicalJson(document));
    const std::string kind_name(Name(kind));
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    {
      Query row(sql_["SELECT digest FROM imports WHERE kind = ? ORDER BY leaf_index DESC LIMIT 1"]);
      row.Text(kind_name);
      if (row.Step() && row.GetText(0) == AsBytes(Sha256(text))) return false;
    }
    MC_CHECK_OK(KeepImport(kind, text));
    transaction.Commit();
    return true;
  });
}

Result<std::int64_t> SqlStore::AppendLink(const Json& step, std::int64_t last_seen) {
  return Guarded([&]() -> Result<std::int64_t> {
    MC_TRY(const std::string text, CanonicalJson(step));
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    {
      Query row(sql_["SELECT max(leaf_index) FROM imports WHERE kind = 'link' AND leaf_index > ?"]);
      row.Int(last_seen);
      if (row.Step() && !row.IsNull(0)) {
        return TransientError("links_changed", "another step of a link was taken meanwhile: look again and repeat");
      }
    }
    MC_TRY(const std::int64_t leaf, KeepImport(LeafKind::kLink, text));
    transaction.Commit();
    return leaf;
  });
}

Result<Json> SqlStore::OpenImport(LeafKind kind, std::int64_t leaf, const Digest& digest,
                                     const SealedPayload& sealed) {
  const Error broken = InternalError(
      "store_import", "the imported document of leaf " + std::to_string(leaf) + " cannot be read; run fsck");
  auto text = Open(settings_.sealing_key, ImportContext(kind, digest), sealed);
  if (!text.ok() || Sha256(*text) != digest) return broken;
  auto json = ParseJson(*text);
  if (!json.ok()) return broken;
  return std::move(json).value();
}

Result<std::vector<Json>> SqlStore::LoadImports(LeafKind kind) {
  return Guarded([&]() -> Result<std::vector<Json>> {
    const std::string kind_name(Name(kind));
    Query row(sql_["SELECT leaf_index, digest, wrapped_key, box FROM imports WHERE kind = ? ORDER BY leaf_index"]);
    row.Text(kind_name);
    std::vector<Json> documents;
    while (row.Step()) {
      const Digest digest = DigestFromBytes(row.GetText(1)).value_or(Digest{});
      MC_TRY(Json document, OpenImport(kind, row.GetInt(0), digest, {row.GetText(2), row.GetText(3)}));
      documents.push_back(std::move(document));
    }
    return documents;
  });
}

Result<bool> SqlStore::ImportDirectory(const Json& sealed_document) {
  return Import(LeafKind::kDirectory, sealed_document);
}

Result<std::optional<Json>> SqlStore::LoadDirectory() {
  return Guarded([&]() -> Result<std::optional<Json>> {
    Query row(
        sql_["SELECT leaf_index, digest, wrapped_key, box FROM imports WHERE kind = 'directory' "
             "ORDER BY leaf_index DESC LIMIT 1"]);
    if (!row.Step()) return std::optional<Json>();
    const Digest digest = DigestFromBytes(row.GetText(1)).value_or(Digest{});
    MC_TRY(Json document, OpenImport(LeafKind::kDirectory, row.GetInt(0), digest, {row.GetText(2), row.GetText(3)}));
    return std::optional<Json>(std::move(document));
  });
}

Result<std::optional<std::int64_t>> SqlStore::DirectoryLeaf() {
  return Guarded([&]() -> Result<std::optional<std::int64_t>> {
    Query row(sql_["SELECT leaf_index FROM imports WHERE kind = 'directory' ORDER BY leaf_index DESC LIMIT 1"]);
    if (!row.Step()) return std::optional<std::int64_t>();
    return std::optional(row.GetInt(0));
  });
}

Result<bool> SqlStore::ImportAssessments(const Json& document) { return Import(LeafKind::kAssessments, document); }
Result<std::vector<Json>> SqlStore::LoadAssessments() { return LoadImports(LeafKind::kAssessments); }
Result<bool> SqlStore::ImportCatalogue(const Json& document) { return Import(LeafKind::kCatalogue, document); }
Result<std::vector<Json>> SqlStore::LoadCatalogues() { return LoadImports(LeafKind::kCatalogue); }

}  // namespace mc
