// Documents that their issuer sent again as updated or in place of another (BussinessDocType 2
// and 3): revisions of what is handled already, not new work (decision 0003). Internal to item
// building. Pure; any thread.
#pragma once

#include <map>
#include <string>

#include "mapping/known_documents.h"

namespace mc {

bool IsRevisionOfDocument(const EvidenceRevision& document);  // update or replacement

// Where a document replaces one other of the same issuer, and an organisation holds both, its
// handling goes on under the key of the first one. What has left before stays apart.
void FollowReplacements(std::map<std::string, KnownDocument>& known, const BuildContext& context);

}  // namespace mc
