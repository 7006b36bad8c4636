#include "sso/jws.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "sso/base64url.h"
#include "sso/strict_json.h"

namespace mc::sso {
namespace {

constexpr std::array<std::string_view, 3> kAlgorithmNames = {"RS256", "PS256", "ES256"};

struct Parts {
  std::string_view header, payload, signature;
};

// RFC 7515 section 7.1: exactly two points, nothing empty. Four points would be encryption (RFC 7516).
std::optional<Parts> Split(std::string_view text) {
  const auto first = text.find('.');
  if (first == text.npos) return std::nullopt;
  const auto second = text.find('.', first + 1);
  if (second == text.npos || text.find('.', second + 1) != text.npos) return std::nullopt;
  const Parts parts{text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)};
  if (parts.header.empty() || parts.payload.empty()) return std::nullopt;
  return parts;
}

// RFC 7515 sections 4.1.2, 4.1.3, 4.1.5, 4.1.6: where a key might come from beside the provider's set. Thumbprints
// (x5t) only name a certificate, and are passed over.
bool BringsKey(const Json& header) {
  constexpr std::array<std::string_view, 4> kSources = {"jwk", "jku", "x5u", "x5c"};
  return std::any_of(kSources.begin(), kSources.end(), [&](std::string_view name) { return header.contains(name); });
}

bool IsType(const Json& header, JwtUse use) {
  const TextMember typ = TextOf(header, "typ", 64);
  if (typ.presence != Presence::kThere) return typ.presence == Presence::kAbsent && use != JwtUse::kAccessToken;
  std::string name = ToLowerAscii(typ.text);
  if (name.starts_with("application/")) name.erase(0, std::string_view("application/").size());
  if (use == JwtUse::kAccessToken) return name == "at+jwt";
  return name == "jwt" || (use == JwtUse::kLogoutToken && name == "logout+jwt");
}

CheckStatus CheckHeader(const Json& header, SignatureAlgorithm pinned, JwtUse use) {
  // RFC 8725 section 3.1: the algorithm is ours to choose, the header may only agree.
  const TextMember alg = TextOf(header, "alg", 16);
  if (alg.presence != Presence::kThere || alg.text != AlgorithmName(pinned)) return RefusalReason::kJwtAlgorithm;
  // RFC 7515 section 4.1.11: we understand no extension. RFC 7797 section 6: "b64" is one.
  if (header.contains("crit") || header.contains("b64")) return RefusalReason::kJwtCritical;
  if (BringsKey(header)) return RefusalReason::kJwtEmbeddedKey;
  // Only encryption and compression have these (RFC 7516 section 4.1).
  if (header.contains("enc") || header.contains("zip")) return RefusalReason::kJwtHeader;
  if (!IsType(header, use)) return RefusalReason::kJwtType;
  return Unit{};
}

}  // namespace

std::string_view AlgorithmName(SignatureAlgorithm algorithm) {
  return kAlgorithmNames.at(static_cast<std::size_t>(algorithm));
}

std::optional<SignatureAlgorithm> AlgorithmFrom(std::string_view name) {
  const auto found = std::find(kAlgorithmNames.begin(), kAlgorithmNames.end(), name);
  if (found == kAlgorithmNames.end()) return std::nullopt;
  return static_cast<SignatureAlgorithm>(found - kAlgorithmNames.begin());
}

Checked<UnverifiedJws> ParseJws(std::string_view text, SignatureAlgorithm pinned, JwtUse use) {
  if (text.size() > kJwtLimitBytes) return RefusalReason::kJwtMalformed;
  const auto parts = Split(text);
  if (!parts) return RefusalReason::kJwtMalformed;
  const auto header_bytes = FromBase64Url(parts->header);
  const auto payload = FromBase64Url(parts->payload);
  auto signature = FromBase64Url(parts->signature);
  if (!header_bytes || !payload || !signature) return RefusalReason::kJwtMalformed;
  const auto header = StrictObject(*header_bytes, kJwtHeaderLimitBytes);
  if (!header) return RefusalReason::kJwtHeader;
  MC_CHECK_OK(CheckHeader(*header, pinned, use));
  const TextMember kid = TextOf(*header, "kid", kKeyIdLimitBytes);
  if (kid.presence == Presence::kWrong) return RefusalReason::kJwtHeader;
  UnverifiedJws jws;
  if (kid.presence == Presence::kThere) jws.kid_ = kid.text;
  jws.algorithm_ = pinned;
  jws.use_ = use;
  jws.signing_input_ =
      std::make_shared<const std::string>(text.substr(0, parts->header.size() + 1 + parts->payload.size()));
  jws.signature_ = std::move(*signature);
  return jws;
}

VerifiedJwt::VerifiedJwt(Json claims, const UnverifiedJws& jws)
    : claims_(std::make_shared<const Json>(std::move(claims))), signing_input_(jws.signing_input_), use_(jws.use_) {}

Checked<VerifiedJwt> VerifiedJwt::Verify(const UnverifiedJws& jws, const KeySet& keys) {
  if (jws.algorithm_ != keys.algorithm()) return RefusalReason::kJwtAlgorithm;
  MC_TRY(const PublicKey key, keys.Find(jws.kid_));
  if (!key.Verify(jws.algorithm_, *jws.signing_input_, jws.signature_)) return RefusalReason::kSignatureBad;
  const auto point = jws.signing_input_->find('.');
  const auto payload = FromBase64Url(std::string_view(*jws.signing_input_).substr(point + 1));
  auto claims = payload ? StrictObject(*payload, kJwtLimitBytes) : std::nullopt;
  if (!claims) return RefusalReason::kJwtPayload;
  return VerifiedJwt(std::move(*claims), jws);
}

}  // namespace mc::sso
