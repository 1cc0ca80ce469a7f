using ShimStack.Shim.Events;
using ShimStack.Shim.Exits;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Serving;
using ShimStack.Shim.Settings;
using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Control;

/// <summary>What the control service looks into. It changes none of it but the settings.</summary>
internal sealed record ShimInside(
    string Namespace,
    TaskTable Tasks,
    EventOutbox Outbox,
    DaemonOutage Outage,
    RuntimeCalls Calls,
    ConnectionListener Connections,
    Reaper Reaper,
    ShimSettings Settings,
    Func<long> LogLinesLost,
    TimeProvider Time)
{
    /// <summary>When this process began to serve.</summary>
    public DateTimeOffset Began { get; } = Time.GetUtcNow();
}
