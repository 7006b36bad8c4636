// What pages say, in both languages, by key. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace mc {

enum class Language { kVi, kEn };
std::string_view Tag(Language language);  // BCP 47: "vi", "en"

// As HTML: texts of ours, nobody else's. Aborts on a key that there is not.
std::string_view Say(Language language, std::string_view key);
// `otherwise` where the texts have no such key.
std::string_view SayOr(Language language, std::string_view key, std::string_view otherwise);
// The text about a refusal of this kind.
std::string_view SayRefusal(Language language, std::string_view kind);

}  // namespace mc
