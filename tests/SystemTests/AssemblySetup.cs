// Three tests at a time: most of them wait for most of their time. Those that need the machine for themselves are in the collection Alone.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 3)]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
