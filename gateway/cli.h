// The command line of `minhchung` (CLI11 inside cli.cc): arguments in, exit code out.
#pragma once

namespace mc {

// Never throws; an exception that got this far is a bug of ours and ends with 4.
int RunCli(int argc, const char* const* argv);

}  // namespace mc
