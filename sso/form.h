// Parameters as browsers and providers send them (application/x-www-form-urlencoded), read strictly: a query or
// a posted form. Pure functions; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mc::sso {

inline constexpr std::size_t kFormLimitBytes = 32 * 1024;
inline constexpr std::size_t kFormMostParameters = 32;

// In the order of the text; a name may stand twice.
using Form = std::vector<std::pair<std::string, std::string>>;

// nullopt: longer or with more parameters than the limits, an escape that is none, and after decoding a control
// character or text that is not UTF-8. Empty pieces ("a=1&&b=2") are passed over.
std::optional<Form> ParseForm(std::string_view text);

bool HasDuplicate(const Form& form);
std::size_t CountOf(const Form& form, std::string_view name);
// The first value of this name; nullptr without one. Borrowed from the form.
const std::string* ValueOf(const Form& form, std::string_view name);

// Everything but A-Z a-z 0-9 - . _ ~ as %XX.
std::string FormEncoded(std::string_view text);
std::string FormText(const Form& form);

}  // namespace mc::sso
