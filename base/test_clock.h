// Days that pass in a test of real processes: an offset of SystemClock, from a file that the test
// writes. Only in builds with the CMake option RUJUKAN_TEST_CLOCK, which refuses anything but a
// Debug build (cmake/TestClock.cmake): a program that is installed does not have it, so nobody can
// date a message back by its environment.
#pragma once

#include "base/clock.h"

namespace rujukan {

// Environment variable: the path of a file of 8 bytes, a host-endian int64 of milliseconds. It is
// mapped once and read at every look at the clock, so a change holds at once in every process that
// maps it. Unset: no offset. Set, but no such file: the process ends (CHECK), a test that believes
// in its clock must not run without it.
inline constexpr const char* kTestClockVariable = "RUJUKAN_TEST_CLOCK";

// 0 in every build without the option. Thread: any.
int64_t TestClockOffset();

// Whether this build has the hook.
bool HasTestClock();

}  // namespace rujukan
