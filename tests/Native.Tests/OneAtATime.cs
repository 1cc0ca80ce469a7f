using Xunit.Sdk;
using Xunit.v3;

// A child that is being spawned holds copies of all our descriptors until it has executed its program. So a test that closes one and
// expects the other side to know at once must not run beside a test that spawns.
[assembly: Parallelization(Mode = ParallelMode.None)]
