// Machines that may ask for access tokens (RFC 6749 section 4.4): the steps by which a client came to be as it is, and
// the port that keeps them. The object of a leaf of kind `client` (docs/formats/client.md).
//
// A client has one scope for ever: one source that it pushes to, or one unit. Its secrets are 256 random bits each,
// shown once and known here by their SHA-256 alone. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

inline constexpr std::size_t kClientIdDigits = 16;            // hex, behind "c"
inline constexpr std::size_t kClientScopeLimitBytes = 80;     // with its "source:" or "unit:"
inline constexpr std::size_t kClientByLimitBytes = 200;       // of who did it
inline constexpr std::int64_t kClientOverlapMostHours = 720;  // how long a replaced secret may go on
inline constexpr std::int64_t kClientOverlapMostSecs = kClientOverlapMostHours * 3'600;

bool IsClientId(std::string_view text);     // "c" and 16 hex digits
bool IsClientScope(std::string_view text);  // "source:ID" or "unit:CODE", one scope-token of RFC 6749 section 3.3

enum class ClientStepKind { kCreated, kRotated, kRevoked };
std::string_view Name(ClientStepKind kind);

struct ClientStep {
  ClientStepKind kind = ClientStepKind::kCreated;
  std::string client;
  std::string scope;
  std::optional<Digest> secret_sha256;  // of the new secret; none when revoked
  std::int64_t overlap_secs = 0;        // when rotated: how long the secret before goes on
  std::string by;                       // who did it
  Instant at;
  bool operator==(const ClientStep&) const = default;
};

// Canonical JSON. kConfig "bad_client_step": one of the rules above is broken.
Result<std::string> ClientStepObject(const ClientStep& step);
Result<ClientStep> ClientStepFromObject(std::string_view object);  // strict inverse

struct ClientSecret {
  Digest sha256{};
  Instant since;
  std::optional<Instant> until;  // not from then on; none: until it is replaced
  bool IsGood(Instant now) const { return !until || now < *until; }
  bool operator==(const ClientSecret&) const = default;
};

struct MachineClient {
  std::string id, scope;
  Instant created_at;
  std::string created_by;
  std::vector<ClientSecret> secrets;  // at most two, the newest last
  std::optional<Instant> revoked_at;
  std::string revoked_by;
  bool operator==(const MachineClient&) const = default;
};
using MachineClients = std::map<std::string, MachineClient>;  // by id, revoked ones too

// `clients` after the step. A rotation ends all but the newest secret at once, and that one after the overlap. kConfig
// "client_known", "no_such_client", "client_revoked", "secret_known"; then nothing is changed.
Status ApplyClientStep(MachineClients& clients, const ClientStep& step);

struct StoredClients {
  std::int64_t last_step = -1;  // its leaf; -1: none
  MachineClients clients;
};

// Implemented by the engines; one thread at a time.
class ClientStore {
 public:
  virtual ~ClientStore() = default;
  // In one durable transaction, at the store's own time; the leaf. The errors of ClientStepObject and ApplyClientStep.
  virtual Result<std::int64_t> AppendClientStep(ClientStep step) = 0;
  // The leaf of the last step; -1: none. Cheap: for whoever asks every second whether anything changed.
  virtual Result<std::int64_t> LastClientStep() = 0;
  // kInternal "client_step_broken": a step is not as it was written, and no client can be told.
  virtual Result<StoredClients> LoadClients() = 0;
};

}  // namespace mc
