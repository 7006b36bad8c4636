// The head of one HTTP request (RFC 9112), read strictly: whatever two readers could understand in two ways (request
// smuggling) is refused, also where the RFC would let it pass.
//
// Refused are: a line end that is not CR LF, a folded line, a control character, a name that is no token, a name with
// '_' (which reads like one with '-' elsewhere: X_Forwarded_For, REMOTE_ADDR), a name given twice whose field is no
// list, Content-Length beside Transfer-Encoding, another Transfer-Encoding than "chunked", a Content-Encoding, a body
// where the method takes none, a target that is no plain path ("http://...", "*"), and a path that another reader could
// take for another one ("..", "//", "%2F", a backslash).
//
// Pure functions; safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/result.h"

namespace mc {

inline constexpr std::size_t kRequestHeadLimitBytes = 16 * 1024;   // longer: 431
inline constexpr std::size_t kRequestTargetLimitBytes = 8 * 1024;  // longer: 414
inline constexpr std::size_t kRequestPathLimitBytes = 2 * 1024;    // of it before the '?', as sent; longer: 414
inline constexpr std::size_t kHeaderLineLimitBytes = 8 * 1024;     // name, colon and value; longer: 431
inline constexpr std::size_t kHeaderCountLimit = 64;               // more: 431

struct RequestHead {
  std::string method;  // a token; which ones there are is for the routes to say
  std::string path;    // decoded once; UTF-8 without control characters
  std::string query;   // what stands behind the first '?', as it was sent
  // Names in lower case, values without blanks around; a list that came in several lines is joined by ", ". What says
  // who or where the client is (X-Forwarded-*, Forwarded, X-Real-IP) is left out: nobody may lean on it.
  std::map<std::string, std::string> headers;
  bool keep_alive = false;        // HTTP/1.1 without "Connection: close"
  bool expects_continue = false;  // waits for 100 before it sends the body
  bool chunked = false;
  std::int64_t content_length = 0;  // of a body that is not chunked

  bool HasBody() const { return chunked || content_length > 0; }
};

// Why a request is not read any further, and the status that says so. `why` is for the client: nothing of the
// request is in it.
struct HeadRefusal {
  int status = 400;
  const char* why = "";
};

enum class HeadPart { kGoesOn, kWhole, kBroken };  // kBroken: a line that no lawful head has

struct HeadScan {
  HeadPart part = HeadPart::kGoesOn;
  std::size_t size = 0;  // of a whole head, its empty line included
};

// Looks for the head's end in all bytes of a connection so far; the first `seen` of them were looked at before.
HeadScan ScanHead(std::string_view bytes, std::size_t seen);

// `head` as ScanHead measured it.
Result<RequestHead, HeadRefusal> ParseRequestHead(std::string_view head);

}  // namespace mc
