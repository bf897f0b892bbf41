#pragma once
// COPPICE_CLONES before a function of hot loops compiles it for several generations of CPU; the
// program picks one when it starts. Contraction is off, so all of them give the same bits. Under
// sanitizers only the plain one is built: their run-time is not ready when the choice is made.

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define COPPICE_CLONES __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define COPPICE_CLONES
#endif
