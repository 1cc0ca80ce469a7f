using ShimStack.Shim.State;

namespace ShimStack.Shim.Tasks;

/// <summary>How a process ended: set once, and the same in every answer and event.</summary>
/// <param name="Code">Exit code, or 128 + signal.</param>
/// <param name="At">When the shim reaped it.</param>
internal sealed record ExitStatus(uint Code, DateTimeOffset At)
{
    /// <summary>The code of a process whose end nobody could see; the clients' libraries use the same.</summary>
    public const uint Unknown = 255;

    public static ExitStatus From(ExitRecord record) => new(record.Status, new DateTimeOffset(record.Ticks, TimeSpan.Zero));

    public ExitRecord ToRecord() => new() { Status = Code, Ticks = At.UtcTicks };
}
