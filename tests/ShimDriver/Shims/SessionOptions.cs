using ShimStack.Api.Runc;

namespace ShimStack.ShimDriver.Shims;

/// <summary>What goes to standard input of the start action.</summary>
public enum StartInput
{
    /// <summary>Nothing, as a daemon before 2.3 does without options.</summary>
    None,

    /// <summary>The options in an Any, as a daemon before 2.3 does.</summary>
    Options,

    /// <summary>BootstrapParams with the options as an extension, as a daemon since 2.3 does.</summary>
    BootstrapParams,
}

/// <summary>How a session speaks to the shim.</summary>
public sealed record SessionOptions
{
    public StartInput StartInput { get; init; } = StartInput.Options;

    public bool Debug { get; init; }

    /// <summary>The runtime: a name in PATH or an absolute path.</summary>
    public string RuntimeBinary { get; init; } = "runc";

    /// <summary>More variables for the start and delete actions, on top of those of a daemon.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Changes the runc options before they are used.</summary>
    public Action<Options>? AdjustOptions { get; init; }

    /// <summary>False: the process gets no standard streams.</summary>
    public bool WithOutput { get; init; } = true;

    public bool WithInput { get; init; }

    /// <summary>Where the output of the init goes in place of FIFOs, a URI; null for FIFOs.</summary>
    public string? OutputUri { get; init; }

    /// <summary>False: output is counted and thrown away.</summary>
    public bool KeepsOutput { get; init; } = true;

    /// <summary>False: the FIFO of standard output is made, but left to another reader.</summary>
    public bool ReadsOutput { get; init; } = true;

    /// <summary>True: the start action is run by <see cref="Host.QuietProcess"/>, so that its time is its own.</summary>
    public bool TimesExactly { get; init; }

    /// <summary>Deadline of each call but Wait.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
