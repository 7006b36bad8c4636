#include "gateway/cli.h"

int main(int argc, char** argv) { return mc::RunCli(argc, argv); }
