#pragma once

#define YING_EXPORT __attribute__((visibility("default")))
