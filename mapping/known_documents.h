// Documents with everything that is said about them, gathered from documents and status
// messages: under one notation per organisation, and across a succession of organisations (decision
// 0002). Internal to item building (mapping/document_outcomes.cc). Plain values; pure; any thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "mapping/outcomes.h"

namespace mc {

struct StatusMessage {
  Moment at;
  std::string status;
  const EvidenceRevision* revision = nullptr;
};

struct KnownDocument;

// What one organisation said about one document.
struct OrganisationMessages {
  std::vector<StatusMessage> messages;
  std::set<std::string> written;   // codes under which the sources name the organisation
  std::vector<const KnownDocument*> replaced_by;  // documents with which this handling goes on, in the chain's order
  std::set<std::string> replacement_keys;         // under which the sources name it since
  bool successor_unclear = false;  // who took over acts on the document; for whom, nothing says
};

struct KnownDocument {
  DocumentRef ref;                                // issuer in its canonical notation
  const EvidenceRevision* document = nullptr;     // the latest update, else the latest message that carries it
  Revisions copies;                               // the latest revision of each message that carries it
  Revisions earlier;                              // what such a message said first, of its deadline alone
  std::set<std::string> issuers;                  // as the sources write the issuer
  std::map<std::string, OrganisationMessages> by_organisation;  // canonical code -> its messages
  std::vector<StatusMessage> recalls;             // 13, or the document sent again as "recall"
};

// By "issuer|number|date". What happens after as_of is left out.
std::map<std::string, KnownDocument> GatherDocuments(const Revisions& documents, const Revisions& statuses,
                                                     const BuildContext& context);

std::string DocumentKey(const std::string& issuer, const DocumentRef& ref);

}  // namespace mc
