namespace ShimStack.Ctl.Commands;

/// <summary>What the user is told: one sentence that names the thing, the reason and the next step.</summary>
internal sealed class CtlException(string message, ExitCode code = ExitCode.Failed, Exception? inner = null) : Exception(message, inner)
{
    public ExitCode Code { get; } = code;

    /// <summary>The words cannot be understood.</summary>
    public static CtlException Usage(string message) => new(message, ExitCode.Usage);
}
