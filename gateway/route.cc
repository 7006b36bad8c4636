#include "gateway/route.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/json.h"

namespace mc {

const char* TitleOf(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return status < 400 ? "OK" : status < 500 ? "Bad Request" : "Internal Server Error";
  }
}

RouteAnswer ProblemAnswer(int status, const std::string& title, const std::string& detail) {
  Json document = {{"type", "about:blank"}, {"status", status}, {"title", title}};
  if (!detail.empty()) document["detail"] = detail;
  return {status, "application/problem+json", document.dump(-1, ' ', false, Json::error_handler_t::replace), {}};
}

RouteAnswer BusyAnswer(const std::string& detail) {
  RouteAnswer answer = ProblemAnswer(503, TitleOf(503), detail);
  answer.headers.emplace_back("Retry-After", "1");
  return answer;
}

RouteAnswer HtmlAnswer(int status, std::string html) {
  return {status, "text/html; charset=utf-8", std::move(html), {}};
}

RouteAnswer SeeOther(const std::string& location) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::any_of(location.begin(), location.end(), control)) return ProblemAnswer(500, TitleOf(500));
  return {303, "text/plain; charset=utf-8", "", {{"Location", location}}};
}

}  // namespace mc
