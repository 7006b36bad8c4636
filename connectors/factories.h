// What the rows of the registry point to; each is defined in the .cc of its shape.
#pragma once

#include <memory>
#include <string_view>

#include "connectors/connector.h"

namespace mc {

Result<std::unique_ptr<Connector>> MakePagedJsonOf(const Manifest& manifest, SourceSettings settings,
                                                   const ConnectorContext& context);
Result<std::unique_ptr<Connector>> MakeEdxmlListOf(const Manifest& manifest, SourceSettings settings,
                                                   const ConnectorContext& context);
Result<std::unique_ptr<Connector>> MakeHttpList(const Manifest& manifest, SourceSettings settings,
                                                const ConnectorContext& context);

Result<std::unique_ptr<Connector>> MakeFileDrop(const Manifest& manifest, SourceSettings settings,
                                                const ConnectorContext& context);

Result<std::unique_ptr<Connector>> MakeInbox(const Manifest& manifest, SourceSettings settings,
                                             const ConnectorContext& context);

Result<Page> SavedEdxml(const Manifest& manifest, std::string_view name, std::string_view bytes, Instant now);
Result<Page> SavedJson(const Manifest& manifest, std::string_view name, std::string_view bytes, Instant now);
// Any generic kind: the bytes of one document, as its "records" say.
Result<Page> SavedRecords(const Manifest& manifest, std::string_view name, std::string_view bytes, Instant now);

}  // namespace mc
