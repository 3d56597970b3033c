# Every third-party library, by Debian 12 package (the list that installs them is packages.txt).
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Protobuf REQUIRED)           # libprotobuf-dev, protobuf-compiler
find_package(OpenSSL REQUIRED)            # libssl-dev
find_package(RocksDB CONFIG REQUIRED)     # librocksdb-dev
find_package(tl-expected REQUIRED)        # libexpected-dev
find_package(nlohmann_json REQUIRED)      # nlohmann-json3-dev
find_package(CLI11 REQUIRED)              # libcli11-dev
find_package(fmt REQUIRED)                # libfmt-dev
find_package(spdlog REQUIRED)             # libspdlog-dev
find_package(SQLite3 REQUIRED)            # libsqlite3-dev
find_package(CURL REQUIRED)               # libcurl4-openssl-dev
pkg_check_modules(ZMQ REQUIRED IMPORTED_TARGET libzmq)               # libzmq3-dev
pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd) # libmicrohttpd-dev
pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)     # libqrencode-dev
pkg_check_modules(ZIP REQUIRED IMPORTED_TARGET libzip)               # libzip-dev (its CMake config is broken)
pkg_check_modules(P11KIT REQUIRED p11-kit-1)                         # libp11-kit-dev (its header alone)
pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)        # libjemalloc-dev
if(RUJUKAN_TESTS)
  find_package(GTest REQUIRED)            # libgtest-dev, libgmock-dev
endif()
