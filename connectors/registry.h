// The kinds of connectors that there are: one table, in the order of ConnectorKind.
//
// Nothing registers itself: a kind is here or it is not. Manifest parsing, MakeConnector
// and ParseSaved read this table, and the conformance suite walks it.
// Constant; safe from any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/connector.h"
#include "connectors/manifest.h"
#include "core/result.h"
#include "core/source_record.h"

namespace mc {

using ConnectorFactory = Result<std::unique_ptr<Connector>> (*)(const Manifest& manifest, SourceSettings settings,
                                                                const ConnectorContext& context);
using SavedParser = Result<Page> (*)(const Manifest& manifest, std::string_view name, std::string_view bytes,
                                     Instant now);

// What a manifest of this kind holds beside what all hold.
struct KindSections {
  bool endpoints = true;
  bool auth = true;  // may be left out where false
  bool request = false;
  bool paging = false;
  bool records = false;
  bool messages = false;  // may be left out
};

struct KindRow {
  ConnectorKind kind;
  std::string_view name;
  std::vector<std::string> endpoints;  // exactly these; empty with sections.endpoints: any names, at least one
  KindSections sections;
  std::vector<RecordFormat> formats;  // of "records"; empty: any
  bool needs_base_url = true;
  bool needs_folder = false;
  ConnectorFactory make = nullptr;  // nullptr: the kind is read from manifests and saved files only
  SavedParser parse_saved = nullptr;
  bool may_acknowledge = false;  // takes "subscription": "own"
};

const std::vector<KindRow>& KindTable();
const KindRow& RowOf(ConnectorKind kind);

}  // namespace mc
