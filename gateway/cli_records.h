// Records as people name them on the command line: 16 hex digits.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

namespace mc {

Result<std::int64_t> RecordNamed(const std::string& text);  // kConfig "bad_record"

// A record that is not there is a wrong use of the command.
Error AsWrongUse(Error error);

// The account on this machine, as who decided where nobody is named.
std::string OsUser();

}  // namespace mc
