// Goal: a request reaches the one route that its method and path name, and nobody else's.
#include "gateway/route_table.h"

#include <doctest/doctest.h>

using namespace mc;

namespace {

RouteEntry Named(const std::string& name) {
  return {.route = [name](const RouteRequest&) { return RouteAnswer{200, "text/plain", name, {}}; }};
}

// The route's name, or what to allow.
std::string Reached(const RouteTable& table, const std::string& method, const std::string& path) {
  std::vector<std::string> captures;
  const auto found = table.Find(method, path, captures);
  std::string text = found.entry == nullptr ? "(" + found.allow + ")" : found.entry->route({}).body;
  for (const std::string& one : captures) text += " " + one;
  return text;
}

}  // namespace

TEST_CASE("route table: plain paths, patterns, methods") {
  RouteTable table;
  table.Add("GET", "/a", Named("a"));
  table.Add("POST", "/a", Named("post a"));
  table.Add("GET", "/style\\.css", Named("style"));
  table.Add("GET", "/a/([a-z]+)/(\\d+)", Named("ax"));
  table.Add("DELETE", "/a/([a-z]+)/(\\d+)", Named("gone"));
  table.Add("POST", "/only", Named("only"));
  table.Add("GET", "/a", Named("later"));
  CHECK(Reached(table, "GET", "/a") == "a");
  CHECK(Reached(table, "HEAD", "/a") == "a");
  CHECK(Reached(table, "POST", "/a") == "post a");
  CHECK(Reached(table, "PUT", "/a") == "(GET, HEAD, POST)");
  CHECK(Reached(table, "HEAD", "/only") == "(POST)");
  CHECK(Reached(table, "get", "/a") == "(GET, HEAD, POST)");
  CHECK(Reached(table, "GET", "/style.css") == "style");
  CHECK(Reached(table, "GET", "/styleXcss") == "()");
  CHECK(Reached(table, "GET", "/a/bc/12") == "ax bc 12");
  CHECK(Reached(table, "DELETE", "/a/bc/12") == "gone bc 12");
  CHECK(Reached(table, "POST", "/a/bc/12") == "(DELETE, GET, HEAD)");
  for (const char* path : {"/a/bc/12x", "x/a/bc/12", "/a/", "/A", "", "/a/bc/"})
    CHECK(Reached(table, "GET", path) == "()");
}

TEST_CASE("route table: a plain path that is known wins over a pattern") {
  RouteTable table;
  table.Add("GET", "/p/.*", Named("any"));
  table.Add("GET", "/p/me", Named("me"));
  CHECK(Reached(table, "GET", "/p/me") == "me");
  CHECK(Reached(table, "GET", "/p/you") == "any");
}
