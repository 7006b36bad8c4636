// What a route is asked and what it answers. Plain values.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mc {

struct RouteRequest {
  std::vector<std::string> captures;  // of the groups in the route's pattern, in order
  // Names in lower case, values as gateway/request_head.h says: one value a name. A Cookie, Authorization or Origin
  // that came twice was refused; nothing says who or where the client is.
  std::map<std::string, std::string> headers;
  std::string body;
  std::string method = "GET";  // or "HEAD", which the route of GET answers too, "POST", "DELETE"
  std::string path = {};       // decoded once
  std::string query = {};      // what stands behind the first '?', as it was sent
};

// The server adds Content-Length, Connection, Date and the headers of gateway/security_headers.h that are not here.
struct RouteAnswer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // Set-Cookie may be here more than once
};

// Called from several of the server's threads at once; an exception is answered with 500.
using Route = std::function<RouteAnswer(const RouteRequest&)>;

// Called like a route, with a request whose body was not read; nothing: go on.
using Refusal = std::function<std::optional<RouteAnswer>(const RouteRequest&)>;

// The reason phrase of a status.
const char* TitleOf(int status);
// A problem document (RFC 9457); `detail` is for the client: no secret, no payload.
RouteAnswer ProblemAnswer(int status, const std::string& title, const std::string& detail = "");
// 503 with Retry-After: 1; the same asked again has a chance.
RouteAnswer BusyAnswer(const std::string& detail);
// A page. What it takes from anybody is escaped already.
RouteAnswer HtmlAnswer(int status, std::string html);
// 303: the browser goes on with GET, whatever it came with. `location`: a path of ours or an address of a provider,
// chosen by us; one with a control character is answered with 500.
RouteAnswer SeeOther(const std::string& location);

}  // namespace mc
