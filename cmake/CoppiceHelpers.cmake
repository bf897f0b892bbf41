# One helper for each kind of target. Every unit declares what it needs and is linked by its
# coppice:: alias, so that a layer that is not declared is a link error.

# What every target of ours is compiled with; nothing global.
add_library(coppice_flags INTERFACE)
target_compile_features(coppice_flags INTERFACE cxx_std_20)
target_include_directories(coppice_flags INTERFACE ${PROJECT_SOURCE_DIR})
# Contraction would let one CPU fuse a*b+c where another does not: the same bytes everywhere.
target_compile_options(coppice_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -ffp-contract=off)
# GCC 12 with -O2 and above sees overlaps and bounds in inlined std::string and std::variant that
# are not there.
target_compile_options(coppice_flags INTERFACE
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict -Wno-array-bounds
  -Wno-maybe-uninitialized -Wno-stringop-overflow>)
if(COPPICE_WERROR)
  target_compile_options(coppice_flags INTERFACE -Werror)
endif()
if(COPPICE_SANITIZE)
  target_compile_options(coppice_flags INTERFACE
    -fsanitize=${COPPICE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(coppice_flags INTERFACE -fsanitize=${COPPICE_SANITIZE})
endif()

# The slow headers, parsed once for all targets of a build: JSON alone is most of a file's time.
# COPPICE_PCH=OFF shows whether a file includes all that it uses.
option(COPPICE_PCH "Precompile the slow headers" ON)
function(coppice_precompiled NAME)
  cmake_parse_arguments(ARG "" "" "HEADERS;DEPS" ${ARGN})
  file(WRITE ${PROJECT_BINARY_DIR}/${NAME}.cc "")
  add_library(${NAME} OBJECT ${PROJECT_BINARY_DIR}/${NAME}.cc)
  target_link_libraries(${NAME} PRIVATE coppice_flags ${ARG_DEPS})
  target_precompile_headers(${NAME} PRIVATE ${ARG_HEADERS})
endfunction()
if(COPPICE_PCH)
  coppice_precompiled(coppice_pch DEPS fmt::fmt nlohmann_json::nlohmann_json
    HEADERS <algorithm> <cmath> <cstdint> <functional> <map> <memory> <optional> <span> <string>
            <string_view> <utility> <variant> <vector> <fmt/format.h> <nlohmann/json.hpp>)
endif()

# Files of a library are compiled several at a time: most of the time goes into headers and templates
# that they have in common. COPPICE_UNITY=OFF compiles each alone, for a quick turn after an edit.
option(COPPICE_UNITY "Compile several files of a library at once" ON)
function(coppice_unite TARGET)
  if(COPPICE_UNITY)
    set_target_properties(${TARGET} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 14)
    # The warning is of headers' types that nobody else can name: it takes our files for headers.
    target_compile_options(${TARGET} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

# coppice_library(NAME unit [HOT] SRCS a.cc ... DEPS coppice::x ... [PRIVATE_DEPS package ...])
# HOT: loops over rows live here, so the release build spends more on them.
function(coppice_library)
  cmake_parse_arguments(ARG "HOT" "NAME" "SRCS;DEPS;PRIVATE_DEPS" ${ARGN})
  if(ARG_SRCS)
    add_library(coppice_${ARG_NAME} STATIC ${ARG_SRCS})
    target_link_libraries(coppice_${ARG_NAME}
      PUBLIC ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS} coppice_flags)
    target_include_directories(coppice_${ARG_NAME} PUBLIC ${PROJECT_SOURCE_DIR})
    target_compile_features(coppice_${ARG_NAME} PUBLIC cxx_std_20)
    coppice_unite(coppice_${ARG_NAME})
    if(ARG_HOT)
      # Nothing reads the floating-point exception flags, and without them a comparison need not be
      # a branch: loops vectorise. Values stay as they are.
      target_compile_options(coppice_${ARG_NAME} PRIVATE
        -fno-trapping-math -fno-math-errno $<$<CONFIG:Release>:-O3>)
    elseif(COPPICE_PCH)
      target_precompile_headers(coppice_${ARG_NAME} REUSE_FROM coppice_pch)
    endif()
  else()
    add_library(coppice_${ARG_NAME} INTERFACE)
    target_link_libraries(coppice_${ARG_NAME} INTERFACE ${ARG_DEPS})
    target_include_directories(coppice_${ARG_NAME} INTERFACE ${PROJECT_SOURCE_DIR})
  endif()
  add_library(coppice::${ARG_NAME} ALIAS coppice_${ARG_NAME})
endfunction()

# Called once GoogleTest is found: the same for the tests.
macro(coppice_prepare_tests)
  if(COPPICE_PCH)
    coppice_precompiled(coppice_test_pch DEPS fmt::fmt nlohmann_json::nlohmann_json GTest::gtest
      HEADERS <algorithm> <cmath> <cstdint> <functional> <map> <memory> <optional> <span> <string>
              <string_view> <utility> <variant> <vector> <fmt/format.h> <nlohmann/json.hpp>
              <gtest/gtest.h>)
  endif()
endmacro()

# coppice_test(NAME module SRCS a_test.cc ... DEPS coppice::x ...): one program a module.
function(coppice_test)
  cmake_parse_arguments(ARG "TOGETHER" "NAME" "SRCS;DEPS" ${ARGN})
  add_executable(coppice_tests_${ARG_NAME} ${ARG_SRCS})
  if(ARG_TOGETHER AND COPPICE_UNITY)
    set_target_properties(coppice_tests_${ARG_NAME}
      PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 4)
  endif()
  target_link_libraries(coppice_tests_${ARG_NAME}
    PRIVATE ${ARG_DEPS} $<TARGET_NAME_IF_EXISTS:GTest::gmock> GTest::gtest_main GTest::gtest coppice_flags)
  target_compile_definitions(coppice_tests_${ARG_NAME}
    PRIVATE COPPICE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(COPPICE_PCH)
    target_precompile_headers(coppice_tests_${ARG_NAME} REUSE_FROM coppice_test_pch)
  endif()
  gtest_discover_tests(coppice_tests_${ARG_NAME} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 600)
endfunction()

# coppice_bench(NAME question SRCS a_bench.cc DEPS coppice::x ...)
function(coppice_bench)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS" ${ARGN})
  add_executable(coppice_bench_${ARG_NAME} ${ARG_SRCS})
  target_link_libraries(coppice_bench_${ARG_NAME}
    PRIVATE ${ARG_DEPS} benchmark::benchmark coppice_flags)
  target_compile_options(coppice_bench_${ARG_NAME} PRIVATE $<$<CONFIG:Release>:-O3>)
endfunction()
