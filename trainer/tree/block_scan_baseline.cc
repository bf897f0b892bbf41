#define COPPICE_LOOPS ScanBaseline
#define COPPICE_WIDTH 4
#include "trainer/tree/block_scan_loops.inc"
