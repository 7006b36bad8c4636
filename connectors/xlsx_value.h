// What the number of a spreadsheet's cell stands for: ECMA-376 18.8.30 (number formats) and
// 18.17.4 (dates as serial numbers). Decimal texts only, no float. Pure; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mc::xlsx {

// What a number format shows, as far as it decides what is meant.
struct Shown {
  bool date = false;
  bool time = false;
  int zeros = 0;  // of a format such as 00000: how many digits at least
  bool operator==(const Shown&) const = default;
};

Shown ShownBy(std::string_view format_code);  // "dd/mm/yyyy hh:mm"
Shown ShownByBuiltIn(std::int64_t id);        // formats that need no code: 14 is a date

inline constexpr int kSignificantDigits = 15;  // what spreadsheet programs keep of a number

// "4.6183E+4" -> "46183"; "1.1000000000000001" -> "1.1". nullopt: not a number, or of more than
// 30 digits before or behind the point.
std::optional<std::string> PlainNumber(std::string_view text);

// The text of a number in a cell. A number that is no date of the calendar stays a number; one
// that is none at all stays as it is.
std::string NumberText(std::string_view number, const Shown& shown, bool from_1904);

// Texts as the format writes them: "_x000D_" is a carriage return.
std::string Unescaped(std::string_view text);

}  // namespace mc::xlsx
