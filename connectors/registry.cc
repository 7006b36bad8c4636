#include "connectors/registry.h"

#include "connectors/factories.h"

namespace mc {
namespace {

constexpr KindSections kOwnShape = {};
constexpr KindSections kMessages = {.messages = true};
constexpr KindSections kHttpList = {.endpoints = true, .auth = true, .request = true, .paging = true, .records = true};
constexpr KindSections kHandedOver = {
    .endpoints = false, .auth = false, .request = false, .paging = false, .records = true};

}  // namespace

const std::vector<KindRow>& KindTable() {
  using enum ConnectorKind;
  using enum RecordFormat;
  static const std::vector<KindRow> table = {
      {kEdxmlList, "edxml_list", {"list", "fetch"}, kMessages, {}, true, false, &MakeEdxmlListOf, &SavedEdxml},
      {kDossierRead, "dossier_read", {"read"}, kOwnShape, {}, true, false, &MakePagedJsonOf, &SavedJson},
      {kFieldReports, "field_reports", {"read"}, kOwnShape, {}, true, false, &MakePagedJsonOf, &SavedJson},
      {kQlnvTasks, "qlnv_tasks", {"read"}, kOwnShape, {}, true, false, &MakePagedJsonOf, &SavedJson},
      {kHttpJson, "http_json", {}, kHttpList, {kJson, kNdjson}, true, false, &MakeHttpList, &SavedRecords},
      {kHttpXml, "http_xml", {}, kHttpList, {kXml}, true, false, &MakeHttpList, &SavedRecords},
      {kFileDrop, "file_drop", {}, kHandedOver, {}, false, true, &MakeFileDrop, &SavedRecords, true},
      {kInbox, "inbox", {}, kHandedOver, {}, false, false, &MakeInbox, &SavedRecords, true},
  };
  return table;
}

const KindRow& RowOf(ConnectorKind kind) { return KindTable()[static_cast<std::size_t>(kind)]; }

}  // namespace mc
