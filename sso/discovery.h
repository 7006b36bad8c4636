// A provider's own description of itself (OpenID Connect Discovery 1.0 section 4; RFC 8414). It fills what is open
// and never changes what is pinned. Pure functions; safe from any thread.
#pragma once

#include "core/http.h"
#include "sso/provider.h"
#include "sso/refusal.h"

namespace mc::sso {

inline constexpr std::int64_t kDiscoveryLimitBytes = 512 * 1024;

// REQUIRES: the provider's profile asks for discovery.
HttpRequest DiscoveryRequest(const Provider& provider);

// kDiscoveryUnreachable, kDiscoveryMalformed; kDiscoveryIssuer: another issuer than the pinned one; kDiscoveryPinned:
// another address than a pinned one; kDiscoveryEndpoint: an address to be filled in is not of the provider's own
// origin; kDiscoveryUnsupported: no code flow, no PKCE with S256, not the pinned algorithm or way to authenticate.
Checked<ReadyProvider> CheckDiscoveryResponse(const Provider& provider, const Result<HttpResponse>& answer);

}  // namespace mc::sso
