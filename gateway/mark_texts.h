// Vietnamese sentences for the marks of evidence (docs/formats/evidence.md): what was repaired or noticed in a
// record, and why it matters. Display only; a mark that is not here is shown as it is. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace mc {

std::string ViMark(std::string_view mark);

}  // namespace mc
