// Why a sign-in or a logout was refused: a closed list with stable codes, each with one sentence for the audit.
//
// A refusal holds a reason and nothing of what was received, so that no token, code, name or personal number can
// reach a log through it. Plain values; safe from any thread.
#pragma once

#include <array>
#include <string_view>

#include "core/result.h"

namespace mc::sso {

enum class RefusalReason {
  // A. The request for a sign-in, and the answer that a browser brings (RFC 6749 section 4.1.2, RFC 9207)
  kCallbackMethod,
  kCallbackMalformed,
  kCallbackDuplicate,
  kCookieMalformed,
  kStateMissing,
  kStateUnknown,
  kStateExpired,
  kStateOtherBrowser,
  kStateNotRead,
  kProviderMismatch,
  kIssuerMissing,
  kIssuerMismatch,
  kProviderError,
  kResponseMixed,
  // B. The answer to a token request (RFC 6749 sections 5.1 and 5.2)
  kTokenUnreachable,
  kTokenStatus,
  kTokenMalformed,
  kTokenNotOpened,
  kTokenError,
  kTokenType,
  kIdTokenMissing,
  // C. Claims of an id_token (OpenID Connect Core section 3.1.3.7)
  kClaimIss,
  kClaimAud,
  kClaimAzp,
  kClaimExp,
  kClaimIat,
  kClaimNbf,
  kClaimNonce,
  kClaimSub,
  kClaimAtHash,
  kClaimAcr,
  kClaimAuthTime,
  kClaimSid,
  // D. JSON Web Signatures (RFC 7515, RFC 8725)
  kJwtMalformed,
  kJwtHeader,
  kJwtAlgorithm,
  kJwtCritical,
  kJwtEmbeddedKey,
  kJwtType,
  kJwtPayload,
  kSignatureBad,
  // E. Keys and discovery (RFC 7517, OpenID Connect Discovery section 4.3)
  kKeysUnavailable,
  kKeySetMalformed,
  kKeySetDuplicate,
  kKeySetPrivate,
  kKeyUnknown,
  kKeyAmbiguous,
  kKeyUnfit,
  kDiscoveryUnreachable,
  kDiscoveryMalformed,
  kDiscoveryIssuer,
  kDiscoveryPinned,
  kDiscoveryEndpoint,
  kDiscoveryUnsupported,
  // Who it is (OpenID Connect Core section 5.3)
  kUserinfoUnreachable,
  kUserinfoStatus,
  kUserinfoMalformed,
  kUserinfoSubject,
  kIdentityMissing,
  kIdentityMalformed,
  kIdentityKind,
  // G. Logout (OpenID Connect Back-Channel Logout section 2.6, RP-Initiated Logout section 3)
  kLogoutRequest,
  kLogoutEvents,
  kLogoutNonce,
  kLogoutTarget,
  kLogoutTokenId,
  kLogoutReplayed,
  kLogoutReturn,
  // I. Access tokens of machines (RFC 9068 section 4), beside those of C and D
  kClaimScope,
  kClaimTokenId,
};

inline constexpr std::size_t kRefusalReasons = static_cast<std::size_t>(RefusalReason::kClaimTokenId) + 1;

// Stable, snake_case: "claim_nonce". Kept for ever once released: ledgers hold it.
std::string_view Code(RefusalReason reason);
// One English sentence without a full stop and without anything personal.
std::string_view AuditText(RefusalReason reason);

// A T that was checked, or the reason why there is none: what strangers say is never refused in words of its own.
template <typename T>
using Checked = Result<T, RefusalReason>;
using CheckStatus = Checked<Unit>;  // of a check that leaves nothing behind

}  // namespace mc::sso
