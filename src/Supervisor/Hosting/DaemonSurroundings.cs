using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Data;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// What every feature of the daemon is made with. Features are put together by hand: a container that looks for constructors by reflection was a fifth
/// of the time of a start under NativeAOT, and hides who needs whom.
/// </summary>
/// <param name="Settings">As they were at the start.</param>
/// <param name="Database">The durable records.</param>
/// <param name="Time">The clock.</param>
/// <param name="Loggers">Makes the logger of a part.</param>
/// <param name="Api">Where a feature adds its calls.</param>
/// <param name="End">Says to calls without an end of their own that the daemon ends.</param>
internal sealed record DaemonSurroundings(
    SupervisorSettings Settings, Database Database, TimeProvider Time, ILoggerFactory Loggers, ApiMethods Api, DaemonEnd End)
{
    /// <summary>The logger of a type.</summary>
    public ILogger<T> Logger<T>() => new Logger<T>(Loggers);
}
