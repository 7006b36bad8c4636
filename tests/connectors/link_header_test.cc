// Goal: only a link called next, only of the same origin.

#include "connectors/link_header.h"

#include <doctest/doctest.h>

using namespace mc;

TEST_CASE("the next link is found and resolved") {
  const char* current = "https://a.example:8443/api/v1/list?x=1";
  struct Row {
    const char* header;
    const char* next;
  };
  const Row rows[] = {
      {"", ""},
      {"</p?2>; rel=\"prev\"", ""},
      {"</p?2>; rel=\"next\"", "https://a.example:8443/p?2"},
      {"<?page=2>; rel=next", "https://a.example:8443/api/v1/list?page=2"},
      {"<list2>;rel=NEXT", "https://a.example:8443/api/v1/list2"},
      {"<https://A.EXAMPLE:8443/p>; title=\"a, <b>; rel=next\"; rel=\"last next\"", "https://A.EXAMPLE:8443/p"},
      {"</first>; rel=first, </second>; title=\"x;y\"; rel=\"next\", </third>; rel=next",
       "https://a.example:8443/second"},
      {"<//a.example:8443/q#f>; rel=next", "https://a.example:8443/q"},
      {"</broken; rel=next", ""}};
  for (const Row& row : rows) {
    INFO(row.header);
    const auto next = NextLink(row.header, current);
    REQUIRE(next.ok());
    CHECK(*next == row.next);
  }
}

TEST_CASE("another origin is refused, however it is written") {
  const char* current = "https://a.example/list";
  for (const char* target : {"http://a.example/list", "https://b.example/", "https://a.example:444/", "//b.example/x",
                             "https://a.example@b.example/", "https://a.example.b.example/", "ftp://a.example/",
                             "https://a.example\\@b.example/"}) {
    INFO(target);
    const auto next = NextLink("<" + std::string(target) + ">; rel=next", current);
    REQUIRE_FALSE(next.ok());
    CHECK(next.error().code == "foreign_link");
    CHECK(next.error().message.find("b.example") == std::string::npos);
  }
  CHECK(SameOrigin("https://a.example:443/x", "https://A.example/"));
  CHECK(SameOrigin("http://[::1]/x", "http://[::1]:80/"));
}
