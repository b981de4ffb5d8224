// KB_ASSERT checks our own mistakes, never a user's input. It is on in every build but Release.
#pragma once

#ifdef KB_ASSERTIONS
#include <cstdio>
#include <cstdlib>
#define KB_ASSERT(condition)                                                                 \
  do {                                                                                       \
    if (!(condition)) {                                                                      \
      std::fprintf(stderr, "%s:%d: assertion failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                          \
    }                                                                                        \
  } while (false)
#else
#define KB_ASSERT(condition) \
  do {                       \
  } while (false)
#endif
