# The charting library of the report, version 5, as one minified file: D3_SCRIPT is its path.
# Debian has it in the package node-d3; elsewhere -DD3_SCRIPT=/path/to/d3.min.js names it, or the
# variable of the environment of that name.
if(NOT D3_SCRIPT AND DEFINED ENV{D3_SCRIPT})
  set(D3_SCRIPT "$ENV{D3_SCRIPT}" CACHE FILEPATH "d3 of version 5, minified")
endif()
find_file(D3_SCRIPT d3.min.js
  PATHS /usr/share/nodejs/d3/dist /usr/lib/node_modules/d3/dist /usr/local/lib/node_modules/d3/dist
  NO_DEFAULT_PATH)
set(D3_VERSION "")
if(D3_SCRIPT AND EXISTS "${D3_SCRIPT}")
  file(READ "${D3_SCRIPT}" d3_start LIMIT 100)
  if(d3_start MATCHES "v([0-9]+\\.[0-9]+\\.[0-9]+)")
    set(D3_VERSION "${CMAKE_MATCH_1}")
  endif()
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(D3
  REQUIRED_VARS D3_SCRIPT
  VERSION_VAR D3_VERSION
  HANDLE_VERSION_RANGE
  REASON_FAILURE_MESSAGE "on Debian, apt-get install node-d3, elsewhere -DD3_SCRIPT=/path/to/d3.min.js of version 5")
mark_as_advanced(D3_SCRIPT)
