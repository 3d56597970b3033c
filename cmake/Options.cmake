# Language level, warnings and sanitizers: the settings every room shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

option(RUJUKAN_TESTS "Build the tests" ON)
option(RUJUKAN_BENCH "Build the benchmarks" ON)
option(RUJUKAN_FUZZ "Build the libFuzzer targets (clang only)" OFF)
option(RUJUKAN_TEST_CLOCK "Let tests move the clock of the programs (Debug builds only)" OFF)
set(RUJUKAN_SANITIZE "" CACHE STRING "Value for -fsanitize=, for example address,undefined")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

include(TestClock)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

if(RUJUKAN_SANITIZE)
  add_compile_options(-fsanitize=${RUJUKAN_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${RUJUKAN_SANITIZE})
endif()

# Warnings for our own code; generated and third-party headers are SYSTEM.
add_library(rujukan_warnings INTERFACE)
target_compile_options(rujukan_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast -Werror
  # GCC 12 warns of overlapping copies inside its own std::string::insert (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
  # GCC 12 warns falsely about std::string at -O2 (GCC bug 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
