// Goal: numbers with a leading zero become texts, and nothing else changes.
#include "core/json_repair.h"

#include <doctest/doctest.h>

using namespace mc;

TEST_CASE("json repair: leading zeros as texts") {
  CHECK(QuoteLeadingZeros(R"({"service_code":006})").value() == R"({"service_code":"006"})");
  CHECK(QuoteLeadingZeros(R"({"a":[00, 01 ,2],"b": 007 })").value() == R"({"a":["00", "01" ,2],"b": "007" })");
  for (const char* same : {"", "{}", R"({"a":0})", R"({"a":0.5,"b":-07,"c":"x:006","d":"\":006"})", R"({"a":10,"b":1e06})",
                           R"({"a":006x})", R"({"a":"cut 006)", "007"}) {
    CAPTURE(std::string(same));
    CHECK_FALSE(QuoteLeadingZeros(same));
  }
}
