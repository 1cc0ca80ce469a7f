namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// How the program ends. A daemon only asks for zero or not; a shell user sees 2 for a wrong command line, as with Go's flag package.
/// </summary>
internal enum ExitCode
{
    Success = 0,
    Failure = 1,
    Usage = 2,
}
