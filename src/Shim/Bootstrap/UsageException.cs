namespace ShimStack.Shim.Bootstrap;

/// <summary>The command line cannot be understood: the message and the usage text go to stderr.</summary>
/// <param name="message">What is wrong; empty when the user asked for help.</param>
/// <param name="exitCode">2, or 0 for <c>-h</c>.</param>
internal sealed class UsageException(string message, ExitCode exitCode = ExitCode.Usage) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;
}
