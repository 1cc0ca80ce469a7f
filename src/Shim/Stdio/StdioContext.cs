using Microsoft.Extensions.Logging;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Stdio.Logs;
using ShimStack.Shim.Stdio.Spooling;

namespace ShimStack.Shim.Stdio;

/// <summary>What every stream of the process shares.</summary>
internal sealed record StdioContext(EventLoop Loop, FifoReaders Readers, ILogger Logger, Reaper Reaper, Background Background)
{
    /// <summary>For what a step of a stream reads; nobody keeps anything in it.</summary>
    public byte[] Buffer { get; } = new byte[ByteMover.BufferSize];

    /// <summary>When streams in a hurry are looked at.</summary>
    public StreamTicks Ticks { get; } = new(Loop);

    /// <summary>The log files that are open.</summary>
    public LogFiles Logs { get; } = new(Logger);

    /// <summary>Where output is kept that nobody reads; none by default.</summary>
    public SpoolRoom Spools { get; init; } = SpoolRoom.None;
}
