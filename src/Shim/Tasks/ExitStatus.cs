using ShimStack.Shim.State;

namespace ShimStack.Shim.Tasks;

/// <summary>How a process ended: set once, and the same in every answer and event.</summary>
/// <param name="Code">Exit code, or 128 + signal.</param>
/// <param name="At">When the shim reaped it.</param>
/// <param name="Signal">What ended it; 0 for an exit of its own accord.</param>
internal sealed record ExitStatus(uint Code, DateTimeOffset At, uint Signal = 0)
{
    /// <summary>The code of a process whose end nobody could see; the clients' libraries use the same.</summary>
    public const uint Unknown = 255;

    public static ExitStatus From(ExitRecord record) => new(record.Status, new DateTimeOffset(record.Ticks, TimeSpan.Zero), record.Signal);

    public ExitRecord ToRecord() => new() { Status = Code, Ticks = At.UtcTicks, Signal = Signal };
}
