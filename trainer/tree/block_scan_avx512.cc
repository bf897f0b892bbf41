#define COPPICE_LOOPS ScanAvx512
#define COPPICE_WIDTH 8
#include "trainer/tree/block_scan_loops.inc"
