// The head of an answer as it goes onto the wire (RFC 9112), its empty line included. Safe from any thread.
#pragma once

#include <string>

#include "gateway/route.h"

namespace mc {

// False for 204 and 304, which have no content (RFC 9110 6.4.1).
bool HasContent(int status);

// A header of the answer that would break the line, or that says how long or how lasting the message is, is an error of
// ours: such an answer is not sent, 500 goes in its place.
bool HeadersAreSound(const RouteAnswer& answer);

// REQUIRES: HeadersAreSound. Not `keep_alive`: says that the connection ends here.
std::string AnswerHead(const RouteAnswer& answer, bool keep_alive);

}  // namespace mc
