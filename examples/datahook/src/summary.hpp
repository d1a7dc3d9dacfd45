#pragma once

#include <string>

#include "reading.pb.h"

namespace datahook {

/// Reads `sensor`, `unit`, `samples` and, optionally, `window` (how many of the newest samples
/// count; default: all). Throws std::runtime_error that says which key is wrong.
Reading readYaml(const std::string& path);

}  // namespace datahook
