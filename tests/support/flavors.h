// SPDX-License-Identifier: MIT
//
// One test for every flavour of the runtime:
//
//   static void runs(void **state)
//   {
//       ant_runtime *rt = flavor_runtime(state, NULL);
//       …
//       ant_runtime_free(rt);
//   }
//   const struct CMUnitTest tests[] = { EVERY_FLAVOR(runs) };

#ifndef ANT_TESTS_SUPPORT_FLAVORS_H
#define ANT_TESTS_SUPPORT_FLAVORS_H

#include "rt/runtime.h"

// The name of the test says the flavour. After each test no block may be left,
// and the checker accepts what was recorded, if anything was (ANTFARM_TRACE).
#define FLAVOR(test, flavor)                                                   \
    {                                                                          \
#test " (" #flavor ")", test, flavor_set_up, flavor_tear_down,         \
            &flavor_##flavor                                                   \
    }
#define EVERY_FLAVOR(test)                                                     \
    FLAVOR(test, current), FLAVOR(test, multi), FLAVOR(test, sim)

extern ant_flavor flavor_current;
extern ant_flavor flavor_multi;
extern ant_flavor flavor_sim;

int flavor_set_up(void **state);
int flavor_tear_down(void **state);

// A runtime of the test's flavour with what else `desc` says (NULL: nothing);
// two workers, where there can be several and `desc` does not say. Panics are
// not printed.
ant_runtime *flavor_runtime(void **state, const ant_runtime_desc *desc);

#endif
