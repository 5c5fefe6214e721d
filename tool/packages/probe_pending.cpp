#include "packages/probe.h"
namespace ftaudit::packages { Result<Probe> probe(const std::string&, const ProbeOptions&) { return Error{"not built in"}; } }
