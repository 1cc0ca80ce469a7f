// Two classes of tests side by side: the one with the long faults only waits.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
