// Identity providers as data: what a profile says of a kind of provider (docs/formats/provider.md), what an
// installation adds, and what both together pin.
//
// Issuer, endpoints and algorithm are pinned: an answer of the provider, its own description included, may fill
// what is open and never change what is written. Values; safe from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/private_key.h"
#include "core/public_key.h"
#include "core/result.h"

namespace mc::sso {

// What a provider may be let off, each by its name in the settings, shown by `doctor` and logged at the start.
enum class Relaxation {
  kNoNonceEcho,    // the id_token may lack the nonce; one that is there must still be ours
  kIssuerDiffers,  // the issuer's address is not that of the provider, or is plain http
  kPlainLoopback,  // plain http, to this machine alone
};
std::string_view Name(Relaxation relaxation);     // "no_nonce_echo"
std::string_view Explain(Relaxation relaxation);  // one English sentence for `doctor`: what is given up
std::optional<Relaxation> RelaxationFrom(std::string_view name);

enum class Flow {
  kOidc,             // OpenID Connect, authorization code
  kEncryptedOAuth2,  // VNeID's own: OAuth 2.0 with encrypted answers and no id_token
};
enum class ClientAuth { kBasic, kPost };  // client_secret_basic, client_secret_post
enum class ResponseMode { kQuery, kFormPost };
enum class UserinfoMethod { kGet, kPost };
enum class ClaimSource { kIdToken, kUserinfo };  // where a claim is read from

struct Endpoints {  // empty: open, for discovery to fill
  std::string authorization, token, userinfo, jwks, end_session;
};

// How sure the provider is of the person: names in rising order, as `acr_values` and the claim use them.
struct LevelRule {
  std::string claim;
  ClaimSource from = ClaimSource::kIdToken;
  std::vector<std::string> order;  // empty: this provider has no levels
};

// Which claim is the personal number (số định danh cá nhân), and when an account is a person's.
struct PersonRule {
  ClaimSource from = ClaimSource::kUserinfo;
  std::string number_claim;
  std::string kind_claim;                 // empty: all accounts are persons'
  std::vector<std::string> person_kinds;  // its values that mean a person
};

inline constexpr std::int64_t kClockSkewMostSecs = 300;
inline constexpr std::size_t kProfileListMost = 16;  // scopes, levels, kinds

struct ProviderProfile {
  std::string id;     // a-z, 0-9, _
  std::string title;  // for people, in Vietnamese
  Flow flow = Flow::kOidc;
  std::string address;  // where the provider is reached, without a slash at the end; empty: the installation says
  std::string issuer;   // as its tokens write it; empty: the installation says, else the address
  bool discovery = false;
  Endpoints endpoints;
  SignatureAlgorithm algorithm = SignatureAlgorithm::kRs256;
  ClientAuth client_auth = ClientAuth::kBasic;
  ResponseMode response_mode = ResponseMode::kQuery;
  UserinfoMethod userinfo_method = UserinfoMethod::kGet;
  bool names_issuer = false;  // every authorization response has `iss` (RFC 9207)
  std::int64_t clock_skew_secs = 60;
  std::vector<std::string> scopes;
  LevelRule level;
  PersonRule person;
};

// kConfig with JSON Pointer and rule. Whether all of it together can be used is MakeProvider's to say.
Result<ProviderProfile> ParseProviderProfile(const Json& document);

struct ProviderSettings {
  std::string id;  // of this provider in the settings; in addresses and the audit
  std::string client_id, client_secret;
  std::string private_key;          // PEM, a secret: for flow kEncryptedOAuth2 alone
  std::string redirect_uri;         // ours, of this provider alone: RFC 9700 section 4.4.2.2
  std::string logout_redirect_uri;  // ours; empty: no return after a logout
  std::string address, issuer;      // empty: as the profile says
  std::string least_level;          // empty: any
  std::vector<Relaxation> relaxations;
};

// Profile and settings together, checked.
struct Provider {
  ProviderProfile profile;  // with address and issuer as they are pinned
  ProviderSettings settings;
  std::shared_ptr<const PrivateKey> private_key;  // null but for kEncryptedOAuth2
  bool encrypted() const { return profile.flow == Flow::kEncryptedOAuth2; }
  // Whether a person can be asked to show anew who they are. The encrypted exchange has neither max_age nor auth_time;
  // an answer that is posted comes from another site, without the session (SameSite=Lax) that it is to be tied to.
  bool can_step_up() const { return !encrypted() && profile.response_mode == ResponseMode::kQuery; }
  bool Relaxes(Relaxation relaxation) const;
  // Position of a level's name in the profile's order.
  std::optional<std::size_t> LevelOf(std::string_view name) const;
};

// kConfig: what is missing, contradicts itself or is not safe without a relaxation that is not given, and which.
Result<Provider> MakeProvider(ProviderProfile profile, ProviderSettings settings);

struct RelaxationFinding {
  std::string provider;
  std::string relaxation;
  std::string meaning;
};
// Every relaxation in force, for `doctor` and the log at the start; a flow that is weaker by itself is one too.
std::vector<RelaxationFinding> RelaxationsOf(const std::vector<Provider>& providers);

// A provider with every address that a sign-in needs. What asks the provider for anything takes one of these, so
// that a half-known provider is never asked. Cheap to copy.
class ReadyProvider {
 public:
  // From what is pinned alone; with discovery, CheckDiscoveryResponse fills the rest. kConfig "provider_incomplete":
  // an address is open.
  static Result<ReadyProvider> Make(Provider provider);

  const Provider& operator*() const { return *provider_; }
  const Provider* operator->() const { return provider_.get(); }
  const Endpoints& endpoints() const { return provider_->profile.endpoints; }

 private:
  explicit ReadyProvider(Provider provider) : provider_(std::make_shared<const Provider>(std::move(provider))) {}

  std::shared_ptr<const Provider> provider_;
};

}  // namespace mc::sso
