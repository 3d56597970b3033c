# The clock that a test of real processes moves (base/test_clock.h) has no place in a program that is installed: whoever
# sets its environment could date messages back. Included by Options.cmake; a test runs it alone with a release's values.
if(RUJUKAN_TEST_CLOCK AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  message(FATAL_ERROR "RUJUKAN_TEST_CLOCK is for Debug builds only; this one is '${CMAKE_BUILD_TYPE}'")
endif()
